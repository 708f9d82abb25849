"""The night's reminders: one message a centre, each deadline told once and for all."""

import logging
from collections import defaultdict
from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import STAFF_ROLES
from accounts.history import record
from accounts.mail import send_letter
from accounts.models import Cfa

from ..contract_deadlines import OpenDeadline, contracts_of, open_deadlines
from ..models import Reminder

log = logging.getLogger(__name__)


def remind_deadlines(today: date) -> int:
    """Tell each centre its new deadlines; returns how many were told.

    A Reminder row is written with the message, in one transaction and under a unique constraint: two
    tasks of the same night, or a task run again, never write twice for the same deadline.
    """
    by_cfa: dict[int, list[OpenDeadline]] = defaultdict(list)
    for row in open_deadlines(today):
        by_cfa[row.cfa_id].append(row)
    return sum(_remind(cfa, rows) for cfa, rows in by_cfa.items())


@transaction.atomic
def _remind(cfa_id: int, rows: list[OpenDeadline]) -> int:
    cfa = Cfa.objects.select_for_update(of=("self",)).get(pk=cfa_id)
    told = set(
        Reminder.objects.filter(contract__enrolment__cohort__cfa=cfa).values_list(
            "contract", "code", "due_on"
        )
    )
    new = [
        row
        for row in rows
        if (row.contract_id, row.deadline.code.value, row.deadline.due_on) not in told
    ]
    if not new:
        return 0
    now = timezone.now()
    Reminder.objects.bulk_create(
        Reminder(
            contract_id=row.contract_id,
            code=row.deadline.code,
            due_on=row.deadline.due_on,
            told_at=now,
        )
        for row in new
    )
    record("deadlines.reminded", cfa, cfa=cfa, actor=None, data={"nombre": len(new)})
    people = cfa.memberships.active().filter(role__in=STAFF_ROLES).select_related("user")
    addresses = sorted({membership.user.email for membership in people})
    subject = f"{len(new)} échéance{'s' if len(new) > 1 else ''} de contrat"
    text = _text(cfa, new)
    transaction.on_commit(lambda: _send(subject, text, addresses))
    return len(new)


def _send(subject: str, text: str, addresses: list[str]) -> None:
    for address in addresses:
        try:
            send_letter(subject, text, [address])
        except (
            OSError
        ):  # the server refuses one address: the others are told, and the home page says it
            log.exception("A reminder of deadlines could not be sent")


def _text(cfa: Cfa, rows: list[OpenDeadline]) -> str:
    contracts = contracts_of(rows[:100])
    lines = [
        f"- {row.deadline.due_on:%d/%m/%Y} : {row.deadline.code.label}, "
        f"{contracts[row.contract_id].enrolment.apprentice} ({contracts[row.contract_id].company}). "
        f"{row.deadline.rule} : {row.deadline.text}."
        for row in rows[:100]
    ]
    if len(rows) > 100:
        lines.append(f"- et {len(rows) - 100} autres.")
    url = settings.PUBLIC_URL.rstrip("/") + reverse("apprentices:deadline_list")
    return "\n".join(
        [
            "Bonjour,",
            "",
            f"Nouvelles échéances des contrats, {cfa} :",
            "",
            *lines,
            "",
            f"La liste : {url}",
        ]
    )
