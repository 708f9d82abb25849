"""Sheets that wait for their trainer: reminded after half an hour, told to the centre the next day.

A forgotten sheet is never closed by itself: nobody can attest in the trainer's place.
"""

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.enums import STAFF_ROLES
from accounts.history import record
from accounts.mail import send_letter, site_address
from accounts.models import Cfa, User

from ..enums import SheetState
from ..models import AttendanceSheet
from ..selectors import local

logger = logging.getLogger(__name__)

# After the end of the half-day; habit of the trade, no text sets it.
REMIND_AFTER = timedelta(minutes=30)


def remind_trainers(*, now: datetime | None = None) -> int:
    """One message for each sheet still open half an hour after its half-day; said once a closing."""
    now = now or timezone.now()
    limit = local(now) - REMIND_AFTER
    over = Q(session__date__lt=limit.date()) | Q(
        session__date=limit.date(), session__ends_at__lte=limit.time()
    )
    waiting = AttendanceSheet.objects.pending().filter(over, reminded_at=None)
    return sum(_remind(pk, now) for pk in waiting.order_by("pk").values_list("pk", flat=True))


def _remind(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        sheet = (
            AttendanceSheet.objects.select_for_update(of=("self",))
            .select_related("session__cohort__cfa", "session__subject", "session__trainer")
            .get(pk=pk)
        )
        if sheet.state != SheetState.OPEN or sheet.reminded_at:
            return False
        sheet.reminded_at = now
        sheet.save(update_fields=("reminded_at",))
        session = sheet.session
        record("remind_trainer", sheet, cfa=session.cohort.cfa, actor=None, happened_at=now)
        link = site_address() + reverse("attendance:sheet_countersign", args=[sheet.uuid])
        _send_later(
            [session.trainer.email],
            f"Feuille à contresigner : {session.date:%d/%m/%Y}, {session.cohort}",
            "attendance/email/countersign.txt",
            {"sheet": sheet, "session": session, "link": link},
        )
        return True


def flag_forgotten_sheets(*, now: datetime | None = None) -> int:
    """The next day, one message to who runs the centre with all the sheets not countersigned."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    forgotten = AttendanceSheet.objects.not_countersigned(today).filter(flagged_at=None)
    by_centre: dict[int, list[int]] = defaultdict(list)
    for pk, cfa in forgotten.order_by("session__date", "pk").values_list(
        "pk", "session__cohort__cfa"
    ):
        by_centre[cfa].append(pk)
    return sum(_flag(cfa, pks, now) for cfa, pks in by_centre.items())


def _flag(cfa_pk: int, pks: list[int], now: datetime) -> int:
    with transaction.atomic():
        cfa = Cfa.objects.get(pk=cfa_pk)
        sheets = list(
            AttendanceSheet.objects.select_for_update(of=("self",))
            .filter(pk__in=pks, state=SheetState.OPEN, flagged_at=None)
            .select_related("session__cohort", "session__subject", "session__trainer")
            .order_by("session__date", "session__starts_at", "pk")
        )
        for sheet in sheets:
            sheet.flagged_at = now
            sheet.save(update_fields=("flagged_at",))
            record("flag_sheet", sheet, cfa=cfa, actor=None, happened_at=now)
        people = User.objects.filter(
            memberships__cfa=cfa, memberships__is_active=True, memberships__role__in=STAFF_ROLES
        ).distinct()
        if sheets:
            link = site_address() + reverse("attendance:sheet_list") + "?etat=non-contresignee"
            _send_later(
                [person.email for person in people],
                f"{len(sheets)} feuille(s) d'émargement non contresignée(s)",
                "attendance/email/forgotten.txt",
                {"sheets": sheets, "cfa": cfa, "link": link},
            )
        return len(sheets)


def _send_later(to: list[str], subject: str, template: str, context: dict[str, Any]) -> None:
    text = render_to_string(template, context)

    def send() -> None:
        for address in to:
            try:
                send_letter(subject, text, [address])
            except (OSError, SMTPException):
                logger.exception("reminder to %s could not be sent", address)

    transaction.on_commit(send)
