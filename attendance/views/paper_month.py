"""The paper half-days of a month, typed in one grid and proved by one scan."""

from collections import Counter
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.errors import DomainError
from accounts.http import Request
from accounts.permissions import staff_required
from apprentices.models import Cohort, Enrolment
from programmes.calendar_rules import add_months

from ..actions import transcribe_month
from ..doors import doors_of
from ..models import AttendanceSheet, ClassSession
from ..paper_forms import PaperMonthForm
from ..planning_forms import first_of_month
from .common import cohort_or_404, posted


@staff_required
def paper_month(request: Request, uuid) -> HttpResponse:
    """`?mois=2026-10`; without it, the first month that has a half-day without a sheet."""
    cohort = cohort_or_404(request, uuid)
    waiting = (
        ClassSession.objects.planned()
        .filter(cohort=cohort, sheet__isnull=True, date__lt=timezone.localdate())
        .order_by("date", "starts_at", "pk")
    )
    months = Counter(day.replace(day=1) for day in waiting.values_list("date", flat=True))
    first = first_of_month(request.GET.get("mois", ""), next(iter(months), timezone.localdate()))
    last = add_months(first, 1) - timedelta(days=1)
    sessions = list(
        waiting.between(first, last).select_related("cohort__cfa", "subject", "trainer")
    )
    form = PaperMonthForm(
        posted(request),
        request.FILES or None,
        sessions=sessions,
        enrolments=_enrolled(cohort, sessions),
    )
    if request.method == "POST" and form.is_valid():
        scan = form.cleaned_data["scan"]
        try:
            sheets = transcribe_month(
                cohort=cohort,
                file=scan,
                size=scan.size,
                file_name=scan.name,
                columns=form.columns(),
                by=request.user,
            )
        except DomainError as error:
            for field, message in error.refusals:
                form.add_error(form.name_of_refused(field) or None, message)
        else:
            messages.success(request, _done(sheets))
            return redirect("attendance:paper_month", uuid=cohort.uuid)
    context = {
        "cohort": cohort,
        "form": form,
        "first": first,
        "months": months.items(),
        "is_used": doors_of(cohort.cfa).paper,
    }
    status = 422 if form.is_bound else 200
    return render(request, "attendance/paper_month.html", context, status=status)


def _enrolled(cohort: Cohort, sessions: list[ClassSession]) -> list[Enrolment]:
    if not sessions:
        return []
    days: list[date] = [session.date for session in sessions]
    return list(
        Enrolment.objects.filter(cohort=cohort, starts_on__lte=max(days))
        .exclude(ends_on__lt=min(days))
        .select_related("apprentice")
        .order_by("apprentice__last_name", "apprentice__first_name", "pk")
    )


def _done(sheets: list[AttendanceSheet]) -> str:
    trainers = Counter(str(sheet.session.trainer) for sheet in sheets)
    who = ", ".join(f"{name} ({count})" for name, count in trainers.items())
    count = len(sheets)
    s = "s" if count > 1 else ""
    return (
        f"{count} demi-journée{s} transcrite{s}. Elles comptent une fois contresignées par : {who}."
    )
