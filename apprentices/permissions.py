"""Who may do what with cohorts, apprentices, companies and contracts."""

from accounts.enums import Role
from accounts.errors import NotAllowed
from accounts.models import Cfa, User
from accounts.permissions import is_staff_of

from .models import Apprentice


def can_run_cfa(user: User, cfa: Cfa) -> bool:
    """The person runs this CFA: creates cohorts, enrols, records contracts."""
    return is_staff_of(user, cfa)


def must_run_cfa(user: User, cfa: Cfa) -> None:
    """Refuse the deed to whoever does not run this CFA."""
    if not can_run_cfa(user, cfa):
        raise NotAllowed(
            f"Seule l'équipe de {cfa} peut faire cela. Demandez-le à l'administration du CFA."
        )


def can_read_nir(user: User, cfa: Cfa) -> bool:
    """The person runs this CFA; neither a trainer nor an auditor ever reads a NIR."""
    return is_staff_of(user, cfa)


def must_read_nir(user: User, cfa: Cfa) -> None:
    """Refuse the NIR to whoever has no contract to deposit."""
    if not can_read_nir(user, cfa):
        raise NotAllowed(f"Seule l'équipe de {cfa} peut lire un numéro de sécurité sociale.")


def can_take_personal_data(user: User, apprentice: Apprentice) -> bool:
    """Who runs the CFA, and the person, an apprentice there: the archive of what is held (RGPD, art. 15)."""
    if is_staff_of(user, apprentice.cfa):
        return True
    mine = user.memberships.active().filter(cfa=apprentice.cfa, role=Role.APPRENTICE)
    return apprentice.user_id == user.pk and mine.exists()
