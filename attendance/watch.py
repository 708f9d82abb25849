"""What beat calls by itself: reminders by day, anchors and verification by night. It decides nothing."""

import logging

from celery import shared_task
from django.utils import timezone

from accounts.models import Cfa

from .actions.reminders import flag_forgotten_sheets, remind_trainers
from .actions.retention import purge_justifications
from .proofs.anchors import drop_anchor
from .proofs.verify import verify_and_note

logger = logging.getLogger(__name__)


@shared_task(name="attendance.remind_trainers")
def remind_trainers_task() -> None:
    remind_trainers()


@shared_task(name="attendance.flag_forgotten_sheets")
def flag_forgotten_sheets_task() -> None:
    flag_forgotten_sheets()


@shared_task(name="attendance.forget")
def forget_task() -> None:
    """Erase what is kept for a time only: the documents of absences."""
    purge_justifications(today=timezone.localdate())


@shared_task(name="attendance.verify_proofs")
def verify_proofs_task() -> None:
    """Each centre's chain, then its anchor: a broken chain is said in the log and on the page."""
    for cfa in Cfa.objects.order_by("pk"):
        check = verify_and_note(cfa)
        if check.problem_count:
            logger.error("broken chain of proofs: %s, %s", cfa.slug, check.problems[0])
        drop_anchor(cfa)
