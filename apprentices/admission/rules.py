"""Rules of the admission: workflow, three months without a contract (V06), dispenses proposed.

Pure: values in, value out. Texts and thresholds are dated data (`data/admission.toml`).
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from programmes.calendar_rules import add_months

from ..codes import level_of
from ..enums import ApplicationAction as Action
from ..enums import ApplicationState as State

DATA = Path(__file__).resolve().parent.parent / "data" / "admission.toml"
OPEN = (State.RECEIVED, State.WAITING, State.ADMITTED)
TRANSITIONS: dict[tuple[State, Action], State] = {
    (State.RECEIVED, Action.ADMIT): State.ADMITTED,
    (State.RECEIVED, Action.WAITLIST): State.WAITING,
    (State.RECEIVED, Action.REFUSE): State.REFUSED,
    (State.WAITING, Action.ADMIT): State.ADMITTED,
    (State.WAITING, Action.REFUSE): State.REFUSED,
    (State.ADMITTED, Action.WAITLIST): State.WAITING,
    (State.ADMITTED, Action.REFUSE): State.REFUSED,
    (State.ADMITTED, Action.ENROL): State.ENROLLED,
    **{(state, Action.WITHDRAW): State.WITHDRAWN for state in OPEN},
    (State.REFUSED, Action.REOPEN): State.RECEIVED,
    (State.WITHDRAWN, Action.REOPEN): State.RECEIVED,
}


@lru_cache(maxsize=1)
def _tables() -> dict:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Piece:
    """A paper that the file asks for."""

    code: str
    label: str
    is_required: bool


def pieces_asked() -> tuple[Piece, ...]:
    """The pieces of an application, in the order in which they are asked (`data/`, the last table)."""
    return tuple(Piece(*row) for row in _tables()["pieces"][-1]["codes"])


@dataclass(frozen=True)
class Gate:
    """What stands between an application and its admission."""

    missing_pieces: tuple[str, ...]
    is_interviewed: bool
    is_positioned: bool

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why nobody is admitted yet: interview (Qualiopi 4) and positioning (D8, Qualiopi 8)."""
        found = []
        if not self.is_interviewed:
            found.append("Enregistrez d'abord l'entretien individuel (Qualiopi, indicateur 4).")
        if not self.is_positioned:
            found.append(
                "Enregistrez d'abord le test de positionnement, daté et noté (D8 ; Qualiopi, "
                "indicateur 8)."
            )
        return tuple(found)


def places_left(capacity: int, enrolled: int, admitted: int) -> int:
    """Free places of a cohort: those enrolled and those admitted each hold one."""
    return max(0, capacity - enrolled - admitted)


@dataclass(frozen=True)
class WithoutContract:
    """How long an enrolled person may still be at the CFA without a contract (V06)."""

    last_day: date
    days_left: int
    article: str

    @property
    def is_over(self) -> bool:
        return self.days_left < 0

    @property
    def is_urgent(self) -> bool:
        return self.days_left <= _rule("V06")["values"]["alert_days"]

    @property
    def sentence(self) -> str:
        if self.is_over:
            return f"Trois mois dépassés depuis le {self.last_day:%d/%m/%Y} ({self.article})."
        days = "dernier jour" if self.days_left == 0 else f"{self.days_left} j restants"
        return f"Jusqu'au {self.last_day:%d/%m/%Y} au plus ({days}, {self.article})."


def _rule(rule_id: str) -> dict:
    return next(rule for rule in _tables()["rule"] if rule["id"] == rule_id)


def without_contract(starts_on: date, today: date) -> WithoutContract:
    """V06, CT L6222-12-1: three months from the entry; the last day is the eve of that date.

    An entry on 05/01 may stay without a contract up to and including 04/04.
    """
    rule = _rule("V06")
    end = add_months(starts_on, rule["values"]["months"])
    # add_months keeps inside a short month (30/11 -> 28/02): that day is already the last one.
    last_day = end.fromordinal(end.toordinal() - 1) if end.day == starts_on.day else end
    return WithoutContract(last_day, (last_day - today).days, rule["article"])


def without_contract_problem(born_on: date, starts_on: date) -> str:
    """Whether the person may enter without a contract: 16 to 29 completed years (V06), or ""."""
    values = _rule("V06")["values"]
    age = (
        starts_on.year
        - born_on.year
        - ((starts_on.month, starts_on.day) < (born_on.month, born_on.day))
    )
    if values["min_age"] <= age <= values["max_age"]:
        return ""
    return (
        f"V06 : une entrée sans contrat se fait de {values['min_age']} à {values['max_age']} ans "
        f"révolus ; cette personne aura {age} ans ({_rule('V06')['article']})."
    )


@dataclass(frozen=True)
class Diploma:
    """What the dispense rule reads of a diploma held."""

    code: str
    title: str
    is_french: bool = True
    has_law_economics: bool = False


@dataclass(frozen=True)
class Dispense:
    """A unit that the person may ask to be dispensed from, and why."""

    unit: str
    because: str
    article: str


def proposed_dispenses(diplomas: Sequence[Diploma]) -> list[Dispense]:
    """Units that the diplomas held dispense from, on request (arrêté of 19/02/2018, annexe II b).

    U1 and U2 for a national diploma of level 5 or above; U3 for a BTS, a DUT or a licence with a unit
    of law, economics and management. E4, E5 and E6 never; a foreign diploma only by the minister.
    """
    table = _tables()["dispense"][-1]
    found: dict[str, Dispense] = {}
    for diploma in diplomas:
        if not diploma.is_french:
            continue
        units = []
        if level_of(diploma.code) >= table["general_from_level"]:
            units += table["general_units"]
        if diploma.code in table["law_codes"] and diploma.has_law_economics:
            units += table["law_units"]
        for unit in units:
            found.setdefault(unit, Dispense(unit, diploma.title, table["article"]))
    return sorted(found.values(), key=lambda dispense: dispense.unit)


def positioning_problem(hours_removed: Decimal, announced: Decimal, minimum: Decimal) -> str:
    """Whether the hours removed leave the legal minimum of the diploma (D2), or a sentence."""
    left = announced - hours_removed
    if hours_removed < 0:
        return "Les heures retirées ne peuvent pas être négatives."
    if hours_removed and left < minimum:
        return (
            f"Il resterait {left:g} h pour un minimum légal de {minimum:g} h (D2, art. D643-8 du "
            f"code de l'éducation) : {max(announced - minimum, Decimal(0)):g} h au plus peuvent "
            "être retirées, sauf réduction de la durée du contrat par convention tripartite."
        )
    return ""
