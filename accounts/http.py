"""The request as our middleware leaves it, and what a view does with a refusal."""

from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .errors import DomainError
from .models import Cfa, Membership, User


class Request(HttpRequest):
    """A request of somebody signed in: their account, their role in the centre they chose."""

    user: User
    membership: Membership  # false where the person has no role in a centre
    memberships: list[Membership]
    htmx: HtmxDetails
    guest_of: Cfa  # of the personal link that was opened; absent elsewhere


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
