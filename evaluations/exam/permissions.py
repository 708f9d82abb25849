"""Who prepares the exam, types its marks and publishes the jury's deliberation."""

from accounts.models import Cfa, User
from accounts.permissions import is_admin_of, is_staff_of


def can_prepare_exam(user: User, cfa: Cfa) -> bool:
    """The team of the CFA registers the candidates and types the marks."""
    return is_staff_of(user, cfa)


def can_publish_results(user: User, cfa: Cfa) -> bool:
    """An administrator only: publishing opens the marks to the apprentices and the companies."""
    return is_admin_of(user, cfa)
