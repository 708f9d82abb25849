from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Request
from accounts.models import Event
from accounts.permissions import member_required, reader_required

from ..actions import retry_document
from ..downloads import stored_file
from ..enums import DocumentState
from ..filters import DocumentFilter
from ..freezing import cfa_facts
from ..kinds import document_kind, document_kinds
from ..models import Document, Job, JobItem
from ..permissions import can_retry_document
from .shared import person

PAGE_SIZE = 50


def _document(request: Request, uuid: UUID) -> Document:
    visible = Document.objects.visible_to(person(request))
    return get_object_or_404(visible.select_related("cfa", "requested_by", "replaces"), uuid=uuid)


@member_required
def document_list(request: Request) -> HttpResponse:
    documents = Document.objects.visible_to(person(request)).filter(cfa=request.membership.cfa)
    filtered = DocumentFilter(request.GET, queryset=documents)
    page = Paginator(filtered.qs.defer("context"), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "documents/document_list.html",
        {
            "filter": filtered,
            "page": page,
            "query": query.urlencode(),
            "has_jobs": Job.objects.visible_to(person(request)).exists(),
        },
    )


@member_required
def document_detail(request: Request, uuid: UUID) -> HttpResponse:
    document = _document(request, uuid)
    item = JobItem.objects.filter(document=document).order_by("-pk").select_related("job").first()
    return render(
        request,
        "documents/document_detail.html",
        {
            "document": document,
            "job": item.job if item else None,
            "replaced_by": Document.objects.filter(replaces=document).first(),
            "can_retry": document.state in (DocumentState.FAILED, DocumentState.CANCELLED)
            and can_retry_document(person(request), document),
            "events": Event.objects.about(document)[:20],
            "waiting": document.state == DocumentState.QUEUED,
        },
    )


@member_required
def document_download(request: Request, uuid: UUID) -> HttpResponseBase:
    document = _document(request, uuid)
    if not document.is_sealed:
        raise Http404("Ce document n'est pas encore émis.")
    return stored_file(document.file, document.file_name, content_type="application/pdf")


@require_POST
@member_required
def document_retry(request: Request, uuid: UUID) -> HttpResponse:
    document = _document(request, uuid)
    try:
        retry_document(document=document, by=person(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Le document est relancé.")
    return redirect("documents:document_detail", uuid=document.uuid)


def _plain_404(text: str) -> HttpResponse:
    return HttpResponse(text, status=404, content_type="text/plain; charset=utf-8")


@reader_required
def document_preview(request: Request, kind: str) -> HttpResponse:
    """Development only: the PDF of a kind from its sample, or from the last frozen context."""
    if not settings.DEBUG:
        raise Http404
    from ..pdf import preview_facts, render_context

    found = {known.code: known for known in document_kinds()}.get(kind)
    if found is None:
        known = ", ".join(kind.code for kind in document_kinds())
        return _plain_404(f"Natures connues : {known}")
    last = Document.objects.visible_to(person(request)).filter(kind=kind).first()
    if found.sample:
        context = {"cfa": cfa_facts(request.membership.cfa), **found.sample()}
    elif last and last.is_frozen:
        context = last.context
    else:
        return _plain_404("Ni exemple, ni document de cette nature.")
    now = timezone.localtime().replace(microsecond=0)
    facts = preview_facts(document_kind(kind), issued_at=now)
    if "html" in request.GET:
        return HttpResponse(render_to_string(found.template, {**context, "document": facts}))
    data, _pages = render_context(found, context, code=facts.code, title=facts.title, issued_at=now)
    return HttpResponse(data, content_type="application/pdf")
