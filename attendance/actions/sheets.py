"""The life of a sheet: opened, filled in, countersigned, printed."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from apprentices.models import Enrolment
from documents.actions import request_document
from documents.models import Document

from ..enums import PresenceState, SessionState, SheetState
from ..models import AttendanceSheet, ClassSession, Presence
from ..pdf import SHEET_KIND, sheet_context, sheet_file_name
from ..permissions import can_countersign_sheet, can_open_sheet, can_run_sheet
from ..rules import windows, workflow
from ..rules.workflow import PresenceDeed, SheetDeed
from ..selectors import local, window_of
from .signing import COPIED, locked_presence, make_signature, trace

CLOSED = "La feuille est contresignée et close : elle ne se modifie plus."


def open_sheet(*, session: ClassSession, by: User, at: datetime | None = None) -> AttendanceSheet:
    """Open the sheet of a half-day, with everyone enrolled that day.

    Done again on an open sheet, it adds who was enrolled since and changes nothing else.
    """
    at = at or timezone.now()
    with transaction.atomic():
        session = (
            ClassSession.objects.select_for_update(of=("self",))
            .select_related("cohort__cfa", "subject", "trainer")
            .get(pk=session.pk)
        )
        cfa = session.cohort.cfa
        if not can_open_sheet(by, session):
            raise NotAllowed("Seul le formateur de la demi-journée en ouvre l'émargement.")
        if session.state == SessionState.CANCELLED:
            raise DomainError("Cette demi-journée est annulée : elle ne s'émarge pas.")
        sheet = (
            AttendanceSheet.objects.select_for_update(of=("self",)).filter(session=session).first()
        )
        if sheet and sheet.state == SheetState.CLOSED:
            raise DomainError(CLOSED)
        if refusal := windows.opening_refusal(window_of(session), local(at)):
            raise DomainError(refusal)
        enrolments = list(
            Enrolment.objects.filter(cohort=session.cohort)
            .active_on(session.date)
            .exclude(presences__sheet__session=session)
        )
        if sheet is None:
            if not enrolments:
                raise DomainError(
                    f"Aucun apprenti n'est inscrit dans {session.cohort} le {session.date:%d/%m/%Y} : "
                    "inscrivez-les avant d'ouvrir l'émargement."
                )
            sheet = AttendanceSheet.objects.create(session=session, opened_at=at, opened_by=by)
            verb = "open_sheet"
        else:
            sheet.session = session
            verb = "complete_sheet"
        if enrolments:
            Presence.objects.bulk_create(
                Presence(sheet=sheet, enrolment=enrolment) for enrolment in enrolments
            )
            data = {"expected": len(enrolments)}
            record(verb, sheet, cfa=cfa, actor=by, happened_at=at, data=data)
        return sheet


def mark_absent(
    *, presence: Presence, by: User, reason: str = "", excused: bool = False
) -> Presence:
    """Mark who is not there; an excused absence needs its reason."""
    reason = " ".join(reason.split())
    if excused and not reason:
        raise DomainError("Indiquez le motif de l'absence justifiée.", field="reason")
    if len(reason) > 200:
        raise DomainError("Le motif est trop long (200 caractères au plus).", field="reason")
    deed = PresenceDeed.EXCUSE if excused else PresenceDeed.MARK_ABSENT
    return _mark(presence, by, deed, reason=reason)


def expect_again(*, presence: Presence, by: User) -> Presence:
    """Undo an absence marked by mistake: the apprentice is expected again."""
    return _mark(presence, by, PresenceDeed.EXPECT_AGAIN)


def mark_late(*, presence: Presence, by: User, minutes: int) -> Presence:
    """Say how many minutes an apprentice who signed has missed (late, or left early)."""
    return _mark(presence, by, PresenceDeed.MARK_LATE, minutes=minutes)


def _mark(
    presence: Presence, by: User, deed: PresenceDeed, *, reason: str = "", minutes: int = 0
) -> Presence:
    with transaction.atomic():
        presence = locked_presence(presence)
        sheet = presence.sheet
        if not can_run_sheet(by, sheet):
            raise NotAllowed("Seul le formateur de la demi-journée remplit sa feuille.")
        if sheet.state == SheetState.CLOSED:
            raise DomainError(CLOSED)
        if deed == PresenceDeed.MARK_LATE and not 1 <= minutes < sheet.session.minutes:
            raise DomainError(
                f"Les minutes manquées vont de 1 à {sheet.session.minutes - 1}.", field="minutes"
            )
        state = workflow.next_presence_state(presence.state, deed)
        if state is None:
            raise DomainError(_refused(presence, deed))
        before = presence.state
        presence.state, presence.reason, presence.minutes_missed = state, reason, minutes
        presence.save(update_fields=("state", "reason", "minutes_missed"))
        data = {"before": before, "after": str(state), "minutes_missed": minutes}
        cfa = sheet.session.cohort.cfa
        record(str(deed), presence, cfa=cfa, actor=by, reason=reason, data=data)
        return presence


def _refused(presence: Presence, deed: PresenceDeed) -> str:
    who = presence.enrolment.apprentice
    if presence.state in workflow.SIGNED:
        return f"{who} a déjà signé : une présence signée ne devient pas une absence."
    if deed == PresenceDeed.MARK_LATE:
        return f"{who} n'a pas encore signé : le retard se note après la signature."
    return f"{who} est déjà attendu : il n'y a rien à annuler."


def countersign_sheet(
    *,
    sheet: AttendanceSheet,
    by: User,
    strokes: Any = None,
    typed_name: str = "",
    method: str,
    user_agent: str = "",
    ip: str | None = None,
    at: datetime | None = None,
) -> AttendanceSheet:
    """The trainer signs last: who is still expected becomes absent, and the sheet is closed for good."""
    at = at or timezone.now()
    try:
        with transaction.atomic():
            sheet = (
                AttendanceSheet.objects.select_for_update(of=("self",))
                .select_related("session__cohort__cfa", "session__subject", "session__trainer")
                .get(pk=sheet.pk)
            )
            session = sheet.session
            if not can_countersign_sheet(by, sheet):
                raise NotAllowed(
                    f"Seul le formateur de la demi-journée la contresigne : {session.trainer}."
                )
            state = workflow.next_sheet_state(sheet.state, SheetDeed.COUNTERSIGN)
            if state is None:
                raise DomainError("La feuille est déjà contresignée et close.")
            if refusal := windows.countersigning_refusal(window_of(session), local(at)):
                raise DomainError(refusal)
            sheet.trainer_signature = make_signature(
                signer=by,
                names=[str(by)],
                strokes=strokes,
                typed_name=typed_name,
                method=method,
                user_agent=user_agent,
                ip=ip,
                at=at,
            )
            missing = sheet.presences.filter(state=PresenceState.EXPECTED)
            absent = missing.update(state=PresenceState.ABSENT)
            sheet.state, sheet.closed_at, sheet.closed_by = state, at, by
            sheet.save(update_fields=("state", "closed_at", "closed_by", "trainer_signature"))
            data = trace(sheet.trainer_signature) | {"absent": absent}
            cfa = session.cohort.cfa
            record("countersign_sheet", sheet, cfa=cfa, actor=by, happened_at=at, data=data)
            return sheet
    except IntegrityError as error:
        raise DomainError(COPIED, field="strokes") from error


def request_sheet_pdf(*, sheet: AttendanceSheet, by: User) -> Document:
    """Ask for the PDF of a closed sheet; asked for twice, it is the same document."""
    with transaction.atomic():
        sheet = (
            AttendanceSheet.objects.select_for_update(of=("self",))
            .select_related(
                "session__cohort__cfa",
                "session__cohort__programme__referentiel",
                "session__subject",
                "session__trainer",
            )
            .get(pk=sheet.pk)
        )
        session = sheet.session
        if not can_run_sheet(by, sheet):
            raise NotAllowed(
                "Seuls le formateur de la demi-journée et l'équipe du CFA demandent le PDF de la feuille."
            )
        if sheet.state != SheetState.CLOSED:
            raise DomainError(
                "La feuille n'est pas encore contresignée : le PDF se demande après la clôture."
            )
        if sheet.document:
            return sheet.document
        sheet.document = request_document(
            kind=SHEET_KIND,
            cfa=session.cohort.cfa,
            title=f"Feuille d'émargement du {session.date:%d/%m/%Y}, {session.get_half_display().lower()}",
            subject_label=str(session.cohort),
            context=sheet_context(sheet),
            file_name=sheet_file_name(sheet),
            by=by,
            readers=(session.trainer,),
        )
        sheet.save(update_fields=("document",))
        record("request_sheet_pdf", sheet, cfa=session.cohort.cfa, actor=by)
        return sheet.document
