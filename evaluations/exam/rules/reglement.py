"""The règlement d'examen of one session, as values that the decision reads.

Everything comes from the référentiel (units, coefficients, thresholds, each with its source): nothing
of the BTS NDRC is written here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

Number = int | Fraction
# Marks and points are counted in half points: a mark of 12,5 is 25.
HALF = 2


def exact(value: Decimal | int | float | str) -> Number:
    """A number of the référentiel (a coefficient, a threshold) without rounding; whole ones as int."""
    number = Fraction(str(value))
    return number.numerator if number.denominator == 1 else number


@dataclass(frozen=True)
class Part:
    """A part of an épreuve (E5: written and practical) that gives one mark to the unit with the others."""

    code: str
    title: str
    coefficient: Number


@dataclass(frozen=True)
class UnitRule:
    """One unit of the diploma."""

    code: str
    title: str
    epreuve: str
    bloc: str
    bloc_title: str
    coefficient: Number
    is_professional: bool = False
    is_optional: bool = False
    parts: tuple[Part, ...] = ()

    @property
    def parts_weight(self) -> Number:
        return sum((part.coefficient for part in self.parts), 0)


@dataclass(frozen=True)
class Controle:
    """The second-chance orals (épreuves de contrôle): who may sit them, how many, on what."""

    min_average: Number
    max_average: Number
    professional_min: Number
    orals: int
    units: tuple[str, ...]


@dataclass(frozen=True)
class Reglement:
    """What rules one exam session."""

    session: int
    units: tuple[UnitRule, ...]
    options: tuple[UnitRule, ...]
    pass_average: Number
    highest: int  # in half points
    optional_threshold: Number
    optional_max: int
    benefit_min: Number
    benefit_years: int
    force_majeure_mark: Number
    bloc_min: Number
    rounding: str  # "up", "down" or "nearest": a unit made of parts, to the half point
    never_dispensed: tuple[str, ...]
    # [{"who": French sentence, "units": [codes]}]
    dispenses: tuple[Mapping, ...] = ()
    controle: Controle | None = None
    sources: Mapping[str, str] = field(default_factory=dict)

    def source(self, fact: str) -> str:
        """The text that gives this rule, as the référentiel names it."""
        return self.sources.get(fact, "")

    @property
    def total(self) -> Number:
        """The sum of the coefficients of the compulsory units."""
        return sum((unit.coefficient for unit in self.units), 0)

    def unit(self, code: str) -> UnitRule | None:
        return next((unit for unit in (*self.units, *self.options) if unit.code == code), None)
