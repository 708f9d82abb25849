"""What happens to sheets beside the usual: paper, an apology announced, a correction, another group's guest."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from io import BytesIO

from django.utils import timezone

from accounts.models import User
from apprentices.models import Cohort, Enrolment
from attendance import actions
from attendance.actions.paper import Line
from attendance.enums import AbsenceCategory, PresenceState, SheetState, SignatureMethod
from attendance.models import AttendanceSheet, ClassSession, Presence

from .hand import scribble
from .planning import PNG
from .story import Story, at


def special(
    story: Story, enrolments: list[Enrolment], *, by: User
) -> dict[int, Callable[[ClassSession], None]]:
    """What is played instead of a usual half-day, by its rank from the last one."""

    def announced(session: ClassSession) -> None:
        announce(session, enrolments, by=by)
        story.half_day(session)

    return {5: announced, 8: partial(on_paper, story)}


def announce(session: ClassSession, enrolments: list[Enrolment], *, by: User) -> None:
    """One apprentice said four days before that she would not come: the sheet will know it by itself."""
    enrolment = enrolments[min(2, len(enrolments) - 1)]
    person = enrolment.apprentice.user
    if person is None or enrolment.starts_on > session.date:
        return
    justification = actions.submit_justification(
        enrolment=enrolment,
        category=AbsenceCategory.SUMMONS,
        starts_on=session.date,
        starts_half="matin",
        ends_on=session.date,
        ends_half="apres_midi",
        comment="Journée défense et citoyenneté",
        file=BytesIO(PNG),
        size=len(PNG),
        file_name="convocation.png",
        by=person,
        at=at(session.date - timedelta(days=4), 18),
    )
    actions.decide_justification(justification=justification, accept=True, by=by)


def on_paper(story: Story, session: ClassSession) -> None:
    """The network was down: signed by hand, photographed and transcribed in the afternoon."""
    start = timezone.make_aware(datetime.combine(session.date, session.starts_at))
    sheet = actions.open_for_paper(session=session, by=session.trainer, at=start)
    scan = actions.attach_scan(
        sheet=sheet,
        by=session.trainer,
        file=BytesIO(PNG),
        size=len(PNG),
        file_name="feuille-signee.png",
    )
    expected = sheet.presences.filter(state=PresenceState.EXPECTED)
    marks = ["absent", *["signed"] * (len(expected) - 1)]
    lines = [Line(presence, mark) for presence, mark in zip(expected, marks, strict=True)]
    actions.transcribe_paper(scan=scan, lines=lines, by=session.trainer, at=at(session.date, 18))
    _countersign(story, sheet, at(session.date, 18, 5))


def correct(cohort: Cohort, *, story: Story, team: dict[str, User]) -> None:
    """A sheet reopened to write an early leaving down, another for somebody of another group."""
    closed = AttendanceSheet.objects.filter(
        session__cohort=cohort, session__trainer=team["bruno"], state=SheetState.CLOSED
    ).select_related("session")
    for sheet in closed.order_by("-session__date")[3:4]:
        actions.reopen_sheet(
            sheet=sheet,
            by=team["elise"],
            reason="Un départ à 11 h 30 n'était pas noté",
            at=at(sheet.session.date, 18),
        )
        presence = sheet.presences.filter(state=PresenceState.PRESENT).last()
        if presence and sheet.session.half == "matin":
            actions.note_times(presence=presence, by=team["bruno"], left_at=time(11, 30))
        _countersign(story, sheet, at(sheet.session.date, 18, 10))
    for sheet in closed.order_by("session__date"):
        if guest := _guest(sheet):
            _welcome(story, sheet, guest, team)
            return


def _guest(sheet: AttendanceSheet) -> Enrolment | None:
    """Somebody of another group of the centre that day."""
    others = Enrolment.objects.filter(cohort__cfa=sheet.session.cohort.cfa_id)
    return others.exclude(cohort=sheet.session.cohort_id).active_on(sheet.session.date).first()


def _welcome(story: Story, sheet: AttendanceSheet, guest: Enrolment, team: dict[str, User]) -> None:
    day = sheet.session.date
    actions.reopen_sheet(
        sheet=sheet,
        by=team["elise"],
        reason=f"{guest.apprentice} a suivi cette séance et n'était pas sur la feuille",
        at=at(day, 18),
    )
    presence: Presence = actions.add_guest(
        sheet=sheet,
        enrolment=guest,
        by=team["bruno"],
        reason="Rattrapage d'une séance manquée",
        at=at(day, 18, 2),
    )
    actions.sign_presence(
        presence=presence,
        by=team["bruno"],
        strokes=scribble(str(guest.apprentice), story.rng),
        method=SignatureMethod.TRAINER_DEVICE,
        at=at(day, 18, 4),
    )
    _countersign(story, sheet, at(day, 18, 6))


def _countersign(story: Story, sheet: AttendanceSheet, moment: datetime) -> None:
    trainer = sheet.session.trainer
    actions.countersign_sheet(
        sheet=sheet,
        by=trainer,
        strokes=scribble(str(trainer), story.rng),
        method=SignatureMethod.TRAINER_DEVICE,
        at=moment,
    )
