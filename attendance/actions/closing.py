"""The end of a sheet: the trainer signs last, and what was closed can be opened again, with a reason."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User

from ..enums import PresenceState, ProofKind, SessionState
from ..models import AttendanceSheet, SheetVersion
from ..permissions import can_countersign_sheet, can_reopen_sheet
from ..proofs import append, freeze
from ..proofs.chain import Happening, append_all
from ..proofs.content import signature_facts
from ..rules import windows, workflow
from ..rules.workflow import SheetDeed
from ..selectors import local, window_of
from .absences import settle_sheet
from .marking import one_line
from .signing import COPIED, Hand, locked_sheet, make_signature, trace


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
    """The trainer signs last: who is still expected becomes absent, the sheet is closed and frozen."""
    at = at or timezone.now()
    try:
        with transaction.atomic():
            sheet = locked_sheet(sheet)
            session = sheet.session
            if not can_countersign_sheet(by, sheet):
                raise NotAllowed(
                    f"Seul le formateur de la demi-journée la contresigne : {session.trainer}."
                )
            state = workflow.next_sheet_state(sheet.state, SheetDeed.COUNTERSIGN)
            if state is None:
                raise DomainError("La feuille est déjà contresignée et close.")
            if session.state == SessionState.CANCELLED:
                raise DomainError(
                    "Cette demi-journée est annulée : sa feuille ne se contresigne pas."
                )
            if refusal := windows.countersigning_refusal(window_of(session), local(at)):
                raise DomainError(refusal)
            sheet.trainer_signature = make_signature(
                signer=by,
                names=[str(by)],
                hand=Hand(
                    strokes=strokes,
                    typed_name=typed_name,
                    method=method,
                    user_agent=user_agent,
                    ip=ip,
                    at=at,
                ),
            )
            missing = sheet.presences.filter(state=PresenceState.EXPECTED)
            absent = missing.update(state=PresenceState.ABSENT)
            sheet.state, sheet.closed_at, sheet.closed_by = state, at, by
            sheet.version += 1
            sheet.save(
                update_fields=("state", "closed_at", "closed_by", "trainer_signature", "version")
            )
            content, sha256 = freeze(sheet)
            SheetVersion.objects.create(
                sheet=sheet,
                number=sheet.version,
                content=content,
                sha256=sha256,
                closed_at=at,
                closed_by=by,
                trainer_signature=sheet.trainer_signature,
            )
            data = trace(sheet.trainer_signature) | {"absent": absent, "version": sheet.version}
            cfa = session.cohort.cfa
            record("countersign_sheet", sheet, cfa=cfa, actor=by, happened_at=at, data=data)
            signed = {"signature": signature_facts(sheet.trainer_signature)}
            closing = {"version": sheet.version, "content_sha256": sha256, "absent": absent}
            append_all(
                sheet,
                [
                    Happening(ProofKind.COUNTERSIGN, by, at, data=signed),
                    Happening(ProofKind.CLOSE, by, at, data=closing),
                ],
            )
            settle_sheet(sheet)
            return sheet
    except IntegrityError as error:
        raise DomainError(COPIED, field="strokes") from error


def reopen_sheet(
    *, sheet: AttendanceSheet, by: User, reason: str, at: datetime | None = None
) -> AttendanceSheet:
    """Open a closed sheet again to correct it; the closing stays readable, with its signature and PDF."""
    at = at or timezone.now()
    reason = one_line(reason)
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        if not can_reopen_sheet(by, sheet):
            raise NotAllowed("Seule l'équipe du CFA rouvre une feuille contresignée.")
        state = workflow.next_sheet_state(sheet.state, SheetDeed.REOPEN)
        if state is None:
            raise DomainError("La feuille n'est pas close : il n'y a rien à rouvrir.")
        if not reason:
            raise DomainError(
                "Indiquez pourquoi la feuille est rouverte : le motif reste dans son historique.",
                field="reason",
            )
        version = sheet.versions.get(number=sheet.version)
        version.document = sheet.document
        version.reopened_at, version.reopened_by, version.reopening_reason = at, by, reason
        version.save(update_fields=("document", "reopened_at", "reopened_by", "reopening_reason"))
        sheet.state = state
        sheet.closed_at = sheet.closed_by = sheet.trainer_signature = sheet.document = None
        sheet.reminded_at = sheet.flagged_at = None
        sheet.save(
            update_fields=(
                "state", "closed_at", "closed_by", "trainer_signature", "document",
                "reminded_at", "flagged_at",
            )
        )  # fmt: skip
        data = {"version": version.number}
        cfa = sheet.session.cohort.cfa
        record("reopen_sheet", sheet, cfa=cfa, actor=by, happened_at=at, reason=reason, data=data)
        append(ProofKind.REOPEN, sheet, by=by, at=at, reason=reason, data=data)
        return sheet
