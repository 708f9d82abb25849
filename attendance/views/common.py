"""Small things that the views share."""

import ipaddress
from collections.abc import Callable
from typing import Any, TypeVar

from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from apprentices.models import Cohort

from ..forms import SignatureForm

Deed = TypeVar("Deed")


def device_of(request: Request) -> dict[str, Any]:
    """What is kept of the device that signs."""
    address = request.META.get("REMOTE_ADDR", "")
    try:
        ip = str(ipaddress.ip_address(address))
    except ValueError:  # a local socket has no address
        ip = None
    return {"user_agent": request.META.get("HTTP_USER_AGENT", "")[:300], "ip": ip}


def cohort_or_404(request: Request, uuid) -> Cohort:
    """The cohort of the current CFA that the person may see."""
    return get_object_or_404(
        Cohort.objects.visible_to(request.user)
        .filter(cfa=request.membership.cfa)
        .select_related("cfa", "programme__referentiel"),
        uuid=uuid,
    )


def posted(request: Request) -> QueryDict | None:
    """The form's data; an empty POST is bound too, so that what lacks is said."""
    return request.POST if request.method == "POST" else None


def signature_of(form: SignatureForm) -> dict[str, Any]:
    return {
        "strokes": form.cleaned_data["strokes"],
        "typed_name": form.cleaned_data["typed_name"],
    }


def deed_page(
    request: Request,
    template: str,
    form: Form,
    deed: Callable[[], Deed],
    done: Callable[[Deed], HttpResponse],
    **context: Any,
) -> HttpResponse:
    """The page of one deed: its form, the deed once the form is right, a refusal beside its field."""
    if request.method == "POST" and form.is_valid():
        try:
            result = deed()
        except DomainError as error:
            show_refusal(form, error)
        else:
            return done(result)
    status = 422 if form.is_bound else 200
    return render(request, template, context | {"form": form}, status=status)
