"""What surrounds the grading page: sittings, dossier, fiche-sujet, signatures."""

from typing import Any

from accounts.models import User

from ..enums import EvaluationState, SittingState
from ..models import CcfDossier, CcfEvaluation, CcfSitting, FicheSujet
from ..permissions import can_grade_ccf
from .sheets import rubrics
from .signing import can_sign, members_to_sign, signatures_of


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
        "sittings": sittings,
        "absent": SittingState.ABSENT,
        "dossier": CcfDossier.objects.filter(
            enrolment=evaluation.enrolment, epreuve=evaluation.epreuve
        ).first(),
        "has_fiche_sujet": bool(rubrics(evaluation)),
        "fiche_sujet": FicheSujet.objects.filter(evaluation=evaluation).first(),
        "signatures": signatures,
        "can_sign": may_sign and can_sign(user, signatures),
        "others_to_sign": [one for one in members_to_sign(signatures) if one != str(user)]
        if may_sign
        else [],
    }
