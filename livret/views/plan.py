"""The plan, the coverage of E4 and E6, and the fiches."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Request, as_uuid
from accounts.permissions import apprentice_required, member_required, team_required
from programmes.models import Competence

from .. import actions
from ..enums import ActivityKind, NetworkKind, ReviewKind, ReviewState, Term
from ..following import coverage_of
from ..models import Fiche, Livret
from ..pdf import assessed_competences
from ..permissions import can_steer_livret
from ..rules import coverage
from .reviews import _livret
from .saving import answer, page_facts, wants_json


@member_required
def plan_detail(request: Request, uuid) -> HttpResponse:
    """The competences of the référentiel against the tasks of the company, and what E4 and E6 ask."""
    livret = _livret(request, uuid)
    error = ""
    if request.method == "POST":
        try:
            _write_plan(request, livret)
            return redirect("livret:plan_detail", livret.uuid)
        except DomainError as refused:
            error = refused.message
    context = _context(request, livret) | {"error": error}
    return render(request, "livret/plan_detail.html", context, status=422 if error else 200)


def _write_plan(request: Request, livret: Livret) -> None:
    data = request.POST
    if "remove" in data:
        task = get_object_or_404(livret.plan_tasks, uuid=as_uuid(data["remove"]))
        actions.remove_plan_task(task=task, by=request.user)
        messages.success(request, "La mission est retirée du plan.")
        return
    keys = [value for value in data.getlist("competences") if value.isdigit()]
    actions.save_plan_task(
        livret=livret,
        title=data.get("title", ""),
        term=data.get("term", ""),
        kind=data.get("kind", ""),
        network=data.get("network", ""),
        competences=list(Competence.objects.filter(pk__in=keys).select_related("bloc")),
        by=request.user,
    )
    messages.success(request, "La mission est au plan.")


def _context(request: Request, livret: Livret) -> dict[str, Any]:
    competences = assessed_competences(livret.enrolment)
    tasks = list(livret.plan_tasks.filter(removed_at__isnull=True).prefetch_related("competences"))
    plan = livret.reviews.standing().filter(kind=ReviewKind.PLAN).order_by("-version").first()
    frozen = plan is not None and plan.state in (ReviewState.SIGNING, ReviewState.CLOSED)
    blocs: dict[str, list[dict[str, Any]]] = {}
    for competence in competences:
        taught = [t for t in tasks if competence in t.competences.all()]
        blocs.setdefault(competence.bloc.title, []).append(
            {"competence": competence, "tasks": taught}
        )
    return {
        "livret": livret,
        "enrolment": livret.enrolment,
        "blocs": blocs,
        "tasks": tasks,
        "plan": plan,
        "frozen": frozen,
        "can_write": not frozen and not livret.sealed_at and can_steer_livret(request.user, livret),
        "competences": competences,
        "terms": Term.choices,
        "kinds": ActivityKind.choices,
        "networks": NetworkKind.choices,
        "coverage": coverage_of([livret.enrolment], timezone.localdate())[livret.enrolment.pk],
        "fiches": livret.fiches.all(),
        "is_own": livret.enrolment.apprentice.user_id == request.user.pk,
    }


@require_POST
@apprentice_required
def fiche_create(request: Request, uuid) -> HttpResponse:
    """Begin a fiche from the tasks of the periods."""
    livret = _livret(request, uuid)
    try:
        fiche = actions.create_fiche(
            livret=livret,
            epreuve=request.POST.get("epreuve", ""),
            need=request.POST.get("need", ""),
            by=request.user,
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("livret:plan_detail", livret.uuid)
    return redirect("livret:fiche_detail", fiche.uuid)


@member_required
def fiche_detail(request: Request, uuid) -> HttpResponse:
    """Read a fiche; the apprentice writes it."""
    fiche = get_object_or_404(
        Fiche.objects.filter(
            livret__in=Livret.objects.visible_to(request.user),
            livret__enrolment__cohort__cfa=request.membership.cfa,
        ).select_related("livret__enrolment__apprentice"),
        uuid=uuid,
    )
    error = ""
    rubrics = coverage.RUBRICS[fiche.epreuve]
    if request.method == "POST" and wants_json(request):
        data = request.POST
        return answer(
            lambda: actions.write_fiche(
                fiche=fiche,
                field=data.get("name", ""),
                text=data.get("value", ""),
                seen=data.get("seen", ""),
                by=request.user,
            )
        )
    if request.method == "POST":
        try:
            actions.save_fiche(
                fiche=fiche,
                title=request.POST.get("title", ""),
                rubrics={key: request.POST.get(key, "") for key, _label, _help in rubrics},
                is_ready="ready" in request.POST,
                by=request.user,
            )
            messages.success(request, "La fiche est enregistrée.")
            return redirect("livret:fiche_detail", fiche.uuid)
        except DomainError as refused:
            error = refused.message
    need = actions.need_of(fiche.epreuve, fiche.need)
    context = {
        "fiche": fiche,
        "need": need,
        "rows": [
            {
                "key": key,
                "label": label,
                "help": text,
                "text": request.POST.get(key, fiche.rubrics.get(key, "")),
                "seen": fiche.rubrics.get(key, ""),
            }
            for key, label, text in rubrics
        ],
        "tasks": fiche.tasks.select_related("period"),
        "save": page_facts(
            request.path,
            request.user.uuid,
            reverse("account_login") + f"?next={request.path}",
        ),
        "is_own": fiche.livret.enrolment.apprentice.user_id == request.user.pk,
        "error": error,
    }
    return render(request, "livret/fiche_detail.html", context, status=422 if error else 200)


@require_POST
@apprentice_required
def fiche_deposit(request: Request, uuid) -> HttpResponse:
    """Hand a ready fiche in to the dossier of its épreuve."""
    fiche = get_object_or_404(
        Fiche.objects.filter(livret__in=Livret.objects.visible_to(request.user)), uuid=uuid
    )
    try:
        piece = actions.deposit_fiche(fiche=fiche, by=request.user)
        messages.success(request, f"{piece} est déposée dans votre dossier {fiche.epreuve}.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("livret:fiche_detail", fiche.uuid)


@team_required
def livret_follow(request: Request, uuid) -> HttpResponse:
    """Timeline, radar and signals of one apprentice, for the team."""
    from ..following import radars_of, signals_of, timeline_of

    livret = _livret(request, uuid)
    today = timezone.localdate()
    context = {
        "livret": livret,
        "enrolment": livret.enrolment,
        "timeline": timeline_of(livret),
        "radars": radars_of(livret),
        "signals": signals_of([livret.enrolment], today)[livret.enrolment.pk],
    }
    return render(request, "livret/livret_follow.html", context)
