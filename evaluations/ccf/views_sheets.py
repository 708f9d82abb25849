"""The screens around a grid: the commission's signatures and the fiche-sujet of E4 B."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import team_reader_required, team_required

from ..files import file_answer
from ..models import CcfEvaluation, FicheSujet, ReceivedFile
from ..permissions import can_grade_ccf
from . import sheets, signing
from .forms import DeviceSignatureForm, HandSignatureForm
from .rules import is_named


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
        count = signing.sign_evaluation(evaluation=evaluation, by=request.user)
        said = "pour ses deux situations" if count > 1 else "pour une situation"
        messages.success(request, f"Vous avez signé la fiche, {said}.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("evaluations:ccf_detail", uuid=uuid)


@require_http_methods(["GET", "POST"])
@never_cache
@team_required
def ccf_sign_other(request: Request, uuid) -> HttpResponse:
    """A member of the commission signs on this device, or by hand on the sheet whose scan is kept."""
    evaluation = _graded(request, uuid)
    rows = signing.signatures_of(evaluation)
    names = [one for one in signing.members_to_sign(rows) if not is_named(one, str(request.user))]
    by_hand = request.POST.get("manner") == "hand"
    device = DeviceSignatureForm(None if by_hand else request.POST or None, names=names)
    hand = HandSignatureForm(
        request.POST if by_hand else None,
        request.FILES if by_hand else None,
        names=names,
        auto_id="main_%s",
    )
    form = hand if by_hand else device
    if request.method == "POST" and form.is_valid():
        deed = signing.record_hand_signature if by_hand else signing.sign_on_device
        try:
            deed(evaluation=evaluation, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, f"La signature de {form.cleaned_data['name']} est recueillie."
            )
            return redirect("evaluations:ccf_detail", uuid=uuid)
    if request.method == "GET" and not names:
        messages.info(request, "Personne d'autre n'a de signature à donner sur cette fiche.")
        return redirect("evaluations:ccf_detail", uuid=uuid)
    context = {"evaluation": evaluation, "rows": rows, "device": device, "hand": hand}
    status = 422 if request.method == "POST" else 200
    return render(request, "evaluations/ccf_sign_other.html", context, status=status)


@require_GET
@never_cache
@team_reader_required
def ccf_scan(request: Request, uuid) -> HttpResponseBase:
    """The scan of a sheet signed by hand."""
    seen = CcfEvaluation.objects.visible_to(request.user).filter(
        enrolment__cohort__cfa=request.membership.cfa
    )
    return file_answer(get_object_or_404(ReceivedFile, evaluation__in=seen, uuid=uuid))


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
