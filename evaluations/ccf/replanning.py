"""What is taken back of a planning: dates that nobody has been told, an absence noted by mistake."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User
from apprentices.models import Enrolment
from programmes.models import Epreuve

from .. import actions as grading
from ..enums import SittingState
from ..models import CcfSitting


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
            "Aucun passage à retirer : ceux qui sont convoqués se déplacent, ils ne se retirent pas."
        )
    for sitting in sittings:
        situation = sitting.situation
        evaluation = grading.open_for(situation.evaluation, by)
        if situation.held_on == timezone.localdate(sitting.starts_at):
            # The date and the names that the planning had written on the sheet.
            situation.held_on, situation.evaluators = None, ""
            situation.save(update_fields=["held_on", "evaluators"])
        data = {"situation": code, "starts": sitting.starts_at.isoformat()}
        sitting.delete()
        cfa = evaluation.enrolment.cohort.cfa
        record("ccf.unplanned", evaluation, cfa=cfa, actor=by, data=data)
    return len(sittings)


@transaction.atomic
def take_back_absence(*, sitting: CcfSitting, by: User) -> CcfSitting:
    """The absence was noted by mistake: the candidate came, the sitting is what it was."""
    sitting = CcfSitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
    situation = sitting.situation
    evaluation = grading.open_for(situation.evaluation, by)
    if sitting.state != SittingState.ABSENT:
        raise DomainError("Ce passage ne porte pas d'absence.")
    if situation.sittings.exclude(state=SittingState.ABSENT).exists():
        raise DomainError("Une nouvelle date est déjà donnée : l'absence à la première reste.")
    sitting.state = SittingState.CONVENED if sitting.convened_at else SittingState.PLANNED
    sitting.is_justified, sitting.reason = False, ""
    sitting.save(update_fields=["state", "is_justified", "reason"])
    situation.held_on = timezone.localdate(sitting.starts_at)
    situation.save(update_fields=["held_on"])
    cfa = evaluation.enrolment.cohort.cfa
    record("ccf.absence_undone", evaluation, cfa=cfa, actor=by, data={"situation": situation.code})
    return sitting
