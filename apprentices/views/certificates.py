"""The page that asks for certificates, cards and calendars of a cohort."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.errors import DomainError
from accounts.http import Request
from accounts.permissions import staff_required

from .. import actions
from ..enums import CertificateKind
from .cohorts import cohorts_here


@staff_required
def certificates_issue(request: Request, uuid) -> HttpResponse:
    """Choose a kind and people; the PDFs are made in the background."""
    cohort = get_object_or_404(cohorts_here(request), uuid=uuid)
    enrolments = list(cohort.enrolments.select_related("apprentice"))
    chosen = request.POST.getlist("inscription") or request.GET.getlist("inscription")
    kind = request.POST.get("nature", CertificateKind.ENROLMENT)
    error = ""
    if request.method == "POST":
        try:
            job = actions.issue_certificates(
                kind=kind,
                enrolments=[e for e in enrolments if str(e.uuid) in chosen],
                by=request.user,
            )
        except DomainError as refused:
            error = refused.message
        else:
            return redirect("documents:job_detail", job.uuid)
    context = {
        "cohort": cohort,
        "rows": [(e, not chosen or str(e.uuid) in chosen) for e in enrolments],
        "kinds": CertificateKind.choices,
        "kind": kind,
        "error": error,
    }
    return render(
        request, "apprentices/certificates_issue.html", context, status=422 if error else 200
    )
