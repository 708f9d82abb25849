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


class NoValueError(LookupError):
    """No line of a table covers the day asked for."""


@dataclass(frozen=True)
class AgeClass:
    """A column of the pay grid."""

    code: str
    label: str
    from_age: int
    smc: bool


@dataclass(frozen=True)
class Grid:
    """Minimum percentages by year of apprenticeship and age class (CT D6222-26)."""

    valid_from: date
    source: str
    classes: tuple[AgeClass, ...]
    rates: dict[int, dict[str, Decimal]]

    @property
    def thresholds(self) -> tuple[int, ...]:
        return tuple(c.from_age for c in self.classes if c.from_age)

    def class_of(self, age: int) -> AgeClass:
        return [c for c in self.classes if c.from_age <= age][-1]

    def rate(self, year: int, age_class: AgeClass) -> Decimal:
        return self.rates[min(year, max(self.rates))][age_class.code]


@dataclass(frozen=True)
class Smic:
    """The gross monthly SMIC from one day on."""

    valid_from: date
    hourly: Decimal
    monthly: Decimal
    source: str


@dataclass(frozen=True)
class PayTables:
    grids: tuple[Grid, ...]
    smics: tuple[Smic, ...]

    def grid_on(self, day: date) -> Grid:
        return _in_force(self.grids, day, "grille de rémunération")

    def smic_on(self, day: date) -> Smic:
        """The SMIC of that day; for a day to come, the last one known (P13)."""
        return _in_force(self.smics, day, "SMIC")

    def smic_changes(self, first: date, last: date) -> tuple[date, ...]:
        """Days of ]first, last] from which another SMIC applies."""
        return tuple(s.valid_from for s in self.smics if first < s.valid_from <= last)


@dataclass(frozen=True)
class RuleText:
    """A rule's text and thresholds over a period."""

    id: str
    valid_from: date
    article: str
    source: str
    values: dict[str, int]


@dataclass(frozen=True)
class RuleTable:
    rules: tuple[RuleText, ...]

    def on(self, rule_id: str, day: date) -> RuleText:
        lines = tuple(r for r in self.rules if r.id == rule_id)
        return _in_force(lines, day, f"règle {rule_id}")


def _in_force(lines, day: date, what: str):
    found = [line for line in lines if line.valid_from <= day]
    if not found:
        raise NoValueError(f"Aucune valeur connue au {day:%d/%m/%Y} : {what}.")
    return max(found, key=lambda line: line.valid_from)


def parse_pay(raw: dict) -> PayTables:
    grids = []
    for block in raw["grid"]:
        classes = tuple(AgeClass(**c) for c in block["classes"])
        rates = {
            line["year"]: {c.code: Decimal(line[c.code]) for c in classes}
            for line in block["rates"]
        }
        grids.append(Grid(block["valid_from"], block["source"], classes, rates))
    smics = [
        Smic(s["valid_from"], Decimal(s["hourly"]), Decimal(s["monthly"]), s["source"])
        for s in raw["smic"]
    ]
    return PayTables(tuple(grids), tuple(sorted(smics, key=lambda s: s.valid_from)))


@lru_cache(maxsize=1)
def pay_tables() -> PayTables:
    return parse_pay(tomllib.loads((DATA / "pay.toml").read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def rule_table() -> RuleTable:
    raw = tomllib.loads((DATA / "contract.toml").read_text(encoding="utf-8"))
    return RuleTable(tuple(RuleText(**block) for block in raw["rule"]))
