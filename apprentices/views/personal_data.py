"""The archive of what is held about a person, for who keeps that file and for the person."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.http import Request
from accounts.permissions import member_required

from .. import actions
from ..models import Apprentice
from ..permissions import can_take_personal_data, cfa_of
from ..personal_jobs import HELD, held, person_of


@member_required
def personal_data(request: Request, what: str, uuid) -> HttpResponse:
    """What the archive holds; posted, it is prepared in the background."""
    row = held(what, uuid) if what in HELD else None
    here = row is not None and cfa_of(row) == request.membership.cfa
    if row is None or not here or not can_take_personal_data(request.user, row):
        raise Http404
    if request.method == "POST":
        job = actions.request_personal_data(row=row, by=request.user)
        return redirect("documents:job_detail", uuid=job.uuid)
    person = person_of(row, request.user)
    context = {"person": person, "is_apprentice": isinstance(row, Apprentice)}
    return render(request, "apprentices/personal_data.html", context)
