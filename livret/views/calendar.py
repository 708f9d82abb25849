"""The periods of a cohort: chosen by the staff, seen before they are laid."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.errors import DomainError
from accounts.http import Request
from accounts.permissions import staff_required
from apprentices.models import Cohort

from .. import actions, rules
from ..enums import Cadence
from ..models import LivretPeriod
from ..rules import layout


@staff_required
def period_calendar(request: Request, uuid) -> HttpResponse:
    """Propose the periods of a cohort by month, block or quarter; move their days; lay them."""
    cohort = get_object_or_404(
        Cohort.objects.visible_to(request.user).filter(cfa=request.membership.cfa), uuid=uuid
    )
    error = ""
    cadence, starts = actions.calendar_of(cohort)
    texts = [day.isoformat() for day in starts]
    if request.method == "POST":
        cadence = request.POST.get("cadence", "")
        texts = [text for text in request.POST.getlist("debut") if text.strip()]
        try:
            done = actions.lay_periods(
                cohort=cohort, cadence=cadence, starts=_days(texts), by=request.user
            )
        except DomainError as refused:
            error = refused.message
        else:
            messages.success(request, _told(done))
            return redirect("livret:period_calendar", cohort.uuid)
    elif (wanted := request.GET.get("rythme", "")) in Cadence.values:
        cadence = wanted
        texts = [day.isoformat() for day in actions.propose_starts(cohort, cadence)]
    context = {
        "cohort": cohort,
        "cadence": cadence,
        "cadences": Cadence.choices,
        "is_proposed": request.method == "GET" and "rythme" in request.GET,
        "rows": _rows(texts, cohort.ends_on),
        "livrets": LivretPeriod.objects.filter(
            livret__enrolment__cohort=cohort, livret__sealed_at__isnull=True
        )
        .values("livret")
        .distinct()
        .count(),
        "error": error,
    }
    return render(request, "livret/period_calendar.html", context, status=422 if error else 200)


def _days(texts: list[str]) -> list[date]:
    try:
        return [date.fromisoformat(text) for text in texts]
    except ValueError:
        raise DomainError("Choisissez des jours du calendrier.", field="starts") from None


def _rows(texts: list[str], last: date) -> list[dict[str, Any]]:
    """Each first day as it was typed, with the last day that follows from it."""
    try:
        days = _days(texts)
        spans = rules.layout.spans_from(days, days[0], last) if days else []
    except DomainError:
        spans = []
    ends = {span.starts_on.isoformat(): span.ends_on for span in spans}
    rows: list[dict[str, Any]] = [
        {"number": n, "text": text, "ends_on": ends.get(text)}
        for n, text in enumerate(texts, start=1)
    ]
    if len(rows) < layout.MOST_PERIODS:
        rows.append({"number": len(rows) + 1, "text": "", "ends_on": None})
    return rows


def _told(done: actions.LaidOut) -> str:
    if not done.livrets:
        return "Les périodes sont choisies : les livrets s'ouvriront avec elles."
    kept = ""
    if done.kept == 1:
        kept = " Une période où l'on a déjà écrit garde son contenu."
    elif done.kept:
        kept = f" {done.kept} périodes où l'on a déjà écrit gardent leur contenu."
    return f"Périodes posées : {done.changed} sur {done.livrets} livrets changent.{kept}"
