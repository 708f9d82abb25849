"""Who enters formative marks, and who closes a semester."""

from accounts.models import User
from accounts.permissions import is_staff_of, is_trainer_of
from apprentices.models import Cohort


def can_mark(user: User, cohort: Cohort) -> bool:
    """The staff of the CFA and the trainers of the cohort."""
    if is_staff_of(user, cohort.cfa):
        return True
    return is_trainer_of(user, cohort.cfa) and cohort.trainers.filter(pk=user.pk).exists()


def can_lock_period(user: User, cohort: Cohort) -> bool:
    """The staff only: what is locked goes to the bulletin and the jury."""
    return is_staff_of(user, cohort.cfa)
