"""What the document of a CFA prints, ready to be compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..calendar_rules import Period, Rhythm, months_between
from ..enums import Assumed, Topic
from ..loader.tree import Node
from .words import PrintedForm


@dataclass(frozen=True, slots=True)
class Claim:
    """One affirmation, with the words of the document and their place."""

    topic: str
    value: Any
    says: str
    where: str


@dataclass(frozen=True, slots=True)
class PrintedEpreuve:
    code: str
    title: str
    coefficient: Decimal | None
    text: str
    form: PrintedForm
    where: str


@dataclass(frozen=True, slots=True)
class PrintedSubject:
    code: str
    title: str
    unite: str
    announced_unite: str
    announced_coefficient: Decimal | None
    years: tuple[Decimal, Decimal]
    where: str

    @property
    def hours(self) -> Decimal:
        return sum(self.years, Decimal(0))


@dataclass(frozen=True, slots=True)
class Printed:
    """The programme as printed: head, subjects, épreuves, claims."""

    session: int
    starts_on: date
    ends_on: date
    hours: Decimal
    rhythm: Rhythm | None
    closures: tuple[Period, ...]
    assumed: frozenset[str]
    assumed_note: str
    source: str
    subjects: tuple[PrintedSubject, ...]
    epreuves: tuple[PrintedEpreuve, ...]
    claims: tuple[Claim, ...]
    has_indicators: bool

    @classmethod
    def of(cls, tree: Node) -> "Printed":
        """From a tree of the loader, or from `store.dump` of a CfaProgramme."""
        fields = tree.fields
        try:
            rhythm = Rhythm.from_json(fields["rhythm"])
        except ValueError:
            rhythm = None
        return cls(
            session=fields["session"],
            starts_on=fields["starts_on"],
            ends_on=fields["ends_on"],
            hours=Decimal(fields["hours_announced"]),
            rhythm=rhythm,
            closures=tuple(
                (date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))
                for row in fields["closures"]
            ),
            assumed=frozenset(fields["assumed"]),
            assumed_note=fields["assumed_note"],
            source=fields["source"],
            subjects=tuple(_subjects(tree)),
            epreuves=tuple(_epreuves(tree)),
            claims=tuple(
                Claim(row["topic"], row["value"], row["says"], row["where"])
                for row in fields["claims"]
            ),
            has_indicators=bool(fields["indicators"]),
        )

    def about(self, topic: Topic) -> list[Claim]:
        return [claim for claim in self.claims if claim.topic == topic]

    def first(self, topic: Topic) -> Claim | None:
        return next(iter(self.about(topic)), None)

    def supposes(self, what: Assumed) -> bool:
        return what in self.assumed

    @property
    def months_by_dates(self) -> int:
        return months_between(self.starts_on, self.ends_on)

    @property
    def dates_words(self) -> str:
        return f"du {self.starts_on:%d/%m/%Y} au {self.ends_on:%d/%m/%Y}"


def _rows(tree: Node, relation: str) -> list[tuple[str, Node]]:
    return sorted(tree.children[relation].items(), key=lambda row: row[1].fields["position"])


def _subjects(tree: Node) -> Iterator[PrintedSubject]:
    for code, node in _rows(tree, "subjects"):
        fields = node.fields
        yield PrintedSubject(
            code=code,
            title=fields["title"],
            unite=fields["unite_code"],
            announced_unite=fields["announced_unite"],
            announced_coefficient=fields["announced_coefficient"],
            years=(Decimal(fields["hours_year_1"]), Decimal(fields["hours_year_2"])),
            where=fields["source"],
        )


def _epreuves(tree: Node) -> Iterator[PrintedEpreuve]:
    for code, node in _rows(tree, "announced_epreuves"):
        fields = node.fields
        yield PrintedEpreuve(
            code=code,
            title=fields["title"],
            coefficient=fields["coefficient"],
            text=fields["form"],
            form=PrintedForm.read(fields["form"]),
            where=fields["source"],
        )
