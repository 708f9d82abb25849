"""What is known of a candidate, and what the règlement refuses in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from accounts.errors import DomainError

from ..enums import Forme, Status
from .reglement import HALF, Number, Reglement, UnitRule
from .words import listed, show, show_half


class Refused(DomainError):
    """The candidate's line cannot be judged: `problems` says each reason, by unit."""

    def __init__(self, problems: list[tuple[str, str]]):
        super().__init__(" ".join(text for _, text in problems), field=problems[0][0])
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Entry:
    """What one unit bears; `mark` and `parts` are in half points."""

    status: Status = Status.MARK
    mark: int | None = None
    session: int | None = None  # of a kept mark
    parts: tuple[int, ...] = ()  # E5: the mark comes from them
    absent_parts: tuple[int, ...] = ()  # those that are 0 for a recognised absence
    by_vae: bool = False  # a dispense given by a validation of experience


@dataclass(frozen=True)
class Candidate:
    """One candidate at one session. Nothing for a unit: not presented at this session."""

    session: int
    categorie: str
    forme: str = Forme.GLOBALE
    units: Mapping[str, Entry] = field(default_factory=dict)
    options: Mapping[str, Entry] = field(default_factory=dict)
    orals: Mapping[str, int] = field(default_factory=dict)
    name: str = ""


