"""The livrets of a cohort: who is late, with whom, since when; signals; what E4 and E6 lack."""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Min, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.enums import READING_ROLES, Role
from accounts.http import Request
from accounts.permissions import role_required
from apprentices.models import Cohort, Enrolment

from .. import rules
from ..enums import PeriodRole, PeriodState
from ..following import coverage_of, signals_of
from ..maitres import Maitres
from ..meetings import meetings_late
from ..models import LivretPeriod
from ..waiting import Waiting, waiting_in

PAGE_SIZE = 50
# Value of ?voir= -> what the page then shows.
FILTERS = {
    "retard": "Périodes en retard",
    "rencontres": "Visites ou bilans en retard",
    "ouvrir": "Livret à ouvrir",
}
list_required = role_required(*READING_ROLES, Role.TRAINER, Role.MAITRE)


def uuid_or_none(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


@list_required
def livret_list(request: Request) -> HttpResponse:
    """The livrets of the centre, by cohort, with their state and who is late."""
    if request.membership.role == Role.MAITRE:
        return redirect("livret:maitre_home")
    cfa, today = request.membership.cfa, timezone.localdate()
    cohorts = Cohort.objects.visible_to(request.user).filter(cfa=cfa)
    only = request.GET.get("voir", "")
    only = only if only in FILTERS else ""
    chosen = cohorts.filter(uuid=uuid_or_none(request.GET.get("promotion"))).first()
    if chosen is None and not only:  # who is late is asked of the whole centre
        chosen = cohorts.first()
    enrolments = (
        Enrolment.objects.visible_to(request.user)
        .filter(**({"cohort": chosen} if chosen else {"cohort__in": cohorts}))
        .select_related("cohort__programme", "apprentice", "livret", "tutor")
        .prefetch_related(Prefetch("livret__periods", LivretPeriod.objects.order_by("number")))
    )
    page = Paginator(_kept(enrolments, only, cfa, today), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "cohorts": cohorts,
        "chosen": chosen,
        "page": page,
        "rows": _rows(list(page), today),
        "only": only,
        "only_word": FILTERS.get(only, ""),
        "filters": FILTERS.items(),
    }
    return render(request, "livret/livret_list.html", context)


def _kept(enrolments: QuerySet, only: str, cfa, today: date) -> QuerySet:
    """Those of the filter; the one who waits longest comes first."""
    if only == "retard":
        late = LivretPeriod.objects.unsigned_before(rules.late_limit(today))
        return (
            enrolments.filter(livret__in=late.values("livret"))
            .annotate(
                since=Min(
                    "livret__periods__ends_on", filter=~Q(livret__periods__state=PeriodState.CLOSED)
                )
            )
            .order_by("since", "apprentice__last_name", "pk")
        )
    if only == "rencontres":
        return enrolments.filter(livret__in=meetings_late(cfa, today).values("livret"))
    if only == "ouvrir":
        return enrolments.filter(livret__isnull=True)
    return enrolments


def _rows(enrolments: list[Enrolment], today: date) -> list[dict[str, Any]]:
    waits = defaultdict(list)
    for waiting in waiting_in(enrolments, today):
        waits[waiting.enrolment.pk].append(waiting)
    maitres = Maitres(enrolments)
    signals = signals_of(enrolments, today)
    coverage = coverage_of(enrolments, today)
    rows = []
    for enrolment in enrolments:
        livret = getattr(enrolment, "livret", None)
        periods = list(livret.periods.all()) if livret else []
        started = [p for p in periods if p.starts_on <= today]
        rows.append(
            {
                "enrolment": enrolment,
                "livret": livret,
                "closed": sum(p.closed_at is not None for p in periods),
                "total": len(periods),
                "current": next((p for p in started if not p.closed_at), None),
                "late": sum(p.is_late for p in periods) if livret and not livret.sealed_at else 0,
                "waits": _with_whom(waits[enrolment.pk], maitres),
                "signals": signals[enrolment.pk] if livret else [],
                "coverage": coverage[enrolment.pk],
            }
        )
    return rows


def _with_whom(waits: list[Waiting], maitres: Maitres) -> list[dict[str, Any]]:
    """One line per person: the oldest thing, how many more, since when."""
    lines: dict[str, dict[str, Any]] = {}
    for waiting in waits:
        who = _name(waiting, maitres)
        line = lines.setdefault(who, {"who": who, "first": waiting, "more": -1})
        line["more"] += 1
    return list(lines.values())


def _name(waiting: Waiting, maitres: Maitres) -> str:
    """With whom it waits."""
    enrolment = waiting.enrolment
    if waiting.role == PeriodRole.APPRENTICE:
        return str(enrolment.apprentice)
    if waiting.role == PeriodRole.TUTOR:
        return str(enrolment.tutor or "tuteur à désigner")
    if waiting.role == PeriodRole.DIRECTION:
        return "Direction du CFA"
    return str(maitres.on(enrolment.pk, waiting.day) or "aucun maître d'apprentissage")
