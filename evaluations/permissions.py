"""Who may grade a CCF, reopen it, and read its document."""

from accounts.models import User
from accounts.permissions import is_staff_of
from apprentices.models import Enrolment

from .models import CcfEvaluation
from .querysets import followed_by


def can_grade_enrolment(user: User, enrolment: Enrolment) -> bool:
    """The staff of the CFA, the trainers of the cohort and the apprentice's tutor; never oneself."""
    if enrolment.apprentice.user_id == user.pk:
        return False
    if is_staff_of(user, enrolment.cohort.cfa):
        return True
    return Enrolment.objects.filter(followed_by(user), pk=enrolment.pk).exists()


def can_grade_ccf(user: User, evaluation: CcfEvaluation) -> bool:
    """The person may enter this evaluation."""
    return can_grade_enrolment(user, evaluation.enrolment)


def can_reopen_ccf(user: User, evaluation: CcfEvaluation) -> bool:
    """The staff of the CFA only: a locked mark may already have been sent to the academy."""
    if evaluation.enrolment.apprentice.user_id == user.pk:
        return False
    return is_staff_of(user, evaluation.enrolment.cohort.cfa)
