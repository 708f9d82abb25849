"""The calendar of a course day by day: CFA, company, holiday, closure, exam (docs/rules/calendrier.md).

Order of what decides a half-day (apprenticeship-rules 7.3): public holiday, closure, exam, day in company,
extra day at the CFA, then the rhythm. On a day when the centre is closed the apprentice is at the company's
disposal, unless on paid leave.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from programmes.calendar_rules import HalfDay, Rhythm, public_holidays

from ..enums import ExceptionKind

SATURDAY = 5
# Days of practical training in the company after which the contract is no longer broken freely
# (CT L6222-18). That a day shared with the CFA counts is our reading: not verified.
TRIAL_DAYS = 45


@dataclass(frozen=True)
class Change:
    """A line of the cohort's calendar; `half` is empty for whole days."""

    kind: str
    first: date
    last: date
    half: str = ""
    label: str = ""

    @property
    def name(self) -> str:
        return self.label or ExceptionKind(self.kind).label


@dataclass(frozen=True)
class CourseDay:
    """One date of the course: its half-days at the CFA and why it is not a day like the others."""

    day: date
    halves: tuple[HalfDay, ...] = ()
    holiday: str = ""
    closure: str = ""
    exam: str = ""

    @property
    def kind(self) -> str:
        """ "holiday", "exam", "closed", "cfa", "weekend" or "company": how the year view paints it."""
        if self.holiday:
            return "holiday"
        if self.exam:
            return "exam"
        if self.halves:
            return "cfa"
        if self.closure:
            return "closed"
        return "weekend" if self.day.weekday() >= SATURDAY else "company"

    def company_share(self, slots: int) -> int:
        """Half-days in company, of the two of a working day (0 on week-ends, holidays, exams)."""
        if self.holiday or self.exam or self.day.weekday() >= SATURDAY:
            return 0
        return max(0, slots - len(self.halves))


# From the strongest to the weakest.
STRENGTH = (
    ExceptionKind.CLOSURE,
    ExceptionKind.EXAM,
    ExceptionKind.COMPANY,
    ExceptionKind.CFA,
)

# Those during which no class is held; a day in company is where a make-up goes.
SHUTTING = (ExceptionKind.CLOSURE, ExceptionKind.EXAM)


def course_days(
    first: date, last: date, rhythm: Rhythm, changes: Iterable[Change] = ()
) -> list[CourseDay]:
    """Every date from `first` to `last`, both included, with its half-days at the CFA."""
    holidays = public_holidays(first, last, rhythm.zone)
    by_day: dict[date, list[Change]] = {}
    for change in changes:
        day = max(first, change.first)
        while day <= min(last, change.last):
            by_day.setdefault(day, []).append(change)
            day += timedelta(days=1)
    days, day = [], first
    while day <= last:
        holiday = holidays.get(day, "")
        found = by_day.get(day, [])
        labels = {c.kind: c.name for c in reversed(found)}
        days.append(
            CourseDay(
                day,
                () if holiday else _halves(day, rhythm, found),
                holiday=holiday,
                closure=labels.get(ExceptionKind.CLOSURE, ""),
                exam=labels.get(ExceptionKind.EXAM, ""),
            )
        )
        day += timedelta(days=1)
    return days


def _halves(day: date, rhythm: Rhythm, changes: Sequence[Change]) -> tuple[HalfDay, ...]:
    in_mask = rhythm.is_cfa_day(day)
    found = []
    for slot in sorted(rhythm.slots, key=lambda one: one.starts):
        kinds = {c.kind for c in changes if c.half in ("", slot.half)}
        strongest = next((kind for kind in STRENGTH if kind in kinds), None)
        if strongest == ExceptionKind.CFA:
            # "A full week at the CFA" does not mean its week-end; a line of one Saturday does.
            alone = any(c.kind == strongest and c.first == c.last == day for c in changes)
            is_on = alone or day.weekday() < SATURDAY
        else:
            is_on = strongest is None and in_mask and slot.is_on(day)
        if is_on:
            found.append(HalfDay(day, slot.half, slot.starts, slot.ends))
    return tuple(found)


def shutting(changes: Iterable[Change], day: date, half: str) -> Change | None:
    """The closure, or else the exam, that leaves no place for a class at a half-day."""
    found = [c for c in changes if c.first <= day <= c.last and c.half in ("", half)]
    return next((c for kind in SHUTTING for c in found if c.kind == kind), None)


def halves_of(days: Iterable[CourseDay]) -> list[HalfDay]:
    """The half-days at the CFA, in order."""
    return [half for day in days for half in day.halves]


def trial_ends_on(
    days: Iterable[CourseDay], starts_on: date, count: int = TRIAL_DAYS
) -> date | None:
    """The `count`-th day of practical training in company from `starts_on` (CT L6222-18: 45 days).

    Days need not follow each other; a day with a half-day in company counts. None when `days` end before.
    """
    for day in days:
        if day.day >= starts_on and day.company_share(2):
            count -= 1
            if not count:
                return day.day
    return None


def company_days(days: Iterable[CourseDay], first: date, last: date) -> int:
    """Number of days with practical training in company, from `first` to `last`, both included."""
    return sum(1 for day in days if first <= day.day <= last and day.company_share(2))


# --- school holidays, shown and never binding ------------------------------------------------------


@dataclass(frozen=True)
class SchoolBreak:
    """A school holiday of one zone: first and last day off."""

    name: str
    zone: str
    first: date
    last: date


def breaks_between(
    breaks: Iterable[SchoolBreak], zone: str, first: date, last: date
) -> list[SchoolBreak]:
    """Those of the zone ("A", "B", "C") that touch the period; a row without zone holds for all."""
    return [
        row for row in breaks if row.zone in ("", zone) and row.first <= last and row.last >= first
    ]


def known_until(breaks: Iterable[SchoolBreak]) -> date | None:
    """Last day that the table knows: beyond it, "no holiday" would be a lie."""
    return max((row.last for row in breaks), default=None)
