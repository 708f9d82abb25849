"""The planning: a week or a month of a cohort or of a trainer, and the generation of a whole course."""

from collections import Counter
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.enums import STAFF_ROLES, Role
from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required, team_reader_required
from apprentices.course import rhythm_of
from apprentices.models import Cohort
from programmes.calendar_rules import add_months, hours_of
from programmes.enums import Half

from ..actions import generate_sessions
from ..calendars import cohort_course, school_breaks, school_zone_of
from ..generation import drift_of
from ..models import ClassSession
from ..planning_forms import GenerationForm, first_of_month, monday_of
from ..rules.course import CourseDay, breaks_between, halves_of
from ..selectors import cohort_gauges, holidays_of
from .common import posted


@team_reader_required
def cohort_hours(request: Request, uuid) -> HttpResponse:
    """The hours of a cohort, as a piece of its page."""
    cohorts = Cohort.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    cohort = get_object_or_404(cohorts.select_related("programme__referentiel"), uuid=uuid)
    context = {
        "cohort": cohort,
        "gauge": cohort_gauges([cohort])[cohort.pk],
        "is_staff": request.membership.role in STAFF_ROLES,
    }
    return render(request, "attendance/_cohort_hours.html", context)


@team_reader_required
def planning(request: Request) -> HttpResponse:
    """`?semaine=2026-W12` or `?mois=2026-03`; `?promotion=` a cohort, else a trainer's own half-days."""
    today = timezone.localdate()
    by_month = bool(request.GET.get("mois"))
    first, last = _span(request, today)
    cohorts = Cohort.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    cohort = next((c for c in cohorts if str(c.uuid) == request.GET.get("promotion")), None)
    is_trainer = request.membership.role == Role.TRAINER
    if cohort is None and not is_trainer:
        running = [c for c in cohorts if c.starts_on <= today <= c.ends_on]
        cohort = next(iter(running or cohorts), None)
    sessions = (
        ClassSession.objects.visible_to(request.user)
        .filter(cohort__cfa=request.membership.cfa)
        .between(first, last)
        .select_related("cohort", "subject", "trainer", "room", "sheet")
    )
    sessions = sessions.filter(cohort=cohort) if cohort else sessions.filter(trainer=request.user)
    found = list(sessions.distinct())
    is_staff = request.membership.role in STAFF_ROLES
    days = _days(found, first, last, today, cohort)
    context = {
        "cohorts": cohorts,
        "cohort": cohort,
        "is_trainer": is_trainer,
        "is_staff": is_staff,
        "first": first,
        "last": last,
        "days": [d for d in days if d["date"].weekday() < 5 or d["has_sessions"]],
        "has_sessions": bool(found) or not cohort or cohort.sessions.exists(),
        "breaks": _breaks(cohort, first, last),
        "by_month": by_month,
        "drift": drift_of(cohort, today) if cohort and is_staff else None,
        **_neighbours(first, by_month),
    }
    if by_month:
        context["weeks"] = _weeks(days, first)
        return render(request, "attendance/planning_month.html", context)
    return render(request, "attendance/planning.html", context)


def _span(request: Request, today: date) -> tuple[date, date]:
    if month := request.GET.get("mois"):
        first = first_of_month(month, today)
        return first, add_months(first, 1) - timedelta(days=1)
    monday = monday_of(request.GET.get("semaine", ""), today)
    return monday, monday + timedelta(days=6)


def _neighbours(first: date, by_month: bool) -> dict[str, str]:
    """What the address says for this week and month, and for those around."""
    if by_month:
        return {
            "month_name": f"{first:%Y-%m}",
            "week_name": week_name(first),
            "previous": f"mois={add_months(first, -1):%Y-%m}",
            "following": f"mois={add_months(first, 1):%Y-%m}",
        }
    return {
        "month_name": f"{first:%Y-%m}",
        "week_name": week_name(first),
        "previous": f"semaine={week_name(first - timedelta(days=7))}",
        "following": f"semaine={week_name(first + timedelta(days=7))}",
    }


def week_name(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _breaks(cohort: Cohort | None, first: date, last: date) -> list:
    zone = school_zone_of(cohort) if cohort else ""
    return breaks_between(school_breaks(), zone, first, last) if zone else []


def _days(sessions, first: date, last: date, today: date, cohort: Cohort | None) -> list[dict]:
    """Each date with what is planned in its halves, and why nothing is."""
    rhythm = rhythm_of(cohort) if cohort else None
    course: dict[date, CourseDay] = {}
    if cohort and rhythm:
        course = {d.day: d for d in cohort_course(cohort, rhythm, first, last)}
    holidays = holidays_of(cohort, first, last)
    by_slot: dict[tuple[date, str], list[ClassSession]] = {}
    for session in sessions:
        by_slot.setdefault((session.date, session.half), []).append(session)
    days, day = [], first
    while day <= last:
        known = course.get(day, CourseDay(day))
        halves = [
            {"half": half, "label": half.label, "sessions": by_slot.get((day, half.value), [])}
            for half in Half
        ]
        days.append(
            {
                "date": day,
                "is_today": day == today,
                "holiday": holidays.get(day, ""),
                "closure": known.closure,
                "exam": known.exam,
                "kind": known.kind,
                "halves": halves,
                "has_sessions": any(item["sessions"] for item in halves),
            }
        )
        day += timedelta(days=1)
    return days


def _weeks(days: list[dict], first: date) -> list[list[dict | None]]:
    """Rows of the month: Monday to Friday, with the week-end where something is planned on one."""
    width = 7 if any(d["has_sessions"] and d["date"].weekday() > 4 for d in days) else 5
    rows: list[list[dict | None]] = []
    for day in days:
        weekday = day["date"].weekday()
        if not rows or weekday == 0:
            rows.append([None] * width)
        if weekday < width:
            rows[-1][weekday] = day
    return [row for row in rows if any(row)]


def planning_url(cohort: Cohort, day: date) -> str:
    """The week of a cohort that holds the day."""
    return f"{reverse('attendance:planning')}?promotion={cohort.uuid}&semaine={week_name(day)}"


@staff_required
def sessions_generate(request: Request, uuid) -> HttpResponse:
    cohort = get_object_or_404(
        Cohort.objects.visible_to(request.user)
        .filter(cfa=request.membership.cfa)
        .select_related("cfa", "programme__referentiel"),
        uuid=uuid,
    )
    form = GenerationForm(posted(request), cohort=cohort)
    if request.method == "POST" and form.is_valid():
        try:
            sessions = generate_sessions(
                cohort=cohort,
                assignments=form.assignments(),
                by=request.user,
                signed_here_from=form.cleaned_data.get("day"),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            counts = Counter(session.subject.short_title for session in sessions)
            detail = ", ".join(f"{name} {count}" for name, count in counts.most_common())
            messages.success(request, f"{len(sessions)} demi-journées sont planifiées : {detail}.")
            today = timezone.localdate()
            coming = (session.date for session in sessions if session.date >= today)
            return redirect(planning_url(cohort, next(coming, sessions[0].date)))
    existing = ClassSession.objects.planned().filter(cohort=cohort)
    rhythm = rhythm_of(cohort)
    halves = halves_of(cohort_course(cohort, rhythm)) if rhythm else []
    context = {
        "form": form,
        "cohort": cohort,
        "planned": existing.count(),
        "rhythm": rhythm,
        "places": len(halves),
        "reachable": hours_of(halves),
        "gauge": cohort_gauges([cohort])[cohort.pk],
    }
    status = 422 if form.is_bound else 200
    return render(request, "attendance/sessions_generate.html", context, status=status)
