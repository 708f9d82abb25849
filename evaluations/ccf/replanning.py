"""What is taken back of a planning: dates that nobody was told, those that were, an absence noted by mistake."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from accounts.permissions import is_staff_of
from apprentices.models import Enrolment
from programmes.models import Epreuve

from .. import actions as grading
from ..enums import EvaluationState, SittingState
from ..models import CcfSitting
from .mail import send_cancellations


def removable(enrolments: Iterable[Enrolment], epreuve: Epreuve, code: str):
    """The sittings of this situation that are planned and of which nobody was ever convened."""
    return CcfSitting.objects.filter(
        situation__evaluation__enrolment__in=list(enrolments),
        situation__evaluation__epreuve=epreuve,
        situation__code=code,
        state=SittingState.PLANNED,
        convened_at=None,
    )


@transaction.atomic
def unplan(*, enrolments: Iterable[Enrolment], epreuve: Epreuve, code: str, by: User) -> int:
    """Take the dates away: a row planned for the wrong situation, a candidate too many."""
    sittings = list(
        removable(enrolments, epreuve, code)
        .select_for_update(of=("self",))
        .select_related("situation__evaluation__enrolment__cohort__cfa")
        .order_by("pk")
    )
    if not sittings:
        raise DomainError(
            "Aucun passage à retirer : ceux qui sont convoqués se déplacent, ou s'annulent avec un motif."
        )
    for sitting in sittings:
        situation = sitting.situation
        evaluation = grading.open_for(situation.evaluation, by, is_nv_too=True)
        _clear_sheet(sitting)
        data = {"situation": code, "starts": sitting.starts_at.isoformat()}
        sitting.delete()
        cfa = evaluation.enrolment.cohort.cfa
        record("ccf.unplanned", evaluation, cfa=cfa, actor=by, data=data)
    return len(sittings)


def _clear_sheet(sitting: CcfSitting) -> None:
    """Take away the date and the names that the planning had written on the sheet."""
    situation = sitting.situation
    if situation.held_on == timezone.localdate(sitting.starts_at):
        situation.held_on, situation.evaluators = None, ""
        situation.save(update_fields=["held_on", "evaluators"])


def same_day(sitting: CcfSitting):
    """The other sittings of this situation that day in the cohort, to which somebody is convened."""
    evaluation = sitting.situation.evaluation
    return (
        CcfSitting.objects.standing()
        .filter(
            situation__evaluation__enrolment__cohort=evaluation.enrolment.cohort_id,
            situation__evaluation__epreuve=evaluation.epreuve_id,
            situation__code=sitting.situation.code,
            situation__evaluation__state=EvaluationState.DRAFT,
            starts_at__date=timezone.localdate(sitting.starts_at),
            convened_at__isnull=False,
        )
        .exclude(pk=sitting.pk)
    )


@transaction.atomic
def cancel_sittings(*, sittings: Iterable[CcfSitting], reason: str, by: User) -> int:
    """Cancel what people are convened to, and tell them why; the row, its letter and its history stay.

    Who convenes cancels: the head of the centre and the team (IGEN, CRCOM Versailles). No text forbids a
    new date, which needs a new convocation.
    """
    reason = reason.strip()
    if len(reason) < 5:
        raise DomainError("Indiquez le motif : il est dit aux personnes convoquées.", field="reason")  # fmt: skip
    found = list(
        CcfSitting.objects.select_for_update(of=("self",))
        .filter(pk__in=[one.pk for one in sittings])
        .select_related(
            "document",
            "situation__evaluation__epreuve",
            "situation__evaluation__enrolment__apprentice__user",
            "situation__evaluation__enrolment__cohort__cfa",
        )
        .prefetch_related("members__user")
        .order_by("pk")
    )
    for sitting in found:
        cfa = sitting.situation.evaluation.enrolment.cohort.cfa
        if not is_staff_of(by, cfa):
            raise NotAllowed("L'équipe du CFA, qui convoque, annule les passages.")
        # A dossier declared NV is a reason to cancel, not an obstacle.
        evaluation = grading.open_for(sitting.situation.evaluation, by, is_nv_too=True)
        _check_cancellable(sitting)
        _clear_sheet(sitting)
        sitting.state, sitting.reason = SittingState.CANCELLED, reason[:300]
        sitting.save(update_fields=["state", "reason"])
        data = {"situation": sitting.situation.code, "starts": sitting.starts_at.isoformat()}
        record("ccf.cancelled", evaluation, cfa=cfa, actor=by, reason=reason, data=data)
    transaction.on_commit(lambda: send_cancellations(found))
    return len(found)


def _check_cancellable(sitting: CcfSitting) -> None:
    if sitting.state == SittingState.CANCELLED:
        raise DomainError("Ce passage est déjà annulé.")
    if sitting.state == SittingState.ABSENT:
        raise DomainError("Une absence y est notée : retirez-la d'abord, si le passage n'a pas eu lieu.")  # fmt: skip
    if sitting.convened_at is None:
        raise DomainError("Personne n'y est convoqué : retirez simplement la date.")


@transaction.atomic
def take_back_absence(*, sitting: CcfSitting, by: User) -> CcfSitting:
    """The absence was noted by mistake: the candidate came, the sitting is what it was."""
    sitting = CcfSitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
    situation = sitting.situation
    evaluation = grading.open_for(situation.evaluation, by)
    if sitting.state != SittingState.ABSENT:
        raise DomainError("Ce passage ne porte pas d'absence.")
    if situation.sittings.standing().exists():
        raise DomainError("Une nouvelle date est déjà donnée : l'absence à la première reste.")
    sitting.state = SittingState.CONVENED if sitting.convened_at else SittingState.PLANNED
    sitting.is_justified, sitting.reason = False, ""
    sitting.save(update_fields=["state", "is_justified", "reason"])
    situation.held_on = timezone.localdate(sitting.starts_at)
    situation.save(update_fields=["held_on"])
    cfa = evaluation.enrolment.cohort.cfa
    record("ccf.absence_undone", evaluation, cfa=cfa, actor=by, data={"situation": situation.code})
    return sitting
