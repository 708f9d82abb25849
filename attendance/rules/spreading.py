"""How the subjects of a programme share the half-days of a cohort (docs/rules/emargement.md, part 1).

Each subject gets half-days in proportion to its hours of the year (largest remainder), and the subjects
are interleaved: at each half-day comes the one that is most behind its share. What was held or edited by
hand is kept and counted, so that regenerating after it gives the same planning again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Share:
    """A subject and its hours in one year of the course."""

    key: int
    hours: Decimal


def year_of(day: date, starts_on: date) -> int:
    """Year of the course (1 or 2): the second begins on the anniversary of the cohort's start."""
    return (
        1
        if (day.year - starts_on.year) * 12
        + day.month
        - starts_on.month
        - (day.day < starts_on.day)
        < 12
        else 2
    )


def quotas(shares: Sequence[Share], total: int) -> dict[int, int]:
    """Share `total` half-days in proportion to the hours, by largest remainder (first in order wins ties)."""
    hours = sum((share.hours for share in shares), Decimal(0))
    if hours <= 0 or total <= 0:
        return {share.key: 0 for share in shares}
    exact = {share.key: Fraction(share.hours) * total / Fraction(hours) for share in shares}
    given = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: given[key] - exact[key])  # sort is stable
    for key in by_remainder[: total - sum(given.values())]:
        given[key] += 1
    return given


def spread(
    shares: Sequence[Share],
    total: int,
    *,
    kept: Mapping[int, int] | None = None,
    busy: Mapping[int, frozenset[int]] | None = None,
) -> list[int | None]:
    """The subject of each of `total` half-days, in order.

    `kept` gives the subject of the half-days that may not change; `busy` the subjects whose trainer
    teaches elsewhere at that half-day. None where no trainer is free.
    """
    kept, busy = kept or {}, busy or {}
    target = quotas(shares, total)
    kept_count: dict[int, int] = {}
    for subject in kept.values():
        kept_count[subject] = kept_count.get(subject, 0) + 1
    left = {one: max(0, target[one] - kept_count.get(one, 0)) for one in target}
    done = dict.fromkeys(target, 0)
    chosen: list[int | None] = []
    for slot in range(total):
        key: int | None
        if slot in kept:
            key = kept[slot]
        else:
            free = [
                share.key
                for share in shares
                if share.hours > 0 and share.key not in busy.get(slot, ())
            ]
            # A subject whose trainer was busy may leave half-days to the others, beyond their share.
            candidates = [one for one in free if left[one]] or free
            key = max(
                candidates,
                key=lambda k: Fraction(target[k] * (slot + 1), total) - done[k],
                default=None,
            )
            if key is not None:
                left[key] = max(0, left[key] - 1)
        if key is not None and key in done:
            done[key] += 1
        chosen.append(key)
    return chosen
