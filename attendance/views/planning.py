"""The planning: one week of a cohort or of a trainer, the edition of a half-day, the generation."""

from collections import Counter
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.enums import STAFF_ROLES, Role
from accounts.errors import DomainError
from accounts.permissions import staff_required, team_reader_required
from apprentices.models import Cohort
from programmes.calendar_rules import Rhythm
from programmes.enums import Half

from ..actions import Assignment, generate_sessions, update_session
from ..forms import GenerationForm, SessionForm, monday_of
from ..models import ClassSession
from ..permissions import can_open_sheet
from ..rules import windows
from ..selectors import cohort_gauges, holidays_of, local, window_of
from .common import add_error, posted


@team_reader_required
def cohort_hours(request: HttpRequest, uuid) -> HttpResponse:
    """The hours of a cohort, as a piece of its page."""
    cohorts = Cohort.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    cohort = get_object_or_404(cohorts.select_related("programme__referentiel"), uuid=uuid)
    context = {"cohort": cohort, "gauge": cohort_gauges([cohort])[cohort.pk]}
    return render(request, "attendance/_cohort_hours.html", context)


@team_reader_required
def planning(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    monday = monday_of(request.GET.get("semaine", ""), today)
    cohorts = Cohort.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    cohort = next((c for c in cohorts if str(c.uuid) == request.GET.get("promotion")), None)
    is_trainer = request.membership.role == Role.TRAINER
    if cohort is None and not is_trainer:
        running = [c for c in cohorts if c.starts_on <= today <= c.ends_on]
        cohort = next(iter(running or cohorts), None)
    sessions = (
        ClassSession.objects.visible_to(request.user)
        .filter(cohort__cfa=request.membership.cfa)
        .between(monday, monday + timedelta(days=6))
        .planned()
        .select_related("cohort", "subject", "trainer", "sheet")
    )
    sessions = sessions.filter(cohort=cohort) if cohort else sessions.filter(trainer=request.user)
    found = list(sessions)
    context = {
        "cohorts": cohorts,
        "cohort": cohort,
        "is_trainer": is_trainer,
        "is_staff": request.membership.role in STAFF_ROLES,
        "monday": monday,
        "days": _week(found, monday, today, cohort),
        "has_sessions": bool(found) or not cohort or cohort.sessions.exists(),
        "previous": _week_name(monday - timedelta(days=7)),
        "following": _week_name(monday + timedelta(days=7)),
        "week_name": _week_name(monday),
    }
    return render(request, "attendance/planning.html", context)


def _week_name(monday) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


def _week(sessions, monday, today, cohort) -> list[dict]:
    """Monday to Friday, and the week-end only where something is planned on it."""
    holidays = holidays_of(cohort, monday, monday + timedelta(days=6))
    by_slot = {(s.date, s.half): s for s in sessions}
    days = []
    for offset in range(7):
        day = monday + timedelta(days=offset)
        halves = [
            {"half": half, "label": half.label, "session": by_slot.get((day, half.value))}
            for half in Half
        ]
        if offset < 5 or any(item["session"] for item in halves):
            days.append(
                {
                    "date": day,
                    "is_today": day == today,
                    "holiday": holidays.get(day, ""),
                    "halves": halves,
                }
            )
    return days


@team_reader_required
def session_detail(request: HttpRequest, uuid) -> HttpResponse:
    session = get_object_or_404(
        ClassSession.objects.visible_to(request.user)
        .filter(cohort__cfa=request.membership.cfa)
        .select_related("cohort__cfa", "subject", "trainer", "sheet"),
        uuid=uuid,
    )
    if hasattr(session, "sheet"):
        return redirect("attendance:sheet_detail", uuid=session.sheet.uuid)
    context = {
        "session": session,
        "refusal": windows.opening_refusal(window_of(session), local(timezone.now())),
        "can_open": can_open_sheet(request.user, session),
        "is_staff": request.membership.role in STAFF_ROLES,
        "back": _planning_url(session.cohort, session.date),
    }
    return render(request, "attendance/session_detail.html", context)


@staff_required
def session_edit(request: HttpRequest, uuid) -> HttpResponse:
    session = get_object_or_404(
        ClassSession.objects.visible_to(request.user)
        .filter(cohort__cfa=request.membership.cfa)
        .select_related("cohort__cfa", "subject", "trainer", "sheet"),
        uuid=uuid,
    )
    form = SessionForm(posted(request), session=session)
    if request.method == "POST" and form.is_valid():
        try:
            update_session(session=session, by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_error(form, error)
        else:
            messages.success(request, "La demi-journée est modifiée.")
            return redirect(_planning_url(session.cohort, session.date))
    return render(
        request,
        "attendance/session_edit.html",
        {"form": form, "session": session, "back": _planning_url(session.cohort, session.date)},
        status=422 if form.is_bound else 200,
    )


def _planning_url(cohort: Cohort, day) -> str:
    week = _week_name(day - timedelta(days=day.weekday()))
    return f"{reverse('attendance:planning')}?promotion={cohort.uuid}&semaine={week}"


@staff_required
def sessions_generate(request: HttpRequest, uuid) -> HttpResponse:
    cohort = get_object_or_404(
        Cohort.objects.visible_to(request.user)
        .filter(cfa=request.membership.cfa)
        .select_related("cfa", "programme"),
        uuid=uuid,
    )
    form = GenerationForm(posted(request), cohort=cohort)
    if request.method == "POST" and form.is_valid():
        assignments = [Assignment(subject, trainer) for subject, trainer in form.pairs()]
        try:
            sessions = generate_sessions(cohort=cohort, assignments=assignments, by=request.user)
        except DomainError as error:
            add_error(form, error)
        else:
            counts = Counter(session.subject.short_title for session in sessions)
            detail = ", ".join(f"{name} {count}" for name, count in counts.most_common())
            messages.success(request, f"{len(sessions)} demi-journées sont planifiées : {detail}.")
            return redirect(_planning_url(cohort, sessions[0].date))
    existing = ClassSession.objects.planned().filter(cohort=cohort)
    return render(
        request,
        "attendance/sessions_generate.html",
        {"form": form, "cohort": cohort, "planned": existing.count(), "rhythm": _rhythm(cohort)},
        status=422 if form.is_bound else 200,
    )


def _rhythm(cohort: Cohort) -> Rhythm | None:
    try:
        return Rhythm.from_json(cohort.rhythm)
    except ValueError:
        return None
