"""One half-day at a time: correct it, move it, cancel it, add a make-up; never two places at once."""

from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.french import date_format
from accounts.history import record
from accounts.models import User
from apprentices.models import Cohort
from programmes.models import Subject

from ..enums import NoticeKind, SessionState, SheetState
from ..models import Absence, AttendanceSheet, ClassSession, Room
from ..permissions import can_plan_sessions
from ..rules.windows import Window, hour, opens_at
from .absences import take_back
from .notices import tell_of_session, tell_trainers
from .places import CLASH, check_day, check_free, hours_for
from .planning import check_trainer


def update_session(
    *,
    session: ClassSession,
    by: User,
    subject: Subject | None = None,
    trainer: User | None = None,
    room: Room | None = None,
    without_room: bool = False,
) -> ClassSession:
    """Change the subject, the trainer or the room of a half-day whose sheet is not opened yet."""
    try:
        with transaction.atomic():
            session = _locked(session, by)
            if hasattr(session, "sheet"):
                raise DomainError(
                    "L'émargement de cette demi-journée est déjà ouvert : elle ne se modifie plus. "
                    "Elle peut être déplacée ou annulée, avec un motif."
                )
            before, trainer_before = _described(session), session.trainer
            _apply(session, subject, trainer, room, without_room)
            after = _described(session)
            if after == before:
                return session
            check_free(session)
            session.edited_at = timezone.now()
            session.revision += 1
            session.save()
            changes = {key: [before[key], after[key]] for key in after if after[key] != before[key]}
            record("update_session", session, cfa=session.cohort.cfa, actor=by, data=changes)
            if session.trainer != trainer_before and session.date >= timezone.localdate():
                tell_trainers(session=session, before=trainer_before)
            return session
    except IntegrityError as error:
        raise DomainError(CLASH) from error


def move_session(
    *,
    session: ClassSession,
    date: date,
    half: str,
    starts_at: time | None = None,
    ends_at: time | None = None,
    reason: str,
    by: User,
    trainer: User | None = None,
    room: Room | None = None,
    today: date | None = None,
) -> ClassSession:
    """Put a half-day elsewhere in the calendar and tell those concerned.

    What was signed stays where it was signed: with an opened sheet, a move to another half-day cancels
    this one with its signatures and plans a new one. To other hours of the same half-day the sheet
    follows, unless a signature would then stand before its opening or times were noted.
    """
    reason = _reason(reason)
    try:
        with transaction.atomic():
            session = _locked(session, by)
            before, old_trainer = _where(session), session.trainer
            changes_day = (date, half) != (session.date, session.half)
            sheet = getattr(session, "sheet", None)
            if sheet and sheet.state == SheetState.CLOSED:
                raise DomainError(
                    "La feuille est contresignée et close : la demi-journée ne se déplace plus."
                )
            starts_at, ends_at = hours_for(session.cohort, half, starts_at, ends_at)
            check_day(session.cohort, date, half, today or timezone.localdate())
            if (date, half, starts_at, ends_at) == (
                session.date,
                session.half,
                session.starts_at,
                session.ends_at,
            ):
                raise DomainError("La demi-journée est déjà à ce moment.", field="date")
            if sheet and not _follows(sheet, date, half, starts_at):
                moved = _moved_copy(session, date, half, starts_at, ends_at)
                _cancel(session, by, f"Déplacée au {date:%d/%m/%Y} : {reason}"[:200])
            else:
                moved = session
                if not moved.origin_date:
                    moved.origin_date, moved.origin_half = moved.date, moved.half
                moved.date, moved.half = date, half
                moved.starts_at, moved.ends_at = starts_at, ends_at
            _apply(moved, None, trainer, room, False)
            check_free(moved)
            moved.edited_at = timezone.now()
            moved.revision += 1
            moved.save()
            after = _where(moved)
            data = {"when": [before, after], "session": str(moved.uuid)}
            record(
                "move_session", session, cfa=moved.cohort.cfa, actor=by, reason=reason, data=data
            )
            subject = f"{moved.subject.short_title} : demi-journée déplacée"
            tell_of_session(
                session=moved,
                kind=NoticeKind.MOVED,
                subject=f"{subject} au {moved.date:%d/%m/%Y}",
                text=(
                    f"La demi-journée « {moved.subject.title} » de {moved.cohort} est déplacée.\n\n"
                    f"Avant : {before}\nMaintenant : {after}\nFormateur : {moved.trainer}\n"
                ),
                reason=reason,
                others=[old_trainer],
                employers=changes_day,
            )
            return moved
    except IntegrityError as error:
        raise DomainError(CLASH) from error


@transaction.atomic
def cancel_session(*, session: ClassSession, reason: str, by: User) -> ClassSession:
    """Cancel a half-day with a reason; its sheet and signatures are kept and no longer count hours."""
    reason = _reason(reason)
    session = _locked(session, by)
    sheet = getattr(session, "sheet", None)
    if sheet and sheet.state == SheetState.CLOSED:
        raise DomainError(
            "La feuille est contresignée et close : la demi-journée ne s'annule plus."
        )
    _cancel(session, by, reason)
    record("cancel_session", session, cfa=session.cohort.cfa, actor=by, reason=reason)
    if session.date >= timezone.localdate():
        tell_of_session(
            session=session,
            kind=NoticeKind.CANCELLED,
            subject=f"{session.subject.short_title} : demi-journée du {session.date:%d/%m/%Y} annulée",
            text=(
                f"La demi-journée « {session.subject.title} » de {session.cohort} est annulée.\n\n"
                f"Prévue : {_where(session)}\n"
            ),
            reason=reason,
        )
    return session


