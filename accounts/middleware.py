"""The CFA and role under which the person works now."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from .enums import Role
from .models import Membership

SESSION_KEY = "membership"


def current_membership(request: HttpRequest) -> Membership | None:
    """The membership chosen in the session, else the first active one in the order of `Role`."""
    if not request.user.is_authenticated:
        return None
    memberships = list(request.user.memberships.active().select_related("cfa", "user"))
    chosen = request.session.get(SESSION_KEY)
    order = list(Role.values)
    memberships.sort(key=lambda m: (m.pk != chosen, order.index(m.role), m.pk))
    request.memberships = memberships
    return memberships[0] if memberships else None


class CurrentMembershipMiddleware:
    """Set `request.membership` (lazy: public pages ask the database nothing)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = SimpleLazyObject(lambda: current_membership(request))
        return self.get_response(request)
