"""Signing one's presence: on one's own phone, or on the trainer's device passed round."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import apprentice_required, team_required
from apprentices.models import Enrolment

from ..actions import sign_presence
from ..actions.signing import QR_LASTS, pass_is_fresh
from ..doors import doors_of
from ..enums import SessionState, SignatureMethod
from ..forms import CodeForm, SignatureForm
from ..models import AttendanceSheet, ClassSession, Presence
from ..permissions import can_run_sheet
from ..rules import windows, workflow
from ..selectors import hours_of, local, window_of
from .common import device_of, posted, signature_of
from .mine import gauge_of
from .sheets import sheet_state, visible_sheet
from .wall import IDENTIFIED, PASSES, presented_at


@apprentice_required
def sign(request: Request, uuid) -> HttpResponse:
    """The apprentice's phone: this half-day only, and nothing to choose."""
    session = get_object_or_404(
        ClassSession.objects.visible_to(request.user).select_related(
            "cohort__cfa__attendance_doors", "subject", "trainer", "sheet"
        ),
        uuid=uuid,
    )
    presence = (
        Presence.objects.filter(sheet__session=session, enrolment__apprentice__user=request.user)
        .select_related("signature", "sheet")
        .first()
    )
    enrolment = get_object_or_404(
        Enrolment.objects.select_related(
            "apprentice", "cohort__cfa", "cohort__programme__referentiel"
        ),
        # A guest of another group signs with the enrolment of that group.
        **(
            {"pk": presence.enrolment_id}
            if presence
            else {"cohort": session.cohort, "apprentice__user": request.user}
        ),
    )
    door = door_of(request, session)
    form = SignatureForm(posted(request))
    if request.method == "POST" and presence is not None:
        if presence.state in workflow.SIGNED:  # a double click: the first one counted
            return redirect("attendance:sign", uuid=session.uuid)
        if form.is_valid():
            try:
                sign_presence(
                    presence=presence,
                    by=request.user,
                    **door,
                    **signature_of(form),
                    **device_of(request),
                )
            except DomainError as error:
                show_refusal(form, error)
            else:
                return redirect("attendance:sign", uuid=session.uuid)
    context = _sign_context(session, enrolment, presence, door) | {"form": form}
    status = 422 if request.method == "POST" else 200
    page, waiting = "attendance/sign.html", "attendance/_sign_waiting.html"
    template = waiting if request.htmx and not context["can_sign"] else page
    response = render(request, template, context, status=status)
    if request.htmx and context["can_sign"]:
        response["HX-Refresh"] = "true"  # the sheet has just been opened: load the page anew
    return response


def door_of(request: Request, session: ClassSession, at: datetime | None = None) -> dict[str, Any]:
    """By which door this phone signs: the room's code while it is fresh, else the home's button.

    `at`: when it was signed, for what waited for the network.
    """
    seen = presented_at(request, PASSES, session.uuid)
    sheet = getattr(session, "sheet", None)
    doors = doors_of(session.cohort.cfa)
    fresh = seen is not None and pass_is_fresh(seen, sheet, at or timezone.now())
    if (fresh and doors.wall_code) or not doors.own_phone:
        return {"method": SignatureMethod.WALL_CODE, "presented_at": seen if fresh else None}
    return {"method": SignatureMethod.OWN_PHONE}


def _sign_context(
    session: ClassSession,
    enrolment: Enrolment,
    presence: Presence | None,
    door: dict[str, Any],
) -> dict:
    """Which of the five faces the page shows: signed, ready, code lacking, waiting, or refused."""
    now = local(timezone.now())
    today = timezone.localdate()
    sheet = getattr(session, "sheet", None)
    is_signed = presence is not None and presence.state in workflow.SIGNED
    is_closed = sheet is not None and sheet.closed_at is not None
    refusal = windows.signing_refusal(window_of(session), now, is_closed=is_closed)
    is_cancelled = session.state == SessionState.CANCELLED
    if is_cancelled:
        refusal = f"Cette demi-journée est annulée : {session.cancel_reason}."
    is_waiting = not is_cancelled and sheet is None and session.date >= today
    if not refusal and sheet is not None and presence is None:
        refusal = (
            "Vous n'êtes pas sur cette feuille : demandez à votre formateur de vous y ajouter."
        )
    doors = doors_of(session.cohort.cfa)
    needs_code = door["method"] == SignatureMethod.WALL_CODE and not door["presented_at"]
    return {
        "session": session,
        "enrolment": enrolment,
        "presence": presence,
        "is_signed": is_signed,
        "can_sign": presence is not None and not is_signed and not refusal and not needs_code,
        "needs_code": needs_code and not is_signed and not is_closed,
        "code_form": CodeForm() if doors.wall_code else None,
        "is_waiting": is_waiting,
        "refusal": refusal,
        "gauge": gauge_of(hours_of([enrolment], today)[enrolment.pk]),
    }


@team_required
def presence_list(request: Request, uuid) -> HttpResponse:
    """The device that is passed round: the list of names, each leads to its signature page."""
    sheet = visible_sheet(request, uuid)
    if not can_run_sheet(request.user, sheet):
        raise PermissionDenied("Seul le formateur de la demi-journée fait signer sur son appareil.")
    context = sheet_state(sheet, request.user)
    return render(request, "attendance/presence_list.html", context)


@team_required
def presence_sign(request: Request, uuid) -> HttpResponse:
    presence = get_object_or_404(
        Presence.objects.filter(
            sheet__in=AttendanceSheet.objects.visible_to(request.user),
            sheet__session__cohort__cfa=request.membership.cfa,
        ).select_related(
            "enrolment__apprentice", "signature", "sheet__session__subject",
            "sheet__session__trainer", "sheet__session__cohort__cfa",
        ),
        uuid=uuid,
    )  # fmt: skip
    sheet = presence.sheet
    if not can_run_sheet(request.user, sheet):
        raise PermissionDenied("Seul le formateur de la demi-journée fait signer sur son appareil.")
    apprentice = presence.enrolment.apprentice
    if presence.state in workflow.SIGNED:
        messages.info(request, f"{apprentice} a déjà signé.")
        return redirect("attendance:presence_list", uuid=sheet.uuid)
    door = device_door(request, presence)
    form = SignatureForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            sign_presence(
                presence=presence,
                by=request.user,
                **door,
                **signature_of(form),
                **device_of(request),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{apprentice} a signé.")
            return redirect("attendance:presence_list", uuid=sheet.uuid)
    return render(
        request,
        "attendance/presence_sign.html",
        {
            "form": form,
            "presence": presence,
            "session": sheet.session,
            "sheet": sheet,
            "by_qr": door["method"] == SignatureMethod.OWN_QR,
            "refusal": windows.signing_refusal(
                window_of(sheet.session),
                local(timezone.now()),
                is_closed=sheet.closed_at is not None,
            ),
        },
        status=422 if form.is_bound else 200,
    )


def device_door(request: Request, presence: Presence) -> dict[str, Any]:
    """On the trainer's device: after the person's own QR was read, or passed round."""
    seen = presented_at(request, IDENTIFIED, presence.uuid)
    doors = doors_of(presence.sheet.session.cohort.cfa)
    fresh = seen is not None and timezone.now() <= seen + QR_LASTS
    if (fresh and doors.own_qr) or not doors.trainer_device:
        return {"method": SignatureMethod.OWN_QR, "presented_at": seen if fresh else None}
    return {"method": SignatureMethod.TRAINER_DEVICE}
