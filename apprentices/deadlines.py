"""Working days and the deadline to send a contract to the OPCO (V20, CT D6224-1). Pure."""

from collections.abc import Collection
from datetime import date, timedelta

from .tables import rule_table


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Jour ouvrable: Monday to Saturday, public holidays left out."""
    return day.weekday() != 6 and day not in holidays


def add_working_days(day: date, count: int, holidays: Collection[date]) -> date:
    """The `count`-th working day after `day`."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, holidays)
    return day


def working_days_until(first: date, last: date, holidays: Collection[date]) -> int:
    """Working days of ]first, last]; negative when `last` is past."""
    if last < first:
        return -working_days_until(last, first, holidays)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day, holidays) for day in days)


def transmission_due_on(starts_on: date, holidays: Collection[date]) -> date:
    """V20: last day to send the contract to the OPCO (CT D6224-1)."""
    days = rule_table().on("V20", starts_on).values["working_days"]
    return add_working_days(starts_on, days, holidays)
