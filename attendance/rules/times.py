"""Arrival and departure: the minutes of a half-day that somebody missed.

The minutes feed the hours counters (rules/hours.py): OPCOs compare the hours paid for with the minutes
that the sheets show. A few minutes are not lateness: the threshold is a habit, not a text.
"""

from datetime import datetime, time

# Below this the clock proposes nothing; habit of the centres, no text sets it.
TOLERANCE_MINUTES = 5


class BadTimes(ValueError):
    """The times contradict the half-day; the message is for the trainer, `field` is what to mend."""

    def __init__(self, message: str, field: str):
        super().__init__(message)
        self.field = field


def minutes_of(value: time) -> int:
    """Minutes since midnight; seconds are left out."""
    return value.hour * 60 + value.minute


def minutes_missed(
    starts_at: time, ends_at: time, arrived_at: time | None, left_at: time | None
) -> int:
    """Whole minutes missed at both ends; None means there from the start, or to the end.

    Raises BadTimes when nothing of the half-day is left.
    """
    start, end = minutes_of(starts_at), minutes_of(ends_at)
    arrived = max(start, minutes_of(arrived_at)) if arrived_at else start
    left = min(end, minutes_of(left_at)) if left_at else end
    if arrived >= end:
        raise BadTimes("L'arrivée est après la fin de la demi-journée.", "arrived_at")
    if left <= start:
        raise BadTimes("Le départ est avant le début de la demi-journée.", "left_at")
    if left <= arrived:
        raise BadTimes("Le départ doit suivre l'arrivée.", "left_at")
    return (arrived - start) + (end - left)


def proposed_arrival(starts_at: time, ends_at: time, signed_at: datetime) -> time | None:
    """The arrival that the clock proposes to the trainer for a signature given late (local time)."""
    late = minutes_of(signed_at.time()) - minutes_of(starts_at)
    if late <= TOLERANCE_MINUTES or minutes_of(signed_at.time()) >= minutes_of(ends_at):
        return None
    return signed_at.time().replace(second=0, microsecond=0)
