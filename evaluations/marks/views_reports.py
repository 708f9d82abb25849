"""The screens of the averages, appreciations, bulletins and livrets scolaires."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import STAFF_ROLES, Role
from accounts.errors import DomainError, NotAllowed
from accounts.http import Request, as_uuid
from accounts.permissions import staff_required, team_reader_required
from apprentices.models import Enrolment

from . import issuing, reports, selectors
from .forms import LivretScolaireForm, PastSessionForm
from .grid import build_remarks, wanted_number
from .permissions import can_mark
from .views import _cohort, choose


@require_GET
@never_cache
@team_reader_required
def marks_averages(request: Request) -> HttpResponse:
    """Averages of a semester as a heat map, and what is made of them."""
    context = choose(request)
    if context["cohort"]:
        context["table"] = reports.averages_table(context["cohort"], context["number"])
        context["is_staff"] = request.membership.role in STAFF_ROLES
        context["past_form"] = PastSessionForm()
    return render(request, "evaluations/marks_averages.html", context)


@require_GET
@never_cache
@team_reader_required
def remarks(request: Request) -> HttpResponse:
    """The appreciations of a subject, or of the council, each saved as it is written."""
    context = choose(request)
    if context["cohort"]:
        cohort, number, subject = context["cohort"], context["number"], context["subject"]
        figures = reports.subject_figures(cohort, number, subject)
        context["rows"] = build_remarks(cohort, number, subject, figures)
        context["can_write"] = request.membership.role != Role.AUDITOR and not context["is_locked"]
    return render(request, "evaluations/remarks.html", context)


def _enrolment(request: Request, uuid) -> Enrolment:
    cohorts = selectors.marked_cohorts(request.membership)
    found = Enrolment.objects.filter(cohort__in=cohorts).exclude(apprentice__user=request.user)
    return get_object_or_404(
        found.select_related("apprentice__user", "cohort__cfa", "cohort__programme__referentiel"),
        uuid=uuid,
    )


@require_GET
@never_cache
@team_reader_required
def bulletin(request: Request, uuid) -> HttpResponse:
    """One bulletin on the screen."""
    enrolment = _enrolment(request, uuid)
    number = wanted_number(request.GET.get("semestre", ""), enrolment.cohort, timezone.localdate())
    context = reports.Bulletins(enrolment.cohort, number).context(enrolment)
    return render(
        request,
        "evaluations/bulletin.html",
        {
            "enrolment": enrolment,
            "bulletin": context,
            "numbers": (1, 2, 3, 4),
            "documents": enrolment.reports.filter(period__number=number).select_related("document"),
        },
    )


@require_http_methods(["GET", "POST"])
@never_cache
@team_reader_required
def livret_scolaire(request: Request, uuid) -> HttpResponse:
    """One livret scolaire on the screen, and what the team adds to it."""
    enrolment = _enrolment(request, uuid)
    added = getattr(enrolment, "livret_scolaire", None)
    names = ("opinion", "text")
    initial = {name: getattr(added, name) for name in names} if added else {}
    form = LivretScolaireForm(request.POST or None, initial=initial)
    can_write = can_mark(request.user, enrolment.cohort)
    if request.method == "POST":
        if not can_write:
            raise NotAllowed(issuing.NOT_WRITER)
        if form.is_valid():
            issuing.save_livret_scolaire(enrolment=enrolment, by=request.user, **form.cleaned_data)
            messages.success(request, "Le livret scolaire est enregistré.")
            return redirect("evaluations:livret_scolaire", uuid=uuid)
    context = reports.LivretsScolaires(enrolment.cohort).context(enrolment)
    status = 422 if request.method == "POST" else 200
    return render(
        request,
        "evaluations/livret_scolaire.html",
        {
            "enrolment": enrolment,
            "livret": context,
            "missing": reports.missing_in_livret(context),
            "form": form,
            "can_write": can_write,
            "documents": enrolment.reports.filter(period=None).select_related("document"),
        },
        status=status,
    )


@require_POST
@staff_required
def reports_issue(request: Request, uuid) -> HttpResponse:
    """Ask for the PDFs of the chosen apprentices; the job's page shows them come."""
    cohort = _cohort(request, uuid)
    number = request.POST.get("semestre", "")
    ids = [one for text in request.POST.getlist("inscription") if (one := as_uuid(text))]
    chosen = Enrolment.objects.filter(cohort=cohort, uuid__in=ids)
    try:
        if request.POST.get("nature") == issuing.LIVRET:
            job = issuing.issue_livrets_scolaires(cohort=cohort, enrolments=chosen, by=request.user)
        else:
            job = issuing.issue_bulletins(
                cohort=cohort,
                number=int(number) if number in ("1", "2", "3", "4") else 0,
                enrolments=chosen,
                by=request.user,
            )
    except DomainError as error:
        messages.error(request, error.message)
        page = f"{reverse('evaluations:marks_averages')}?promotion={cohort.uuid}"
        return redirect(f"{page}&semestre={number}" if number else page)
    return redirect("documents:job_detail", uuid=job.uuid)


@require_POST
@staff_required
def past_session_save(request: Request) -> HttpResponse:
    """Write the result of an earlier session."""
    form = PastSessionForm(request.POST)
    if form.is_valid():
        issuing.save_past_session(cfa=request.membership.cfa, by=request.user, **form.cleaned_data)
        messages.success(
            request, "Le résultat est enregistré : il paraîtra sur les livrets scolaires."
        )
    else:
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
    return redirect("evaluations:marks_averages")
