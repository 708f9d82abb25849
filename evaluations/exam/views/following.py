"""The simulator for a class, and for the apprentice: results once published, hypotheses before."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.enums import READING_ROLES, Role
from accounts.http import Request
from accounts.permissions import role_required, team_reader_required
from apprentices.models import Enrolment
from evaluations import selectors as ccf
from evaluations.models import ExamRegistration
from evaluations.rules import show_mark
from evaluations.screens import pick_cohort

from ..blank import blank_marks
from ..candidates import asked_units
from ..enums import Forme, Plan, Status
from ..heatmap import heat_map
from ..presenters import KINDS
from ..reglements import find_reglement, reglement_of
from ..rules.words import show_half
from .public import page_of


@require_GET
@never_cache
@team_reader_required
def heatmap(request: Request) -> HttpResponse:
    """What the jury would decide today for each apprentice of a cohort."""
    cohorts = list(ccf.graded_cohorts(request.user, request.membership))
    cohort = pick_cohort(cohorts, request.GET.get("promotion", ""), timezone.localdate())
    context: dict[str, Any] = {
        "cohorts": cohorts,
        "cohort": cohort,
        "is_reader": request.membership.role in READING_ROLES,
    }
    if cohort:
        enrolments = ccf.graded_enrolments(request.user, request.membership, cohort).filter(
            ends_on__isnull=True
        )
        reglement = reglement_of(cohort.programme.referentiel, cohort.programme.session)
        context["map"] = heat_map(enrolments, reglement)
        context["results"] = _published(request, cohort)
    return render(request, "evaluations/exam/heatmap.html", context)


def _published(request: Request, cohort) -> list[tuple[ExamRegistration, str]]:
    """The results published of the cohort, of the apprentices whom the person follows, with their look."""
    found = (
        ExamRegistration.objects.visible_to(request.user)
        .active()
        .filter(enrolment__cohort=cohort, session__published_at__isnull=False)
        .select_related("session", "enrolment__apprentice")
    )
    return [(one, KINDS.get(one.decision, "none")) for one in found]


@require_GET
@never_cache
@role_required(Role.APPRENTICE, Role.MAITRE)
def mine(request: Request) -> HttpResponse:
    """The results published to me; for an apprentice, the simulator with one's own blank exams."""
    published = (
        ExamRegistration.objects.published_for(request.user)
        .filter(session__cfa=request.membership.cfa)
        .select_related("session__referentiel", "enrolment__apprentice")
        .distinct()
    )
    context: dict[str, Any] = {
        "results": [(one, KINDS.get(one.decision, "none")) for one in published]
    }
    if request.membership.role == Role.APPRENTICE:
        context |= _own_simulator(request)
    return render(request, "evaluations/exam/mine.html", context)


def _own_simulator(request: Request) -> dict[str, Any]:
    enrolment = (
        Enrolment.objects.filter(apprentice__user=request.user, cohort__cfa=request.membership.cfa)
        .select_related("cohort__programme__referentiel")
        .order_by("-starts_on", "-pk")
        .first()
    )
    if enrolment is None:
        return {}
    session = enrolment.cohort.programme.session
    reglement = find_reglement(session, enrolment.cohort.programme.referentiel.rncp)
    if reglement is None:
        return {}
    typed = request.GET.dict()
    data = typed or _own_hypotheses(enrolment, reglement)
    page = page_of(data, reglement)
    return {
        "page": page,
        "session": session,
        "forme": data.get("forme", Forme.GLOBALE),
        "from_blank": not typed and bool(data),
        "asked": bool(page.verdict or page.sentences or page.errors),
    }


def _own_hypotheses(enrolment: Enrolment, reglement) -> dict[str, str]:
    """The fields filled from the blank exams that the apprentice may read, and from what was asked.

    Never a mark of a CCF nor of the exam: they stay secret until the deliberation is published.
    """
    data: dict[str, str] = {}
    marks = blank_marks([enrolment], only_visible=True).get(enrolment.pk, {})
    asked = asked_units([enrolment], reglement.session).get(enrolment.pk, {})
    for rule in reglement.units:
        unit = asked.get(rule.code)
        if unit is not None and unit.plan == Plan.DISPENSED and not unit.by_vae:
            data[f"{rule.code}-statut"] = Status.DISPENSED
            continue
        if unit is not None and unit.plan == Plan.KEPT:
            data[f"{rule.code}-avant"] = show_mark(unit.kept_mark)
            data[f"{rule.code}-session"] = str(unit.kept_session)
            data[f"{rule.code}-garder"] = "1"
        if rule.epreuve in marks:
            data[rule.code] = show_half(marks[rule.epreuve])
    return data
