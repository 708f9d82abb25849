"""Absences: the team's list and decisions, the apprentice's own page, the justification and its file."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.enums import STAFF_ROLES
from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.models import Event
from accounts.permissions import (
    apprentice_required,
    member_required,
    staff_required,
    team_reader_required,
)
from apprentices.models import Cohort, Enrolment
from documents.downloads import stored_file

from ..absence_forms import AbsenceFilterForm, DecisionForm, JustificationForm, SettleForm
from ..actions import decide_justification, settle_absence, submit_justification
from ..enums import AbsenceState, JustificationState
from ..models import Absence, Justification
from ..permissions import can_decide_justification
from ..rules.absences import effect_of
from .common import posted

PAGE_SIZE = 50


@team_reader_required
def absence_list(request: Request) -> HttpResponse:
    """What was missed, with what became of it; who runs the centre also sees what is to be examined."""
    cfa, person = request.membership.cfa, request.user
    form = AbsenceFilterForm(
        request.GET or None, cohorts=Cohort.objects.visible_to(person).filter(cfa=cfa)
    )
    absences = (
        Absence.objects.visible_to(person)
        .filter(presence__sheet__session__cohort__cfa=cfa)
        .select_related(
            "presence__enrolment__apprentice",
            "presence__enrolment__cohort",
            "presence__sheet__session__subject",
        )
        .order_by("-presence__sheet__session__date", "presence__sheet__session__starts_at", "pk")
        .distinct()
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        filters = {
            "state": data["etat"],
            "presence__enrolment__cohort": data["promotion"],
            "presence__sheet__session__date__gte": data["du"],
            "presence__sheet__session__date__lte": data["au"],
        }
        absences = absences.filter(**{key: value for key, value in filters.items() if value})
    is_staff = request.membership.role in STAFF_ROLES
    waiting = Justification.objects.none()
    if is_staff:
        waiting = (
            Justification.objects.visible_to(person)
            .filter(enrolment__cohort__cfa=cfa, state=JustificationState.SUBMITTED)
            .select_related("enrolment__apprentice", "enrolment__cohort")
            .order_by("submitted_at", "pk")[:PAGE_SIZE]
        )
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": Paginator(absences, PAGE_SIZE).get_page(request.GET.get("page")),
        "query": query.urlencode(),
        "waiting": waiting,
        "is_staff": is_staff,
    }
    return render(request, "attendance/absence_list.html", context)


@staff_required
def absence_settle(request: Request, uuid) -> HttpResponse:
    """Say what an absence is: kept by the employer, unjustified, justified by a call..."""
    absence = get_object_or_404(
        Absence.objects.visible_to(request.user)
        .filter(presence__enrolment__cohort__cfa=request.membership.cfa)
        .select_related(
            "presence__enrolment__apprentice",
            "presence__enrolment__cohort",
            "presence__sheet__session__subject",
            "justification",
        )
        .distinct(),
        uuid=uuid,
    )
    form = SettleForm(
        posted(request), initial={"state": absence.state, "category": absence.category}
    )
    if request.method == "POST" and form.is_valid():
        try:
            settle_absence(absence=absence, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "L'absence est qualifiée.")
            return redirect("attendance:absence_list")
    context = {
        "form": form,
        "absence": absence,
        "effect": effect_of(absence.category),
        "notices": absence.notices.all(),
        "events": Event.objects.about(absence)[:10],
        "back": reverse("attendance:absence_list"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "attendance/absence_settle.html", context, status=status)


@apprentice_required
def my_absences(request: Request) -> HttpResponse:
    """One's own absences, what was sent, and what remains to justify."""
    absences = (
        Absence.objects.filter(
            presence__enrolment__apprentice__user=request.user,
            presence__enrolment__cohort__cfa=request.membership.cfa,
        )
        .select_related("presence__sheet__session__subject", "justification")
        .order_by("-presence__sheet__session__date", "-presence__sheet__session__starts_at")
    )
    justifications = Justification.objects.filter(
        enrolment__apprentice__user=request.user, enrolment__cohort__cfa=request.membership.cfa
    )
    today = timezone.localdate()
    context = {
        "absences": absences[:100],
        "justifications": justifications[:50],
        "to_justify": [
            a
            for a in absences[:100]
            if a.state == AbsenceState.TO_JUSTIFY and a.justify_by >= today
        ],
        "today": today,
    }
    return render(request, "attendance/my_absences.html", context)


