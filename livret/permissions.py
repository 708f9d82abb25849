from datetime import date

from accounts.enums import STAFF_ROLES, Role
from accounts.models import User
from accounts.permissions import is_staff_of
from apprentices.models import Cohort, Enrolment, MaitreApprentissage

from .enums import LinkDeed, PeriodRole
from .maitres import Maitres
from .models import Livret, LivretPeriod, PersonalLink, Review


def can_open_livret(user: User, enrolment: Enrolment) -> bool:
    """The staff of the CFA and the apprentice's tutor, a trainer there, open a livret."""
    cfa = enrolment.cohort.cfa
    return is_staff_of(user, cfa) or (
        enrolment.tutor_id == user.pk
        and user.memberships.active().filter(cfa=cfa, role=Role.TRAINER).exists()
    )


def can_steer_livret(user: User, livret: Livret) -> bool:
    """Those who open a livret also plan its meetings, keep their minutes and record what was signed by hand."""
    return can_open_livret(user, livret.enrolment)


def can_lay_periods(user: User, cohort: Cohort) -> bool:
    """Only the staff of the CFA chooses the periods of a cohort."""
    return is_staff_of(user, cohort.cfa)


def can_seal_livret(user: User, livret: Livret) -> bool:
    """Only the staff of the CFA seals a livret at the end of the course."""
    return is_staff_of(user, livret.enrolment.cohort.cfa)


def can_issue_documents(user: User, enrolment: Enrolment) -> bool:
    """Only the staff of the CFA issues attestations and livrets."""
    return is_staff_of(user, enrolment.cohort.cfa)


def can_invite_maitre(user: User, maitre: MaitreApprentissage) -> bool:
    """Only the staff of the CFA sends, renews and revokes personal links."""
    return is_staff_of(user, maitre.company.cfa)


def can_decide_correction(user: User, maitre: MaitreApprentissage) -> bool:
    """Only the staff of the CFA changes the data of a company."""
    return is_staff_of(user, maitre.company.cfa)


def role_in_period(
    period: LivretPeriod, *, by: User | None = None, link: PersonalLink | None = None
) -> str | None:
    """As whom this person writes and signs: apprentice, maître or tutor; staff stand in for no tutor."""
    if link is not None and link.deed != LinkDeed.OPINION:
        return None
    return _role(period.livret.enrolment, period.ends_on, by, link)


def role_in_review(
    review: Review, *, by: User | None = None, link: PersonalLink | None = None
) -> str | None:
    """As whom this person writes and signs a plan, visit or bilan; a link opens its own review only."""
    if link is not None and (link.deed != LinkDeed.REVIEW or not _same_review(link, review)):
        return None
    enrolment = review.livret.enrolment
    role = _role(enrolment, review.held_on or review.planned_on, by, link)
    if by is not None and is_staff_of(by, enrolment.cohort.cfa):
        if review.awaited == PeriodRole.DIRECTION:
            return PeriodRole.DIRECTION
        return role or PeriodRole.TUTOR  # the meeting is the CFA's: its staff may keep the minutes
    return role


def _same_review(link: PersonalLink, review: Review) -> bool:
    """The review of the link, whatever its version."""
    target = link.review
    return target is not None and (target.livret_id, target.kind, target.number) == (
        review.livret_id,
        review.kind,
        review.number,
    )


def responsible_maitre(enrolment: Enrolment, day: date) -> int | None:
    """Whose turn it is in the company: the maître of the contract in force that day, or of the nearest."""
    maitre = Maitres([enrolment]).on(enrolment.pk, day)
    return maitre.pk if maitre else None


def _role(enrolment: Enrolment, day, by: User | None, link: PersonalLink | None) -> str | None:
    maitre = responsible_maitre(enrolment, day)
    if link is not None:
        return PeriodRole.MAITRE if maitre and link.maitre_id == maitre else None
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
    if (
        maitre
        and active.filter(role=Role.MAITRE).exists()
        and by.maitre_profiles.filter(pk=maitre).exists()
    ):
        return PeriodRole.MAITRE
    if enrolment.tutor_id is None and active.filter(role__in=STAFF_ROLES).exists():
        return PeriodRole.TUTOR
    return None
