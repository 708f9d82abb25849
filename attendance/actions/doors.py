"""The doors: which ones a centre leaves open, and the personal links sent by e-mail."""

import hashlib
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.mail import send_letter, site_address
from accounts.models import Cfa, User
from accounts.permissions import is_staff_of

from ..doors import doors_of
from ..enums import PresenceState, SheetState, SignatureMethod
from ..models import AttendanceSheet, DoorSettings, Presence, SignatureLink
from ..permissions import can_run_sheet
from .marking import CLOSED
from .signing import COPIED, Hand, locked_presence, locked_sheet, write_signature

logger = logging.getLogger(__name__)

UNKNOWN_LINK = "Ce lien n'existe pas. Ouvrez celui du dernier message reçu, en entier."
USED_LINK = "Ce lien a déjà servi : votre présence est enregistrée."
OLD_LINK = "Ce lien n'est plus valable. Demandez-en un autre à votre formateur."
DOOR_FIELDS = (*SignatureMethod.values, "link_minutes", "justify_days", "file_months")


class DeadLink(DomainError):
    """The personal link opens nothing; the message says why. `is_used`: because it has served."""

    def __init__(self, message: str, *, is_used: bool = False):
        super().__init__(message)
        self.is_used = is_used


def update_doors(*, cfa: Cfa, by: User, **values: Any) -> DoorSettings:
    """Switch doors on or off; set how long a link lasts (minutes) and the delays of justifications."""
    with transaction.atomic():
        Cfa.objects.select_for_update(of=("self",)).get(pk=cfa.pk)
        if not is_staff_of(by, cfa):
            raise NotAllowed("Seule l'équipe du CFA règle l'émargement.")
        doors = doors_of(cfa)
        before = {name: getattr(doors, name) for name in DOOR_FIELDS}
        for name in DOOR_FIELDS:
            setattr(doors, name, values.get(name, before[name]))
        try:
            doors.full_clean()
        except ValidationError as error:
            raise DomainError(" ".join(error.messages)) from error
        after = {name: getattr(doors, name) for name in DOOR_FIELDS}
        changes = {
            name: [before[name], after[name]] for name in after if before[name] != after[name]
        }
        if changes:
            doors.save()
            record("update_doors", cfa, cfa=cfa, actor=by, data=changes)
        return doors


@dataclass(frozen=True)
class Sent:
    """What became of a sending: the links that left, and who has no address."""

    links: list[SignatureLink]
    without_email: list[str]


def send_links(
    *,
    sheet: AttendanceSheet,
    by: User,
    presences: Sequence[Presence] | None = None,
    at: datetime | None = None,
) -> Sent:
    """Send a personal link to who is still expected, or to those given; an earlier link stops working."""
    at = at or timezone.now()
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        cfa = sheet.session.cohort.cfa
        if not can_run_sheet(by, sheet):
            raise NotAllowed("Seul le formateur de la demi-journée envoie les liens.")
        if sheet.state == SheetState.CLOSED:
            raise DomainError(CLOSED)
        doors = doors_of(cfa)
        if not doors.personal_link:
            raise DomainError("Ce CFA n'utilise pas les liens personnels.")
        waiting = sheet.presences.filter(state=PresenceState.EXPECTED).select_related(
            "enrolment__apprentice__user"
        )
        if presences is not None:
            waiting = waiting.filter(pk__in=[presence.pk for presence in presences])
        links, without = [], []
        for presence in waiting:
            apprentice = presence.enrolment.apprentice
            email = apprentice.mailbox
            if not email:
                without.append(str(apprentice))
                continue
            links.append(_send_link(presence, email, by, at, doors.link_minutes))
        if not links and not without:
            raise DomainError(
                "Plus personne n'est attendu sur cette feuille : aucun lien à envoyer."
            )
        if links:
            data = {"count": len(links)}
            record("send_links", sheet, cfa=cfa, actor=by, happened_at=at, data=data)
        return Sent(links, without)


def _send_link(
    presence: Presence, email: str, by: User, at: datetime, minutes: int
) -> SignatureLink:
    presence.links.filter(used_at=None, revoked_at=None).update(revoked_at=at)
    token = secrets.token_urlsafe(24)
    link = SignatureLink.objects.create(
        presence=presence,
        token_sha256=_hash(token),
        email=email,
        created_at=at,
        created_by=by,
        expires_at=at + timedelta(minutes=minutes),
    )
    transaction.on_commit(lambda: _mail(link, token))
    return link


def _mail(link: SignatureLink, token: str) -> None:
    """A letter that does not leave never undoes what was recorded."""
    presence = Presence.objects.select_related(
        "enrolment__apprentice", "sheet__session__cohort__cfa", "sheet__session__subject"
    ).get(pk=link.presence_id)
    address = site_address() + reverse("attendance:link_sign", args=[token])
    context = {"presence": presence, "session": presence.sheet.session, "link": link}
    text = render_to_string("attendance/email/link.txt", context | {"address": address})
    subject = f"Signez votre présence du {presence.sheet.session.date:%d/%m/%Y}"
    try:
        send_letter(subject, text, [link.email])
    except (OSError, SMTPException):
        logger.exception("signature link %s could not be sent", link.uuid)


def find_link(token: str, *, at: datetime | None = None) -> SignatureLink:
    """The link that this secret opens; raises DeadLink when it opens nothing."""
    at = at or timezone.now()
    link = (
        SignatureLink.objects.filter(token_sha256=_hash(token))
        .select_related(
            "presence__enrolment__apprentice",
            "presence__signature",
            "presence__sheet__session__cohort__cfa",
            "presence__sheet__session__subject",
            "presence__sheet__session__trainer",
        )
        .first()
    )
    if link is None:
        raise DeadLink(UNKNOWN_LINK)
    if link.used_at is not None:
        raise DeadLink(USED_LINK, is_used=True)
    if link.revoked_at is not None or at >= link.expires_at:
        raise DeadLink(OLD_LINK)
    return link


def sign_with_link(
    *,
    token: str,
    strokes: Any = None,
    typed_name: str = "",
    user_agent: str = "",
    ip: str | None = None,
    at: datetime | None = None,
) -> Presence:
    """Sign once through a personal link, without an account."""
    at = at or timezone.now()
    hand = Hand(
        method=SignatureMethod.PERSONAL_LINK,
        strokes=strokes,
        typed_name=typed_name,
        user_agent=user_agent,
        ip=ip,
        at=at,
    )
    try:
        with transaction.atomic():
            link = find_link(token, at=at)
            presence = locked_presence(link.presence)
            link = find_link(
                token, at=at
            )  # again under the sheet's lock: another window was faster
            presence = write_signature(presence, hand, by=None)
            SignatureLink.objects.filter(pk=link.pk).update(used_at=at)
            return presence
    except IntegrityError as error:
        raise DomainError(COPIED, field="strokes") from error


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
