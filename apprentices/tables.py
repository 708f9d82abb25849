"""The dated tables behind the rules, read once from `data/` and checked while they are read.

Pure: no Django. A rule receives the tables as values; nothing here decides anything.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
# ContractKind.APPRENTISSAGE, written out: this module reads values and needs no Django.
APPRENTICESHIP = "apprentissage"


class NoValueError(LookupError):
    """No line of a table covers the day asked for."""


@dataclass(frozen=True, slots=True)
class AgeClass:
    """A column of the pay grid."""

    code: str
    label: str
    from_age: int
    smc: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """Minimum percentages by year of apprenticeship and age class (CT D6222-26)."""

    valid_from: date
    source: str
    classes: tuple[AgeClass, ...]
    rates: dict[int, dict[str, Decimal]]
    short_contract_points: Decimal
    short_contract_months: int
    handicap_points: Decimal
    licence_professionnelle_year: int

    @property
    def thresholds(self) -> tuple[int, ...]:
        return tuple(c.from_age for c in self.classes if c.from_age)

    @property
    def last_year(self) -> int:
        return max(self.rates)

    def class_of(self, age: int) -> AgeClass:
        return [c for c in self.classes if c.from_age <= age][-1]

    def rate(self, year: int, age_class: AgeClass) -> Decimal:
        """The share of the table; a year after its last line keeps the last line (P4)."""
        return self.rates[min(year, self.last_year)][age_class.code]


@dataclass(frozen=True, slots=True)
class BranchGrid:
    """Higher rates of a branch agreement (P11); a missing cell is zero."""

    idcc: str
    valid_from: date
    source: str
    rates: dict[int, dict[str, Decimal]]

    def rate(self, year: int, age_class: AgeClass) -> Decimal:
        line = self.rates.get(year, self.rates[max(self.rates)])
        return line.get(age_class.code, Decimal(0))


@dataclass(frozen=True, slots=True)
class ProClass:
    """An age of the contrat de professionnalisation, with its two rates."""

    label: str
    from_age: int
    rate: Decimal
    rate_bac_professionnel: Decimal


@dataclass(frozen=True, slots=True)
class ProGrid:
    """Minimum of the contrat de professionnalisation (CT D6325-14 to D6325-18)."""

    valid_from: date
    source: str
    classes: tuple[ProClass, ...]
    adult_from_age: int
    adult_label: str
    adult_smc_rate: Decimal

    def class_of(self, age: int) -> ProClass:
        return [c for c in self.classes if c.from_age <= age][-1]


@dataclass(frozen=True, slots=True)
class Smic:
    """The gross monthly SMIC from one day on; the hourly one is None where it was not found."""

    valid_from: date
    hourly: Decimal | None
    monthly: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Benefits:
    """How much of the benefits in kind counts in the pay (P10), in percent."""

    valid_from: date
    source: str
    share_of_value: Decimal
    share_of_pay: Decimal


@dataclass(frozen=True)
class PayTables:
    grids: tuple[Grid, ...]
    smics: tuple[Smic, ...]
    mayotte: tuple[Smic, ...]
    pro_grids: tuple[ProGrid, ...]
    branches: tuple[BranchGrid, ...]
    benefits: tuple[Benefits, ...]
    smic_known_until: date

    def grid_on(self, day: date) -> Grid:
        return _in_force(self.grids, day, "grille de rémunération")

    def pro_grid_on(self, day: date) -> ProGrid:
        return _in_force(self.pro_grids, day, "grille du contrat de professionnalisation")

    def branch_on(self, idcc: str, day: date) -> BranchGrid | None:
        """The branch agreement of that day, if one is known (P11)."""
        found = [b for b in self.branches if b.idcc == idcc and b.valid_from <= day]
        return max(found, key=lambda b: b.valid_from, default=None)

    def smic_on(self, day: date, *, mayotte: bool = False) -> Smic:
        """The SMIC of that day; for a day to come, the last one known (ask `is_smic_known`)."""
        name = "SMIC de Mayotte" if mayotte else "SMIC"
        return _in_force(self.mayotte if mayotte else self.smics, day, name)

    def is_smic_known(self, day: date) -> bool:
        """Whether the SMIC of that day is published, or only to be expected (P16)."""
        return day <= self.smic_known_until

    def smic_changes(self, first: date, last: date, *, mayotte: bool = False) -> tuple[date, ...]:
        """Days of ]first, last] from which another SMIC applies."""
        values = self.mayotte if mayotte else self.smics
        return tuple(s.valid_from for s in values if first < s.valid_from <= last)

    def benefits_on(self, day: date) -> Benefits:
        return _in_force(self.benefits, day, "avantages en nature")


@dataclass(frozen=True)
class RuleText:
    """A rule's text and thresholds over a period, for one kind of contract."""

    id: str
    valid_from: date
    article: str
    source: str
    values: dict[str, int]
    kind: str = APPRENTICESHIP


