"""The public pages: whoever holds a document learns whether it is genuine."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.http import Request

from ..enums import SEALED_STATES, DocumentState
from ..forms import CodeForm
from ..models import Document
from ..rules import mask_label, normalise_code


@login_not_required
@never_cache
@require_safe
def document_check(request: Request) -> HttpResponse:
    """The form to type a code."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("documents:document_verify", code=form.cleaned_data["code"])
    status = 422 if form.is_bound else 200
    return render(request, "documents/document_check.html", {"form": form}, status=status)


@login_not_required
@never_cache
@require_safe
def document_verify(request: Request, code: str) -> HttpResponse:
    """What the installation knows of a code: never the whole name, never the content.

    A code is 60 random bits, so that nobody reaches a page here by trying.
    """
    wanted = normalise_code(code[:60])
    if wanted and wanted != code:
        return redirect("documents:document_verify", code=wanted)
    document = (
        Document.objects.filter(code=wanted, state__in=SEALED_STATES)
        .select_related("cfa")
        .defer("context")
        .first()
        if wanted
        else None
    )
    if document is None:
        form = CodeForm(initial={"code": code[:40]})
        context = {"form": form, "unknown": code[:40]}
        return render(request, "documents/document_check.html", context, status=404)
    return render(
        request,
        "documents/document_verify.html",
        {
            "document": document,
            "subject": mask_label(document.subject_label),
            "is_current": document.state == DocumentState.ISSUED,
        },
    )
