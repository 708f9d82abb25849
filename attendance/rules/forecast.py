"""Will the legal minimum be reached, and when (docs/rules/planning.md; CE D643-8, art. R6313-3 for the proof).

Hours count when they are proved: signed by the apprentice and countersigned by the trainer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

# Ten half-days: one absence in the first week is no forecast of the course. Ours, no text sets it.
SAMPLE = 10 * 210


@dataclass(frozen=True)
class Coming:
    """A planned half-day that is still to come."""

    day: date
    minutes: int


@dataclass(frozen=True)
class Forecast:
    """What the planning promises against the minimum.

    `reached_on`: first day on which the minimum is reached at the apprentice's rate of presence (None when it
    is not). `half_days`: half-days to add to the planning for that. `is_out_of_reach`: not even every working
    half-day left before the end, each attended, would do.
    """

    minimum: int
    done: int
    expected: int
    reached_on: date | None
    half_days: int
    is_out_of_reach: bool

    @property
    def is_reached(self) -> bool:
        return self.done >= self.minimum

    @property
    def lacking(self) -> int:
        """Minutes that the planning does not bring, at the present rate."""
        return max(0, self.minimum - self.expected)

    @property
    def kind(self) -> str:
        """For the status component."""
        if self.is_out_of_reach:
            return "stop"
        if self.lacking:
            return "todo"
        return "done" if self.is_reached else "run"

    @property
    def word(self) -> str:
        if self.is_out_of_reach:
            return "Minimum hors d'atteinte"
        if self.is_reached:
            return "Minimum atteint"
        if self.lacking:
            return f"{self.half_days} demi-journée{'s' if self.half_days > 1 else ''} à rattraper"
        return f"Minimum atteint le {self.reached_on:%d/%m/%Y}"


def forecast(
    *,
    minimum: int,
    done: int,
    held: int,
    coming: Sequence[Coming],
    free_minutes: int,
    half_day: int = 210,
) -> Forecast:
    """Minutes in, forecast out.

    `done`: minutes proved; `held`: minutes of the half-days held so far, so that done / held is the rate of
    presence; `coming`: planned half-days to come, in order; `free_minutes`: working half-days still empty
    before the end; `half_day`: usual length, to count what is missing. Before `SAMPLE` minutes are held,
    the rate of presence means nothing yet: everybody is taken to come.
    """
    if half_day <= 0:
        raise ValueError("Une demi-journée dure au moins une minute.")
    rate = min(Decimal(1), Decimal(done) / Decimal(held)) if held >= SAMPLE else Decimal(1)
    total = Decimal(done)
    reached_on = None
    for half in coming:
        total += half.minutes * rate
        if reached_on is None and total >= minimum:
            reached_on = half.day
    expected = int(total)
    missing = max(Decimal(0), minimum - total)
    # What is added is made up by somebody who is there: a full half-day each.
    count = int((missing / half_day).to_integral_value(ROUND_CEILING))
    everything = done + sum(half.minutes for half in coming) + free_minutes
    return Forecast(
        minimum=minimum,
        done=done,
        expected=expected,
        reached_on=reached_on,
        half_days=count,
        is_out_of_reach=everything < minimum,
    )


def spread_places(free: Sequence[tuple[date, str]], count: int) -> list[tuple[date, str]]:
    """Which free half-days to propose: the soonest, two of one day together, not one week alone.

    Days are taken one a week in turn, so that the company does not lose somebody for a whole week; the
    halves of a day go together.
    """
    by_week: dict[tuple[int, int], list[date]] = {}
    halves: dict[date, list[str]] = {}
    for day, half in free:
        if day not in halves:
            by_week.setdefault(day.isocalendar()[:2], []).append(day)
        halves.setdefault(day, []).append(half)
    chosen: list[tuple[date, str]] = []
    turn = 0
    while len(chosen) < count and any(len(days) > turn for days in by_week.values()):
        for days in by_week.values():
            if turn < len(days) and len(chosen) < count:
                chosen += [(days[turn], half) for half in halves[days[turn]]]
        turn += 1
    kept = set(chosen[:count])
    return [place for place in free if place in kept]
