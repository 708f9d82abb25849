"""What decides a minimum pay, and what comes out of it. Values only."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from programmes.calendar_rules import add_months

from ..enums import ContractKind, PayBase

DAY = timedelta(days=1)
LEGAL_WEEK = 2100  # minutes: 35 hours, for which the monthly SMIC is given


class PayTermsError(ValueError):
    """The terms contradict each other; the message is French and says what to correct."""


@dataclass(frozen=True, slots=True)
class PayTerms:
    """Who, when, for which cycle, and everything else that moves the minimum."""

    born_on: date
    starts_on: date
    ends_on: date
    cycle_months: int
    smc: Decimal | None = None
    kind: ContractKind = ContractKind.APPRENTISSAGE
    # P6: the last rate of a former contract that ended with its diploma.
    floor_rate: Decimal | None = None
    # P7: same level as a diploma held, linked qualification.
    plus_15: bool = False
    # P8: recognised as RQTH (the fourth year).
    rqth: bool = False
    # P4: first day of the extension after a failed exam.
    prolonged_on: date | None = None
    # P9: the target is a licence professionnelle.
    licence_professionnelle: bool = False
    # P11: the branch, for an agreement above the code.
    idcc: str = ""
    # Contrat de professionnalisation: bac professionnel or professional title of level 4 held.
    bac_professionnel: bool = False
    mayotte: bool = False
    # P15: euros are for that weekly duration.
    weekly_minutes: int = LEGAL_WEEK

    def problem(self) -> str:
        """What makes these terms impossible, or ""."""
        if self.ends_on <= self.starts_on:
            return "La fin du contrat doit suivre son début."
        if self.born_on >= self.starts_on:
            return "La date de naissance doit précéder le début du contrat."
        if self.starts_on.year - self.born_on.year > 100:
            return "Cette date de naissance donne plus de cent ans : vérifiez l'année."
        if self.ends_on.year - self.starts_on.year > 6:
            return "Le contrat dure plus de six ans : vérifiez les dates."
        if not 1 <= self.cycle_months <= 72:
            return "La durée du cycle se compte en mois, de 1 à 72."
        if self.smc is not None and self.smc <= 0:
            return "Le salaire minimum conventionnel doit être positif."
        if self.floor_rate is not None and not 0 <= self.floor_rate <= 100:
            return "Le taux plancher est un pourcentage, de 0 à 100."
        return ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A period over which the minimum percentage does not change.

    `monthly` is that percentage of the base in force on the contract's first day, to the nearest
    cent; None when the SMIC of that day is not published yet (P16). `rules` names what was applied.
    """

    starts_on: date
    ends_on: date
    year: int
    age_class: str
    rate: Decimal
    base: PayBase
    monthly: Decimal | None = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """The segments of a contract and what has to be said with them."""

    segments: tuple[Segment, ...]
    offset_months: int
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class PayLine:
    """What the contract says for a period: a percentage of the SMIC or of the SMC."""

    starts_on: date
    ends_on: date
    year: int
    rate: Decimal
    base: PayBase = PayBase.SMIC


def minimum_lines(segments: tuple[Segment, ...]) -> tuple[PayLine, ...]:
    """The pay lines of a contract that gives the legal minimum."""
    return tuple(PayLine(s.starts_on, s.ends_on, s.year, s.rate, s.base) for s in segments)


def birthday(born_on: date, age: int) -> date:
    """The day someone reaches an age (28 February for a birth on the 29th, outside leap years)."""
    return add_months(born_on, 12 * age)


def age_on(born_on: date, day: date) -> int:
    """Completed years on that day."""
    age = day.year - born_on.year
    return age if birthday(born_on, age) <= day else age - 1
