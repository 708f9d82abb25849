"""What beat calls in the evening about absences. It decides nothing."""

from celery import shared_task
from django.utils import timezone

from .actions.telling import expire_absences, tell_absences


@shared_task(name="attendance.evening_absences")
def evening_absences_task() -> None:
    today = timezone.localdate()
    tell_absences(day=today)
    expire_absences(today=today)
