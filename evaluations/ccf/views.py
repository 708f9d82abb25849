"""The screens of the planning: the board of dates, one sitting, a row of sittings, convocations, absence."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import STAFF_ROLES, Role
from accounts.errors import DomainError
from accounts.http import Request, as_uuid, show_refusal
from accounts.permissions import staff_required, team_reader_required, team_required
from apprentices.models import Cohort, Enrolment
from programmes.enums import Categorie
from programmes.models import Epreuve
from programmes.selectors import categorie_of_cfa

from .. import screens, selectors
from ..enums import SittingState, SituationCode
from ..models import CcfSitting
from ..rules import why_no_ccf
from . import planning, replanning
from .concerned import outside_ccf
from .forms import AbsenceForm, CancelForm, OneSittingForm, SeriesForm


def cohort_of(request: Request, uuid) -> Cohort:
    return get_object_or_404(selectors.graded_cohorts(request.user, request.membership), uuid=uuid)


def epreuve_of(cohort: Cohort, code: str) -> Epreuve:
    epreuves = selectors.ccf_epreuves(cohort, timezone.localdate())
    found = next((one for one in epreuves if one.code == code), None)
    if found is None:
        raise BadRequest("Cette épreuve n'est pas en CCF pour cette promotion.")
    return found


def chosen_cohort(request: Request) -> tuple[list[Cohort], Cohort | None]:
    cohorts = list(selectors.graded_cohorts(request.user, request.membership))
    wanted = request.GET.get("promotion", "")
    return cohorts, screens.pick_cohort(cohorts, wanted, timezone.localdate())


@require_GET
@never_cache
@team_reader_required
def planning_board(request: Request) -> HttpResponse:
    """Who passes what, when and where; what is still to plan or to convene."""
    cohorts, cohort = chosen_cohort(request)
    context: dict[str, Any] = {"cohorts": cohorts, "cohort": cohort}
    if cohort:
        today = timezone.localdate()
        categorie = categorie_of_cfa(cohort.cfa, today)
        if categorie == Categorie.PONCTUEL:
            context["refusal"] = why_no_ccf(str(cohort.cfa), categorie, "", "", "", today)
            context["ponctuel"] = selectors.ponctuel_forms(cohort)
        enrolments = list(selectors.graded_enrolments(request.user, request.membership, cohort))
        columns = [
            (epreuve, code)
            for epreuve in selectors.ccf_epreuves(cohort, today)
            for code in SituationCode.values
            if planning.situation_minutes(epreuve, cohort, code, today)
        ]
        context |= {
            "columns": columns,
            "rows": _rows(enrolments, columns),
            "is_staff": request.membership.role in STAFF_ROLES,
            "can_plan": request.membership.role != Role.AUDITOR,
            "now": timezone.now(),
            "to_convene": CcfSitting.objects.filter(
                situation__evaluation__enrolment__cohort=cohort,
                state=SittingState.PLANNED,
                starts_at__gte=timezone.now(),
            ).count(),
        }
    return render(request, "evaluations/planning_board.html", context)


def _rows(enrolments: list[Enrolment], columns) -> list:
    found = (
        CcfSitting.objects.filter(situation__evaluation__enrolment__in=enrolments)
        .select_related("situation__evaluation", "document")
        .prefetch_related("members")
        .order_by("pk")
    )
    latest = {
        (
            one.situation.evaluation.enrolment_id,
            one.situation.evaluation.epreuve_id,
            one.situation.code,
        ): one
        for one in found
    }
    outside = outside_ccf(enrolments)
    return [
        (
            person,
            [
                (
                    epreuve,
                    code,
                    latest.get((person.pk, epreuve.pk, code)),
                    outside.why(person.pk, epreuve.code),
                )
                for epreuve, code in columns
            ],
        )
        for person in enrolments
    ]


def _enrolment(request: Request, uuid) -> Enrolment:
    cohorts = selectors.graded_cohorts(request.user, request.membership)
    one = get_object_or_404(
        Enrolment.objects.filter(cohort__in=cohorts).select_related(
            "apprentice", "cohort__cfa", "cohort__programme__referentiel"
        ),
        uuid=uuid,
    )
    allowed = selectors.graded_enrolments(request.user, request.membership, one.cohort)
    return get_object_or_404(
        allowed.select_related("apprentice", "cohort__cfa", "cohort__programme__referentiel"),
        pk=one.pk,
    )


def _code(value: str) -> str:
    if value not in SituationCode.values:
        raise BadRequest("Un CCF a deux situations, A et B.")
    return value


@require_http_methods(["GET", "POST"])
@never_cache
@team_required
def sitting_plan(request: Request, uuid, epreuve: str, code: str) -> HttpResponse:
    """Give a date to one situation of one candidate, or move it."""
    enrolment = _enrolment(request, uuid)
    cohort = enrolment.cohort
    exam, code = epreuve_of(cohort, epreuve), _code(code)
    current = (
        CcfSitting.objects.filter(
            situation__evaluation__enrolment=enrolment,
            situation__evaluation__epreuve=exam,
            situation__code=code,
        )
        .standing()
        .prefetch_related("members")
        .first()
    )
    minutes = planning.situation_minutes(exam, cohort, code, timezone.localdate())
    form = OneSittingForm(
        request.POST or None,
        cohort=cohort,
        initial=_initial(current, enrolment, minutes or 0, request.user),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        guest = planning.Guest(data["guest"], data["guest_kind"], data["guest_email"])
        guests = [guest] if guest.name else []
        try:
            planning.plan_sitting(
                enrolment=enrolment,
                epreuve=exam,
                code=code,
                day=data["day"],
                starts=data["starts"],
                room=data["room"],
                trainers=list(data["trainers"]),
                guests=guests,
                extra_minutes=data["extra"],
                by=request.user,
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"Le passage de {enrolment.apprentice} est planifié.")
            return redirect(board_url(cohort))
    context = {
        "form": form,
        "enrolment": enrolment,
        "epreuve": exam,
        "code": code,
        "minutes": minutes,
        "current": current,
        "is_staff": request.membership.role in STAFF_ROLES,
        "removable": replanning.removable([enrolment], exam, code).count(),
        "board": board_url(cohort),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "evaluations/sitting_form.html", context, status=status)


def board_url(cohort: Cohort) -> str:
    return f"{reverse('evaluations:planning_board')}?promotion={cohort.uuid}"


def _initial(current, enrolment: Enrolment, minutes: int, user) -> dict[str, Any]:
    if current is None:
        own = enrolment.cohort.trainers.filter(pk=user.pk)
        return {"extra": planning.extra_for(enrolment, minutes), "trainers": list(own)}
    start: datetime = timezone.localtime(current.starts_at)
    members = list(current.members.all())
    guest = next((one for one in members if one.user_id is None), None)
    return {
        "day": start.date(),
        "starts": start.time(),
        "room": current.room,
        "extra": current.extra_minutes,
        "trainers": [one.user_id for one in members if one.user_id],
        "guest": guest.name if guest else "",
        "guest_kind": guest.kind if guest else "",
        "guest_email": guest.email if guest else "",
    }


@require_http_methods(["GET", "POST"])
@never_cache
@team_required
def series_plan(request: Request, uuid, epreuve: str, code: str) -> HttpResponse:
    """Give dates to all who have none, one after the other."""
    cohort = cohort_of(request, uuid)
    exam, code = epreuve_of(cohort, epreuve), _code(code)
    enrolments = list(selectors.graded_enrolments(request.user, request.membership, cohort))
    waiting = planning.unplanned(enrolments, exam, code)
    form = SeriesForm(
        request.POST or None,
        cohort=cohort,
        waiting=waiting,
        initial={"trainers": list(cohort.trainers.filter(pk=request.user.pk))},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            count = planning.plan_series(
                cohort=cohort,
                epreuve=exam,
                code=code,
                enrolments=list(
                    data["enrolments"].select_related("cohort__cfa", "cohort__programme")
                ),
                day=data["day"],
                starts=data["starts"],
                gap=data["gap"],
                room=data["room"],
                trainers=list(data["trainers"]),
                by=request.user,
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{count} passages planifiés : il reste à convoquer.")
            return redirect(board_url(cohort))
    context = {
        "form": form,
        "cohort": cohort,
        "epreuve": exam,
        "code": code,
        "waiting": waiting,
        "removable": replanning.removable(enrolments, exam, code).count(),
        "board": board_url(cohort),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "evaluations/series_form.html", context, status=status)


@require_POST
@team_required
def sittings_remove(request: Request, uuid, epreuve: str, code: str) -> HttpResponse:
    """Take away the dates of a situation that nobody was convened to: of one candidate, or of all."""
    cohort = cohort_of(request, uuid)
    exam, code = epreuve_of(cohort, epreuve), _code(code)
    enrolments = selectors.graded_enrolments(request.user, request.membership, cohort)
    if "candidat" in request.POST:
        enrolments = enrolments.filter(uuid=as_uuid(request.POST["candidat"]))
    try:
        count = replanning.unplan(enrolments=enrolments, epreuve=exam, code=code, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        s = "s" if count > 1 else ""
        messages.success(request, f"{count} date{s} retirée{s} : {exam.code}, situation {code}.")
    return redirect(board_url(cohort))


@require_POST
@staff_required
def sittings_convene(request: Request, uuid) -> HttpResponse:
    """Send the convocations that wait: PDF and e-mail to candidates and commissions."""
    cohort = cohort_of(request, uuid)
    try:
        job = planning.convene(cohort=cohort, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(board_url(cohort))
    messages.success(request, "Les convocations partent par e-mail ; leurs PDF se préparent.")
    return redirect("documents:job_detail", uuid=job.uuid)


def _sitting(request: Request, uuid) -> CcfSitting:
    enrolments = Enrolment.objects.filter(
        cohort__in=selectors.graded_cohorts(request.user, request.membership)
    )
    return get_object_or_404(
        CcfSitting.objects.filter(situation__evaluation__enrolment__in=enrolments).select_related(
            "situation__evaluation__epreuve",
            "situation__evaluation__enrolment__apprentice",
            "situation__evaluation__enrolment__cohort",
        ),
        uuid=uuid,
    )


@require_http_methods(["GET", "POST"])
@team_required
def sitting_absence(request: Request, uuid) -> HttpResponse:
    """Note that the candidate did not come, and whether it is justified."""
    sitting = _sitting(request, uuid)
    initial = {"is_justified": sitting.is_justified, "reason": sitting.reason}
    form = AbsenceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            planning.note_absence(sitting=sitting, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request,
                "Absence notée : donnez une nouvelle date au candidat."
                if form.cleaned_data["is_justified"]
                else "Absence notée, sans justification : le candidat sera déclaré absent (D643-24).",
            )
            return redirect(board_url(sitting.situation.evaluation.enrolment.cohort))
    context = {
        "form": form,
        "sitting": sitting,
        "board": board_url(sitting.situation.evaluation.enrolment.cohort),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "evaluations/sitting_absence.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_required
def sitting_cancel(request: Request, uuid) -> HttpResponse:
    """Cancel what a candidate is convened to, or the whole row of the day, and tell them why."""
    sitting = _sitting(request, uuid)
    others = list(replanning.same_day(sitting))
    form = CancelForm(request.POST or None, others=len(others))
    board = board_url(sitting.situation.evaluation.enrolment.cohort)
    if request.method == "POST" and form.is_valid():
        chosen = [sitting, *others] if form.cleaned_data.get("whole_day") else [sitting]
        try:
            count = replanning.cancel_sittings(
                sittings=chosen, reason=form.cleaned_data["reason"], by=request.user
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            s = "s" if count > 1 else ""
            messages.success(
                request,
                f"{count} passage{s} annulé{s} : candidats et commission sont prévenus par e-mail.",
            )
            return redirect(board)
    context = {"form": form, "sitting": sitting, "board": board}
    status = 422 if request.method == "POST" else 200
    return render(request, "evaluations/sitting_cancel.html", context, status=status)


@require_POST
@team_required
def sitting_came(request: Request, uuid) -> HttpResponse:
    """Take back an absence noted by mistake."""
    sitting = _sitting(request, uuid)
    evaluation = sitting.situation.evaluation
    try:
        replanning.take_back_absence(sitting=sitting, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request, f"L'absence est retirée : {evaluation.enrolment.apprentice} a passé l'épreuve."
        )
    return redirect(board_url(evaluation.enrolment.cohort))
