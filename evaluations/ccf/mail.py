"""The letters of a convocation, and of what is cancelled. One that does not leave never undoes what was recorded."""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.template.loader import render_to_string
from django.urls import reverse

from accounts.mail import send_letter, site_address

from ..models import CcfSitting

logger = logging.getLogger(__name__)


def send_convocations(sittings: Iterable[CcfSitting]) -> int:
    """One letter to the candidate and one to each member who has an address; says how many left."""
    return _send_all(sittings, "evaluations/email/convocation.txt", "Convocation au CCF")


def send_cancellations(sittings: Iterable[CcfSitting]) -> int:
    """The same people learn that it does not take place, and why."""
    return _send_all(sittings, "evaluations/email/annulation.txt", "Annulé : passage de CCF")


def _send_all(sittings: Iterable[CcfSitting], template: str, subject: str) -> int:
    sent = 0
    for sitting in sittings:
        apprentice = sitting.situation.evaluation.enrolment.apprentice
        address = apprentice.mailbox
        people = [(str(apprentice), address)]
        people += [
            (one.name, one.user.email if one.user else one.email) for one in sitting.members.all()
        ]
        sent += sum(_send(sitting, template, subject, *one) for one in people if one[1])
    return sent


def _send(sitting: CcfSitting, template: str, subject: str, name: str, email: str) -> bool:
    evaluation = sitting.situation.evaluation
    link = site_address() + reverse(
        "documents:document_detail", args=[sitting.document.uuid] if sitting.document else []
    )
    # What they were told: a date moved since without a new letter is not the one they know.
    told = sitting.document.context if sitting.document else {}
    text = render_to_string(
        template,
        {"sitting": sitting, "evaluation": evaluation, "name": name, "link": link, "told": told},
    )
    subject = f"{subject} {evaluation.epreuve.code}, situation {sitting.situation.code}"
    try:
        send_letter(subject, text, [email])
    except (OSError, SMTPException):
        logger.exception("%s %s could not be sent", template, sitting.uuid)
        return False
    return True
