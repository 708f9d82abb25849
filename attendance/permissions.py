"""Who may do what with the half-days and their sheets."""

from collections.abc import Callable

from accounts.enums import READING_ROLES
from accounts.models import Cfa, User
from accounts.permissions import is_staff_of, is_trainer_of
from apprentices.models import Cohort, Enrolment

from .enums import SignatureMethod
from .models import Absence, AttendanceSheet, ClassSession, Justification, Presence

# By these methods one signs on one's own device, by the others on the trainer's.
OWN_DEVICE = frozenset({SignatureMethod.OWN_PHONE, SignatureMethod.WALL_CODE})


def can_plan_sessions(user: User, cohort: Cohort) -> bool:
    """Who runs the centre generates and edits the half-days of its cohorts."""
    return is_staff_of(user, cohort.cfa)


def can_open_sheet(user: User, session: ClassSession) -> bool:
    """The trainer of the half-day opens its sheet; who runs the centre may do it for the trainer."""
    cfa = session.cohort.cfa
    if session.trainer_id == user.pk:
        return is_trainer_of(user, cfa) or is_staff_of(user, cfa)
    return is_staff_of(user, cfa)


def can_run_sheet(user: User, sheet: AttendanceSheet) -> bool:
    """Pass the device round, mark absences: the same people as for the opening."""
    return can_open_sheet(user, sheet.session)


def can_countersign_sheet(user: User, sheet: AttendanceSheet) -> bool:
    """Only the trainer of the half-day attests it: nobody signs for somebody else."""
    return sheet.session.trainer_id == user.pk and can_open_sheet(user, sheet.session)


def can_reopen_sheet(user: User, sheet: AttendanceSheet) -> bool:
    """Who runs the centre reopens a closed sheet; a trainer asks them."""
    return is_staff_of(user, sheet.session.cohort.cfa)


def can_sign_presence(
    user: User,
    presence: Presence,
    method: str,
    *,
    runs: Callable[[User, AttendanceSheet], bool] = can_run_sheet,
) -> bool:
    """On a phone of one's own, one's own presence only; on the trainer's device, any of the sheet.

    `runs`: whoever asks for a whole class asks once for each person.
    """
    if method in OWN_DEVICE:
        return presence.enrolment.apprentice.user_id == user.pk
    return runs(user, presence.sheet)


def can_justify(user: User, enrolment: Enrolment) -> bool:
    """The apprentice for oneself; who runs the centre for anybody."""
    return enrolment.apprentice.user_id == user.pk or is_staff_of(user, enrolment.cohort.cfa)


def can_decide_justification(user: User, subject: Justification | Absence) -> bool:
    """Who runs the centre examines what was brought, and says what an absence is."""
    enrolment = (
        subject.enrolment if isinstance(subject, Justification) else subject.presence.enrolment
    )
    return is_staff_of(user, enrolment.cohort.cfa)


def can_export_proofs(user: User, cfa: Cfa) -> bool:
    """Who runs or audits the centre takes the proofs away."""
    return user.memberships.active().filter(cfa=cfa, role__in=READING_ROLES).exists()


def can_issue_papers(user: User, cohort: Cohort) -> bool:
    """Who runs the centre issues its sheets, statements and certificates."""
    return is_staff_of(user, cohort.cfa)
