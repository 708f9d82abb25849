"""The calendar of the alternation that `apprentices` prints, with the exceptions known here."""

from apprentices.course import CourseDay, rhythm_of
from apprentices.models import Cohort

from .calendars import cohort_course


def course(cohort: Cohort) -> list[CourseDay]:
    """Each day of the cohort; ValueError when its rhythm is malformed."""
    rhythm = rhythm_of(cohort)
    if rhythm is None:
        raise ValueError("Le rythme est mal formé.")
    return [
        CourseDay(day.day, day.kind, sum(half.minutes for half in day.halves))
        for day in cohort_course(cohort, rhythm)
    ]
