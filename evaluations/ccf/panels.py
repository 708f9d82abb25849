"""What surrounds the grading page: sittings, dossier, fiche-sujet, signatures."""

from typing import Any

from accounts.models import User

from ..enums import EvaluationState, SittingState
from ..models import CcfDossier, CcfEvaluation, CcfSignature, CcfSitting, FicheSujet
from ..permissions import can_grade_ccf
from ..rules import signature_lines
from .sheets import rubrics


def panels(user: User, evaluation: CcfEvaluation) -> dict[str, Any]:
    """The facts of the side panels, and what this person may do with them."""
    sittings = list(
        CcfSitting.objects.filter(situation__evaluation=evaluation)
        .select_related("situation", "document")
        .prefetch_related("members")
    )
    signatures = list(
        CcfSignature.objects.filter(situation__evaluation=evaluation, situation__code="A")
        .select_related("user")
        .order_by("signed_at", "pk")
    )
    lines = signature_lines(evaluation.epreuve.code)
    can_sign = (
        evaluation.state == EvaluationState.LOCKED
        and can_grade_ccf(user, evaluation)
        and len(signatures) < lines
        and user.pk not in {one.user_id for one in signatures}
    )
    return {
        "sittings": sittings,
        "absent": SittingState.ABSENT,
        "dossier": CcfDossier.objects.filter(
            enrolment=evaluation.enrolment, epreuve=evaluation.epreuve
        ).first(),
        "has_fiche_sujet": bool(rubrics(evaluation)),
        "fiche_sujet": FicheSujet.objects.filter(evaluation=evaluation).first(),
        "signatures": signatures,
        "signature_lines": lines,
        "can_sign": can_sign,
    }
