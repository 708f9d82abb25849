"""When a reminder may leave: one digest a day, in working hours, and not for ever."""

from collections.abc import Collection
from datetime import datetime, time

FIRST_HOUR, LAST_HOUR = time(9), time(17)
# The same thing is reminded at most so often, and never two days running.
MOST_TIMES = 5
DAYS_BETWEEN = 3


def is_working_time(now: datetime, holidays: Collection) -> bool:
    """`now` is local and naive: a weekday, no public holiday, between nine and five."""
    return (
        now.weekday() < 5 and now.date() not in holidays and FIRST_HOUR <= now.time() <= LAST_HOUR
    )


def may_remind(count: int, days_since_last: int | None) -> bool:
    """Whether one thing may be said again to one person."""
    if count >= MOST_TIMES:
        return False
    return days_since_last is None or days_since_last >= DAYS_BETWEEN
