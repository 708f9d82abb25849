"""Periods of alternance laid on the days of a cohort, and laid again without losing what is written.

No text fixes their length: the CFA chooses (each month, from one block at the CFA to the next, each
quarter), then moves the days. A signed period never moves; one where somebody wrote keeps all it holds.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from programmes.calendar_rules import add_months

from ..enums import Cadence
from .periods import SHORTEST_DAYS, Span

DAY = timedelta(days=1)
# A rest shorter than this joins its neighbour.
SHORTEST: dict[str, int] = {
    Cadence.MONTHLY: 10,
    Cadence.BLOCK: 10,
    Cadence.QUARTERLY: SHORTEST_DAYS,
}
MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3}
# So many days away from the CFA end a block: more than a week's own rhythm, less than a fortnight.
BLOCK_GAP_DAYS = 10
LEAST_DAYS = 7
MOST_PERIODS = 60


@dataclass(frozen=True)
class Held:
    """A period as it is: what it holds decides whether its days may move."""

    key: int
    number: int
    starts_on: date
    ends_on: date
    is_signed: bool = False
    is_written: bool = False
    done_on: tuple[date, ...] = ()  # days of its tasks: they stay inside


@dataclass(frozen=True)
class Laid:
    """A period as it becomes; without key, it is new."""

    key: int | None
    number: int
    starts_on: date
    ends_on: date


@dataclass
class _Piece:
    starts_on: date
    ends_on: date
    key: int | None = None
    is_fixed: bool = False

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


def starts(cadence: str, first: date, last: date, cfa_days: Iterable[date] = ()) -> list[date]:
    """First day of each period between two days; the first is `first`."""
    if last < first:
        raise ValueError("La fin précède le début.")
    if cadence == Cadence.BLOCK:
        found = _block_starts(first, last, cfa_days)
    else:
        months, found = MONTHS[Cadence(cadence)], []
        while (day := add_months(first, months * len(found))) <= last:
            found.append(day)
    shortest = timedelta(days=SHORTEST[cadence])
    kept = found[:1]
    for day in found[1:]:
        if day - kept[-1] >= shortest and last - day + DAY >= shortest:
            kept.append(day)
    return kept


def _block_starts(first: date, last: date, cfa_days: Iterable[date]) -> list[date]:
    found, before = [first], first
    for day in sorted({day for day in cfa_days if first <= day <= last}):
        if (day - before).days >= BLOCK_GAP_DAYS:
            found.append(day)
        before = day
    return found


def spans_from(begins: Iterable[date], first: date, last: date, shortest: int = 1) -> list[Span]:
    """Periods that begin on these days, cut to `first` and `last`; a short rest joins its neighbour."""
    inside = [first, *sorted({day for day in begins if first < day <= last})]
    pieces = _joined(
        [
            _Piece(day, (inside[n + 1] - DAY) if n + 1 < len(inside) else last)
            for n, day in enumerate(inside)
        ],
        shortest,
    )
    return [Span(n, piece.starts_on, piece.ends_on) for n, piece in enumerate(pieces, start=1)]


def _joined(pieces: list[_Piece], shortest: int) -> list[_Piece]:
    """Join each short piece that holds nothing to the one before, else to the one after."""
    found: list[_Piece] = []
    for piece in pieces:
        before = found[-1] if found else None
        is_short = piece.days < shortest and piece.key is None
        if is_short and before and not before.is_fixed:
            before.ends_on = piece.ends_on
        elif before and before.days < shortest and before.key is None and not piece.is_fixed:
            piece.starts_on = before.starts_on
            found[-1] = piece
        else:
            found.append(piece)
    return found


def relay(
    held: Sequence[Held],
    begins: Sequence[date],
    first: date,
    last: date,
    shortest: int = LEAST_DAYS,
) -> list[Laid]:
    """The periods laid again on the days that begin them, from `first` to `last` without hole.

    Up to the last signed one nothing moves. Of the others, one that is written takes the new days that
    hold at least two thirds of its own and all its tasks, when it is alone there; else it keeps its days.
    """
    held = sorted(held, key=lambda period: period.number)
    signed = max((n for n, period in enumerate(held) if period.is_signed), default=-1)
    still, free = held[: signed + 1], held[signed + 1 :]
    result = [Laid(p.key, p.number, p.starts_on, p.ends_on) for p in still]
    if still:
        first = still[-1].ends_on + DAY
    written = [period for period in free if period.is_written]
    first = min([first, *(period.starts_on for period in written)])
    last = max([last, *(period.ends_on for period in written)])
    if first > last:
        return result
    wanted = spans_from(begins, first, last, shortest)
    moved = _moved(written, wanted)
    fixed = [period for period in written if period.key not in moved]
    pieces = _joined(_cut(wanted, fixed, moved), shortest)
    _reuse([period for period in free if not period.is_written], pieces)
    number = still[-1].number if still else 0
    return result + [
        Laid(piece.key, number + n, piece.starts_on, piece.ends_on)
        for n, piece in enumerate(pieces, start=1)
    ]


def _overlap(period: Held, starts_on: date, ends_on: date) -> int:
    return (min(period.ends_on, ends_on) - max(period.starts_on, starts_on)).days + 1


def _moved(written: Sequence[Held], wanted: Sequence[Span]) -> dict[int, tuple[Held, Span]]:
    """The written periods that may take new days, each alone in its own."""
    best = {p.key: max(wanted, key=lambda s: _overlap(p, s.starts_on, s.ends_on)) for p in written}
    shared = Counter(span.number for span in best.values())
    found = {}
    for period in written:
        span = best[period.key]
        days = (period.ends_on - period.starts_on).days + 1
        if (
            shared[span.number] == 1
            and 3 * _overlap(period, span.starts_on, span.ends_on) >= 2 * days
            and all(span.starts_on <= day <= span.ends_on for day in period.done_on)
        ):
            found[period.key] = (period, span)
    return found


def _cut(
    wanted: Sequence[Span], fixed: Sequence[Held], moved: dict[int, tuple[Held, Span]]
) -> list[_Piece]:
    """The wanted spans around the periods that keep their days."""
    owner = {span.number: period for period, span in moved.values()}
    pieces = [_Piece(p.starts_on, p.ends_on, p.key, is_fixed=True) for p in fixed]
    for span in wanted:
        begin = span.starts_on
        parts = []
        for kept in sorted(fixed, key=lambda p: p.starts_on):
            if kept.ends_on < begin or kept.starts_on > span.ends_on:
                continue
            if begin < kept.starts_on:
                parts.append(_Piece(begin, kept.starts_on - DAY))
            begin = kept.ends_on + DAY
        if begin <= span.ends_on:
            parts.append(_Piece(begin, span.ends_on))
        if period := owner.get(span.number):
            own = max(parts, key=lambda part: _overlap(period, part.starts_on, part.ends_on))
            own.key = period.key
        pieces += parts
    return sorted(pieces, key=lambda piece: piece.starts_on)


def _reuse(empty: Sequence[Held], pieces: Collection[_Piece]) -> None:
    """Give each empty period to the piece it shares most days with, so that its address stays."""
    for period in empty:
        around = [
            piece
            for piece in pieces
            if piece.key is None and _overlap(period, piece.starts_on, piece.ends_on) > 0
        ]
        if around:
            best = max(around, key=lambda p: _overlap(period, p.starts_on, p.ends_on))
            best.key = period.key


def refusal(begins: Sequence[date], first: date, last: date) -> str:
    """Why these first days cannot be taken, in French; empty when they can."""
    if not begins or begins[0] != first:
        return f"La première période commence avec la promotion, le {first:%d/%m/%Y}."
    if len(begins) > MOST_PERIODS:
        return f"Pas plus de {MOST_PERIODS} périodes."
    for before, day in pairwise(begins):
        if day <= before:
            return f"Les débuts se suivent : le {day:%d/%m/%Y} vient après le {before:%d/%m/%Y}."
        if (day - before).days < LEAST_DAYS:
            return f"La période qui commence le {before:%d/%m/%Y} dure moins de {LEAST_DAYS} jours."
    if begins[-1] > last:
        return f"Une période commence après la fin de la promotion, le {last:%d/%m/%Y}."
    return ""