def mark_of_parts(unit: UnitRule, parts: tuple[int, ...], rounding: str) -> int:
    """The unit's mark, in half points, from the weighted marks of its parts, rounded to the half point.

    No text gives the rounding (`parts_rounding` of the référentiel, not verified).
    """
    weighted = sum(
        (mark * part.coefficient for mark, part in zip(parts, unit.parts, strict=True)), 0
    )
    weight = unit.parts_weight
    if rounding == "down":
        return int(weighted // weight)
    if rounding == "nearest":  # a tie goes up
        return int((2 * weighted + weight) // (2 * weight))
    return int(-(-weighted // weight))


def problems_of(candidate: Candidate, reglement: Reglement) -> list[tuple[str, str]]:
    """Why the candidate cannot be judged: (unit code, French sentence), empty when he can."""
    return [
        *_about_units(candidate, reglement),
        *_about_options(candidate, reglement),
        *_about_orals(candidate, reglement),
    ]


def _about_units(candidate: Candidate, reglement: Reglement) -> Iterator[tuple[str, str]]:
    known = {unit.code for unit in reglement.units}
    for code in candidate.units:
        if code not in known:
            yield code, f"{code} n'est pas une unité obligatoire de la session {reglement.session}."
    missing = [unit.code for unit in reglement.units if unit.code not in candidate.units]
    if missing and candidate.forme == Forme.GLOBALE:
        noun = "la note de l'unité" if len(missing) == 1 else "les notes des unités"
        yield (
            missing[0],
            f"Il manque {noun} {listed(missing)} : en forme globale, toutes les unités se passent "
            "à la même session ; indiquez une note, C, D, AB, FM ou NV.",
        )
    elif len(missing) == len(reglement.units):
        yield missing[0], "Aucune unité n'est présentée : indiquez au moins une note."
    if not missing and all(e.status == Status.DISPENSED for e in candidate.units.values()):
        yield (
            reglement.units[0].code,
            "Toutes les unités sont dispensées : il n'y a rien à décider à cette session.",
        )
    for unit in reglement.units:
        entry = candidate.units.get(unit.code)
        if entry is None:
            continue
        yield from _about_mark(unit, entry, reglement)
        if entry.status == Status.KEPT:
            yield from _about_kept(unit, entry, candidate, reglement)
        if entry.status == Status.DISPENSED:
            yield from _about_dispense(unit, entry, reglement)


def _about_mark(unit: UnitRule, entry: Entry, reglement: Reglement) -> Iterator[tuple[str, str]]:
    if entry.status in (Status.MARK, Status.KEPT):
        if entry.mark is None:
            yield unit.code, f"Il manque la note de l'unité {unit.code}."
        elif not 0 <= entry.mark <= reglement.highest:
            yield (
                unit.code,
                f"La note de {unit.code} va de 0 à {reglement.highest // HALF} "
                f"({reglement.source('mark_scale')}).",
            )
    elif entry.mark is not None:
        label = Status(entry.status).label.lower()
        yield (
            unit.code,
            f"{unit.code} porte « {label} » et une note : gardez l'un des deux.",
        )


def _about_kept(
    unit: UnitRule, entry: Entry, candidate: Candidate, reglement: Reglement
) -> Iterator[tuple[str, str]]:
    session, years = entry.session, reglement.benefit_years
    source = reglement.source("benefit")
    if session is None:
        yield unit.code, f"Indiquez la session de la note conservée de {unit.code}."
        return
    if session >= candidate.session:
        yield (
            unit.code,
            f"La note conservée de {unit.code} vient d'une session passée : {session} n'est pas "
            f"avant {candidate.session}.",
        )
    elif candidate.session - session > years:
        yield (
            unit.code,
            f"La note de {unit.code} obtenue en {session} ne se conserve plus : le bénéfice dure "
            f"{years} ans, jusqu'à la session {session + years} ; l'unité est à repasser "
            f"({source}).",
        )
    if candidate.forme == Forme.GLOBALE and entry.mark is not None:
        if entry.mark < HALF * reglement.benefit_min:
            yield (
                unit.code,
                f"En forme globale, seules les notes d'au moins {show(reglement.benefit_min)} se "
                f"conservent : {show_half(entry.mark)} pour {unit.code} est à repasser ({source}).",
            )


def _about_dispense(
    unit: UnitRule, entry: Entry, reglement: Reglement
) -> Iterator[tuple[str, str]]:
    if unit.code in reglement.never_dispensed and not entry.by_vae:
        yield (
            unit.code,
            f"Aucun diplôme ne dispense de {unit.code} : seule la VAE donne cette unité "
            f"({reglement.source('never_dispensed')}).",
        )


def _about_options(candidate: Candidate, reglement: Reglement) -> Iterator[tuple[str, str]]:
    known = {unit.code: unit for unit in reglement.options}
    if len(candidate.options) > reglement.optional_max:
        yield (
            list(candidate.options)[reglement.optional_max],
            f"{len(candidate.options)} épreuves facultatives : {reglement.optional_max} au plus "
            f"({reglement.source('optional_max')}).",
        )
    for code, entry in candidate.options.items():
        unit = known.get(code)
        if unit is None:
            yield code, f"{code} n'est pas une unité facultative de la session {reglement.session}."
            continue
        if entry.status in (Status.DISPENSED, Status.NV):
            yield code, f"{code} est facultative : une note, AB, ou rien."
            continue
        yield from _about_mark(unit, entry, reglement)
        if entry.status == Status.KEPT:
            yield from _about_kept(unit, entry, candidate, reglement)


def _about_orals(candidate: Candidate, reglement: Reglement) -> Iterator[tuple[str, str]]:
    if not candidate.orals:
        return
    controle, first = reglement.controle, next(iter(candidate.orals))
    if controle is None:
        yield first, f"La session {reglement.session} n'a pas d'épreuves de contrôle."
        return
    if len(candidate.orals) > controle.orals:
        yield (
            list(candidate.orals)[controle.orals],
            f"{len(candidate.orals)} épreuves de contrôle : {controle.orals} au plus, au choix du "
            f"candidat ({reglement.source('controle')}).",
        )
    for code, mark in candidate.orals.items():
        if code not in controle.units:
            yield (
                code,
                f"Les épreuves de contrôle portent sur {listed(list(controle.units))}, pas sur "
                f"{code}.",
            )
        elif not 0 <= mark <= reglement.highest:
            yield code, f"La note de contrôle va de 0 à {reglement.highest // HALF}."
        entry = candidate.units.get(code)
        if entry is not None and entry.status == Status.DISPENSED:
            yield code, f"{code} est dispensée : elle ne se repasse pas à l'oral de contrôle."


def value_of(entry: Entry, reglement: Reglement) -> Number:
    """The half points that the unit counts for: 0 for a recognised absence."""
    if entry.status == Status.FORCE_MAJEURE:
        return HALF * reglement.force_majeure_mark
    assert entry.mark is not None  # checked by problems_of
    return entry.mark
