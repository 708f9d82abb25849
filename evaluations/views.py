"""The screens of the CCF: the list of a cohort, the grading page, locking, reopening, the sheet."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Role
from accounts.errors import DomainError, NotAllowed
from accounts.http import Request, as_uuid, show_refusal
from accounts.permissions import staff_required, team_reader_required, team_required
from apprentices.models import Enrolment
from programmes.enums import Categorie
from programmes.models import Epreuve
from programmes.selectors import categorie_of_cfa

from . import actions, screens, selectors
from .ccf.panels import panels
from .ccf.rules import indicative_mark
from .enums import Deed, EvaluationState
from .forms import Forged, ReopenForm, clean_change, clean_form
from .models import CcfEvaluation, CcfSignature
from .permissions import can_grade_ccf, can_reopen_ccf
from .rules import Conflict, Incomplete, next_state, show_mark, what_is_missing, why_no_ccf


def _evaluation(request: Request, uuid) -> CcfEvaluation:
    """The evaluation, if the person may see it from the current CFA; else 404."""
    evaluations = (
        CcfEvaluation.objects.visible_to(request.user)
        .filter(enrolment__cohort__cfa=request.membership.cfa)
        .select_related(
            "epreuve__unite__bloc",
            "enrolment__apprentice",
            "enrolment__cohort__cfa",
            "enrolment__cohort__programme",
            "locked_by",
            "document",
        )
        .prefetch_related("situations", "levels")
    )
    return get_object_or_404(evaluations, uuid=uuid)


def _pk(value: str) -> str:
    """A primary key sent by a form of ours: digits."""
    if not (value.isascii() and value.isdigit() and len(value) <= 12):
        raise BadRequest("Épreuve inconnue.")
    return value


@require_GET
@team_reader_required
def home(request: Request) -> HttpResponse:
    """The first page of the evaluations: the grid of marks."""
    return redirect("evaluations:marks_grid")


@require_GET
@never_cache
@team_reader_required
def ccf_list(request: Request) -> HttpResponse:
    """The CCF of one cohort, apprentice by apprentice."""
    today = timezone.localdate()
    cohorts = list(selectors.graded_cohorts(request.user, request.membership))
    wanted = request.GET.get("promotion", "")
    cohort = screens.pick_cohort(cohorts, wanted, today)
    context: dict[str, Any] = {
        "cohorts": cohorts,
        "cohort": cohort,
        "todo": request.GET.get("afaire") == "1",
    }
    if cohort:
        categorie = categorie_of_cfa(cohort.cfa, today)
        if categorie == Categorie.PONCTUEL:
            context["refusal"] = why_no_ccf(str(cohort.cfa), categorie, "", "", "", today)
            context["ponctuel"] = selectors.ponctuel_forms(cohort)
        enrolments = selectors.graded_enrolments(request.user, request.membership, cohort)
        board = selectors.board(enrolments, selectors.ccf_epreuves(cohort, today), today)
        context |= {"board": board, "rows": screens.rows(board, only_todo=context["todo"])}
        context["can_start"] = request.membership.role != Role.AUDITOR and "refusal" not in context
    return render(request, "evaluations/ccf_list.html", context)


@require_POST
@team_required
def ccf_start(request: Request) -> HttpResponse:
    """Open one CCF, then show its grading page."""
    enrolments = Enrolment.objects.visible_to(request.user).filter(
        cohort__cfa=request.membership.cfa
    )
    uuid = as_uuid(request.POST.get("enrolment", ""))
    if uuid is None:
        raise BadRequest("Inscription inconnue.")
    enrolment = get_object_or_404(enrolments, uuid=uuid)
    epreuve = get_object_or_404(Epreuve, pk=_pk(request.POST.get("epreuve", "")))
    try:
        evaluation = actions.start_evaluation(enrolment=enrolment, epreuve=epreuve, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        page = reverse("evaluations:ccf_list")
        return redirect(f"{page}?promotion={enrolment.cohort.uuid}")
    return redirect("evaluations:ccf_detail", uuid=evaluation.uuid)


@require_http_methods(["GET", "POST"])
@never_cache
@team_reader_required
def ccf_detail(request: Request, uuid) -> HttpResponse:
    """The grading page; its form posts whole here where there is no JavaScript."""
    evaluation = _evaluation(request, uuid)
    if request.method == "GET":
        return _page(request, evaluation)
    actions.check_grader(evaluation, request.user)
    try:
        changes, errors = clean_form(
            evaluation, request.POST, screens.field_names(evaluation, every_line=True)
        )
        if not errors:
            actions.save_changes(evaluation=evaluation, changes=changes, by=request.user)
    except Forged as error:
        raise BadRequest("Formulaire inconnu.") from error
    except DomainError as error:
        errors = {error.field: error.message}
    if errors:
        return _page(request, evaluation, typed=request.POST, errors=errors, status=422)
    count = len(changes)
    messages.success(
        request,
        "Rien n'avait changé."
        if not count
        else f"{count} changement{'s' if count > 1 else ''} enregistré{'s' if count > 1 else ''}.",
    )
    return redirect("evaluations:ccf_detail", uuid=uuid)


def _page(request, evaluation, *, typed=None, errors=None, status=200) -> HttpResponse:
    user = request.user
    screen = screens.grading(
        evaluation,
        can_edit=evaluation.state == EvaluationState.DRAFT and can_grade_ccf(user, evaluation),
        typed=typed,
        errors=errors or {},
    )
    context = {
        "evaluation": evaluation,
        "screen": screen,
        "can_reopen": evaluation.state == EvaluationState.LOCKED
        and can_reopen_ccf(user, evaluation),
        **panels(user, evaluation),
        "can_issue": evaluation.state == EvaluationState.LOCKED and can_grade_ccf(user, evaluation),
    }
    return render(request, "evaluations/ccf_detail.html", context, status=status)


@require_POST
@never_cache
@team_required
def ccf_save(request: Request, uuid) -> HttpResponse:
    """Save one field; the answer tells the page what became of it."""
    evaluation = _evaluation(request, uuid)
    name = request.POST.get("name", "")
    try:
        change = clean_change(
            evaluation, name, request.POST.get("value", ""), request.POST.get("seen", "")
        )
        actions.save_changes(evaluation=evaluation, changes=[change], by=request.user)
    except Forged:
        return JsonResponse({"state": "error", "message": "Champ inconnu."}, status=400)
    except NotAllowed as error:
        return JsonResponse({"state": "error", "message": error.message}, status=403)
    except Conflict as error:
        body = {"state": "conflict", "message": error.message, "current": error.current}
        return JsonResponse(body, status=409)
    except DomainError as error:
        return JsonResponse({"state": "error", "message": error.message}, status=422)
    fresh = _evaluation(request, uuid)
    sheet = selectors.sheet_of(fresh)
    return JsonResponse(
        {
            "state": "saved",
            "value": screens.value_of(fresh, name),
            "ticked": sum(1 for line in sheet.lines if sheet.levels.get(line.key)),
            "lines": len(sheet.lines),
            "indicative": show_mark(indicative_mark(sheet.ticked, len(sheet.lines))),
            "missing": [m.sentence for m in what_is_missing(sheet, timezone.localdate())],
            # The grid has other lines once the choice is made: the page reads itself again.
            "reload": name == "situation-B-choice",
        }
    )


@require_http_methods(["GET", "POST"])
@never_cache
@team_required
def ccf_lock(request: Request, uuid) -> HttpResponse:
    """Say what locking will do, then do it."""
    evaluation = _evaluation(request, uuid)
    sheet = selectors.sheet_of(evaluation)
    missing = what_is_missing(sheet, timezone.localdate())
    error, status = "", 200
    if request.method == "POST":
        try:
            actions.lock_evaluation(evaluation=evaluation, by=request.user)
        except Incomplete as refusal:
            missing, status = list(refusal.missing), 422
        except DomainError as refusal:
            error, status = refusal.message, 422
        else:
            messages.success(request, "L'évaluation est verrouillée : elle ne se modifie plus.")
            return redirect("evaluations:ccf_detail", uuid=uuid)
    context = {"evaluation": evaluation, "missing": missing, "error": error}
    context["screen"] = screens.grading(evaluation, can_edit=False)
    context["is_locked"] = evaluation.state == EvaluationState.LOCKED
    return render(request, "evaluations/ccf_lock.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required
def ccf_reopen(request: Request, uuid) -> HttpResponse:
    """Ask the reason, then reopen."""
    evaluation = _evaluation(request, uuid)
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reopen_evaluation(
                evaluation=evaluation, by=request.user, reason=form.cleaned_data["reason"]
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "L'évaluation est rouverte ; l'état d'avant est conservé.")
            return redirect("evaluations:ccf_detail", uuid=uuid)
    try:
        next_state(evaluation.state, Deed.REOPEN)
        refusal = ""
    except DomainError as error:
        refusal = error.message
    status = 422 if request.method == "POST" else 200
    signatures = CcfSignature.objects.filter(situation__evaluation=evaluation).order_by("name")
    context = {
        "evaluation": evaluation,
        "form": form,
        "refusal": refusal,
        "signed_by": signatures.values_list("name", flat=True).distinct(),
    }
    return render(request, "evaluations/ccf_reopen.html", context, status=status)


@require_POST
@team_required
def ccf_pdf(request: Request, uuid) -> HttpResponse:
    """Ask for the commission's sheet and follow its making."""
    evaluation = _evaluation(request, uuid)
    try:
        document = actions.request_ccf_pdf(evaluation=evaluation, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("evaluations:ccf_detail", uuid=uuid)
    return redirect("documents:document_detail", uuid=document.uuid)
