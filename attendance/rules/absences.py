"""What an absence is worth, until when it can be justified (docs/rules/planning.md, apprenticeship-rules 4.4)."""

from dataclasses import dataclass
from datetime import date, timedelta

from programmes.calendar_rules import add_months
from programmes.enums import Half

from ..enums import AbsenceCategory


@dataclass(frozen=True)
class Effect:
    """What a category does to the hours and to the pay; `deduction` is information for the employer.

    All but an absence without category are taken as justified towards the apprentice; "gardé par
    l'employeur" is the employer's breach and is shown as such.
    """

    counts_as_done: bool
    may_deduct: bool
    deduction: str
    evidence: str
    source: str


BY_LAW = "selon le droit du travail (arrêt : indemnités et maintien de salaire de l'employeur)"
EFFECTS: dict[str, Effect] = {
    AbsenceCategory.ILLNESS: Effect(
        False, True, BY_LAW, "arrêt de travail, sous 48 h à l'employeur, copie au CFA", "usage"
    ),
    AbsenceCategory.ACCIDENT: Effect(
        False, True, BY_LAW, "déclaration ou certificat, sous 48 h", "usage"
    ),
    AbsenceCategory.FAMILY: Effect(
        False, False, "congé payé de droit (CT L3142-1) ; sinon avec l'employeur",
        "acte ou attestation", "CT L3142-1",
    ),
    AbsenceCategory.SUMMONS: Effect(
        False, False, "selon la convocation (JDC : pas de retenue)", "convocation", "usage"
    ),
    AbsenceCategory.KEPT: Effect(
        False, False, "aucune, manquement de l'employeur", "écrit de l'apprenti ou de l'employeur",
        "CT L6223-4",
    ),
    AbsenceCategory.EXAM_LEAVE: Effect(
        False, False, "aucune, congé payé", "demande de congé", "CT L6222-35"
    ),
    AbsenceCategory.OTHER: Effect(
        False, True, "selon le droit du travail", "tout écrit", "usage"
    ),
}  # fmt: skip
UNJUSTIFIED = Effect(
    False, True, "possible, par l'employeur (temps de travail non fait)", "aucune",
    "CT L6222-24, L6221-1",
)  # fmt: skip

# Days given again when a justification is refused.
SECOND_CHANCE = 2


def effect_of(category: str) -> Effect:
    """The effect of a category; an absence without one is unjustified."""
    return EFFECTS.get(category, UNJUSTIFIED)


def justify_by(day: date, days: int) -> date:
    """Last day on which the apprentice may justify an absence of `day`; `days`: the centre's delay."""
    return day + timedelta(days=days)


def files_end_on(ends_on: date, months: int) -> date:
    """Day from which the document of an absence that ended on `ends_on` is no longer kept."""
    return add_months(ends_on, months)


@dataclass(frozen=True)
class Span:
    """From one half-day to another, both included."""

    starts_on: date
    starts_half: str
    ends_on: date
    ends_half: str

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError("La fin de l'absence précède son début.")

    @property
    def first(self) -> tuple[date, int]:
        return self.starts_on, _rank(self.starts_half)

    @property
    def last(self) -> tuple[date, int]:
        return self.ends_on, _rank(self.ends_half)

    def covers(self, day: date, half: str) -> bool:
        return self.first <= (day, _rank(half)) <= self.last


def _rank(half: str) -> int:
    return 0 if half == Half.MORNING else 1
