"""Signing one's presence: on one's own phone, or on the trainer's device passed round."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.errors import DomainError
from accounts.permissions import apprentice_required, team_required
from apprentices.models import Enrolment

from ..actions import sign_presence
from ..enums import SignatureMethod
from ..forms import SignatureForm
from ..models import AttendanceSheet, ClassSession, Presence
from ..permissions import can_run_sheet
from ..rules import windows, workflow
from ..selectors import hours_of, local, window_of
from .common import add_error, device_of, posted, signature_of
from .mine import gauge_of
from .sheets import sheet_state, visible_sheet


@apprentice_required
def sign(request: HttpRequest, uuid) -> HttpResponse:
    """The apprentice's phone: this half-day only, and nothing to choose."""
    session = get_object_or_404(
        ClassSession.objects.visible_to(request.user).select_related(
            "cohort__cfa", "subject", "trainer", "sheet"
        ),
        uuid=uuid,
    )
    enrolment = get_object_or_404(
        Enrolment.objects.select_related(
            "apprentice", "cohort__cfa", "cohort__programme__referentiel"
        ),
        cohort=session.cohort,
        apprentice__user=request.user,
    )
    presence = (
        Presence.objects.filter(sheet__session=session, enrolment=enrolment)
        .select_related("signature", "sheet")
        .first()
    )
    form = SignatureForm(posted(request))
    if request.method == "POST" and presence is not None:
        if presence.state in workflow.SIGNED:  # a double click: the first one counted
            return redirect("attendance:sign", uuid=session.uuid)
        if form.is_valid():
            try:
                sign_presence(
                    presence=presence,
                    by=request.user,
                    method=SignatureMethod.OWN_PHONE,
                    **signature_of(form),
                    **device_of(request),
                )
            except DomainError as error:
                add_error(form, error)
            else:
                return redirect("attendance:sign", uuid=session.uuid)
    context = _sign_context(session, enrolment, presence) | {"form": form}
    status = 422 if request.method == "POST" else 200
    page, waiting = "attendance/sign.html", "attendance/_sign_waiting.html"
    template = waiting if request.htmx and not context["can_sign"] else page
    response = render(request, template, context, status=status)
    if request.htmx and context["can_sign"]:
        response["HX-Refresh"] = "true"  # the sheet has just been opened: load the page anew
    return response


def _sign_context(session: ClassSession, enrolment: Enrolment, presence: Presence | None) -> dict:
    """Which of the four faces the page shows: signed, ready to sign, waiting, or refused."""
    now = local(timezone.now())
    today = timezone.localdate()
    sheet = getattr(session, "sheet", None)
    is_signed = presence is not None and presence.state in workflow.SIGNED
    is_closed = sheet is not None and sheet.closed_at is not None
    refusal = windows.signing_refusal(window_of(session), now, is_closed=is_closed)
    is_waiting = not is_signed and not is_closed and sheet is None and session.date >= today
    if not refusal and sheet is not None and presence is None:
        refusal = (
            "Vous n'êtes pas sur cette feuille : demandez à votre formateur de vous y ajouter."
        )
    return {
        "session": session,
        "enrolment": enrolment,
        "presence": presence,
        "is_signed": is_signed,
        "can_sign": presence is not None and not is_signed and not refusal,
        "is_waiting": is_waiting,
        "refusal": refusal,
        "gauge": gauge_of(hours_of([enrolment], today)[enrolment.pk]),
    }


@team_required
def presence_list(request: HttpRequest, uuid) -> HttpResponse:
    """The device that is passed round: the list of names, each leads to its signature page."""
    sheet = visible_sheet(request, uuid)
    if not can_run_sheet(request.user, sheet):
        raise PermissionDenied("Seul le formateur de la demi-journée fait signer sur son appareil.")
    return render(request, "attendance/presence_list.html", sheet_state(sheet, request.user))


@team_required
def presence_sign(request: HttpRequest, uuid) -> HttpResponse:
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
    form = SignatureForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            sign_presence(
                presence=presence,
                by=request.user,
                method=SignatureMethod.TRAINER_DEVICE,
                **signature_of(form),
                **device_of(request),
            )
        except DomainError as error:
            add_error(form, error)
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
            "refusal": windows.signing_refusal(
                window_of(sheet.session),
                local(timezone.now()),
                is_closed=sheet.closed_at is not None,
            ),
        },
        status=422 if form.is_bound else 200,
    )
