"""Calendars read from the database: the course of a cohort with what changes its rhythm, school zones."""

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from apprentices.models import Cohort
from programmes.calendar_rules import Rhythm

from .models import CalendarException
from .rules.course import Change, CourseDay, SchoolBreak, course_days, shutting

DATA = Path(__file__).resolve().parent / "data"
SCHOOL_ZONES = ("A", "B", "C")


def school_zone_of(cohort: Cohort) -> str:
    zone = cohort.rhythm.get("school_zone", "") if isinstance(cohort.rhythm, dict) else ""
    return zone if zone in SCHOOL_ZONES else ""


def changes_of(exceptions: Iterable[CalendarException]) -> list[Change]:
    return [Change(e.kind, e.starts_on, e.ends_on, e.half, e.label) for e in exceptions]


def cohort_changes(cohort: Cohort) -> list[Change]:
    """What leaves the rhythm: the cohort's own lines and those of its whole centre."""
    return changes_of(CalendarException.objects.of_cohort(cohort))


def shut_by(cohort: Cohort, day: date, half: str) -> Change | None:
    """The closure or the exam that leaves the cohort no place for a class at this half-day; one query."""
    lines = CalendarException.objects.of_cohort(cohort)
    return shutting(changes_of(lines.filter(starts_on__lte=day, ends_on__gte=day)), day, half)


def cohort_course(
    cohort: Cohort, rhythm: Rhythm, first: date | None = None, last: date | None = None
) -> list[CourseDay]:
    """Each day of the course, or of a part of it; one query."""
    return course_days(
        first or cohort.starts_on, last or cohort.ends_on, rhythm, cohort_changes(cohort)
    )


@lru_cache(maxsize=1)
def school_breaks() -> tuple[SchoolBreak, ...]:
    """The school holidays known today, from the file of dated rows with their source."""
    rows = tomllib.loads((DATA / "school_breaks.toml").read_text(encoding="utf-8"))["breaks"]
    return tuple(SchoolBreak(r["name"], r["zone"], r["first"], r["last"]) for r in rows)
