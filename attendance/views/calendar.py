"""The calendar of a cohort over its whole course: rhythm, exceptions, and the rooms of the centre."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.enums import STAFF_ROLES
from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required, team_reader_required
from apprentices.course import rhythm_of
from apprentices.models import Cohort
from programmes.calendar_rules import add_months, hours_of
from programmes.rules import minimum_hours

from ..actions import add_exception, remove_exception, save_room, set_rhythm, set_signing_start
from ..calendars import cohort_course, school_breaks, school_zone_of
from ..forms import SigningStartForm
from ..generation import drift_of
from ..models import CalendarException, Room
from ..planning_forms import ExceptionForm, RhythmForm, RoomForm
from ..rules.course import (
    TRIAL_DAYS,
    CourseDay,
    breaks_between,
    company_days,
    halves_of,
    known_until,
    trial_ends_on,
)
from ..selectors import first_signed_here
from .common import cohort_or_404, deed_page, posted

WORDS = {
    "cfa": "Au CFA",
    "company": "En entreprise",
    "holiday": "Férié",
    "closed": "CFA fermé",
    "exam": "Examen",
    "weekend": "Week-end",
}


@team_reader_required
def cohort_calendar(request: Request, uuid) -> HttpResponse:
    """The course month by month, its hours against the minimum, and what leaves the rhythm."""
    cohort = cohort_or_404(request, uuid)
    return _page(request, cohort, ExceptionForm())


def _page(request: Request, cohort: Cohort, form: ExceptionForm, status: int = 200) -> HttpResponse:
    rhythm = rhythm_of(cohort)
    days = cohort_course(cohort, rhythm) if rhythm else []
    referentiel, zone = cohort.programme.referentiel, school_zone_of(cohort)
    reachable = hours_of(halves_of(days))
    minimum = minimum_hours(
        cohort.starts_on, cohort.ends_on, referentiel.hours_per_year, referentiel.cycle_months
    )
    breaks = breaks_between(school_breaks(), zone, cohort.starts_on, cohort.ends_on) if zone else []
    context = {
        "cohort": cohort,
        "rhythm": rhythm,
        "months": _months(days, breaks),
        "legend": [(kind, word) for kind, word in WORDS.items() if kind != "weekend"],
        "halves": len(halves_of(days)),
        "reachable": reachable,
        "minimum": minimum,
        "lacking": max(minimum - reachable, 0),
        "company_days": company_days(days, cohort.starts_on, cohort.ends_on),
        "trial": trial_ends_on(days, cohort.starts_on),
        "trial_days": TRIAL_DAYS,
        "zone": zone,
        "breaks": breaks,
        "known_until": known_until(school_breaks()),
        "lines": CalendarException.objects.of_cohort(cohort),
        "form": form,
        "is_staff": request.membership.role in STAFF_ROLES,
        "drift": drift_of(cohort, timezone.localdate()),
    }
    return render(request, "attendance/cohort_calendar.html", context, status=status)


def _months(days: list[CourseDay], breaks) -> list[dict]:
    """One drawing of the course: a row for each month, a cell for each date."""
    months: list[dict] = []
    for item in days:
        first = item.day.replace(day=1)
        if not months or months[-1]["first"] != first:
            months.append({"first": first, "cells": [], "halves": 0})
        school = next((b.name for b in breaks if b.first <= item.day <= b.last), "")
        why = item.holiday or item.exam or item.closure
        word = why or WORDS[item.kind]
        if item.kind == "cfa" and len(item.halves) == 1:
            word += f", {item.halves[0].half.label.lower()}"
        months[-1]["cells"].append(
            {
                "x": 17 * (item.day.day - 1),
                "kind": item.kind,
                "is_half": item.kind == "cfa" and len(item.halves) == 1,
                "school": school,
                "title": f"{item.day:%d/%m/%Y} : {word}"
                + (f" · vacances scolaires ({school})" if school else ""),
            }
        )
        months[-1]["halves"] += len(item.halves)
    for month in months:
        month["hours"] = hours_of(
            half
            for item in days
            if item.day.replace(day=1) == month["first"]
            for half in item.halves
        )
        month["until"] = add_months(month["first"], 1)
    return months


@require_POST
@staff_required
def exception_add(request: Request, uuid) -> HttpResponse:
    cohort = cohort_or_404(request, uuid)
    form = ExceptionForm(request.POST)
    if form.is_valid():
        data = dict(form.cleaned_data)
        for_all = data.pop("whole_centre")
        try:
            add_exception(
                cfa=cohort.cfa, cohort=None if for_all else cohort, by=request.user, **data
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "Le calendrier est modifié.")
            return redirect("attendance:cohort_calendar", cohort.uuid)
    return _page(request, cohort, form, 422)


@require_POST
@staff_required
def exception_remove(request: Request, uuid) -> HttpResponse:
    lines = CalendarException.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    line = get_object_or_404(lines, uuid=uuid)
    cohorts = Cohort.objects.filter(cfa=request.membership.cfa)
    back = get_object_or_404(cohorts, uuid=request.POST.get("promotion") or line.uuid)
    remove_exception(line=line, by=request.user)
    messages.success(request, "La ligne est retirée du calendrier.")
    return redirect("attendance:cohort_calendar", back.uuid)


@staff_required
def rhythm_edit(request: Request, uuid) -> HttpResponse:
    """Change the alternation; "Voir l'effet" counts the hours without saving anything."""
    cohort = cohort_or_404(request, uuid)
    form = RhythmForm(posted(request), cohort=cohort)
    preview = None
    if request.method == "POST" and form.is_valid():
        rhythm, zone = form.cleaned_data["rhythm"], form.cleaned_data["school_zone"]
        if "preview" in request.POST:
            halves = halves_of(cohort_course(cohort, rhythm))
            referentiel = cohort.programme.referentiel
            minimum = minimum_hours(
                cohort.starts_on,
                cohort.ends_on,
                referentiel.hours_per_year,
                referentiel.cycle_months,
            )
            preview = {"halves": len(halves), "hours": hours_of(halves), "minimum": minimum}
        else:
            try:
                set_rhythm(cohort=cohort, rhythm=rhythm, school_zone=zone, by=request.user)
            except DomainError as error:
                show_refusal(form, error)
            else:
                messages.success(request, "Le rythme est changé.")
                return redirect("attendance:cohort_calendar", cohort.uuid)
    context = {"form": form, "cohort": cohort, "preview": preview}
    status = 422 if form.is_bound and preview is None else 200
    return render(request, "attendance/rhythm_edit.html", context, status=status)


@staff_required
def signing_start_edit(request: Request, uuid) -> HttpResponse:
    """Since when the cohort signs here: said once by a centre that comes in the middle of a year."""
    cohort = cohort_or_404(request, uuid)
    first = first_signed_here(cohort)
    proposed = cohort.signed_here_from or first or timezone.localdate()
    form = SigningStartForm(posted(request), initial={"day": proposed})

    def deed() -> Cohort:
        return set_signing_start(cohort=cohort, day=form.cleaned_data["day"], by=request.user)

    def done(changed: Cohort) -> HttpResponse:
        since = changed.signed_here_from
        messages.success(
            request,
            f"{changed} émarge dans l'application à partir du {since:%d/%m/%Y}."
            if since
            else f"Toutes les demi-journées de {changed} s'émargent dans l'application.",
        )
        return redirect("attendance:cohort_calendar", changed.uuid)

    back = reverse("attendance:cohort_calendar", args=[cohort.uuid])
    template = "attendance/signing_start_edit.html"
    return deed_page(request, template, form, deed, done, cohort=cohort, back=back)


@staff_required
def room_list(request: Request) -> HttpResponse:
    """The rooms of the centre; a POST adds one."""
    cfa = request.membership.cfa
    form = RoomForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            room = save_room(cfa=cfa, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"« {room} » est ajoutée.")
            return redirect("attendance:room_list")
    context = {"form": form, "rooms": Room.objects.visible_to(request.user).filter(cfa=cfa)}
    return render(
        request, "attendance/room_list.html", context, status=422 if form.is_bound else 200
    )


@staff_required
def room_edit(request: Request, uuid) -> HttpResponse:
    rooms = Room.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    room = get_object_or_404(rooms, uuid=uuid)
    initial = {"name": room.name, "capacity": room.capacity, "is_active": room.is_active}
    form = RoomForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_room(cfa=room.cfa, room=room, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "La salle est modifiée.")
            return redirect("attendance:room_list")
    context = {"form": form, "room": room}
    return render(
        request, "attendance/room_edit.html", context, status=422 if form.is_bound else 200
    )
