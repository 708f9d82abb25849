"""Who may do what with référentiels and programmes."""

from accounts.enums import STAFF_ROLES
from accounts.models import User
from accounts.permissions import is_staff_of

from .models import CfaProgramme


def can_publish_referentiel(user: User) -> bool:
    """The person runs a CFA of this installation."""
    return user.memberships.active().filter(role__in=STAFF_ROLES).exists()


def can_edit_programme(user: User, programme: CfaProgramme) -> bool:
    """The person runs the CFA of the programme."""
    return is_staff_of(user, programme.cfa)
