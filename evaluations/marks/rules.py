"""Pure rules of the formative marks: what a cell may hold, averages, semesters."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from accounts.errors import DomainError
from accounts.french import with_comma

from ..headings import plain

LETTERS: Mapping[str, str] = {"A": "absent", "D": "dispensed", "N": "unmarked"}
WORDS: Mapping[str, str] = {
    "AB": "A",
    "ABS": "A",
    "ABSENT": "A",
    "ABSENTE": "A",
    "DI": "D",
    "DISP": "D",
    "DISPENSE": "D",
    "DISPENSEE": "D",
    "NN": "N",
}
MARKED = "marked"
_NUMBER = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,6})?", re.ASCII)
_OUT_OF = re.compile(r"[0-9]+(?:[.,][0-9]*)?\s*/\s*[0-9]+", re.ASCII)


@dataclass(frozen=True)
class Scale:
    """What a mark may be: from 0 to `highest`, by `step`."""

    highest: Decimal = Decimal(20)
    step: Decimal = Decimal("0.01")


@dataclass(frozen=True)
class Cell:
    """What a cell holds: a mark, or why there is none."""

    status: str
    value: Decimal | None = None


def parse_cell(text: str, scale: Scale) -> Cell | None:
    """Read what was typed in a cell; None when it is empty. DomainError says how to write it.

    Comma or dot; A (absent), D (dispensed), N (not marked). Nothing is rounded nor clamped.
    """
    raw = text.strip()
    if not raw:
        return None
    word = plain(raw).upper()
    letter = WORDS.get(word, word)
    if letter in LETTERS:
        return Cell(LETTERS[letter])
    if _OUT_OF.fullmatch(raw):
        raise DomainError("Écrivez la note seule, sans « / » : par exemple 12,5.")
    if not _NUMBER.fullmatch(raw):
        raise DomainError(
            f"« {raw[:20]} » n'est pas une note : un nombre de 0 à {show(scale.highest)}, ou A "
            "(absent), D (dispensé), N (non noté)."
        )
    value = Decimal(raw.replace(",", "."))
    if value > scale.highest:
        raise DomainError(
            f"{show(value)} dépasse le barème : la note va de 0 à {show(scale.highest)}."
        )
    if value % scale.step:
        if scale.step == Decimal("0.5"):
            raise DomainError(
                "Une épreuve blanche se note en points entiers ou demi-points (arrêté du "
                "24 juillet 1997)."
            )
        raise DomainError("Deux décimales au plus.")
    return Cell(MARKED, value.quantize(Decimal("0.01")))


def show(value: Decimal | Fraction | None, digits: int = 2) -> str:
    """12.50 -> "12,5"; 10.875 -> "10,88"; None -> ""."""
    if value is None:
        return ""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return with_comma(value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def show_cell(status: str, value: Decimal | None) -> str:
    """The text of a cell, as one would type it."""
    if status == MARKED:
        return show(value)
    return next((letter for letter, name in LETTERS.items() if name == status), "")


# --- averages ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Weighted:
    """A mark with its scale and coefficient."""

    value: Decimal
    scale: Decimal
    coefficient: Decimal

    @property
    def on_20(self) -> Fraction:
        return Fraction(self.value) * 20 / Fraction(self.scale)


def average(marks: Iterable[Weighted]) -> Fraction | None:
    """The weighted mean on 20, exact; None without a mark. A, D and N do not count."""
    points, weights = Fraction(0), Fraction(0)
    for mark in marks:
        weight = Fraction(mark.coefficient)
        points += mark.on_20 * weight
        weights += weight
    return points / weights if weights else None


def mean(values: Iterable[Fraction | None]) -> Fraction | None:
    """The plain mean of what is known; None when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def weighted_mean(pairs: Iterable[tuple[Fraction | None, Decimal | None]]) -> Fraction | None:
    """The mean of the known values by their weight; those without a weight are left out."""
    points, weights = Fraction(0), Fraction(0)
    for value, weight in pairs:
        if value is None or weight is None:
            continue
        points += value * Fraction(weight)
        weights += Fraction(weight)
    return points / weights if weights else None


@dataclass(frozen=True)
class Spread:
    """A class on one line: mean, lowest and highest."""

    mean: Fraction | None
    low: Fraction | None
    high: Fraction | None


def spread(values: Iterable[Fraction | None]) -> Spread:
    """Mean, lowest and highest of the values known; three None when none is."""
    known = [value for value in values if value is not None]
    if not known:
        return Spread(None, None, None)
    return Spread(mean(known), min(known), max(known))


def on_class_at_10(value: Fraction | None, class_mean: Fraction | None) -> Fraction | None:
    """Where the graph of the livret scolaire puts a result, the class's average being brought to 10.

    The official formula was not read (exam-rules 4.6): 10 + (mark - class average), kept within 0 and 20.
    """
    if value is None or class_mean is None:
        return None
    return min(Fraction(20), max(Fraction(0), 10 + value - class_mean))


# --- semesters -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Semester:
    """A semester of a cohort: its number from 1, its first and last day."""

    number: int
    starts_on: date
    ends_on: date


def semesters(first: date, last: date, count: int = 4) -> list[Semester]:
    """The cohort's time in `count` equal parts: four semesters on two years (livret scolaire, 4.6)."""
    days = (last - first).days + 1
    starts = [first + timedelta(days=days * n // count) for n in range(count)]
    ends = [*(day - timedelta(days=1) for day in starts[1:]), last]
    return [
        Semester(number, start, end)
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    ]
