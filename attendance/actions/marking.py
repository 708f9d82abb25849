"""What the trainer writes on an open sheet: absences, times, apprentices of another group."""

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from apprentices.models import Enrolment

from ..enums import PresenceState, ProofKind, SheetState
from ..models import AttendanceSheet, Presence
from ..permissions import can_run_sheet
from ..proofs import append
from ..rules import times, workflow
from ..rules.workflow import PresenceDeed
from .signing import locked_presence, locked_sheet, signed_elsewhere

CLOSED = (
    "La feuille est contresignée et close : elle ne se modifie plus. L'équipe du CFA peut la rouvrir "
    "avec un motif."
)


def one_line(text: str, *, field: str = "reason", what: str = "Le motif") -> str:
    """A reason on one line; too long is refused."""
    text = " ".join(text.split())
    if len(text) > 200:
        raise DomainError(f"{what} est trop long (200 caractères au plus).", field=field)
    return text


def mark_absent(
    *, presence: Presence, by: User, reason: str = "", excused: bool = False
) -> Presence:
    """Mark who is not there; an excused absence needs its reason."""
    reason = one_line(reason)
    if excused and not reason:
        raise DomainError("Indiquez le motif de l'absence justifiée.", field="reason")
    deed = PresenceDeed.EXCUSE if excused else PresenceDeed.MARK_ABSENT
    return _mark(presence, by, deed, reason=reason)


def expect_again(*, presence: Presence, by: User) -> Presence:
    """Undo an absence marked by mistake: the apprentice is expected again."""
    return _mark(presence, by, PresenceDeed.EXPECT_AGAIN)


def note_times(
    *, presence: Presence, by: User, arrived_at: time | None = None, left_at: time | None = None
) -> Presence:
    """Say when an apprentice who signed came and went; the minutes missed follow. None: all the time."""
    return _mark(presence, by, PresenceDeed.NOTE_TIMES, arrived_at=arrived_at, left_at=left_at)


def _mark(
    presence: Presence,
    by: User,
    deed: PresenceDeed,
    *,
    reason: str = "",
    arrived_at: time | None = None,
    left_at: time | None = None,
) -> Presence:
    with transaction.atomic():
        presence = locked_presence(presence)
        sheet, session = presence.sheet, presence.sheet.session
        _check_may_write(sheet, by)
        state = workflow.next_presence_state(presence.state, deed)
        if state is None:
            raise DomainError(_refused(presence, deed))
        minutes = 0
        if deed == PresenceDeed.NOTE_TIMES:
            try:
                minutes = times.minutes_missed(
                    session.starts_at, session.ends_at, arrived_at, left_at
                )
            except times.BadTimes as error:
                raise DomainError(str(error), field=error.field) from error
            state = PresenceState.LATE if minutes else PresenceState.PRESENT
        before = presence.state
        presence.state, presence.reason, presence.minutes_missed = state, reason, minutes
        presence.arrived_at, presence.left_at = arrived_at, left_at
        presence.save(update_fields=("state", "reason", "minutes_missed", "arrived_at", "left_at"))
        data: dict[str, Any] = {
            "before": before,
            "after": str(state),
            "minutes_missed": minutes,
            "arrived_at": arrived_at.isoformat() if arrived_at else None,
            "left_at": left_at.isoformat() if left_at else None,
        }
        cfa = session.cohort.cfa
        record(str(deed), presence, cfa=cfa, actor=by, reason=reason, data=data)
        append(
            kind_of_mark(sheet),
            sheet,
            by=by,
            at=timezone.now(),
            presence=presence,
            reason=reason,
            data=data | {"deed": str(deed)},
        )
        return presence


def _check_may_write(sheet: AttendanceSheet, by: User) -> None:
    if not can_run_sheet(by, sheet):
        raise NotAllowed("Seul le formateur de la demi-journée remplit sa feuille.")
    if sheet.state == SheetState.CLOSED:
        raise DomainError(CLOSED)
    if sheet.is_cancelled:
        raise DomainError("Cette demi-journée est annulée : sa feuille ne change plus.")


def kind_of_mark(sheet: AttendanceSheet) -> ProofKind:
    """On a sheet that was closed once, whatever is written is a correction."""
    return ProofKind.CORRECT if sheet.version else ProofKind.MARK


def _refused(presence: Presence, deed: PresenceDeed) -> str:
    who = presence.enrolment.apprentice
    if presence.state in workflow.SIGNED:
        return f"{who} a déjà signé : une présence signée ne devient pas une absence."
    if deed == PresenceDeed.NOTE_TIMES:
        return f"{who} n'a pas encore signé : l'arrivée et le départ se notent après la signature."
    return f"{who} est déjà {who.agree('attendu(e)')} : il n'y a rien à annuler."


def add_guest(
    *,
    sheet: AttendanceSheet,
    enrolment: Enrolment,
    by: User,
    reason: str,
    at: datetime | None = None,
) -> Presence:
    """Put an apprentice of another group of the centre on the sheet, and say why."""
    at = at or timezone.now()
    reason = one_line(reason)
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        session = sheet.session
        _check_may_write(sheet, by)
        enrolment = Enrolment.objects.select_related("apprentice", "cohort").get(pk=enrolment.pk)
        who = enrolment.apprentice
        if enrolment.cohort.cfa_id != session.cohort.cfa_id:
            raise NotAllowed("Cet apprenti n'est pas de ce CFA.")
        if not reason:
            raise DomainError(
                f"Indiquez pourquoi {who} suit cette demi-journée (rattrapage, échange de groupe…).",
                field="reason",
            )
        active = Enrolment.objects.active_on(session.date).filter(pk=enrolment.pk)
        if not active.exists():
            raise DomainError(
                f"{who} n'est pas {who.agree('inscrit(e)')} à la date du {session.date:%d/%m/%Y}.",
                field="enrolment",
            )
        if sheet.presences.filter(enrolment__apprentice=who).exists():
            raise DomainError(f"{who} est déjà sur cette feuille.", field="enrolment")
        if elsewhere := signed_elsewhere(session, enrolment.apprentice).get(
            enrolment.apprentice_id
        ):
            raise DomainError(
                f"{who} a déjà signé à la même demi-journée dans {elsewhere}.", field="enrolment"
            )
        presence = Presence.objects.create(sheet=sheet, enrolment=enrolment, guest_reason=reason)
        cfa = session.cohort.cfa
        data = {"cohort": str(enrolment.cohort)}
        record("add_guest", presence, cfa=cfa, actor=by, reason=reason, data=data)
        append(
            kind_of_mark(sheet), sheet, by=by, at=at, presence=presence, reason=reason,
            data=data | {"deed": "add_guest"},
        )  # fmt: skip
        return presence