@apprentice_required
def justification_create(request: Request) -> HttpResponse:
    """Announce or justify one's own absence; `?absence=` fills the dates in."""
    enrolment = (
        Enrolment.objects.filter(apprentice__user=request.user, cohort__cfa=request.membership.cfa)
        .select_related("cohort")
        .order_by("-starts_on", "-pk")
        .first()
    )
    if enrolment is None:
        raise Http404("Aucune inscription")
    return _justify(request, enrolment, reverse("attendance:my_absences"))


@staff_required
def justification_record(request: Request, uuid) -> HttpResponse:
    """The team records what reached it by another way, for any apprentice."""
    enrolment = get_object_or_404(
        Enrolment.objects.visible_to(request.user)
        .filter(cohort__cfa=request.membership.cfa)
        .select_related("apprentice", "cohort"),
        uuid=uuid,
    )
    return _justify(request, enrolment, reverse("attendance:absence_list"))


def _justify(request: Request, enrolment: Enrolment, back: str) -> HttpResponse:
    form = JustificationForm(
        posted(request),
        request.FILES if request.method == "POST" else None,
        initial=_dates(request, enrolment),
    )
    if request.method == "POST" and form.is_valid():
        try:
            submit_justification(enrolment=enrolment, by=request.user, **form.values())
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "C'est envoyé : l'équipe du CFA l'examine et vous prévient.")
            return redirect(back)
    context = {"form": form, "enrolment": enrolment, "back": back}
    status = 422 if form.is_bound else 200
    return render(request, "attendance/justification_form.html", context, status=status)


def _dates(request: Request, enrolment: Enrolment) -> dict[str, object]:
    wanted = request.GET.get("absence", "")
    for absence in Absence.objects.filter(presence__enrolment=enrolment).select_related(
        "presence__sheet__session"
    ):
        if str(absence.uuid) == wanted:
            session = absence.presence.sheet.session
            return {
                "starts_on": session.date,
                "ends_on": session.date,
                "starts_half": session.half,
                "ends_half": session.half,
            }
    return {"ends_half": "apres_midi"}


def _justification(request: Request, uuid) -> Justification:
    return get_object_or_404(
        Justification.objects.visible_to(request.user)
        .filter(enrolment__cohort__cfa=request.membership.cfa)
        .select_related("enrolment__apprentice", "enrolment__cohort__cfa", "decided_by"),
        uuid=uuid,
    )


@member_required
def justification_detail(request: Request, uuid) -> HttpResponse:
    justification = _justification(request, uuid)
    return _justification_page(
        request, justification, DecisionForm(initial={"category": justification.category})
    )


def _justification_page(
    request: Request, justification: Justification, form: DecisionForm, status: int = 200
) -> HttpResponse:
    can_decide = can_decide_justification(request.user, justification)
    context = {
        "justification": justification,
        "form": form,
        "effect": effect_of(justification.category),
        "can_decide": can_decide and justification.state == JustificationState.SUBMITTED,
        "is_staff": can_decide,
        "absences": justification.absences.select_related("presence__sheet__session__subject"),
        "back": reverse(
            "attendance:absence_list"
            if request.membership.role in STAFF_ROLES
            else "attendance:session_list"
        ),
    }
    return render(request, "attendance/justification_detail.html", context, status=status)


@require_POST
@staff_required
def justification_decide(request: Request, uuid) -> HttpResponse:
    justification = _justification(request, uuid)
    form = DecisionForm(request.POST)
    if form.is_valid():
        accept = request.POST.get("decision") == "accept"
        try:
            decide_justification(
                justification=justification, accept=accept, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            word = "accepté" if accept else "refusé"
            messages.success(request, f"Le justificatif est {word} ; l'apprenti est prévenu.")
            return redirect("attendance:absence_list")
    return _justification_page(request, justification, form, 422)


@member_required
def justification_file(request: Request, uuid) -> HttpResponseBase:
    """The file, to whom may see it and to nobody else; never shown inside a page of ours."""
    justification = _justification(request, uuid)
    if not justification.file:
        raise Http404("Cette justification n'a pas de fichier.")
    name = f"justificatif_{justification.starts_on:%Y-%m-%d}{justification.extension}"
    response = stored_file(justification.file, name, content_type=justification.content_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
