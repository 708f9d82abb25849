"""What each day of a cohort is: at the CFA, in company, holiday… for the calendar that people print.

The exceptions of the calendar (closures, exams, extra days) are kept by an app above, which gives its
source here at start, as job kinds do; without it the rhythm and the public holidays decide alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from programmes.calendar_rules import Rhythm, half_days, public_holidays

from .models import Cohort

SATURDAY = 5


@dataclass(frozen=True)
class CourseDay:
    """A date with its kind ("cfa", "company", "holiday", "closed", "exam", "weekend") and CFA minutes."""

    day: date
    kind: str
    minutes: int = 0


Source = Callable[[Cohort], list[CourseDay]]
_sources: list[Source] = []


def rhythm_of(cohort: Cohort) -> Rhythm | None:
    """The cohort's days at the CFA; None when what is stored cannot be read."""
    try:
        return Rhythm.from_json(cohort.rhythm)
    except ValueError:
        return None


def register_course(source: Source) -> None:
    """Called once, from the `ready()` of the app that knows the exceptions."""
    _sources[:] = [source]


def course_of(cohort: Cohort) -> list[CourseDay]:
    """Each day of the cohort, in order; ValueError when its rhythm is malformed."""
    return _sources[0](cohort) if _sources else from_rhythm(cohort)


def from_rhythm(cohort: Cohort) -> list[CourseDay]:
    """The rhythm and the public holidays alone."""
    rhythm = Rhythm.from_json(cohort.rhythm)
    off = public_holidays(cohort.starts_on, cohort.ends_on, rhythm.zone)
    minutes: dict[date, int] = {}
    for half in half_days(cohort.starts_on, cohort.ends_on, rhythm):
        minutes[half.date] = minutes.get(half.date, 0) + half.minutes
    days = []
    for number in range((cohort.ends_on - cohort.starts_on).days + 1):
        day = cohort.starts_on + timedelta(days=number)
        if day in off:
            kind = "holiday"
        elif day in minutes:
            kind = "cfa"
        else:
            kind = "weekend" if day.weekday() >= SATURDAY else "company"
        days.append(CourseDay(day, kind, minutes.get(day, 0)))
    return days
