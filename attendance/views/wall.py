"""The code on the wall of the room, the apprentice's own QR, and what their scans open."""

import logging
from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.enums import Role
from accounts.http import Request
from accounts.permissions import apprentice_required, team_required
from apprentices.models import Enrolment
from documents.qr import qr_data_uri

from ..doors import code_key, doors_of
from ..enums import PresenceState, SheetState
from ..forms import CodeForm
from ..models import AttendanceSheet, ClassSession, Presence
from ..permissions import can_open_sheet, can_run_sheet
from ..rules import codes, windows, workflow
from ..selectors import local, window_of
from .common import posted
from .sheets import visible_sheet

logger = logging.getLogger("attendance.refused")

PASSES = "attendance_passes"  # session key: half-day -> when its code was presented
IDENTIFIED = "attendance_identified"  # session key: presence -> when the own QR was read
PASSES_KEPT = 6
# Guessing six characters of thirty-two: ten tries in ten minutes.
MOST_TRIES, TRIES_SECONDS = 10, 600
TOO_MANY = "Trop de codes erronés : attendez dix minutes, ou demandez à votre formateur."
NOT_FOR_YOU = "Ce code est celui d'une demi-journée où vous n'êtes pas inscrit."


def presented_at(request: Request, key: str, name: UUID) -> datetime | None:
    """When this browser presented the code of a half-day (or was identified for a presence)."""
    value = request.session.get(key, {}).get(str(name))
    return datetime.fromisoformat(value) if value else None


def remember(request: Request, key: str, name: UUID) -> None:
    kept = dict(list(request.session.get(key, {}).items())[-PASSES_KEPT:])
    kept[str(name)] = timezone.now().isoformat()
    request.session[key] = kept


@team_required
def wall_code(request: Request, uuid) -> HttpResponse:
    """The page to project: QR, code, how many have signed and who is missing; renewed every 3 seconds."""
    session = get_object_or_404(
        ClassSession.objects.visible_to(request.user)
        .filter(cohort__cfa=request.membership.cfa)
        .select_related("cohort__cfa", "subject", "trainer", "sheet"),
        uuid=uuid,
    )
    if not can_open_sheet(request.user, session):
        raise PermissionDenied("Seul le formateur de la demi-journée projette son code.")
    if not doors_of(session.cohort.cfa).wall_code:
        raise PermissionDenied("Ce CFA n'utilise pas le code affiché en salle.")
    now = timezone.now().timestamp()
    token = codes.make_token(code_key(), codes.WALL, session.uuid, now)
    sheet = getattr(session, "sheet", None)
    presences = (
        list(sheet.presences.select_related("enrolment__apprentice")) if sheet is not None else []
    )
    address = request.build_absolute_uri(reverse("attendance:wall_scan", args=[token]))
    context = {
        "session": session,
        "sheet": sheet,
        "is_closed": sheet is not None and sheet.state == SheetState.CLOSED,
        "qr": qr_data_uri(address),
        "code": codes.short_code(code_key(), codes.WALL, session.uuid, now),
        "seconds": codes.seconds_left(codes.WALL, now),
        "enter": request.build_absolute_uri(reverse("attendance:code_enter")).partition("//")[2],
        "signed": sum(1 for p in presences if p.state in workflow.SIGNED),
        "total": len(presences),
        "missing": [p.enrolment.apprentice for p in presences if p.state == PresenceState.EXPECTED],
        "refusal": windows.opening_refusal(window_of(session), local(timezone.now())),
    }
    template = "attendance/_wall_live.html" if request.htmx else "attendance/wall_code.html"
    return render(request, template, context)


@login_not_required
@never_cache
def wall_scan(request: Request, token: str) -> HttpResponse:
    """What the QR on the wall opens: the code is kept, the person's own session says who signs."""
    try:
        uuid = codes.read_token(code_key(), codes.WALL, token, timezone.now().timestamp())
    except codes.BadCode as error:
        return refused(request, str(error), error.kind)
    session = ClassSession.objects.select_related("cohort__cfa").filter(uuid=uuid).first()
    if session is None or not doors_of(session.cohort.cfa).wall_code:
        return refused(request, "Ce code n'est plus utilisé.", "unknown")
    if request.user.is_authenticated:
        if request.membership is None or request.membership.role != Role.APPRENTICE:
            return refused(
                request, "Ce code est pour les apprentis : connectez-vous avec leur compte.", "role"
            )
        if not ClassSession.objects.visible_to(request.user).filter(pk=session.pk).exists():
            return refused(request, NOT_FOR_YOU, "foreign")
    remember(request, PASSES, session.uuid)
    return redirect("attendance:sign", uuid=session.uuid)


def refused(request: Request, message: str, kind: str, status: int = 400) -> HttpResponse:
    """Say why a code opens nothing, and keep a line of it."""
    logger.warning(
        "code refused: %s, user %s, address %s",
        kind,
        request.user.pk if request.user.is_authenticated else "-",
        request.META.get("REMOTE_ADDR", "-"),
    )
    can_type = request.user.is_authenticated and bool(
        request.membership and request.membership.role == Role.APPRENTICE
    )
    context = {"message": message, "form": CodeForm(), "can_type": can_type}
    return render(request, "attendance/code_refused.html", context, status=status)


