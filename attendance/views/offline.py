"""What arrives from devices that signed without network, and what the trainer decides of it."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import Role
from accounts.errors import DomainError
from accounts.http import Request
from accounts.permissions import member_required, team_required

from ..actions import accept_queued, dismiss_queued, receive_signature
from ..actions.offline import REFUSED, Parcel, Received
from ..enums import QueuedState
from ..models import AttendanceSheet, Presence, QueuedSignature
from ..permissions import can_run_sheet
from .common import device_of
from .sheets import visible_sheet
from .signing import device_door, door_of

MOST_PARCELS = 60
TOO_LARGE = "Cette signature est trop lourde : effacez-la et signez de nouveau."
LOST = "Cette demi-journée n'est plus accessible : adressez-vous à votre formateur."


@member_required
@require_POST
def signatures_receive(request: Request) -> JsonResponse:
    """A list of signatures, each answered for itself: one that is refused harms none of the others."""
    try:
        body = request.body
    except RequestDataTooBig:  # the device then sends its signatures one by one
        return JsonResponse({"message": TOO_LARGE}, status=413)
    try:
        content = json.loads(body)
        parcels = content["signatures"]
        sent_at = _moment(content["sent_at"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"message": "Demande non comprise."}, status=400)
    if content.get("person", str(request.user.uuid)) != str(request.user.uuid):
        raise PermissionDenied("Ces signatures attendent une autre personne.")
    if not isinstance(parcels, list) or len(parcels) > MOST_PARCELS:
        return JsonResponse({"message": "Demande non comprise."}, status=400)
    results = [_receive(request, parcel, sent_at) for parcel in parcels]
    return JsonResponse({"results": results})


def _moment(text: Any) -> datetime:
    moment = parse_datetime(str(text))
    if moment is None or moment.tzinfo is None:
        raise ValueError("a moment with its zone is needed")
    return moment


def _receive(request: Request, parcel: Any, sent_at: datetime) -> dict[str, str]:
    try:
        client_id = UUID(str(parcel["id"]))
        name = UUID(str(parcel["presence"]))
        content = Parcel(
            client_id=client_id,
            signed_at=_moment(parcel["signed_at"]),
            sent_at=sent_at,
            strokes=parcel.get("strokes") or None,
            typed_name=str(parcel.get("typed_name") or "")[:200],
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        identifier = str(parcel.get("id", ""))[:40] if isinstance(parcel, dict) else ""
        return {"id": identifier, "state": REFUSED, "message": "Signature illisible."}
    presence = _visible_presence(request, name)
    if presence is None:
        return _answer(Received(client_id, REFUSED, LOST))
    if request.membership.role == Role.APPRENTICE:
        door = door_of(request, presence.sheet.session, content.given_at(timezone.now()))
    else:
        door = device_door(request, presence)
    return _answer(
        receive_signature(
            presence=presence, by=request.user, parcel=content, **door, **device_of(request)
        )
    )


def _answer(received: Received) -> dict[str, str]:
    return {
        "id": str(received.client_id),
        "state": received.state,
        "message": received.message,
    }


def _visible_presence(request: Request, name: UUID) -> Presence | None:
    found = Presence.objects.filter(sheet__session__cohort__cfa=request.membership.cfa)
    if request.membership.role == Role.APPRENTICE:
        found = found.filter(enrolment__apprentice__user=request.user)
    else:
        found = found.filter(sheet__in=AttendanceSheet.objects.visible_to(request.user))
    return (
        found.select_related("sheet__session__cohort__cfa", "sheet__session__sheet")
        .filter(uuid=name)
        .first()
    )


@team_required
def queued_list(request: Request, uuid) -> HttpResponse:
    """The signatures of a sheet that arrived later and met an obstacle."""
    sheet = visible_sheet(request, uuid)
    if not can_run_sheet(request.user, sheet):
        raise PermissionDenied("Seul le formateur de la demi-journée décide de ces signatures.")
    queued = QueuedSignature.objects.filter(presence__sheet=sheet).select_related(
        "presence__enrolment__apprentice", "presence__signature", "decided_by"
    )
    context = {
        "sheet": sheet,
        "session": sheet.session,
        "waiting": queued.filter(state=QueuedState.WAITING),
        "decided": queued.exclude(state=QueuedState.WAITING),
        "is_open": sheet.is_open,
    }
    return render(request, "attendance/queued_list.html", context)


@team_required
@require_POST
def queued_decide(request: Request, uuid) -> HttpResponse:
    queued = get_object_or_404(
        QueuedSignature.objects.filter(
            presence__sheet__in=AttendanceSheet.objects.visible_to(request.user),
            presence__sheet__session__cohort__cfa=request.membership.cfa,
        ).select_related("presence__sheet"),
        uuid=uuid,
    )
    deed = request.POST.get("deed")
    if deed not in ("accept", "dismiss"):
        return HttpResponse("Demande non comprise.", status=400, content_type="text/plain")
    try:
        if deed == "accept":
            accept_queued(queued=queued, by=request.user)
        else:
            reason = request.POST.get("reason", "")
            dismiss_queued(queued=queued, by=request.user, reason=reason)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        done = "comptée" if deed == "accept" else "écartée"
        messages.success(request, f"La signature est {done}.")
    return redirect("attendance:queued_list", uuid=queued.presence.sheet.uuid)


@login_not_required
@require_GET
def service_worker(request: Request) -> HttpResponse:
    """The script that shows the signing pages again without network; its scope is this folder."""
    path = finders.find("js/attendance-sw.js")
    if not isinstance(path, str):
        raise Http404
    with open(path, encoding="utf-8") as file:
        response = HttpResponse(file.read(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response
