"""Background work of attendance: it fetches, calls, and decides nothing."""

from celery import shared_task

from .delivery import MOST_ATTEMPTS, deliver
from .models import Notice


@shared_task
def send_notice(pk: int) -> None:
    notice = Notice.objects.filter(pk=pk).first()
    if notice:
        deliver(notice=notice)


@shared_task
def send_waiting_notices() -> None:
    """What a dead worker or a mail server at rest left behind."""
    waiting = Notice.objects.filter(sent_at__isnull=True, attempts__lt=MOST_ATTEMPTS)
    for notice in waiting.order_by("pk")[:200]:
        deliver(notice=notice)
