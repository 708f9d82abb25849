"""The objects of the exam that the person may see from the current CFA; else 404."""

from django.shortcuts import get_object_or_404

from accounts.http import Request
from evaluations.models import ExamRegistration, ExamSession


def session_of(request: Request, uuid) -> ExamSession:
    sessions = ExamSession.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    return get_object_or_404(sessions.select_related("cfa", "referentiel"), uuid=uuid)


def registration_of(request: Request, uuid) -> ExamRegistration:
    found = ExamRegistration.objects.visible_to(request.user).filter(
        session__cfa=request.membership.cfa
    )
    return get_object_or_404(
        found.select_related(
            "session__cfa",
            "session__referentiel",
            "enrolment__apprentice",
            "enrolment__cohort",
            "document",
        ),
        uuid=uuid,
    )
