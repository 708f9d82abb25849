"""Who may do what with cohorts, apprentices, companies and contracts."""

from accounts.enums import Role
from accounts.errors import NotAllowed
from accounts.models import Cfa, Membership, User
from accounts.permissions import is_admin_of, is_staff_of

from .models import Apprentice, CompanyContact, MaitreApprentissage

# Whose data an archive hands over: a file, or an account in one CFA.
Held = Apprentice | MaitreApprentissage | CompanyContact | Membership


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


def cfa_of(row: Held) -> Cfa:
    return row.company.cfa if isinstance(row, MaitreApprentissage | CompanyContact) else row.cfa


def can_take_personal_data(user: User, row: Held) -> bool:
    """The archive of what is held (RGPD, art. 15): the person, and who keeps that file.

    The files of an apprentice and of the people of a company are kept by who runs the CFA, an account by
    its administrator.
    """
    cfa, keeps = cfa_of(row), is_staff_of
    if isinstance(row, CompanyContact):  # who has no account
        return keeps(user, cfa)
    if isinstance(row, Apprentice):
        role = Role.APPRENTICE
    elif isinstance(row, MaitreApprentissage):
        role = Role.MAITRE
    else:
        role, keeps = Role(row.role), is_admin_of
    if keeps(user, cfa):
        return True
    mine = user.memberships.active().filter(cfa=cfa, role=role)
    return row.user_id == user.pk and mine.exists()
