"""The marks and appreciations that the livret prints: those the apprentice may see, by semester."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from apprentices.models import Enrolment
from evaluations.enums import PeriodState
from evaluations.marks.selectors import appreciations, averages, semesters_of

from ..calendar import number

CENT = Decimal("0.01")


def _shown(value: Fraction | None) -> str:
    return "" if value is None else number(Decimal(round(float(value), 2)).quantize(CENT))


def semesters(enrolment: Enrolment) -> list[dict[str, Any]]:
    """One table per semester that has a mark to show; the words only once the semester is locked."""
    cohort = enrolment.cohort
    locked = set(
        cohort.grading_periods.filter(state=PeriodState.LOCKED).values_list("number", flat=True)
    )
    found = []
    for semester in semesters_of(cohort):
        marks = averages(cohort, [semester.number], only_visible=True)
        words = appreciations(cohort, semester.number) if semester.number in locked else {}
        rows = [
            {
                "subject": subject.title,
                "average": _shown(marks.subject(subject, enrolment.pk)),
                "words": words.get((enrolment.pk, subject.pk), ""),
            }
            for subject in marks.subjects
        ]
        rows = [row for row in rows if row["average"] or row["words"]]
        if rows:
            found.append(
                {
                    "number": semester.number,
                    "rows": rows,
                    "general": _shown(marks.general(enrolment.pk)),
                    "council": words.get((enrolment.pk, None), ""),
                }
            )
    return found
