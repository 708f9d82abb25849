"""What a person supposes on the simulator's page: read field by field, each problem beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from accounts.errors import DomainError

from ..enums import Forme, Status
from .candidate import Candidate, Entry, Refused
from .decision import Verdict, decide
from .reading import read_entry, read_half
from .reglement import Reglement, UnitRule
from .simulation import KeptAdvice, Simulation, keeping, kept_advice, simulate

LONGEST = 20  # no cell is longer
STATUSES = (Status.MARK, Status.DISPENSED, Status.ABSENT, Status.FORCE_MAJEURE, Status.NV)


@dataclass(frozen=True)
class Hypotheses:
    """The fields as typed, what they say, and what is wrong in them, by field name."""

    candidate: Candidate
    earlier: Mapping[str, Entry] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    is_empty: bool = False


@dataclass(frozen=True)
class Answer:
    """What the page shows: the simulation, or the reasons for which there is none."""

    simulation: Simulation | None
    advice: tuple[KeptAdvice, ...] = ()
    # With every worthwhile mark kept, when that differs from what is asked.
    best: Verdict | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def read_hypotheses(data: Mapping[str, str], reglement: Reglement) -> Hypotheses:
    """The fields of the page: `U1` (mark), `U1-statut`, `U1-avant`, `U1-session`, `U1-garder`, `R1`, `UF1`."""
    reader = _Reader(data, reglement)
    units = {u.code: e for u in reglement.units if (e := reader.unit(u))}
    earlier = {u.code: e for u in reglement.units if (e := reader.earlier(u))}
    kept = tuple(code for code in earlier if data.get(f"{code}-garder") == "1")
    units |= {code: earlier[code] for code in kept}
    options = {u.code: e for u in reglement.options if (e := reader.entry(u.code, u))}
    orals = {}
    for unit in reglement.units:
        if raw := reader.text(f"R{unit.code[1:]}"):
            mark = reader.half(f"R{unit.code[1:]}", raw)
            if mark is not None:
                orals[unit.code] = mark
    forme = data.get("forme", "")
    candidate = Candidate(
        session=reglement.session,
        categorie="",
        forme=forme if forme in Forme.values else Forme.GLOBALE,
        units=units,
        options=options,
        orals=orals,
    )
    return Hypotheses(candidate, earlier, kept, reader.errors, not (units or options or earlier))


class _Reader:
    def __init__(self, data: Mapping[str, str], reglement: Reglement):
        self.data = data
        self.reglement = reglement
        self.errors: dict[str, str] = {}

    def text(self, name: str) -> str:
        return str(self.data.get(name, "")).strip()[:LONGEST]

    def half(self, name: str, raw: str) -> int | None:
        try:
            return read_half(raw, self.reglement)
        except DomainError as error:
            self.errors[name] = _sentence(error.message)
            return None

    def entry(self, name: str, unit: UnitRule) -> Entry | None:
        try:
            return read_entry(self.text(name), unit, self.reglement)
        except DomainError as error:
            self.errors[name] = _sentence(error.message)
            return None

    def unit(self, unit: UnitRule) -> Entry | None:
        status = self.text(f"{unit.code}-statut")
        if status in STATUSES and status != Status.MARK:
            if self.text(unit.code):
                label = Status(status).label
                self.errors[unit.code] = (
                    f"« {label} » ne porte pas de note : effacez la note, ou choisissez « Note »."
                )
                return None
            return Entry(Status(status))
        return self.entry(unit.code, unit)

    def earlier(self, unit: UnitRule) -> Entry | None:
        raw, session = self.text(f"{unit.code}-avant"), self.text(f"{unit.code}-session")
        if not raw:
            return None
        mark = self.half(f"{unit.code}-avant", raw)
        if not (session.isascii() and session.isdigit() and len(session) == 4):
            self.errors[f"{unit.code}-session"] = (
                "Indiquez l'année de la session, par exemple 2026."
            )
            return None
        return None if mark is None else Entry(Status.KEPT, mark, int(session))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def answer(hypotheses: Hypotheses, reglement: Reglement) -> Answer:
    """The simulation of these hypotheses, with what the kept marks are worth."""
    if hypotheses.errors:
        return Answer(None, errors=hypotheses.errors)
    try:
        _check_earlier(hypotheses, reglement)
        simulation = simulate(hypotheses.candidate, reglement)
    except Refused as refusal:
        return Answer(None, errors=_by_field(hypotheses, refusal))
    bare = _without(hypotheses.candidate, hypotheses.kept)
    advice = kept_advice(bare, reglement, hypotheses.earlier)
    worth = tuple(one.unit for one in advice if one.is_worth)
    best = None
    if simulation.verdict and set(worth) != set(hypotheses.kept):
        candidate = keeping(hypotheses.candidate, hypotheses.earlier, worth)
        if all(unit.code in candidate.units for unit in reglement.units):
            best = decide(candidate, reglement)
    return Answer(simulation, advice, best)


def _without(candidate: Candidate, kept: tuple[str, ...]) -> Candidate:
    return replace(
        candidate, units={code: e for code, e in candidate.units.items() if code not in kept}
    )


def _check_earlier(hypotheses: Hypotheses, reglement: Reglement) -> None:
    """An earlier mark that could not be kept is refused even before it is asked for."""
    if hypotheses.earlier:
        full = keeping(hypotheses.candidate, hypotheses.earlier, hypotheses.earlier)
        others = {
            unit.code: Entry(Status.MARK, reglement.highest)
            for unit in reglement.units
            if unit.code not in full.units
        }
        decide(replace(full, units={**others, **full.units}, orals={}), reglement)


def _by_field(hypotheses: Hypotheses, refusal: Refused) -> dict[str, str]:
    errors: dict[str, str] = {}
    for code, text in refusal.problems:
        name = f"{code}-avant" if code in hypotheses.earlier else code
        errors.setdefault(name, text)
    return errors
