from accounts.enums import STAFF_ROLES, Role
from accounts.models import User
from accounts.permissions import is_staff_of
from apprentices.models import Enrolment, MaitreApprentissage

from .enums import PeriodRole
from .models import LivretPeriod, PersonalLink
from .querysets import enrolments_of_maitre


def can_open_livret(user: User, enrolment: Enrolment) -> bool:
    """The staff of the CFA and the apprentice's tutor, a trainer there, open a livret."""
    cfa = enrolment.cohort.cfa
    return is_staff_of(user, cfa) or (
        enrolment.tutor_id == user.pk
        and user.memberships.active().filter(cfa=cfa, role=Role.TRAINER).exists()
    )


def can_issue_documents(user: User, enrolment: Enrolment) -> bool:
    """Only the staff of the CFA issues attestations and livrets."""
    return is_staff_of(user, enrolment.cohort.cfa)


def can_invite_maitre(user: User, maitre: MaitreApprentissage) -> bool:
    """Only the staff of the CFA sends, renews and revokes personal links."""
    return is_staff_of(user, maitre.company.cfa)


def role_in_period(
    period: LivretPeriod, *, by: User | None = None, link: PersonalLink | None = None
) -> str | None:
    """As whom this person writes and signs: apprentice, maître or tutor; staff stand in for no tutor."""
    enrolment = period.livret.enrolment
    if link is not None:
        return PeriodRole.MAITRE if _is_maitre(enrolment, [link.maitre_id]) else None
    if by is None:
        return None
    active = by.memberships.active().filter(cfa=enrolment.cohort.cfa_id)
    if enrolment.apprentice.user_id == by.pk:
        return PeriodRole.APPRENTICE
    if (
        enrolment.tutor_id == by.pk
        and active.filter(role__in=(*STAFF_ROLES, Role.TRAINER)).exists()
    ):
        return PeriodRole.TUTOR
    if active.filter(role=Role.MAITRE).exists() and _is_maitre(
        enrolment, by.maitre_profiles.values("pk")
    ):
        return PeriodRole.MAITRE
    if enrolment.tutor_id is None and active.filter(role__in=STAFF_ROLES).exists():
        return PeriodRole.TUTOR
    return None


def _is_maitre(enrolment: Enrolment, maitres) -> bool:
    return enrolments_of_maitre(maitres).filter(enrolment=enrolment).exists()
