"""What the référentiel gives for one session and one category of candidates, ready to be compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..enums import Categorie, Confidence, EpreuveForm
from ..loader.tree import Node
from .words import minutes_words, plain


@dataclass(frozen=True, slots=True)
class OfficialRule:
    """How one category takes an épreuve."""

    form: str
    duration: int | None
    preparation: int | None
    situations: int
    parts: tuple[dict[str, Any], ...]
    source: str

    @property
    def part_minutes(self) -> list[int]:
        return [part["duration_minutes"] for part in self.parts if "duration_minutes" in part]

    @property
    def words(self) -> str:
        """The rule in one line, e.g. "Ponctuelle orale, 30 min, préparation 30 min"."""
        told = [EpreuveForm(self.form).label]
        if self.situations:
            told.append(f"{self.situations} situation{'s' if self.situations > 1 else ''}")
        if self.duration:
            told.append(minutes_words(self.duration))
        elif self.part_minutes and not self.situations:
            told.append(" + ".join(minutes_words(value) for value in self.part_minutes))
        if self.preparation:
            told.append(f"préparation {minutes_words(self.preparation)}")
        return ", ".join(told)


@dataclass(frozen=True, slots=True)
class OfficialExam:
    code: str
    title: str
    unite: str
    coefficient: Decimal | None
    is_optional: bool
    is_read: bool  # in the official text itself
    source: str
    rules: dict[str, OfficialRule]


@dataclass(frozen=True, slots=True)
class OfficialBloc:
    code: str
    title: str
    unite: str
    is_optional: bool
    competences: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Fact:
    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class Official:
    """The référentiel seen from one session and one category."""

    fields: dict[str, Any]
    categorie: Categorie
    session: int
    exams: dict[str, OfficialExam]
    blocs: tuple[OfficialBloc, ...]

    @classmethod
    def of(cls, tree: Node, categorie: Categorie, session: int) -> "Official":
        exams = sorted(_exams(tree), key=lambda row: row[0])
        return cls(
            fields=tree.fields,
            categorie=categorie,
            session=session,
            exams={exam.code: exam for _, exam in exams},
            blocs=tuple(_blocs(tree)),
        )

    @property
    def source(self) -> str:
        return sourced(self.fields)

    @property
    def exams_source(self) -> str:
        """Of the list of the compulsory épreuves as a whole."""
        told = [exam.source for exam in self.exams.values() if not exam.is_optional]
        return " ; ".join(dict.fromkeys(part for text in told for part in text.split(" ; ")))

    def rule(self, exam: OfficialExam) -> OfficialRule | None:
        return exam.rules.get(self.categorie)

    def exam_of(self, unite: str) -> OfficialExam | None:
        return next((exam for exam in self.exams.values() if exam.unite == unite), None)

    def fact(self, code: str) -> Fact | None:
        """The value that holds for the session, with its source; None when the référentiel says nothing."""
        for row in self.fields["facts"].get(code, {"values": []})["values"]:
            first, last = row["session_from"] or 0, row["session_to"] or 9999
            if first <= self.session <= last:
                return Fact(row["value"], sourced(row))
        return None

    def bloc_titled(self, title: str) -> OfficialBloc | None:
        wanted = plain(title)
        return next((bloc for bloc in self.blocs if plain(bloc.title) == wanted), None)


def sourced(row: dict[str, Any]) -> str:
    """The source, and how sure it is when it has not been read in the official text."""
    confidence = Confidence(row["confidence"])
    if confidence is Confidence.FOUND:
        return row["source"]
    return f"{row['source']} ({confidence.label})"


def _exams(tree: Node) -> Iterator[tuple[int, OfficialExam]]:
    for bloc in tree.children["blocs"].values():
        for unite_code, unite in bloc.children["unites"].items():
            for code, node in unite.children["epreuves"].items():
                yield (
                    node.fields["position"],
                    OfficialExam(
                        code=code,
                        title=node.fields["title"],
                        unite=unite_code,
                        coefficient=node.fields["coefficient"],
                        is_optional=unite.fields["is_optional"],
                        is_read=node.fields["confidence"] == Confidence.FOUND,
                        source=sourced(node.fields),
                        rules={
                            categorie: _rule(rule.fields)
                            for categorie, rule in node.children["rules"].items()
                        },
                    ),
                )


def _rule(fields: dict[str, Any]) -> OfficialRule:
    return OfficialRule(
        form=fields["form"],
        duration=fields["duration_minutes"],
        preparation=fields["preparation_minutes"],
        situations=fields["situations"],
        parts=tuple(fields["parts"]),
        source=sourced(fields),
    )


def _blocs(tree: Node) -> Iterator[OfficialBloc]:
    rows = sorted(tree.children["blocs"].items(), key=lambda row: row[1].fields["position"])
    for code, node in rows:
        competences = sorted(
            node.children["competences"].values(), key=lambda row: row.fields["position"]
        )
        yield OfficialBloc(
            code=code,
            title=node.fields["title"],
            unite=next(iter(node.children["unites"])),
            is_optional=node.fields["is_optional"],
            competences=tuple(row.fields["title"] for row in competences),
            source=sourced(node.fields),
        )
