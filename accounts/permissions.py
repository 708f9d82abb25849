"""Who may enter: decorators that read like sentences on the first line of a view."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase

from .enums import READING_ROLES, STAFF_ROLES, Role
from .http import Request

View = Callable[..., HttpResponseBase]


def role_required(*roles: Role) -> Callable[[View], View]:
    """Let in the people whose current role is one of `roles`; others get the 403 page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args, **kwargs) -> HttpResponseBase:
            membership = request.membership
            if not membership or membership.role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]  # read by the permission matrix
        return guarded

    return decorate


admin_required = role_required(Role.ADMIN)
staff_required = role_required(*STAFF_ROLES)
reader_required = role_required(*READING_ROLES)
team_required = role_required(*STAFF_ROLES, Role.TRAINER)
team_reader_required = role_required(*READING_ROLES, Role.TRAINER)
apprentice_required = role_required(Role.APPRENTICE)
maitre_required = role_required(Role.MAITRE)
member_required = role_required(*Role)


def is_staff_of(user, cfa) -> bool:
    """The person runs this CFA (staff or admin)."""
    return user.memberships.active().filter(cfa=cfa, role__in=STAFF_ROLES).exists()


def is_admin_of(user, cfa) -> bool:
    """The person administers this CFA."""
    return user.memberships.active().filter(cfa=cfa, role=Role.ADMIN).exists()


def is_trainer_of(user, cfa) -> bool:
    """The person teaches in this CFA."""
    return user.memberships.active().filter(cfa=cfa, role=Role.TRAINER).exists()
