"""Documents about attendance: asked for a cohort, kept with what was issued before."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required
from apprentices.models import Cohort

from ..actions.papers import request_papers
from ..models import AttendancePaper
from ..planning_forms import PapersForm
from .common import posted


@staff_required
def papers_issue(request: Request, uuid) -> HttpResponse:
    """Sheets of a period, statements, certificates: one or a whole cohort's in one act."""
    cohort = get_object_or_404(
        Cohort.objects.visible_to(request.user)
        .filter(cfa=request.membership.cfa)
        .select_related("cfa", "programme"),
        uuid=uuid,
    )
    today = timezone.localdate()
    last_month = today.replace(day=1) - timedelta(days=1)
    initial = {
        "kind": request.GET.get("document", ""),
        "first": max(cohort.starts_on, last_month.replace(day=1)),
        "last": last_month,
    }
    form = PapersForm(posted(request), cohort=cohort, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            job = request_papers(cohort=cohort, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, "Les documents se préparent : cette page suit leur avancement."
            )
            return redirect("documents:job_detail", uuid=job.uuid)
    papers = (
        AttendancePaper.objects.filter(cohort=cohort)
        .select_related("document", "enrolment__apprentice")
        .order_by("-created_at", "-pk")[:30]
    )
    context = {"cohort": cohort, "form": form, "papers": papers}
    status = 422 if form.is_bound else 200
    return render(request, "attendance/papers_issue.html", context, status=status)
