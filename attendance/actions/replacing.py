"""Somebody else teaches the half-day than planned, once its sheet is open."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User

from ..enums import SheetState
from ..models import AttendanceSheet
from ..permissions import can_plan_sessions
from ..proofs import append
from .marking import CLOSED, kind_of_mark, one_line
from .notices import tell_trainers
from .places import CLASH, check_free
from .planning import check_trainer
from .signing import locked_sheet


def replace_trainer(
    *, sheet: AttendanceSheet, trainer: User, reason: str, by: User
) -> AttendanceSheet:
    """Who was really there countersigns: without it the sheet of a trainer who left stays open for ever."""
    reason, at = one_line(reason), timezone.now()
    try:
        with transaction.atomic():
            sheet = locked_sheet(sheet)
            session = sheet.session
            cfa, before = session.cohort.cfa, session.trainer
            if not can_plan_sessions(by, session.cohort):
                raise NotAllowed("Seule l'équipe du CFA remplace un formateur.")
            if sheet.state == SheetState.CLOSED:
                raise DomainError(CLOSED)
            if not reason:
                raise DomainError(
                    "Indiquez pourquoi : le motif reste dans l'historique.", field="reason"
                )
            if trainer == before:
                raise DomainError(f"{trainer} est déjà le formateur.", field="trainer")
            check_trainer(trainer, session.cohort)
            session.trainer, session.edited_at = trainer, at
            session.revision += 1
            check_free(session)
            session.save(update_fields=("trainer", "edited_at", "revision"))
            data = {"before": str(before), "after": str(trainer)}
            record("replace_trainer", sheet, cfa=cfa, actor=by, reason=reason, data=data)
            append(
                kind_of_mark(sheet), sheet, by=by, at=at, reason=reason,
                data=data | {"deed": "replace_trainer"},
            )  # fmt: skip
            tell_trainers(session=session, before=before, reason=reason)
            return sheet
    except IntegrityError as error:
        raise DomainError(CLASH) from error
