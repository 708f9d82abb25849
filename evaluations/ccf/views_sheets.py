"""The screens around a grid: the commission's signatures and the fiche-sujet of E4 B."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import DomainError, NotAllowed
from accounts.http import Request
from accounts.permissions import team_required

from ..models import CcfEvaluation, FicheSujet
from ..permissions import can_grade_ccf
from . import sheets


def _graded(request: Request, uuid) -> CcfEvaluation:
    found = (
        CcfEvaluation.objects.visible_to(request.user)
        .filter(enrolment__cohort__cfa=request.membership.cfa)
        .select_related(
            "epreuve__referentiel",
            "enrolment__apprentice",
            "enrolment__cohort__cfa",
            "enrolment__cohort__programme__referentiel",
        )
    )
    return get_object_or_404(found, uuid=uuid)


@require_POST
@team_required
def ccf_sign(request: Request, uuid) -> HttpResponse:
    """Sign the locked sheet."""
    evaluation = _graded(request, uuid)
    try:
        sheets.sign_evaluation(evaluation=evaluation, by=request.user)
        messages.success(request, "Vous avez signé la fiche, pour ses deux situations.")
    except NotAllowed as error:
        raise PermissionDenied(error.message) from error
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("evaluations:ccf_detail", uuid=uuid)


@require_http_methods(["GET", "POST"])
@never_cache
@team_required
def fiche_sujet(request: Request, uuid) -> HttpResponse:
    """Both sides of the fiche-sujet of E4 B; « éditer » asks for the two PDFs."""
    evaluation = _graded(request, uuid)
    asked = sheets.rubrics(evaluation)
    if not asked or not can_grade_ccf(request.user, evaluation):
        raise Http404("Cette épreuve n'a pas de fiche-sujet.")
    fiche = FicheSujet.objects.filter(evaluation=evaluation).first()
    sides = {"candidate": dict(fiche.candidate), "jury": dict(fiche.jury)} if fiche else {}
    error = ""
    if request.method == "POST":
        sides = {
            side: {t: request.POST.get(f"{side}-{n}", "") for n, t in enumerate(asked[side])}
            for side in ("candidate", "jury")
        }
        try:
            fiche = sheets.save_fiche_sujet(evaluation=evaluation, by=request.user, **sides)
            if request.POST.get("issue") == "1":
                job = sheets.issue_fiche_sujet(fiche=fiche, by=request.user)
                return redirect("documents:job_detail", uuid=job.uuid)
        except DomainError as refusal:
            error = refusal.message
        else:
            messages.success(request, "La fiche-sujet est enregistrée.")
            return redirect("evaluations:fiche_sujet", uuid=uuid)
    context = {
        "evaluation": evaluation,
        "fiche": fiche,
        "error": error,
        "sides": [
            (
                side,
                label,
                [
                    (f"{side}-{n}", title, sides.get(side, {}).get(title, ""))
                    for n, title in enumerate(asked[side])
                ],
            )
            for side, label in (("candidate", "Côté candidat"), ("jury", "Côté jury"))
        ],
    }
    return render(request, "evaluations/fiche_sujet.html", context, status=422 if error else 200)
