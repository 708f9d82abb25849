"""What a bilan already knows: attendance, competences, marks that may be seen."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from apprentices.models import Enrolment
from attendance.enums import PresenceState
from attendance.models import Presence
from attendance.selectors import hours_of

from .calendar import hours_in_words
from .enums import CompetenceLevel
from .marks import CohortMarks
from .models import CompetencePosition, Review


def facts_of(review: Review) -> dict[str, Any]:
    """The figures of the day, frozen in the review: the three read the same."""
    enrolment, today = review.livret.enrolment, timezone.localdate()
    hours = hours_of([enrolment], today)[enrolment.pk]
    since = review.period.starts_on if review.period else today - timedelta(days=90)
    return {
        "as_of": f"{today:%d/%m/%Y}",
        "since": f"{since:%d/%m/%Y}",
        "hours": hours_in_words(hours),
        "absences": absences(enrolment, since, today),
        "competences": competences(enrolment),
        "average": CohortMarks(enrolment.cohort).average(enrolment),
    }


def absences(enrolment: Enrolment, first: date, last: date) -> dict[str, int]:
    """Half-days missed between two dates, justified or not."""
    states = Presence.objects.filter(
        enrolment=enrolment, sheet__session__date__range=(first, last)
    ).values_list("state", flat=True)
    found = list(states)
    return {
        "expected": len(found),
        "absent": sum(state == PresenceState.ABSENT for state in found),
        "excused": sum(state == PresenceState.EXCUSED for state in found),
        "late": sum(state == PresenceState.LATE for state in found),
    }


def competences(enrolment: Enrolment) -> list[list[str]]:
    """The last position of each competence, by the apprentice and by the maître, in words."""
    rows = (
        CompetencePosition.objects.filter(period__livret__enrolment=enrolment)
        .select_related("competence__bloc")
        .order_by("period__number", "pk")
    )
    latest: dict[int, list[str]] = {}
    for row in rows:
        told = latest.setdefault(row.competence_id, [row.competence.title, "", ""])
        for place, level in ((1, row.apprentice_level), (2, row.maitre_level)):
            if level:
                told[place] = str(CompetenceLevel(level).label)
    return list(latest.values())
