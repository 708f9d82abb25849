"""Pure rules of the formative marks: what a cell may hold, averages, semesters, a pasted column."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from accounts.errors import DomainError

LETTERS: Mapping[str, str] = {"A": "absent", "D": "dispensed", "N": "unmarked"}
WORDS: Mapping[str, str] = {
    "ABS": "A",
    "ABSENT": "A",
    "ABSENTE": "A",
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
    text = f"{value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


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


# --- a pasted column -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """A line of the grid: key of the enrolment, names as they may be written."""

    key: str
    last_name: str
    first_name: str


@dataclass(frozen=True)
class Pasted:
    """What became of one pasted line."""

    number: int
    text: str
    mark: str
    kind: str  # matched, unknown, ambiguous, twice, out_of_range, empty, too_many
    key: str = ""
    name: str = ""
    message: str = ""


def plain(text: str) -> str:
    """Without accents, case nor double spaces: « Élise  FAURE » and "elise faure" are one name."""
    stripped = unicodedata.normalize("NFKD", text)
    letters = "".join(letter for letter in stripped if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w]+", " ", letters).split()).casefold()


def read_paste(text: str, people: Sequence[Person], scale: Scale, start: int = 0) -> list[Pasted]:
    """Match each line with a person: by name where there is one, else by its place from `start`.

    A line is "name<TAB>mark", "name;mark", "last<TAB>first<TAB>mark" or the mark alone. Nothing is
    guessed: a name that two people bear, or a person met twice, is said and left aside.
    """
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    index: dict[str, list[Person]] = {}
    for person in people:
        last, first = plain(person.last_name), plain(person.first_name)
        for name in {f"{last} {first}", f"{first} {last}"}:
            index.setdefault(name, []).append(person)
        index.setdefault(last, []).append(person)
    seen: set[str] = set()
    found, place = [], start
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in re.split(r"[\t;]", line)]
        name, mark = " ".join(cells[:-1]).strip(), cells[-1]
        if not name and len(cells) == 1:
            row = _by_place(number, line, mark, people, place)
            place += 1
        else:
            row = _by_name(number, line, name, mark, index)
        if row.kind == "matched":
            row = _checked(row, scale, seen)
        found.append(row)
    return found


def _by_place(number: int, line: str, mark: str, people: Sequence[Person], place: int) -> Pasted:
    if place >= len(people):
        return Pasted(
            number, line, mark, "too_many", message="Il n'y a plus d'apprenti pour cette ligne."
        )
    person = people[place]
    return Pasted(
        number, line, mark, "matched", person.key, f"{person.last_name} {person.first_name}"
    )


def _by_name(number: int, line: str, name: str, mark: str, index) -> Pasted:
    people = {person.key: person for person in index.get(plain(name), [])}
    if not people:
        return Pasted(
            number, line, mark, "unknown", message=f"« {name[:60]} » n'est pas dans la promotion."
        )
    if len(people) > 1:
        return Pasted(
            number,
            line,
            mark,
            "ambiguous",
            message=f"Plusieurs apprentis s'appellent « {name[:60]} » : ajoutez le prénom.",
        )
    person = next(iter(people.values()))
    return Pasted(
        number, line, mark, "matched", person.key, f"{person.last_name} {person.first_name}"
    )


def _checked(row: Pasted, scale: Scale, seen: set[str]) -> Pasted:
    def told(kind: str, message: str = "") -> Pasted:
        return Pasted(row.number, row.text, row.mark, kind, row.key, row.name, message)

    try:
        cell = parse_cell(row.mark, scale)
    except DomainError as error:
        return told("out_of_range", error.message)
    if cell is None:
        return told("empty", "Ligne sans note : la note d'avant reste.")
    if row.key in seen:
        return told("twice", "Cet apprenti a déjà une ligne plus haut : elle seule est gardée.")
    seen.add(row.key)
    return told("matched")
