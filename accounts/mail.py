"""The letters, and those about access. A letter that does not leave never undoes what was recorded."""

import logging
from collections.abc import Sequence
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from .models import Invitation
from .typography import french

logger = logging.getLogger(__name__)


def site_address() -> str:
    """The public address of the installation (setting PUBLIC_URL), for links read outside a page."""
    return settings.PUBLIC_URL.rstrip("/")


def send_letter(
    subject: str, text: str, to: Sequence[str], *, reply_to: Sequence[str] | None = None
) -> None:
    """The one way out for what we write: set as French typography wants it, from the centre's software."""
    EmailMessage(french(subject), french(text), to=to, reply_to=reply_to).send()


def send_invitation(invitation: Invitation, token: str) -> bool:
    """Send the link; note when it left, so that the page can say that one did not."""
    link = site_address() + reverse("accounts:invitation_accept", args=[token])
    text = render_to_string(
        "accounts/email/invitation.txt", {"invitation": invitation, "link": link}
    )
    subject = f"Votre accès à {invitation.cfa}"
    try:
        send_letter(subject, text, [invitation.email])
    except (OSError, SMTPException):
        logger.exception("invitation %s could not be sent", invitation.uuid)
        return False
    invitation.sent_at = timezone.now()
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=invitation.sent_at)
    return True
