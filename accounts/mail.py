"""The letters about access. A letter that does not leave never undoes what was recorded."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from .models import Invitation

logger = logging.getLogger(__name__)


def site_address() -> str:
    """The public address of the installation (setting PUBLIC_URL), for links read outside a page."""
    return settings.PUBLIC_URL.rstrip("/")


def send_invitation(invitation: Invitation, token: str) -> bool:
    """Send the link; note when it left, so that the page can say that one did not."""
    link = site_address() + reverse("accounts:invitation_accept", args=[token])
    text = render_to_string(
        "accounts/email/invitation.txt", {"invitation": invitation, "link": link}
    )
    subject = f"Votre accès à {invitation.cfa}"
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [invitation.email])
    except (OSError, SMTPException):
        logger.exception("invitation %s could not be sent", invitation.uuid)
        return False
    invitation.sent_at = timezone.now()
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=invitation.sent_at)
    return True
