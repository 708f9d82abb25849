"""Pages of the admission: the list of candidates, the file of one of them, its deeds."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required, team_reader_required
from programmes.rules import minimum_hours

from .. import actions
from ..admission.forms import (
    ApplyForm,
    CandidateForm,
    DecisionForm,
    EnrolAdmittedForm,
    InterviewForm,
    PositioningForm,
)
from ..admission.rules import Diploma, positioning_problem, proposed_dispenses
from ..enums import ApplicationAction, ApplicationState
from ..models import Application, Apprentice, Cohort
from ..rows import APPLICATION_STATUS
from .deeds import attempt, done

PAGE_SIZE = 50


def applications_here(request: Request):
    """Those of the CFA under which the person works now."""
    applications = Application.objects.visible_to(request.user)
    return applications.filter(cohort__cfa=request.membership.cfa)


def _filtered(request: Request):
    found = applications_here(request)
    if (state := request.GET.get("etat", "")) in ApplicationState.values:
        found = found.filter(state=state)
    if cohort := _cohort(request):
        found = found.filter(cohort=cohort)
    for word in request.GET.get("q", "").split():
        found = found.filter(
            Q(apprentice__last_name__icontains=word) | Q(apprentice__first_name__icontains=word)
        )
    if state == ApplicationState.WAITING:
        return found.order_by("waiting_since", "pk")
    return found.order_by("-received_on", "-pk")


def _cohort(request: Request) -> Cohort | None:
    cohorts = Cohort.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    asked = request.GET.get("promotion", "")
    return next((c for c in cohorts if str(c.uuid) == asked), None) if asked else None


@team_reader_required
def application_list(request: Request) -> HttpResponse:
    found = (
        _filtered(request)
        .select_related("apprentice", "cohort", "positioning")
        .annotate(
            asked=Count("pieces", filter=Q(pieces__is_required=True)),
            received=Count(
                "pieces", filter=Q(pieces__is_required=True, pieces__received_on__isnull=False)
            ),
        )
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    cohorts = request.membership.cfa.cohorts.filter(ends_on__gt=today)
    context = {
        "page": page,
        "rows": [(a, APPLICATION_STATUS[ApplicationState(a.state)]) for a in page.object_list],
        "states": ApplicationState.choices,
        "state": request.GET.get("etat", ""),
        "search": request.GET.get("q", ""),
        "cohorts": [(c, actions.places_of(c), c.waiting) for c in _with_waiting(cohorts)],
        "chosen": request.GET.get("promotion", ""),
        "query": request.GET.urlencode(),
    }
    return render(request, "apprentices/application_list.html", context)


def _with_waiting(cohorts):
    waiting = Count("applications", filter=Q(applications__state=ApplicationState.WAITING))
    return cohorts.annotate(waiting=waiting).order_by("-starts_on", "name", "pk")[:12]


@staff_required
def application_create(request: Request) -> HttpResponse:
    cfa, today = request.membership.cfa, timezone.localdate()
    form = CandidateForm(request.POST or None, cfa=cfa, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            application = actions.create_candidate(by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"La candidature de {application.apprentice} est ouverte.")
            return redirect("apprentices:application_detail", application.uuid)
    context = {"form": form, "has_cohort": form.has_cohort}
    status = 422 if form.is_bound else 200
    return render(request, "apprentices/application_form.html", context, status=status)


@staff_required
def application_open(request: Request, uuid) -> HttpResponse:
    """A person who has a file already asks for a cohort."""
    people = Apprentice.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    apprentice = get_object_or_404(people, uuid=uuid)
    form = ApplyForm(request.POST or None, apprentice=apprentice, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            application = actions.apply_to_cohort(
                apprentice=apprentice, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect("apprentices:application_detail", application.uuid)
    context = {"form": form, "apprentice": apprentice, "has_cohort": True}
    status = 422 if form.is_bound else 200
    return render(request, "apprentices/application_form.html", context, status=status)


@team_reader_required
def application_detail(request: Request, uuid) -> HttpResponse:
    return _page(request, _application(request, uuid))


def _application(request: Request, uuid) -> Application:
    found = applications_here(request).select_related(
        "apprentice",
        "cohort__cfa",
        "cohort__programme__referentiel",
        "interviewer",
        "positioning__assessor",
        "decided_by",
        "enrolment",
    )
    return get_object_or_404(found, uuid=uuid)


def _page(
    request: Request, application: Application, status: int = 200, **bound: forms.Form
) -> HttpResponse:
    today, cohort = timezone.localdate(), application.cohort
    facts: dict[str, Any] = {"application": application, "today": today}
    own = {**facts, "user": request.user}
    gate = actions.gate_of(application)
    kind, word = APPLICATION_STATUS[ApplicationState(application.state)]
    test = getattr(application, "positioning", None)
    minimum = minimum_hours(
        cohort.starts_on,
        cohort.ends_on,
        cohort.programme.referentiel.hours_per_year,
        cohort.programme.referentiel.cycle_months,
    )
    waiting = cohort.applications.filter(state=ApplicationState.WAITING).order_by(
        "waiting_since", "pk"
    )
    ranks = list(waiting.values_list("pk", flat=True))
    context = {
        "application": application,
        "status_kind": kind,
        "status_word": word,
        "pieces": application.pieces.all(),
        "gate": gate,
        "test": test,
        "test_note": positioning_problem(
            test.hours_removed, cohort.programme.hours_announced, minimum
        )
        if test
        else "",
        "places": actions.places_of(cohort),
        "rank": ranks.index(application.pk) + 1 if application.pk in ranks else 0,
        "waiting": len(ranks),
        "dispenses": proposed_dispenses(
            [
                Diploma(d.code, d.title, d.is_french, d.has_law_economics)
                for d in application.apprentice.diplomas.all()
            ]
        ),
        "interview_form": InterviewForm(**own),
        "positioning_form": PositioningForm(**own),
        "decision_form": DecisionForm(),
        "enrol_form": EnrolAdmittedForm(**facts),
        "is_open": application.state in ("received", "waiting", "admitted"),
        "may_write": request.membership.role in ("admin", "staff"),
        **bound,
    }
    return render(request, "apprentices/application_detail.html", context, status=status)


@require_POST
@staff_required
def application_pieces(request: Request, uuid) -> HttpResponse:
    application = _application(request, uuid)
    deed = partial(
        actions.receive_pieces, application=application, received=request.POST.getlist("piece")
    )
    attempt(request, deed, "Les pièces du dossier sont enregistrées.")
    return redirect("apprentices:application_detail", application.uuid)


@require_POST
@staff_required
def application_interview(request: Request, uuid) -> HttpResponse:
    application = _application(request, uuid)
    form = InterviewForm(
        request.POST, application=application, user=request.user, today=timezone.localdate()
    )
    deed = partial(actions.record_interview, application=application)
    if done(request, form, deed, "L'entretien est enregistré."):
        return redirect("apprentices:application_detail", application.uuid)
    return _page(request, application, 422, interview_form=form)


@require_POST
@staff_required
def application_positioning(request: Request, uuid) -> HttpResponse:
    application = _application(request, uuid)
    form = PositioningForm(
        request.POST, application=application, user=request.user, today=timezone.localdate()
    )
    deed = partial(actions.record_positioning, application=application)
    if done(request, form, deed, "Le test de positionnement est enregistré."):
        return redirect("apprentices:application_detail", application.uuid)
    return _page(request, application, 422, positioning_form=form)


@require_POST
@staff_required
def application_decide(request: Request, uuid) -> HttpResponse:
    application = _application(request, uuid)
    form = DecisionForm(request.POST)
    action = request.POST.get("decision", "")
    if action not in ApplicationAction.values:
        form.add_error(None, "Choisissez une décision.")
    elif form.is_valid():
        try:
            done = actions.decide(
                application=application,
                action=action,
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{done.apprentice} : {done.get_state_display().lower()}.")
            return redirect("apprentices:application_detail", application.uuid)
    return _page(request, application, 422, decision_form=form)


@require_POST
@staff_required
def application_enrol(request: Request, uuid) -> HttpResponse:
    application = _application(request, uuid)
    form = EnrolAdmittedForm(request.POST, application=application, today=timezone.localdate())
    if form.is_valid():
        try:
            enrolment = actions.enrol_admitted(
                application=application, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            who = enrolment.apprentice
            enrolled = f"{who} est {who.agree('inscrit(e)')}"
            if form.cleaned_data["has_contract"]:
                messages.success(request, f"{enrolled} : voici son contrat.")
                return redirect("apprentices:contract_create", enrolment.uuid)
            messages.success(request, f"{enrolled}, sans contrat pour l'instant.")
            return redirect("apprentices:apprentice_detail", enrolment.apprentice.uuid)
    return _page(request, application, 422, enrol_form=form)
