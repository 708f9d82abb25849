"""How allauth behaves here: accounts are born from invitations, never from an open sign-up form."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMessage

from .http import Request
from .typography import french

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: Request) -> bool:
        return False

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        """As our own letters."""
        message = super().render_mail(*args, **kwargs)
        message.subject, message.body = french(message.subject), french(str(message.body))
        return message

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """What is told is done already: a mail server at rest does not make it look undone."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except (OSError, SMTPException):
            logger.exception("a notification of account could not be sent")
