"""Pure rules of the organisation of a CCF: when, by whom, with what, what is kept, what is suggested."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from accounts.errors import DomainError

from ..headings import plain

# --- the commission ------------------------------------------------------------------------------

TEACHER = "teacher"


@dataclass(frozen=True)
class Member:
    """A person of the commission, and as what; `teaches` when the person trains the candidate."""

    name: str
    kind: str
    teaches: bool = False


def check_commission(epreuve: str, bloc: str, members: Sequence[Member]) -> None:
    """Composition (REF2018, facts commission_E4 and commission_E6); DomainError otherwise.

    A formateur of the bloc, who teaches the candidate, is always there: the responsibility is not
    delegated. E4 may add tutors, maîtres d'apprentissage and workshop trainers; E6 takes formateurs only.
    """
    if not any(one.kind == TEACHER and one.teaches for one in members):
        raise DomainError(
            f"La commission de {epreuve} compte au moins un formateur du candidat pour le bloc "
            f"« {bloc} » (REF2018) : choisissez un formateur de la promotion.",
            field="trainers",
        )
    strangers = [one.name for one in members if one.kind == TEACHER and not one.teaches]
    if strangers:
        raise DomainError(
            f"{', '.join(strangers)} n'enseigne pas dans la promotion du candidat.",
            field="trainers",
        )
    others = [one.name for one in members if one.kind != TEACHER]
    if epreuve == "E6" and others:
        raise DomainError(
            f"La commission de E6 est faite de formateurs du bloc (REF2018) : {', '.join(others)} "
            "n'en fait pas partie.",
            field="guest",
        )
    if len({one.name for one in members}) != len(members):
        raise DomainError("Une personne ne compte qu'une fois dans la commission.", field="guest")


TITLES = {"m", "mr", "mme", "mlle", "madame", "monsieur", "dr"}


def named_in(text: str) -> list[str]:
    """The people that a list of evaluators names: « Bruno Caron, Chantal Dumas et Inès Weber »."""
    names = [" ".join(one.split()) for one in re.split(r"(?i)[,;\n/&+]|\set\s|\s[-–]\s", text)]
    return list(dict.fromkeys(name for name in names if name))


def is_named(written: str, name: str) -> bool:
    """Whether what is written on the sheet is this person, whatever the case, accents and order of the words.

    A title is not a word of the name; an initial stands for a first name: « Mme Dumas », « C. DUMAS » and
    « dumas chantal » are Chantal Dumas. Every word written must be found, one of them whole.
    """
    words = plain(name).split()
    wanted = [
        one for one in plain(written).split() if one not in TITLES or len(written.split()) == 1
    ]
    for word in sorted(wanted, key=len, reverse=True):
        found = next((o for o in words if o == word or (len(word) == 1 and o[0] == word)), None)
        if found is None:
            return False
        words.remove(found)
    return any(len(word) > 1 for word in wanted)


def is_same(one: str, other: str) -> bool:
    """Two ways of writing one person on a sheet."""
    return is_named(one, other) or is_named(other, one)


class Signed(Protocol):
    """A signature given: under which name, and by which account if any."""

    name: str
    user: Any


def still_to_sign(evaluators: str, given: Iterable[Signed]) -> list[str]:
    """The members named on the sheet who have not signed; « M. Caron » is the account of Bruno Caron."""
    signed = list(given)
    return [name for name in named_in(evaluators) if not any(is_same(name, o.name) for o in signed)]


# --- the time ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slot:
    """A sitting in time: who, where, with whom."""

    starts: datetime
    ends: datetime
    candidate: int
    room: str
    members: frozenset[str]
    label: str


def conflicts(slot: Slot, others: Iterable[Slot]) -> list[str]:
    """One sentence for each sitting that takes the same person or room at the same time."""
    found = []
    for other in others:
        if other.starts >= slot.ends or slot.starts >= other.ends:
            continue
        when = f"de {other.starts:%H:%M} à {other.ends:%H:%M}"
        if other.candidate == slot.candidate:
            found.append(f"Le candidat passe déjà {other.label} {when}.")
        if other.room.casefold().strip() == slot.room.casefold().strip():
            found.append(f"La salle {other.room} est prise {when} par {other.label}.")
        for name in sorted(slot.members & other.members):
            found.append(f"{name} siège déjà {when} pour {other.label}.")
    return found


class TaughtSlot(Protocol):
    """A half-day taught: what `taught_conflicts` reads of it."""

    @property
    def starts(self) -> datetime: ...
    @property
    def ends(self) -> datetime: ...
    @property
    def cohort(self) -> int: ...
    @property
    def trainer(self) -> int: ...
    @property
    def room(self) -> str: ...
    @property
    def label(self) -> str: ...


def taught_conflicts(
    slot: Slot, *, cohort: int, people: Mapping[int, str], taught: Iterable[TaughtSlot]
) -> list[str]:
    """One sentence for each half-day of another cohort that takes a member or the room.

    The candidate's own cohort is no conflict: the CCF takes place in the normal course of its training
    (REF2018), in the trainer's own half-day and room.
    """
    found = []
    for one in taught:
        if one.cohort == cohort or one.starts >= slot.ends or slot.starts >= one.ends:
            continue
        when = f"de {one.starts:%H:%M} à {one.ends:%H:%M}"
        if one.trainer in people:
            found.append(f"{people[one.trainer]} enseigne {when} : {one.label}.")
        if one.room and one.room.casefold().strip() == slot.room.casefold().strip():
            found.append(f"La salle {one.room} est prise {when} : {one.label}.")
    return found


def check_at_cfa(halves: Sequence[tuple[time, time]], day: date) -> None:
    """The cohort is at the CFA that day; DomainError otherwise."""
    if not halves:
        raise DomainError(
            f"Le {day:%d/%m/%Y} n'est pas un jour au CFA de la promotion : le CCF a lieu au cours "
            "normal de la formation (REF2018).",
            field="day",
        )


def check_within(starts: time, ends: time, halves: Sequence[tuple[time, time]], day: date) -> None:
    """The sitting lies within one half-day of the candidate at the CFA; DomainError otherwise."""
    check_at_cfa(halves, day)
    if not any(first <= starts and ends <= last for first, last in halves):
        hours = " et ".join(f"{first:%H:%M}–{last:%H:%M}" for first, last in halves)
        raise DomainError(
            f"Le passage ({starts:%H:%M}–{ends:%H:%M}) sort des demi-journées au CFA : {hours}.",
            field="starts",
        )


def check_final_year(epreuve: str, starts_on: date, ends_on: date, day: date) -> None:
    """Both situations of E6 take place in the final year, the last twelve months (REF2018)."""
    try:
        first = ends_on.replace(year=ends_on.year - 1) + timedelta(days=1)
    except ValueError:  # 29 February
        first = date(ends_on.year - 1, 3, 1)
    first = max(first, starts_on)
    if epreuve == "E6" and day < first:
        raise DomainError(
            f"Les deux situations de E6 se passent pendant l'année terminale (REF2018) : le {day:%d/%m/%Y} "
            f"est avant le {first:%d/%m/%Y}.",
            field="day",
        )


def third_more(minutes: int) -> int:
    """The usual extra time of a candidate with a disability: a third, to the minute above."""
    return -(-minutes // 3)


def series(
    first: time, minutes: Sequence[int], gap: int, halves: Sequence[tuple[time, time]], day: date
) -> list[time]:
    """When each candidate of a row starts, one after the other, skipping what leaves the half-days."""
    check_at_cfa(halves, day)
    moment = datetime.combine(day, first)
    found: list[time] = []
    for length in minutes:
        placed = _place(moment, length, halves, day)
        if placed is None:
            raise DomainError(
                f"Tous ne passent pas ce jour-là : il en reste {len(minutes) - len(found)} "
                "après la fin de la journée. Choisissez-en moins, ou commencez plus tôt.",
                field="starts",
            )
        found.append(placed.time())
        moment = placed + timedelta(minutes=length + gap)
    return found


def _place(
    moment: datetime, length: int, halves: Sequence[tuple[time, time]], day: date
) -> datetime | None:
    for start, end in halves:
        begin = max(moment, datetime.combine(day, start))
        if begin + timedelta(minutes=length) <= datetime.combine(day, end):
            return begin
    return None


# --- the dossier ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class DossierFacts:
    """What the application knows of a dossier when it is checked."""

    fiches: frozenset[int] = frozenset()
    expected_fiches: int = 0
    has_proof: bool = False
    has_study: bool = False
    needs_study: bool = False
    deposited_on: date | None = None
    deadline: date | None = None


@dataclass(frozen=True)
class Hints:
    """Numbers (from 0) of the référentiel's causes that the facts point to, and what to look at."""

    grounds: tuple[int, ...] = ()
    notices: tuple[str, ...] = field(default=())


