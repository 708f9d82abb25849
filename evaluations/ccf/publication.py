"""The jury's deliberation made public, and what a candidate may then read of a CCF."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import Cfa, User
from accounts.permissions import is_admin_of
from apprentices.models import Enrolment

from ..enums import EvaluationState
from ..exam.enums import EXAM_MONTH
from ..models import CcfEvaluation, JuryPublication
from ..rules import show_mark


def check_day(day: date, session: int, today: date, *, field: str) -> None:
    """The day on which a jury met: past, and after the épreuves of its session; DomainError otherwise."""
    if day > today:
        raise DomainError(
            "La délibération n'a pas encore eu lieu à cette date : les notes restent secrètes jusque-là "
            "(AN2025).",
            field=field,
        )
    if day.year != session or day.month < EXAM_MONTH:
        raise DomainError(
            f"Le jury de la session {session} délibère en {session}, après les épreuves de mai et juin : "
            "vérifiez la date.",
            field=field,
        )


@transaction.atomic
def publish_deliberation(
    *, cfa: Cfa, session: int, published_on: date, by: User
) -> JuryPublication:
    """An administrator enters that the jury's results of a session are public."""
    if not is_admin_of(by, cfa):
        raise NotAllowed("Seule l'administration du CFA saisit la publication du jury.")
    check_day(published_on, session, timezone.localdate(), field="published_on")
    found, made = JuryPublication.objects.get_or_create(
        cfa=cfa, session=session, defaults={"published_on": published_on, "entered_by": by}
    )
    if not made:
        raise DomainError(
            f"La publication de la session {session} est déjà saisie, au "
            f"{found.published_on:%d/%m/%Y}.",
            field="session",
        )
    data = {"session": session, "published_on": published_on.isoformat()}
    record("jury.published", found, cfa=cfa, actor=by, data=data)
    return found


def is_published(cfa: Cfa, session: int, today: date) -> bool:
    return JuryPublication.objects.filter(
        cfa=cfa, session=session, published_on__lte=today
    ).exists()


@dataclass(frozen=True)
class OwnSheet:
    """What a candidate reads after the deliberation: appreciations and mark, never the grid."""

    mark: str
    appreciations: tuple[tuple[str, str], ...]


def own_sheet(enrolment: Enrolment, evaluation: CcfEvaluation | None) -> OwnSheet | None:
    """The candidate's sheet, or None while it is secret (exam-rules 3.1, AN2025)."""
    if evaluation is None or evaluation.state != EvaluationState.LOCKED:
        return None
    cohort = enrolment.cohort
    if not is_published(cohort.cfa, cohort.programme.session, timezone.localdate()):
        return None
    return OwnSheet(
        show_mark(evaluation.mark),
        tuple((one.code, one.appreciation) for one in evaluation.situations.all()),
    )
