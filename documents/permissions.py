from accounts.enums import Role
from accounts.models import Cfa, User
from accounts.permissions import is_staff_of

from .models import Document, Job


def can_request_document(user: User | None, cfa: Cfa) -> bool:
    """Whoever works or learns in the CFA, auditors excepted; the app above knows which document."""
    return user is None or (
        user.memberships.active().filter(cfa=cfa).exclude(role=Role.AUDITOR).exists()
    )


def can_retry_document(user: User, document: Document) -> bool:
    """The staff of the CFA, and the person who asked for it while a member of the CFA."""
    return is_staff_of(user, document.cfa) or (
        document.requested_by_id == user.pk and can_request_document(user, document.cfa)
    )


def can_steer_job(user: User, job: Job) -> bool:
    """The staff of the CFA, and the owner while a member of the CFA, may cancel and start again."""
    return is_staff_of(user, job.cfa) or (
        job.owner_id == user.pk and can_request_document(user, job.cfa)
    )
