"""One digest a day to each person for whom something waits, in working hours, until it is done."""

from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.mail import send_letter
from accounts.models import Cfa
from apprentices.models import Enrolment
from programmes.calendar_rules import public_holidays

from ..enums import LinkDeed, PeriodRole
from ..maitres import Maitres
from ..models import Digest, Reminder, Review
from ..rules import reminders as rule
from ..waiting import Waiting, waiting_in
from .links import make_link


def send_digests(*, cfa: Cfa, now: datetime | None = None) -> list[Digest]:
    """Send what is due in this centre now; nothing outside working hours, nothing twice in a day."""
    now = timezone.localtime(now or timezone.now())
    holidays = public_holidays(now.date(), now.date(), "")
    if not rule.is_working_time(now.replace(tzinfo=None), holidays):
        return []
    today = now.date()
    enrolments = list(
        Enrolment.objects.filter(cohort__cfa=cfa, livret__isnull=False)
        .exclude(ends_on__lt=today)
        .select_related("apprentice__user", "tutor", "cohort")
    )
    maitres = Maitres(enrolments)
    letters: dict[str, list[Waiting]] = defaultdict(list)
    for waiting in waiting_in(enrolments, today):
        if email := _email(waiting, maitres):
            letters[email].append(waiting)
    sent = []
    for email, things in sorted(letters.items()):
        if digest := _send(cfa, email, things, now, maitres):
            sent.append(digest)
    return sent


def _links(due: list[Waiting], maitres: Maitres) -> list[str]:
    """The addresses that a maître without account needs: each message holds links that work."""
    wanted: dict[tuple, str] = {}
    for waiting in due:
        maitre = maitres.on(waiting.enrolment.pk, waiting.day)
        if waiting.role != PeriodRole.MAITRE or maitre is None or maitre.user_id:
            continue
        if waiting.is_review:
            review = Review.objects.select_related("livret").get(uuid=waiting.uuid)
            _link, url = make_link(
                LinkDeed.REVIEW,
                by=None,
                maitre=maitre,
                livret=review.livret,
                review=review,
                keeps_used=True,
            )
            wanted[(maitre.pk, review.pk)] = f"{waiting.what} : {url}"
        elif (maitre.pk, 0) not in wanted:
            _link, url = make_link(LinkDeed.OPINION, by=None, maitre=maitre, keeps_used=True)
            wanted[(maitre.pk, 0)] = f"Les périodes à lire et signer : {url}"
    return list(wanted.values())


def _email(waiting: Waiting, maitres: Maitres) -> str:
    enrolment = waiting.enrolment
    if waiting.role == PeriodRole.APPRENTICE:
        return enrolment.apprentice.mailbox
    if waiting.role == PeriodRole.TUTOR:
        return enrolment.tutor.email if enrolment.tutor else ""
    if waiting.role == PeriodRole.DIRECTION:
        return enrolment.cohort.cfa.email
    maitre = maitres.on(enrolment.pk, waiting.day)
    return maitre.mailbox if maitre else ""


@transaction.atomic
def _send(
    cfa: Cfa, email: str, things: list[Waiting], now: datetime, maitres: Maitres
) -> Digest | None:
    today = now.date()
    if Digest.objects.filter(recipient=email, day=today).exists():
        return None
    said = {
        row.key: row
        for row in Reminder.objects.filter(recipient=email, key__in=[w.key for w in things])
    }
    due = []
    for waiting in things:
        row = said.get(waiting.key)
        days = (today - row.last_on).days if row else None
        if rule.may_remind(row.count if row else 0, days):
            due.append(waiting)
    if not due:
        return None
    for waiting in due:
        row = said.get(waiting.key) or Reminder(recipient=email, key=waiting.key)
        row.count, row.last_on = row.count + 1, today
        row.save()
    lines = [f"{w.enrolment.apprentice} : {w.what}, depuis le {w.since:%d/%m/%Y}" for w in due]
    digest = Digest.objects.create(cfa=cfa, recipient=email, day=today, lines=lines, sent_at=now)
    url = settings.PUBLIC_URL.rstrip("/") + reverse("home")
    context = {"cfa": cfa, "lines": lines, "url": url, "links": _links(due, maitres)}
    text = render_to_string("livret/mail/digest.txt", context)
    subject = f"{cfa} : {len(lines)} chose{'s' if len(lines) > 1 else ''} à faire dans le livret"
    transaction.on_commit(lambda: send_letter(subject, text, [email]))
    return digest
