"""Rules of programmes: category of a CFA, announced against official épreuves, hours at a prorata.

Explained in docs/rules/programmes.md.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .calendar_rules import minimum_hours_between
from .enums import Categorie, Difference, EpreuveForm


def categorie_of(habilite_on: date | None, habilite_until: date | None, day: date) -> Categorie:
    """The column of the règlement d'examen for the apprentices of a CFA, on one day.

    A CFA habilité to run the CCF on that day, both ends included, is in the first column; any other is
    in the ponctuel column (D643-19; REF2018, règlement d'examen; habilitation valid five years: arrêté du
    17 juin 2020). A habilitation without an end has not been limited yet.
    """
    if habilite_on is None or day < habilite_on:
        return Categorie.PONCTUEL
    if habilite_until is not None and day > habilite_until:
        return Categorie.PONCTUEL
    return Categorie.HABILITE


def minimum_hours(
    starts_on: date, ends_on: date, hours_per_year: Decimal, cycle_months: int
) -> Decimal:
    """Hours that an apprenticeship between two dates must hold, at least (D2 and D3, CE D643-8)."""
    return minimum_hours_between(
        starts_on, ends_on, hours_per_year=hours_per_year, cycle_months=cycle_months
    )


def prorata(hours: Sequence[int], total: int) -> list[int]:
    """Share `total` whole hours in the proportions of `hours`; the largest remainders take what is left.

    Used to propose hours by subject from the school timetable grid (REF2018) when a CFA gives none.
    """
    whole = sum(hours)
    if whole <= 0 or min(hours) < 0 or total < 0:
        raise ValueError("Les proportions doivent être positives.")
    shares = [total * value // whole for value in hours]
    by_remainder = sorted(range(len(hours)), key=lambda i: (-(total * hours[i] % whole), i))
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares


# --- announced against official --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfficialEpreuve:
    """What the règlement d'examen gives for one category of candidates."""

    code: str
    title: str
    coefficient: Decimal | None
    is_optional: bool
    form: str
    duration_minutes: int | None
    preparation_minutes: int | None = None
    situations: int = 0


@dataclass(frozen=True, slots=True)
class Announced:
    """What the document of a CFA prints."""

    code: str
    title: str
    coefficient: Decimal | None
    form: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of the table "annoncé / officiel"."""

    code: str
    announced: Announced | None
    official: OfficialEpreuve | None
    differences: tuple[Difference, ...]

    @property
    def is_same(self) -> bool:
        return not self.differences


def compare_epreuves(
    announced: Iterable[Announced], official: Iterable[OfficialEpreuve]
) -> list[Comparison]:
    """Side by side, in the order of the règlement, then what only the document knows.

    An optional épreuve that the document leaves out is not a difference: offering it is the CFA's choice.
    """
    printed = {row.code: row for row in announced}
    rows = []
    for exam in official:
        row = printed.pop(exam.code, None)
        if row is None:
            found: tuple[Difference, ...] = () if exam.is_optional else (Difference.MISSING,)
        else:
            found = tuple(_differences(row, exam))
        rows.append(Comparison(exam.code, row, exam, found))
    rows += [Comparison(row.code, row, None, (Difference.UNKNOWN,)) for row in printed.values()]
    return rows


def _differences(row: Announced, exam: OfficialEpreuve) -> Iterable[Difference]:
    if row.coefficient != exam.coefficient:
        yield Difference.COEFFICIENT
    if form_differs(row.form, exam.form, exam.duration_minutes):
        yield Difference.FORM


WORDS = {
    EpreuveForm.CCF: {"ccf"},
    EpreuveForm.ECRITE: {"ecrit"},
    EpreuveForm.ORALE: {"oral"},
    EpreuveForm.PRATIQUE: {"pratique"},
    EpreuveForm.ECRITE_PRATIQUE: {"ecrit", "pratique"},
}


def form_differs(text: str, form: str, duration_minutes: int | None) -> bool:
    """Whether a form printed in plain words contradicts the official one.

    The text must name the official form; it must not offer the CCF where there is none, unless it says "CCF ou
    ponctuel", true of both kinds of CFA; a duration that it gives must be the official one when there is one.
    """
    plain = _plain(text)
    expected = WORDS[EpreuveForm(form)]
    if any(word not in plain for word in expected):
        return True
    if form != EpreuveForm.CCF and "ccf" in plain and "ponctuel" not in plain:
        return True
    minutes = printed_minutes(text)
    return minutes is not None and duration_minutes is not None and minutes != duration_minutes


def printed_minutes(text: str) -> int | None:
    """The first duration that a text prints ("4h", "1 h 30", "20mn", "40 min"), in minutes."""
    found = re.search(r"\b(\d{1,2})\s*h(?:eures?)?\s*(\d{1,2})?\b", _plain(text))
    if found:
        return int(found[1]) * 60 + int(found[2] or 0)
    found = re.search(r"\b(\d{1,3})\s*(?:mn|min|minutes?)\b", _plain(text))
    return int(found[1]) if found else None


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