@apprentice_required
def code_enter(request: Request) -> HttpResponse:
    """The six characters typed instead of the scan: one's own half-days of the day only."""
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        tries = f"attendance-code-{request.user.pk}"
        if cache.get(tries, 0) >= MOST_TRIES:
            form.add_error(None, TOO_MANY)
        elif session := _session_of_code(request, form.cleaned_data["code"]):
            remember(request, PASSES, session.uuid)
            return redirect("attendance:sign", uuid=session.uuid)
        else:
            cache.add(tries, 0, TRIES_SECONDS)
            cache.incr(tries)
            logger.warning("code refused: typed, user %s", request.user.pk)
            form.add_error(
                "code",
                "Ce code n'est celui d'aucune de vos demi-journées d'aujourd'hui, ou il a changé : "
                "saisissez celui qui est affiché maintenant.",
            )
    return render(
        request, "attendance/code_enter.html", {"form": form}, status=422 if form.is_bound else 200
    )


def _session_of_code(request: Request, code: str) -> ClassSession | None:
    now = timezone.now()
    sessions = (
        ClassSession.objects.planned()
        .visible_to(request.user)
        .filter(date=timezone.localdate(now))
        .select_related("cohort__cfa")
    )
    for session in sessions:
        if (
            codes.is_short_code(code_key(), codes.WALL, session.uuid, code, now.timestamp())
            and doors_of(session.cohort.cfa).wall_code
        ):
            return session
    return None


@apprentice_required
def own_qr(request: Request) -> HttpResponse:
    """The apprentice's own QR, for the trainer to read; it changes every 30 seconds."""
    today = timezone.localdate()
    enrolment = (
        Enrolment.objects.filter(apprentice__user=request.user, cohort__cfa=request.membership.cfa)
        .active_on(today)
        .select_related("apprentice", "cohort")
        .order_by("-starts_on", "pk")
        .first()
    )
    context = {"enrolment": enrolment, "is_used": doors_of(request.membership.cfa).own_qr}
    if enrolment and context["is_used"]:
        now = timezone.now().timestamp()
        token = codes.make_token(code_key(), codes.OWN, enrolment.uuid, now)
        address = request.build_absolute_uri(reverse("attendance:own_qr_scan", args=[token]))
        context["qr"] = qr_data_uri(address)
        context["code"] = codes.short_code(code_key(), codes.OWN, enrolment.uuid, now)
    template = "attendance/_own_qr_live.html" if request.htmx else "attendance/own_qr.html"
    return render(request, template, context)


@team_required
@never_cache
def own_qr_scan(request: Request, token: str) -> HttpResponse:
    """What the trainer's camera opens: this apprentice's line on the sheet that is open now."""
    try:
        uuid = codes.read_token(code_key(), codes.OWN, token, timezone.now().timestamp())
    except codes.BadCode as error:
        return refused(request, str(error), error.kind)
    sheets = (
        AttendanceSheet.objects.visible_to(request.user)
        .pending()
        .filter(session__cohort__cfa=request.membership.cfa, session__date=timezone.localdate())
    )
    # The latest: the morning's sheet may still wait for its countersignature in the afternoon.
    found = (
        Presence.objects.filter(sheet__in=sheets, enrolment__uuid=uuid)
        .select_related("sheet__session__cohort__cfa", "enrolment__apprentice")
        .order_by("-sheet__session__starts_at")
    )
    presence = next((p for p in found if can_run_sheet(request.user, p.sheet)), None)
    if presence is None:
        return refused(
            request,
            "Cet apprenti n'est sur aucune de vos feuilles ouvertes : ouvrez l'émargement, ou "
            "ajoutez-le depuis la feuille.",
            "foreign",
        )
    remember(request, IDENTIFIED, presence.uuid)
    return redirect("attendance:presence_sign", uuid=presence.uuid)


@team_required
def qr_read(request: Request, uuid) -> HttpResponse:
    """How to read an apprentice's QR with the device's camera, or type its six characters."""
    sheet = visible_sheet(request, uuid)
    if not can_run_sheet(request.user, sheet):
        raise PermissionDenied("Seul le formateur de la demi-journée lit les QR des apprentis.")
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        now = timezone.now().timestamp()
        for presence in sheet.presences.select_related("enrolment"):
            name = presence.enrolment.uuid
            if codes.is_short_code(code_key(), codes.OWN, name, form.cleaned_data["code"], now):
                remember(request, IDENTIFIED, presence.uuid)
                return redirect("attendance:presence_sign", uuid=presence.uuid)
        form.add_error("code", "Ce code n'est celui de personne sur cette feuille, ou il a changé.")
    context = {"form": form, "sheet": sheet, "session": sheet.session}
    return render(request, "attendance/qr_read.html", context, status=422 if form.is_bound else 200)