def dossier_hints(facts: DossierFacts) -> Hints:
    """What the facts suggest; the person who checks decides.

    The five causes of REF2018, in the order of the fact `nv_causes`: 0 nothing deposited, 1 late,
    2 experience too short, 3 no attestation, 4 not signed. 2 and 4 are judged by reading.
    """
    grounds, notices = [], []
    if facts.deposited_on is None:
        grounds.append(0)
    elif facts.deadline and facts.deposited_on > facts.deadline:
        grounds.append(1)
    if facts.deposited_on and not facts.has_proof:
        grounds.append(3)
    missing = facts.expected_fiches - len(facts.fiches)
    if facts.deposited_on and missing > 0:
        notices.append(
            f"Il manque {missing} fiche{'s' if missing > 1 else ''} sur {facts.expected_fiches} : "
            "ce n'est pas une cause de non-conformité, le candidat est interrogé (REF2018)."
        )
    if facts.needs_study and not facts.has_study:
        notices.append("Pas d'étude réflexive : ce n'est pas une cause de non-conformité.")
    if facts.deadline is None:
        notices.append("La date de dépôt fixée par l'académie n'est pas saisie.")
    return Hints(tuple(grounds), tuple(notices))


def decide(grounds: Sequence[str], doubt: bool) -> str:
    """The state of a checked dossier: a ground makes it NV, a doubt reserves the mark."""
    if grounds:
        return "reserved" if doubt else "nv"
    if doubt:
        raise DomainError("Dites sur quelle cause porte le doute.", field="grounds")
    return "conform"


# --- the indicative mark -------------------------------------------------------------------------

# Not official (exam-rules 3.6): the mapping of a published teacher's application. The forms show no
# formula; the commission's mark alone counts.
INDICATIVE: Mapping[str, Decimal] = {
    "TI": Decimal(5),
    "I": Decimal(10),
    "S": Decimal(15),
    "TS": Decimal(20),
}
INDICATIVE_SOURCE = "moyenne de TI = 5, I = 10, S = 15, TS = 20 ; usage d'un enseignant, sans texte"


def indicative_mark(levels: Iterable[str], lines: int) -> Decimal | None:
    """The mean of the levels, to the half point; None until every line is ticked."""
    values = [INDICATIVE[level] for level in levels]
    if not lines or len(values) != lines:
        return None
    half = (sum(values, Decimal(0)) / lines * 2).quantize(Decimal(1), ROUND_HALF_UP) / 2
    return half.quantize(Decimal("0.1"))
