"""What most forms of the app do: read, call one action, say it is done or show why it is not."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages

from accounts.errors import DomainError
from accounts.http import Request

from ..forms import show_error


def done(request: Request, form: forms.BaseForm, deed: Callable[..., Any], told: str) -> bool:
    """Whether what was typed is written; a refusal stays on the form, beside its field."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        deed(by=request.user, **form.cleaned_data)
    except DomainError as error:
        show_error(form, error)
        return False
    messages.success(request, told)
    return True
