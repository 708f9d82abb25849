"""The letter that says that a result can be read: a link, never a mark nor a decision.

Done again it writes to nobody twice: the history keeps, for each reader, which result was announced.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from smtplib import SMTPException

from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.history import record
from accounts.mail import send_letter, site_address
from accounts.models import Event, User
from evaluations.models import ExamRegistration

from .querysets import contracts_of_exam

TOLD = "exam.result_told"

logger = logging.getLogger(__name__)


def tell_results(registrations: Iterable[int]) -> int:
    """Write to the readers of these results who do not know them as they are now; how many letters left."""
    return sum(_tell(pk) for pk in registrations)


@transaction.atomic
def _tell(pk: int) -> int:
    found = (
        ExamRegistration.objects.select_for_update(of=("self",))
        .select_related("session__cfa", "session__referentiel", "enrolment__apprentice__user")
        .filter(pk=pk)
        .first()
    )
    if found is None or not found.decision:
        return 0
    told = dict(  # the last one for each reader
        Event.objects.about(found)
        .filter(verb=TOLD)
        .order_by("pk")
        .values_list("data__to", "data__result")
    )
    result, sent = _fingerprint(found), 0
    for key, name, email in _readers(found):
        if told.get(key) != result and _send(found, name, email, is_new=key not in told):
            data = {"to": key, "result": result}
            record(TOLD, found, cfa=found.session.cfa, actor=None, data=data)
            sent += 1
    return sent


def _fingerprint(registration: ExamRegistration) -> str:
    """What the page of the result shows, told apart from any other, without saying it."""
    shown = [registration.decision, str(registration.average), registration.verdict]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]


def _readers(registration: ExamRegistration) -> Iterator[tuple[str, str, str]]:
    """(key, name, address) of the candidate and of who may read the page of the result with them."""
    apprentice, cfa = registration.enrolment.apprentice, registration.session.cfa
    if not apprentice.user and apprentice.email:
        yield "candidate", str(apprentice), apprentice.email
    contracts = contracts_of_exam(registration.session.year, registration.enrolment)
    people = User.objects.filter(
        Q(pk=apprentice.user_id) | Q(pk__in=contracts.values("maitre__user")),
        is_active=True,
        memberships__cfa=cfa,
        memberships__is_active=True,
    ).exclude(email="")
    for user in people.distinct():
        yield str(user.uuid), str(user), user.email


def _send(registration: ExamRegistration, name: str, email: str, *, is_new: bool) -> bool:
    """A letter that does not leave never undoes what was published; the next round tries again."""
    session = registration.session
    link = site_address() + reverse("evaluations:exam_result", args=[registration.uuid])
    context = {
        "name": name,
        "registration": registration,
        "session": session,
        "link": link,
        "is_new": is_new,
    }
    text = render_to_string("evaluations/email/result.txt", context)
    what = "publié" if is_new else "mis à jour"
    subject = f"Résultat {what} : {session}"
    try:
        send_letter(subject, text, [email])
    except (OSError, SMTPException):
        logger.exception("the result of %s could not be announced", registration.uuid)
        return False
    return True
