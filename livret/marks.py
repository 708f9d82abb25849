"""The marks that an apprentice may see, by semester, as livrets and bilans print them."""

from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from apprentices.models import Cohort, Enrolment
from evaluations.enums import PeriodState
from evaluations.marks.selectors import appreciations, averages, semesters_of

from .calendar import number

CENT = Decimal("0.01")


def _shown(value: Fraction | None) -> str:
    return "" if value is None else number(Decimal(round(float(value), 2)).quantize(CENT))


class CohortMarks:
    """Those of a whole cohort: each table is read when first asked for."""

    def __init__(self, cohort: Cohort):
        self.cohort = cohort
        self.numbers = [semester.number for semester in semesters_of(cohort)]

    @cached_property
    def _whole(self):
        return averages(self.cohort, self.numbers, only_visible=True)

    @cached_property
    def _by_semester(self) -> list[tuple[int, Any, dict]]:
        """Number, averages and words of each semester; words only once it is locked."""
        locked = set(
            self.cohort.grading_periods.filter(state=PeriodState.LOCKED).values_list(
                "number", flat=True
            )
        )
        return [
            (
                semester,
                averages(self.cohort, [semester], only_visible=True),
                appreciations(self.cohort, semester) if semester in locked else {},
            )
            for semester in self.numbers
        ]

    def average(self, enrolment: Enrolment) -> str:
        """The general average, empty when there is none."""
        return _shown(self._whole.general(enrolment.pk))

    def semesters(self, enrolment: Enrolment) -> list[dict[str, Any]]:
        """One table per semester that has a mark to show."""
        found = []
        for semester, marks, words in self._by_semester:
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
                        "number": semester,
                        "rows": rows,
                        "general": _shown(marks.general(enrolment.pk)),
                        "council": words.get((enrolment.pk, None), ""),
                    }
                )
        return found
