"""What the blank exams let one suppose: a mark by épreuve, to the half point, never the exam's own."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from apprentices.models import Enrolment
from evaluations.enums import BLANK_EXAMS, MarkStatus
from evaluations.models import Mark

OUT_OF = 20


def blank_marks(
    enrolments: Iterable[Enrolment], *, only_visible: bool = False
) -> dict[int, dict[str, int]]:
    """By enrolment and épreuve code, the weighted average of the blank exams in half points.

    `only_visible`: those that the apprentices may read. One query.
    """
    marks = Mark.objects.filter(
        enrolment__in=list(enrolments),
        status=MarkStatus.MARKED,
        assessment__kind__in=BLANK_EXAMS,
        assessment__epreuve__isnull=False,
    )
    if only_visible:
        marks = marks.filter(assessment__is_visible=True)
    sums: dict[tuple[int, str], list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
    for enrolment, code, value, scale, weight in marks.values_list(
        "enrolment",
        "assessment__epreuve__code",
        "value",
        "assessment__scale",
        "assessment__coefficient",
    ):
        total = sums[(enrolment, code)]
        total[0] += Fraction(value or 0) * OUT_OF / Fraction(scale) * Fraction(weight)
        total[1] += Fraction(weight)
    result: dict[int, dict[str, int]] = defaultdict(dict)
    for (enrolment, code), (points, weights) in sums.items():
        result[enrolment][code] = nearest_half(points / weights)
    return result


def nearest_half(mark: Fraction) -> int:
    """A mark in half points, to the nearest; a tie goes up."""
    doubled = 2 * mark
    return int((2 * doubled.numerator + doubled.denominator) // (2 * doubled.denominator))
