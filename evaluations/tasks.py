"""Background work of the evaluations: it fetches, calls, and decides nothing."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from .exam.telling import tell_results
from .models import ExamRegistration

# How long a letter that did not leave is tried again, each night.
TRIED_FOR = timedelta(days=30)


@shared_task
def announce_results(registrations: list[int]) -> None:
    """Those just published or corrected."""
    tell_results(registrations)


@shared_task
def announce_recent_results() -> None:
    """What a dead worker or a mail server at rest left behind."""
    recent = ExamRegistration.objects.active().published_since(timezone.now() - TRIED_FOR)
    tell_results(recent.values_list("pk", flat=True))
