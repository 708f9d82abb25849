"""The first programme of a CFA, or of another diploma; the next years are copies of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.errors import DomainError
from accounts.french import with_comma
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required

from .. import actions
from ..forms import ProgrammeStartForm
from .shared import person, status


@staff_required
def programme_create(request: Request) -> HttpResponse:
    form = ProgrammeStartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            programme = actions.create_programme(
                cfa=request.membership.cfa, by=person(request), **form.values()
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            hours = with_comma(programme.hours_announced)
            messages.success(
                request,
                f"« {programme} » est créé, avec le minimum légal de {hours} h à répartir par matière.",
            )
            if next_page := _next(request):
                return redirect(next_page)
            return redirect("programmes:programme_hours", programme.uuid)
    context = {"form": form, "next": _next(request)}
    return render(request, "programmes/programme_create.html", context, status=status(form))


def _next(request: Request) -> str:
    """The page of this site that sent the person here for a programme, to go back to."""
    asked = request.GET.get("suite", "")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""
