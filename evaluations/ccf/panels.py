"""What surrounds the grading page: sittings, dossier, fiche-sujet, signatures."""

from typing import Any

from django.utils import timezone

from accounts.models import User

from ..enums import FALLEN_SITTINGS, EvaluationState
from ..models import CcfDossier, CcfEvaluation, CcfSitting, FicheSujet
from ..permissions import can_grade_ccf
from .rules import is_named
from .sheets import rubrics
from .signing import can_sign, members_to_sign, signatures_of


def next_sitting(user: User, sittings: list[CcfSitting]) -> CcfSitting | None:
    """Who comes before this person right after, the same day: one tap between two candidates."""
    mine = [
        one
        for one in sittings
        if one.state not in FALLEN_SITTINGS and user.pk in {m.user_id for m in one.members.all()}
    ]
    if not mine:
        return None
    last = max(mine, key=lambda one: one.starts_at)
    return (
        CcfSitting.objects.filter(
            members__user=user,
            starts_at__gt=last.starts_at,
            starts_at__date=timezone.localdate(last.starts_at),
        )
        .standing()
        .exclude(situation__evaluation=last.situation.evaluation_id)
        .select_related("situation__evaluation__enrolment__apprentice")
        .order_by("starts_at", "pk")
        .first()
    )


def panels(user: User, evaluation: CcfEvaluation) -> dict[str, Any]:
    """The facts of the side panels, and what this person may do with them."""
    sittings = list(
        CcfSitting.objects.filter(situation__evaluation=evaluation)
        .select_related("situation", "document")
        .prefetch_related("members")
    )
    is_locked = evaluation.state == EvaluationState.LOCKED
    signatures = signatures_of(evaluation) if is_locked else []
    may_sign = is_locked and can_grade_ccf(user, evaluation)
    return {
        "next_sitting": next_sitting(user, sittings),
        "sittings": sittings,
        "dossier": CcfDossier.objects.filter(
            enrolment=evaluation.enrolment, epreuve=evaluation.epreuve
        ).first(),
        "has_fiche_sujet": bool(rubrics(evaluation)),
        "fiche_sujet": FicheSujet.objects.filter(evaluation=evaluation).first(),
        "signatures": signatures,
        "can_sign": may_sign and can_sign(user, signatures),
        "others_to_sign": [
            one for one in members_to_sign(signatures) if not is_named(one, str(user))
        ]
        if may_sign
        else [],
    }