@dataclass(frozen=True)
class RuleTable:
    rules: tuple[RuleText, ...]

    def on(self, rule_id: str, day: date, kind: str = APPRENTICESHIP) -> RuleText:
        """The line in force; the apprenticeship's where the other kind of contract has none of its own."""
        lines = tuple(r for r in self.rules if r.id == rule_id)
        own = tuple(r for r in lines if r.kind == kind)
        common = tuple(r for r in lines if r.kind == APPRENTICESHIP)
        return _in_force(own or common, day, f"règle {rule_id}")


def _in_force(lines, day: date, what: str):
    best = None
    for line in lines:
        if line.valid_from <= day and (best is None or line.valid_from > best.valid_from):
            best = line
    if best is None:
        raise NoValueError(f"Aucune valeur connue au {day:%d/%m/%Y} : {what}.")
    return best


def parse_pay(raw: dict) -> PayTables:
    grids = []
    for block in raw["grid"]:
        classes = tuple(AgeClass(**c) for c in block["classes"])
        grids.append(
            Grid(
                block["valid_from"],
                block["source"],
                classes,
                _rates(block, classes),
                Decimal(block["short_contract_points"]),
                block["short_contract_months"],
                Decimal(block["handicap_points"]),
                block["licence_professionnelle_year"],
            )
        )
    branches = tuple(
        BranchGrid(b["idcc"], b["valid_from"], b["source"], _rates(b, grids[-1].classes))
        for b in raw.get("branch", [])
    )
    return PayTables(
        grids=tuple(grids),
        smics=_smics(raw["smic"]),
        mayotte=_smics(raw["smic_mayotte"]),
        pro_grids=tuple(_pro_grid(block) for block in raw["professionalisation"]),
        branches=branches,
        benefits=tuple(
            Benefits(
                b["valid_from"],
                b["source"],
                Decimal(b["share_of_value"]),
                Decimal(b["share_of_pay"]),
            )
            for b in raw["benefits"]
        ),
        smic_known_until=raw["smic_known"]["until"],
    )


def _rates(block: dict, classes: tuple[AgeClass, ...]) -> dict[int, dict[str, Decimal]]:
    return {
        line["year"]: {c.code: Decimal(line[c.code]) for c in classes if c.code in line}
        for line in block["rates"]
    }


def _smics(blocks: list[dict]) -> tuple[Smic, ...]:
    values = [
        Smic(
            b["valid_from"],
            Decimal(b["hourly"]) if b["hourly"] else None,
            Decimal(b["monthly"]),
            b["source"],
        )
        for b in blocks
    ]
    return tuple(sorted(values, key=lambda value: value.valid_from))


def _pro_grid(block: dict) -> ProGrid:
    classes = tuple(
        ProClass(
            c["label"], c["from_age"], Decimal(c["rate"]), Decimal(c["rate_bac_professionnel"])
        )
        for c in block["classes"]
    )
    return ProGrid(
        block["valid_from"],
        block["source"],
        classes,
        block["adult_from_age"],
        block["adult_label"],
        Decimal(block["adult_smc_rate"]),
    )


@lru_cache(maxsize=1)
def pay_tables() -> PayTables:
    return parse_pay(tomllib.loads((DATA / "pay.toml").read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def rule_table() -> RuleTable:
    raw = tomllib.loads((DATA / "contract.toml").read_text(encoding="utf-8"))
    return RuleTable(tuple(RuleText(**block) for block in raw["rule"]))
