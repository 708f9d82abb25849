"""The request as our middleware leaves it, and what a view does with a refusal."""

from dataclasses import dataclass
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .errors import DomainError
from .models import Cfa, Membership, User


@dataclass(frozen=True)
class Guest:
    """Who came through a personal link, without an account: whose guest, and by which door ("" once it is shut)."""

    cfa: Cfa | None
    door: str = ""


class Request(HttpRequest):
    """A request of somebody signed in: their account, their role in the centre they chose."""

    user: User
    membership: Membership  # false where the person has no role in a centre
    memberships: list[Membership]
    htmx: HtmxDetails
    guest: Guest  # set by the views of personal links; absent elsewhere


def show_refusal(form: BaseForm, error: DomainError) -> None:
    """What an action refused, beside its field or above the form."""
    for field, message in error.refusals:
        form.add_error(field if field in form.fields else None, message)


def as_uuid(text: str) -> UUID | None:
    """An identifier that an address or a form sends; None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
