"""The archive of what is held about a person, for the team of the CFA and for the person."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.enums import STAFF_ROLES, Role
from accounts.http import Request
from accounts.permissions import role_required

from .. import actions
from ..models import Apprentice


@role_required(*STAFF_ROLES, Role.APPRENTICE)
def personal_data(request: Request, uuid) -> HttpResponse:
    """What the archive holds; posted, it is prepared in the background."""
    theirs = Apprentice.objects.filter(cfa=request.membership.cfa)
    is_own = request.membership.role == Role.APPRENTICE
    if is_own:
        theirs = theirs.filter(user=request.user)
    apprentice = get_object_or_404(theirs.select_related("cfa"), uuid=uuid)
    if request.method == "POST":
        job = actions.request_personal_data(apprentice=apprentice, by=request.user)
        return redirect("documents:job_detail", uuid=job.uuid)
    context = {"apprentice": apprentice, "is_own": is_own}
    return render(request, "apprentices/personal_data.html", context)