@transaction.atomic
def add_makeup(
    *,
    cohort: Cohort,
    places: list[tuple[date, str]],
    subject: Subject,
    trainer: User,
    room: Room | None = None,
    by: User,
) -> list[ClassSession]:
    """Plan make-up half-days outside the rhythm, so that the hours are reached."""
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("cfa").get(pk=cohort.pk)
    if not can_plan_sessions(by, cohort):
        raise NotAllowed("Seule l'équipe du CFA ajoute des demi-journées.")
    if not places:
        raise DomainError("Choisissez au moins une demi-journée.", field="places")
    sessions = []
    for day, half in sorted(set(places)):
        starts_at, ends_at = hours_for(cohort, half, None, None)
        check_day(cohort, day, half, timezone.localdate())
        session = ClassSession(
            cohort=cohort,
            date=day,
            half=half,
            starts_at=starts_at,
            ends_at=ends_at,
            is_makeup=True,
            edited_at=timezone.now(),
        )
        _apply(session, subject, trainer, room, False)
        check_free(session)
        try:
            with transaction.atomic():
                session.save(force_insert=True)
        except IntegrityError as error:
            raise DomainError(CLASH) from error
        sessions.append(session)
        record("add_makeup", session, cfa=cohort.cfa, actor=by)
    listed = "\n".join(f"- {_where(session)}" for session in sessions)
    tell_of_session(
        session=sessions[0],
        kind=NoticeKind.ADDED,
        subject=f"{len(sessions)} demi-journée(s) de rattrapage, {cohort}",
        text=(
            f"Des demi-journées de rattrapage sont ajoutées au planning de {cohort} "
            f"({subject.title}, {trainer}) :\n\n{listed}\n"
        ),
    )
    return sessions


# --- what the deeds share ------------------------------------------------------------------------


def _locked(session: ClassSession, by: User) -> ClassSession:
    session = (
        ClassSession.objects.select_for_update(of=("self",))
        .select_related("cohort__cfa", "cohort__programme", "subject", "trainer", "room")
        .get(pk=session.pk)
    )
    if not can_plan_sessions(by, session.cohort):
        raise NotAllowed("Seule l'équipe du CFA modifie une demi-journée.")
    if session.state == SessionState.CANCELLED:
        raise DomainError("Cette demi-journée est annulée : elle ne se modifie plus.")
    return session


def _reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise DomainError("Indiquez le motif : il est conservé et envoyé.", field="reason")
    if len(reason) > 150:
        raise DomainError("Le motif est trop long (150 caractères au plus).", field="reason")
    return reason


def _apply(
    session: ClassSession,
    subject: Subject | None,
    trainer: User | None,
    room: Room | None,
    without_room: bool,
) -> None:
    if subject is not None:
        if subject.programme_id != session.cohort.programme_id:
            raise DomainError(
                f"« {subject} » n'est pas une matière du programme de la promotion.",
                field="subject",
            )
        session.subject = subject
    if trainer is not None:
        check_trainer(trainer, session.cohort)
        session.trainer = trainer
    if room is not None:
        if room.cfa_id != session.cohort.cfa_id:
            raise DomainError("Cette salle est celle d'un autre CFA.", field="room")
        session.room = room
    elif without_room:
        session.room = None


def _follows(sheet: AttendanceSheet, day: date, half: str, starts_at: time) -> bool:
    """The open sheet goes with its half-day: nothing written on it would contradict the new hours."""
    session = sheet.session
    if (day, half) != (session.date, session.half):
        return False
    opening = opens_at(Window(day, starts_at, session.ends_at))
    written = Q(signature__signed_at__lt=timezone.make_aware(opening))
    written |= Q(arrived_at__isnull=False) | Q(left_at__isnull=False)
    return not sheet.presences.filter(written).exists()


def _moved_copy(
    session: ClassSession, day: date, half: str, starts_at: time, ends_at: time
) -> ClassSession:
    return ClassSession(
        cohort=session.cohort,
        subject=session.subject,
        trainer=session.trainer,
        room=session.room,
        date=day,
        half=half,
        starts_at=starts_at,
        ends_at=ends_at,
        is_makeup=session.is_makeup,
    )


def _cancel(session: ClassSession, by: User, reason: str) -> None:
    session.state = SessionState.CANCELLED
    session.cancelled_at, session.cancelled_by = timezone.now(), by
    session.cancel_reason = reason
    session.revision += 1
    try:
        session.clean_fields()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    session.save()
    # Closed once, then reopened: what was told of its absences holds no more.
    absences = Absence.objects.filter(presence__sheet__session=session)
    take_back(absences, f"la demi-journée est annulée ({reason})")


def _where(session: ClassSession) -> str:
    room = f", {session.room}" if session.room else ""
    return (
        f"{date_format(session.date, 'l j F Y')}, de {hour(session.starts_at)} à "
        f"{hour(session.ends_at)}{room}"
    )


def _described(session: ClassSession) -> dict[str, Any]:
    return {
        "subject": str(session.subject),
        "trainer": str(session.trainer),
        "room": str(session.room or ""),
    }
