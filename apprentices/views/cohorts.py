"""Pages of the cohorts."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required, team_reader_required

from .. import actions
from ..actions.invitations import without_account
from ..forms import CohortForm, DepartureForm, EnrolForm, TutorsForm
from ..models import Cohort, Enrolment
from ..rows import enrolment_rows
from .deeds import attempt, done
from .links import cohort_links, url_of


def cohorts_here(request: Request):
    """Those of the CFA under which the person works now."""
    return Cohort.objects.visible_to(request.user).filter(cfa=request.membership.cfa)


@team_reader_required
def cohort_list(request: Request) -> HttpResponse:
    cohorts = cohorts_here(request).select_related("programme").annotate(size=Count("enrolments"))
    cohorts = cohorts.order_by("-starts_on", "name", "pk")
    page = Paginator(cohorts, 25).get_page(request.GET.get("page"))
    return render(request, "apprentices/cohort_list.html", {"page": page})


@team_reader_required
def cohort_detail(request: Request, uuid) -> HttpResponse:
    cohort = get_object_or_404(cohorts_here(request).select_related("programme", "cfa"), uuid=uuid)
    context = {
        "cohort": cohort,
        "rows": enrolment_rows(cohort.enrolments.all()),
        "trainers": cohort.trainers.all(),
        "links": cohort_links(cohort, request.membership.role),
        "uninvited": list(
            without_account(cohort.cfa, timezone.localdate())
            .filter(cohort=cohort)
            .select_related("apprentice")
        ),
        "hours_url": url_of("attendance:cohort_hours", cohort.uuid),
    }
    return render(request, "apprentices/cohort_detail.html", context)


@staff_required
def cohort_tutors(request: Request, uuid) -> HttpResponse:
    """Who follows each apprentice of the cohort for the CFA."""
    cohort = get_object_or_404(cohorts_here(request).select_related("cfa"), uuid=uuid)
    rows = cohort.enrolments.filter(ends_on=None).select_related("apprentice")
    rows = rows.order_by("apprentice__last_name", "apprentice__first_name", "pk")
    form = TutorsForm(request.POST or None, cfa=cohort.cfa, enrolments=list(rows))
    if request.method == "POST" and form.is_valid():
        try:
            count = actions.assign_tutors(cohort=cohort, tutors=form.tutors(), by=request.user)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"Tuteurs enregistrés, {count} changé{'s' * (count > 1)}.")
            return redirect("apprentices:cohort_detail", cohort.uuid)
    context = {"form": form, "cohort": cohort}
    return render(request, "apprentices/tutors_form.html", context, status=_status(form))


@staff_required
def enrolment_end(request: Request, uuid) -> HttpResponse:
    """Somebody leaves without a contract to break."""
    rows = Enrolment.objects.filter(cohort__in=cohorts_here(request))
    enrolment = get_object_or_404(rows.select_related("apprentice", "cohort"), uuid=uuid)
    form = DepartureForm(request.POST or None)
    told = f"Le départ de {enrolment.apprentice} est noté."
    if done(request, form, partial(actions.end_enrolment, enrolment=enrolment), told):
        return redirect("apprentices:apprentice_detail", enrolment.apprentice.uuid)
    context = {"form": form, "enrolment": enrolment}
    return render(request, "apprentices/departure_form.html", context, status=_status(form))


@require_POST
@staff_required
def cohort_invite(request: Request, uuid) -> HttpResponse:
    """Send everybody of the cohort who has no account the link that opens one."""
    cohort = get_object_or_404(cohorts_here(request).select_related("cfa"), uuid=uuid)
    job = attempt(request, partial(actions.invite_cohort, cohort=cohort))
    if job is None:
        return redirect("apprentices:cohort_detail", cohort.uuid)
    return redirect("documents:job_detail", job.uuid)


@staff_required
def cohort_create(request: Request) -> HttpResponse:
    cfa = request.membership.cfa
    form = CohortForm(request.POST or None, cfa=cfa, initial=_from_programme(request, cfa))
    if request.method == "POST" and form.is_valid():
        try:
            cohort = actions.create_cohort(cfa=cfa, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, f"La promotion {cohort} est ouverte : inscrivez-y des apprentis."
            )
            return redirect("apprentices:cohort_detail", cohort.uuid)
    context = {"form": form, "programmes": cfa.programmes.all()}
    return render(request, "apprentices/cohort_form.html", context, status=_status(form))


@staff_required
def cohort_edit(request: Request, uuid) -> HttpResponse:
    cohort = get_object_or_404(cohorts_here(request), uuid=uuid)
    form = CohortForm(request.POST or None, cfa=cohort.cfa, instance=cohort)
    if done(
        request, form, partial(actions.update_cohort, cohort=cohort), "La promotion est corrigée."
    ):
        return redirect("apprentices:cohort_detail", cohort.uuid)
    context = {"form": form, "cohort": cohort}
    return render(request, "apprentices/cohort_form.html", context, status=_status(form))


@staff_required
def cohort_enrol(request: Request, uuid) -> HttpResponse:
    cohort = get_object_or_404(cohorts_here(request), uuid=uuid)
    form = EnrolForm(request.POST or None, cfa=cohort.cfa, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        try:
            enrolment = actions.enrol_apprentice(
                cohort=cohort, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            who = enrolment.apprentice
            messages.success(
                request, f"{who} est {who.agree('inscrit(e)')} : saisissez son contrat."
            )
            return redirect("apprentices:cohort_detail", cohort.uuid)
    context = {"form": form, "cohort": cohort}
    return render(request, "apprentices/enrol_form.html", context, status=_status(form))


def _from_programme(request: Request, cfa) -> dict:
    """Dates and size of the programme chosen in the address, or of the only one."""
    programmes = list(cfa.programmes.select_related("referentiel"))
    asked = request.GET.get("programme", "")
    found = [p for p in programmes if p.slug == asked] or programmes[:1]
    if not found:
        return {}
    programme = found[0]
    return {
        "programme": programme,
        "name": f"{programme.referentiel.acronym} {programme.starts_on:%Y}-{programme.ends_on:%Y}",
        "starts_on": programme.starts_on,
        "ends_on": programme.ends_on,
        "capacity": programme.group_max,
    }


def _status(form) -> int:
    return 422 if form.is_bound else 200
