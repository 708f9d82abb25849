"""Rooms, calendar and absences of the demo: what the year left to justify, to examine, or examined."""

from datetime import date, timedelta
from io import BytesIO

from accounts.models import Cfa, User
from apprentices.course import rhythm_of
from apprentices.models import Cohort
from attendance import actions as attendance_actions
from attendance.enums import AbsenceCategory, AbsenceState, ExceptionKind
from attendance.models import Absence, Justification

from .story import at

ROOMS = (("Salle A1", 24), ("Salle B2", 20), ("Salle multimédia", 16))
# A picture of one pixel: the demo brings no real document.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
REASONS = (AbsenceCategory.ILLNESS, AbsenceCategory.SUMMONS, AbsenceCategory.FAMILY)


def prepare_calendar(cfa: Cfa, cohort: Cohort, *, by: User) -> None:
    """The rooms of the centre, the school zone of its academy, and the written exams out of the rhythm."""
    for name, capacity in ROOMS:
        attendance_actions.save_room(cfa=cfa, name=name, capacity=capacity, by=by)
    rhythm = rhythm_of(cohort)
    assert rhythm is not None
    attendance_actions.set_rhythm(cohort=cohort, rhythm=rhythm, school_zone="C", by=by)
    wednesday = cohort.ends_on - timedelta(days=42 + (cohort.ends_on.weekday() - 2) % 7)
    attendance_actions.add_exception(
        cfa=cfa,
        cohort=cohort,
        kind=ExceptionKind.EXAM,
        starts_on=wednesday,
        ends_on=wednesday + timedelta(days=2),
        label="Épreuves écrites",
        by=by,
    )


def tell_absences(cohort: Cohort, *, today: date, by: User) -> None:
    """Past absences mostly examined; the last days wait for a document, or for somebody to look at it."""
    absences = list(
        Absence.objects.filter(presence__enrolment__cohort=cohort, state=AbsenceState.TO_JUSTIFY)
        .select_related("presence__enrolment__apprentice__user", "presence__sheet__session")
        .order_by("presence__sheet__session__date", "pk")
    )
    for rank, absence in enumerate(absences):
        enrolment, session = absence.presence.enrolment, absence.presence.sheet.session
        person = enrolment.apprentice.user
        is_recent = absence.justify_by >= today
        if (
            person is None
            or rank % 3 == 0
            or Justification.objects.filter(
                enrolment=enrolment, starts_on__lte=session.date, ends_on__gte=session.date
            ).exists()
        ):
            continue
        justification = attendance_actions.submit_justification(
            enrolment=enrolment,
            category=REASONS[rank % 3],
            starts_on=session.date,
            starts_half="matin",
            ends_on=session.date,
            ends_half="apres_midi",
            file=BytesIO(PNG),
            size=len(PNG),
            file_name="justificatif.png",
            by=person,
            at=at(min(today, session.date + timedelta(days=1)), 8),
        )
        if is_recent:
            continue  # somebody has to look at it
        attendance_actions.decide_justification(
            justification=justification,
            accept=rank % 5 != 0,
            reason="" if rank % 5 else "Document illisible",
            by=by,
        )
    attendance_actions.expire_absences(today=today)
