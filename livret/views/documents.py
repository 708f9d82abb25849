"""The page that asks for attestations and livrets."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.errors import DomainError
from accounts.http import Request
from accounts.permissions import staff_required
from apprentices.models import Cohort, Enrolment

from .. import actions
from ..models import LivretPeriod
from .lists import uuid_or_none


@staff_required
def documents_issue(request: Request) -> HttpResponse:
    """Choose a kind and people of a cohort; the documents are made in the background."""
    cohorts = Cohort.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    wanted = request.POST.get("promotion") or request.GET.get("promotion")
    chosen = cohorts.filter(uuid=uuid_or_none(wanted)).first() or cohorts.first()
    enrolments = Enrolment.objects.filter(cohort=chosen).select_related("apprentice", "livret")
    error = ""
    if request.method == "POST":
        ids = [
            value for text in request.POST.getlist("inscription") if (value := uuid_or_none(text))
        ]
        deed = {
            "attestation": actions.issue_attestations,
            "livret": actions.issue_livrets,
            "periode": _issue_periods,
        }.get(request.POST.get("nature", ""))
        if deed is None:
            error = "Choisissez la nature du document."
        else:
            try:
                job = deed(enrolments=enrolments.filter(uuid__in=ids), by=request.user)
            except DomainError as refused:
                error = refused.message
            else:
                return redirect("documents:job_detail", job.uuid)
    context = {"cohorts": cohorts, "chosen": chosen, "enrolments": enrolments, "error": error}
    return render(request, "livret/documents_issue.html", context, status=422 if error else 200)


def _issue_periods(*, enrolments, by):
    """The last period begun of each, or the one of the address."""
    today = timezone.localdate()
    begun = LivretPeriod.objects.filter(
        livret__enrolment__in=enrolments, starts_on__lte=today
    ).order_by("livret", "-number")
    last = {period.livret_id: period for period in reversed(begun)}
    return actions.issue_periods(periods=last.values(), by=by)
