"""Hours against the minimum: a cohort's apprentices one by one, and the make-ups that would fill the gap."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.enums import STAFF_ROLES
from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required, team_reader_required
from apprentices.models import Cohort, Enrolment

from ..actions import add_makeup
from ..counters import cohort_free_half_days, counters_of, subject_most_behind, usual_trainer
from ..planning_forms import MakeupForm
from ..rules.forecast import spread_places
from .common import cohort_or_404, posted
from .planning import planning_url

MOST_PROPOSED = 40


def rows_of(cohort: Cohort, today) -> list[dict]:
    """Each apprentice of the cohort with the counters and the forecast."""
    enrolments = list(
        Enrolment.objects.filter(cohort=cohort)
        .select_related("apprentice", "cohort")
        .order_by("apprentice__last_name", "apprentice__first_name", "pk")
    )
    counters = counters_of(enrolments, today)
    return [{"enrolment": e, "counters": counters[e.pk]} for e in enrolments]


@team_reader_required
def cohort_gauges_page(request: Request, uuid) -> HttpResponse:
    """Minimum, planned, held, signed, countersigned, justified, missing, and the forecast of each."""
    cohort = cohort_or_404(request, uuid)
    rows = rows_of(cohort, timezone.localdate())
    worst = max((r["counters"].outlook.half_days for r in rows), default=0)
    context = {
        "cohort": cohort,
        "rows": rows,
        "half_days": worst,
        "is_staff": request.membership.role in STAFF_ROLES,
    }
    return render(request, "attendance/cohort_gauges.html", context)


@staff_required
def makeup_add(request: Request, uuid) -> HttpResponse:
    """Half-days proposed so that everyone reaches the minimum; each can be left out."""
    cohort, today = cohort_or_404(request, uuid), timezone.localdate()
    rows = rows_of(cohort, today)
    lacking = sorted(r["counters"].outlook.half_days for r in rows)
    wanted = lacking[-1] if lacking else 0
    free = cohort_free_half_days(cohort, today)
    proposed = spread_places(free, min(MOST_PROPOSED, max(wanted + 4, 8)))
    subject = subject_most_behind(cohort)
    trainer = usual_trainer(cohort, subject) or cohort.trainers.first()
    initial = {"subject": subject, "trainer": trainer}
    form = MakeupForm(
        posted(request),
        cohort=cohort,
        proposed=proposed,
        # Everybody comes: only what half of the group needs is ticked beforehand.
        ticked=lacking[len(lacking) // 2] if lacking else 0,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            sessions = add_makeup(cohort=cohort, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, f"Demi-journées de rattrapage ajoutées et annoncées : {len(sessions)}."
            )
            return redirect(planning_url(cohort, sessions[0].date))
    context = {
        "cohort": cohort,
        "form": form,
        "wanted": wanted,
        "behind": [r for r in rows if r["counters"].outlook.lacking],
        "proposed": proposed,
        "back": reverse("attendance:cohort_gauges", args=[cohort.uuid]),
    }
    status = 422 if form.is_bound else 200
    return render(request, "attendance/makeup_add.html", context, status=status)
