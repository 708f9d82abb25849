"""Sending the messages of the outbox: each leaves once, whoever sends it and however often."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.db import transaction
from django.utils import timezone

from accounts.mail import send_letter

from .enums import NoticeKind
from .models import Notice

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
# The employer and the maître read the same message and see each other; others never see an address.
TOGETHER = {NoticeKind.ABSENCE_COMPANY}


def deliver(*, notice: Notice, at: datetime | None = None) -> bool:
    """Send a waiting message; done again, it does nothing. True when it has left."""
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(of=("self",)).select_related("cfa").get(pk=notice.pk)
        )
        if notice.sent_at or notice.attempts >= MOST_ATTEMPTS:
            return bool(notice.sent_at)
        notice.attempts += 1
        groups = (
            [notice.recipients]
            if notice.kind in TOGETHER
            else [[address] for address in notice.recipients]
        )
        notice.error = ""
        for group in groups:
            if set(group) <= set(notice.delivered):
                continue
            reply_to = [notice.cfa.email] if notice.cfa.email else None
            try:
                send_letter(notice.subject, notice.text, group, reply_to=reply_to)
            except (OSError, SMTPException) as error:  # an address refused: the others are told
                logger.exception("notice %s could not be sent", notice.uuid)
                notice.error = str(error)[:300]
            else:
                notice.delivered += group
        if not notice.error:
            notice.sent_at = at or timezone.now()
        notice.save(update_fields=("sent_at", "attempts", "error", "delivered"))
        return bool(notice.sent_at)
