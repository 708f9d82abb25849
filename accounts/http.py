"""The request as our middleware leaves it, for the annotations of views."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .models import Membership, User


class Request(HttpRequest):
    """A request of somebody signed in: their account, their role in the centre they chose."""

    user: User
    membership: Membership  # false where the person has no role in a centre
    memberships: list[Membership]
    htmx: HtmxDetails
