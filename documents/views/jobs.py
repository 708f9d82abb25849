import tempfile
import zipfile
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Request
from accounts.permissions import member_required

from ..actions import cancel_job, retry_job
from ..downloads import stored_file
from ..enums import SEALED_STATES, ItemState, JobState
from ..kinds import job_kind
from ..models import Document, Job
from ..permissions import can_steer_job
from ..rules import slug
from .shared import person

PAGE_SIZE = 50
CANCELLED = "La tâche est annulée ; ce qui est émis le reste."
RETRIED = "La tâche est relancée."
OVERTAKEN = "Rien n'est relancé : ces documents ont été demandés de nouveau depuis."


def _job(request: Request, uuid: UUID) -> Job:
    jobs = Job.objects.visible_to(person(request)).select_related("cfa", "owner")
    return get_object_or_404(jobs, uuid=uuid)


def _issued(job: Job):
    """The documents of the job that can be downloaded."""
    return Document.objects.filter(
        pk__in=job.items.filter(document__isnull=False).values("document"),
        state__in=SEALED_STATES,
    )


def _again(job: Job) -> str:
    """Where to ask again for a file that was made and is erased since; empty for any other job."""
    if job.state != JobState.DONE or job.file:
        return ""
    again = job_kind(job.kind).again
    return again(job) if again else ""


@member_required
def job_list(request: Request) -> HttpResponse:
    jobs = Job.objects.visible_to(person(request)).filter(cfa=request.membership.cfa)
    page = Paginator(jobs.select_related("owner"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "documents/job_list.html", {"page": page})


@member_required
def job_detail(request: Request, uuid: UUID) -> HttpResponse:
    """The page of a job; asked by htmx every two seconds it gives the progress alone."""
    job = _job(request, uuid)
    failed_first = Case(When(state=ItemState.FAILED, then=0), default=1)
    items = job.items.select_related("document").order_by(failed_first, "position")
    context = {
        "job": job,
        "page": Paginator(items, PAGE_SIZE).get_page(request.GET.get("page")),
        "can_steer": can_steer_job(person(request), job),
        "can_retry": job.state in (JobState.FAILED, JobState.CANCELLED),
        "issued_count": _issued(job).count(),
        "again": _again(job),
    }
    template = "documents/_job_progress.html" if request.htmx else "documents/job_detail.html"
    return render(request, template, context)


def _steer(
    request: Request, uuid: UUID, deed: Callable[..., Job], says: Callable[[Job], str]
) -> HttpResponse:
    job = _job(request, uuid)
    try:
        job = deed(job=job, by=person(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, says(job))
    return redirect("documents:job_detail", uuid=job.uuid)


@require_POST
@member_required
def job_cancel(request: Request, uuid: UUID) -> HttpResponse:
    return _steer(request, uuid, cancel_job, lambda job: CANCELLED)


@require_POST
@member_required
def job_retry(request: Request, uuid: UUID) -> HttpResponse:
    return _steer(request, uuid, retry_job, lambda job: RETRIED if job.is_active else OVERTAKEN)


@member_required
def job_download(request: Request, uuid: UUID) -> HttpResponseBase:
    """The file that the job made, or the issued documents that the person may read in one ZIP."""
    job = _job(request, uuid)
    if job.file:
        if not job_kind(job.kind).may_read(person(request), job):
            raise Http404("Ce fichier n'est plus pour cette personne.")
        name = str(job.file.name).rpartition("/")[2]
        return stored_file(job.file, name, content_type="application/zip")
    readable = Document.objects.visible_to(person(request)).values("pk")
    documents = list(_issued(job).filter(pk__in=readable).order_by("file_name", "pk"))
    if not documents:
        raise Http404("Aucun document de cette tâche n'est encore émis.")
    out = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    names: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # PDFs are compressed already
        for document in documents:
            name = document.file_name
            if name in names:  # two people of one name
                name = f"{name.removesuffix('.pdf')}_{document.code}.pdf"
            names.add(name)
            with document.file.open("rb") as file:
                archive.writestr(name, file.read())
    out.seek(0)
    filename = f"{slug(job.label)[:80] or 'documents'}.zip"
    response = FileResponse(out, as_attachment=True, filename=filename)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
