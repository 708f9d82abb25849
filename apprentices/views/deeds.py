"""What most pages of the app do: read, call one action, say it is done or show why it is not."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from documents.models import Document


def done(request: Request, form: forms.BaseForm, deed: Callable[..., Any], told: str) -> bool:
    """Whether what was typed is written; a refusal stays on the form, beside its field."""
    if request.method != "POST" or not form.is_valid():
        return False
    values = form.deed() if hasattr(form, "deed") else form.cleaned_data
    try:
        deed(by=request.user, **values)
    except DomainError as error:
        show_refusal(form, error)
        return False
    messages.success(request, told)
    return True


def attempt(request: Request, deed: Callable[..., Any], told: str = "") -> Any | None:
    """What a deed without a form made, or None with its refusal told on the next page."""
    try:
        made = deed(by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return None
    if told:
        messages.success(request, told)
    return made


def document_made(request: Request, deed: Callable[..., Document], *back: Any) -> HttpResponse:
    """To the document asked for, or back to the page that asked."""
    document = attempt(request, deed)
    if document is None:
        return redirect(*back)
    return redirect("documents:document_detail", document.uuid)
