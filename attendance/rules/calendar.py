"""The drawing of a course: one cell per half-day, a column a week, a row for each half of each day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

CELL, GAP, LEFT, TOP = 14, 2, 64, 18
DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A half-day and its state for one apprentice; `row` is 0 in the morning, 1 in the afternoon."""

    day: date
    row: int
    state: str
    title: str


@dataclass(frozen=True)
class Cell:
    """One half-day: its place, in pixels, its state and what a pointer reads on it."""

    x: int
    y: int
    state: str
    title: str


@dataclass(frozen=True)
class Label:
    """A word beside the cells."""

    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Drawing:
    """The whole calendar, ready for a template."""

    width: int
    height: int
    cells: tuple[Cell, ...]
    months: tuple[Label, ...]
    days: tuple[Label, ...]
    size: int = CELL


def draw(entries: Iterable[Entry]) -> Drawing | None:
    """Places of the cells; only the weekdays that have a half-day get rows."""
    entries = list(entries)
    if not entries:
        return None
    monday = min(entry.day for entry in entries)
    monday -= timedelta(days=monday.weekday())
    weekdays = sorted({entry.day.weekday() for entry in entries})
    step = CELL + GAP
    top = {weekday: TOP + i * (2 * step + GAP) for i, weekday in enumerate(weekdays)}
    cells = []
    months: dict[int, Label] = {}
    shown: tuple[int, int] | None = None
    for entry in sorted(entries, key=lambda e: (e.day, e.row)):
        column = (entry.day - monday).days // 7
        x = LEFT + column * step
        cells.append(Cell(x, top[entry.day.weekday()] + entry.row * step, entry.state, entry.title))
        month = (entry.day.year, entry.day.month)
        if month != shown:
            shown = month
            months.setdefault(column, Label(x, TOP - 6, MONTHS[entry.day.month - 1]))
    columns = sorted(months)
    # Two month names need three columns between them not to touch.
    kept = [c for i, c in enumerate(columns) if i == 0 or c - columns[i - 1] >= 3]
    last = max((entry.day - monday).days // 7 for entry in entries)
    return Drawing(
        width=LEFT + (last + 1) * step + 40,
        height=TOP + len(weekdays) * (2 * step + GAP),
        cells=tuple(cells),
        months=tuple(months[column] for column in kept),
        days=tuple(Label(0, top[w] + step + 3, DAYS[w]) for w in weekdays),
    )
