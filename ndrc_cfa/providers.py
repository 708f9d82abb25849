"""What one app asks of another that it may not import, answered from above both."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from accounts.models import Cfa
from apprentices.models import Enrolment
from attendance.enums import SessionState
from attendance.models import ClassSession
from attendance.selectors import hours_of
from documents.enums import SEALED_STATES
from documents.models import Document
from evaluations.providers import Taught, providers
from livret.models import ApprenticeDocument


def taught_on(cfa: Cfa, day: date) -> list[Taught]:
    """The half-days planned on that day, with who teaches and where."""
    sessions = ClassSession.objects.filter(
        cohort__cfa=cfa, date=day, state=SessionState.PLANNED
    ).select_related("cohort", "subject", "room")
    return [
        Taught(
            timezone.make_aware(datetime.combine(day, one.starts_at)),
            timezone.make_aware(datetime.combine(day, one.ends_at)),
            one.cohort_id,
            one.trainer_id,
            one.room.name if one.room else "",
            f"{one.subject} ({one.cohort})",
        )
        for one in sessions
    ]


def company_reports(enrolments: Iterable[Enrolment]) -> dict[int, list[Document]]:
    """The last livret issued of each apprentice: periods, visits and bilans signed with the company."""
    found: dict[int, list[Document]] = {}
    rows = (
        ApprenticeDocument.objects.filter(
            enrolment__in=list(enrolments),
            document__kind="livret",
            document__state__in=SEALED_STATES,
        )
        .select_related("document")
        .order_by("document__requested_at", "pk")
    )
    for row in rows:
        found[row.enrolment_id] = [row.document]
    return found


def wire() -> None:
    """Say who answers; called once, when the apps are ready."""
    providers.hours_of = hours_of
    providers.taught_on = taught_on
    providers.company_reports = company_reports
