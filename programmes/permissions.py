"""Who may do what with référentiels and programmes."""

from accounts.enums import STAFF_ROLES
from accounts.models import Cfa, User
from accounts.permissions import is_staff_of

from .models import CfaProgramme, Referentiel


def can_prepare_referentiel(user: User) -> bool:
    """The person runs a CFA of this installation."""
    return user.memberships.active().filter(role__in=STAFF_ROLES).exists()


def can_publish_referentiel(user: User, referentiel: Referentiel) -> bool:
    """The person runs every CFA whose programmes stand on this certification, or the installation itself.

    A version in force is followed at once by the programmes of all of them.
    """
    concerned = Cfa.objects.filter(programmes__referentiel__rncp=referentiel.rncp)
    return user.is_superuser or (
        can_prepare_referentiel(user)
        and not concerned.exclude(pk__in=user.cfa_ids(*STAFF_ROLES)).exists()
    )


def can_edit_programme(user: User, programme: CfaProgramme) -> bool:
    """The person runs the CFA of the programme."""
    return is_staff_of(user, programme.cfa)
