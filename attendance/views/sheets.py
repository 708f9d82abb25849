"""The trainer's pages: today's half-days, the live sheet, the countersignature; and the list for all."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.enums import STAFF_ROLES, Role
from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import team_reader_required, team_required
from apprentices.models import Cohort, Enrolment

from ..actions import (
    countersign_sheet,
    expect_again,
    mark_absent,
    note_times,
    open_sheet,
    request_sheet_pdf,
)
from ..doors import doors_of
from ..enums import AbsenceState, PresenceState, QueuedState, SheetState, SignatureMethod
from ..forms import MarkForm, SheetFilterForm, SignatureForm
from ..models import Absence, AttendanceSheet, ClassSession, Presence, QueuedSignature
from ..permissions import can_countersign_sheet, can_reopen_sheet, can_run_sheet
from ..rules import times, windows, workflow
from ..selectors import local, today_sessions, window_of, with_counts
from .common import device_of, posted, signature_of

PAGE_SIZE = 30


def visible_sheet(request: Request, uuid) -> AttendanceSheet:
    return get_object_or_404(
        AttendanceSheet.objects.visible_to(request.user)
        .filter(session__cohort__cfa=request.membership.cfa)
        .select_related(
            "session__cohort__cfa", "session__subject", "session__trainer", "document", "closed_by"
        ),
        uuid=uuid,
    )


@team_required
def my_sessions(request: Request) -> HttpResponse:
    """Today's half-days: the trainer's own, or all of the centre's for who runs it."""
    now = timezone.now()
    today = timezone.localdate(now)
    trainer = request.user if request.membership.role == Role.TRAINER else None
    sessions = list(today_sessions(request.membership.cfa, today, trainer=trainer))
    for session in sessions:
        session.refusal = windows.opening_refusal(window_of(session), local(now))
    late = with_counts(
        AttendanceSheet.objects.visible_to(request.user)
        .filter(session__cohort__cfa=request.membership.cfa)
        .not_countersigned(today)
    )
    if trainer:
        late = late.filter(session__trainer=trainer)
    return render(
        request,
        "attendance/my_sessions.html",
        {
            "sessions": sessions,
            "today": today,
            "late": late[:10],
            "own": trainer is not None,
            "doors": doors_of(request.membership.cfa),
        },
    )


@team_required
@require_POST
def sheet_open(request: Request, uuid) -> HttpResponse:
    session = get_object_or_404(
        ClassSession.objects.visible_to(request.user).filter(cohort__cfa=request.membership.cfa),
        uuid=uuid,
    )
    try:
        sheet = open_sheet(session=session, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("attendance:my_sessions")
    if request.POST.get("suite") == "code":  # opened from the page that projects the code
        return redirect("attendance:wall_code", uuid=uuid)
    return redirect("attendance:sheet_detail", uuid=sheet.uuid)


def sheet_state(sheet: AttendanceSheet, user) -> dict:
    """What the live part of the sheet shows."""
    presences = list(
        sheet.presences.select_related(
            "enrolment__apprentice", "enrolment__cohort", "signature"
        ).order_by("enrolment__apprentice__last_name", "enrolment__apprentice__first_name", "pk")
    )
    is_open = sheet.is_open
    for presence in presences:
        presence.proposed_arrival = _proposed_arrival(sheet.session, presence)
    newcomers = (
        Enrolment.objects.filter(cohort=sheet.session.cohort)
        .active_on(sheet.session.date)
        .exclude(presences__sheet=sheet)
        .count()
        if is_open
        else 0
    )
    return {
        "sheet": sheet,
        "session": sheet.session,
        "presences": presences,
        "signed": sum(1 for p in presences if p.state in workflow.SIGNED),
        "expected": sum(1 for p in presences if p.state == PresenceState.EXPECTED),
        "total": len(presences),
        "is_open": is_open,
        "is_past": sheet.session.date < timezone.localdate(),
        "newcomers": newcomers,
        "can_run": is_open and can_run_sheet(user, sheet),
        "can_countersign": is_open and can_countersign_sheet(user, sheet),
        "can_print": sheet.state == SheetState.CLOSED and can_run_sheet(user, sheet),
        "doors": doors_of(sheet.session.cohort.cfa) if is_open else None,
        "queued": QueuedSignature.objects.filter(
            presence__sheet=sheet, state=QueuedState.WAITING
        ).count(),
        "can_reopen": sheet.state == SheetState.CLOSED and can_reopen_sheet(user, sheet),
        "can_replace": is_open and can_reopen_sheet(user, sheet),
    }


def _proposed_arrival(session: ClassSession, presence: Presence):
    """For who signed late and whose times are not noted yet."""
    if presence.signature is None or presence.arrived_at or presence.minutes_missed:
        return None
    signed_at = local(presence.signature.signed_at)
    return times.proposed_arrival(session.starts_at, session.ends_at, signed_at)


@never_cache
@team_reader_required
def sheet_detail(request: Request, uuid) -> HttpResponse:
    """The sheet; while it is open, htmx asks every three seconds for its live part only."""
    sheet = visible_sheet(request, uuid)
    page, live = "attendance/sheet_detail.html", "attendance/_sheet_live.html"
    return render(request, live if request.htmx else page, sheet_state(sheet, request.user))


@team_required
@require_POST
def presence_mark(request: Request, uuid) -> HttpResponse:
    presence = get_object_or_404(
        Presence.objects.filter(
            sheet__in=AttendanceSheet.objects.visible_to(request.user),
            sheet__session__cohort__cfa=request.membership.cfa,
        ).select_related("sheet"),
        uuid=uuid,
    )
    form = MarkForm(request.POST)
    if not form.is_valid():
        if "deed" in form.errors:
            return HttpResponse("Demande non comprise.", status=400, content_type="text/plain")
        messages.error(request, " ".join(m for errors in form.errors.values() for m in errors))
        return redirect("attendance:sheet_detail", uuid=presence.sheet.uuid)
    data = form.cleaned_data
    try:
        if data["deed"] == "times":
            note_times(
                presence=presence,
                by=request.user,
                arrived_at=data["arrived_at"],
                left_at=data["left_at"],
            )
        elif data["deed"] == "expected":
            expect_again(presence=presence, by=request.user)
        else:
            excused = data["deed"] == "excused"
            mark_absent(presence=presence, by=request.user, reason=data["reason"], excused=excused)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("attendance:sheet_detail", uuid=presence.sheet.uuid)
    # Back to the line: on a phone fifteen names are three screens.
    sheet_url = reverse("attendance:sheet_detail", args=[presence.sheet.uuid])
    return redirect(f"{sheet_url}#ligne-{presence.uuid}")


@team_required
def sheet_countersign(request: Request, uuid) -> HttpResponse:
    sheet = visible_sheet(request, uuid)
    if not sheet.is_open:
        why = (
            "Cette demi-journée est annulée : sa feuille ne se contresigne pas."
            if sheet.is_cancelled
            else "La feuille est déjà contresignée et close."
        )
        messages.info(request, why)
        return redirect("attendance:sheet_detail", uuid=sheet.uuid)
    if not can_countersign_sheet(request.user, sheet):
        raise PermissionDenied("Seul le formateur de la demi-journée contresigne sa feuille.")
    form = SignatureForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            countersign_sheet(
                sheet=sheet,
                by=request.user,
                method=SignatureMethod.OWN_PHONE,
                **signature_of(form),
                **device_of(request),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "La feuille est contresignée et close.")
            return redirect("attendance:sheet_detail", uuid=sheet.uuid)
    now, window = local(timezone.now()), window_of(sheet.session)
    is_early = now < datetime.combine(window.date, window.ends_at)
    context = sheet_state(sheet, request.user) | {"form": form, "is_early": is_early}
    return render(
        request,
        "attendance/sheet_countersign.html",
        context,
        status=422 if form.is_bound else 200,
    )


@team_required
@require_POST
def sheet_pdf(request: Request, uuid) -> HttpResponse:
    sheet = visible_sheet(request, uuid)
    try:
        document = request_sheet_pdf(sheet=sheet, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("attendance:sheet_detail", uuid=sheet.uuid)
    return redirect("documents:document_detail", uuid=document.uuid)


@team_reader_required
def sheet_list(request: Request) -> HttpResponse:
    cfa, today = request.membership.cfa, timezone.localdate()
    cohorts = Cohort.objects.visible_to(request.user).filter(cfa=cfa)
    form = SheetFilterForm(request.GET or None, cohorts=cohorts)
    sheets = AttendanceSheet.objects.visible_to(request.user).filter(session__cohort__cfa=cfa)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        if data["etat"] == "non-contresignee":
            sheets = sheets.not_countersigned(today)
        elif data["etat"]:
            closed = sheets.filter(state=SheetState.CLOSED)
            sheets = sheets.pending() if data["etat"] == "ouverte" else closed
        if data["absences"]:
            unsettled = Absence.objects.filter(state=AbsenceState.TO_JUSTIFY)
            sheets = sheets.filter(pk__in=unsettled.values("presence__sheet"))
        if data["promotion"]:
            sheets = sheets.filter(session__cohort=data["promotion"])
        if data["du"]:
            sheets = sheets.filter(session__date__gte=data["du"])
        if data["au"]:
            sheets = sheets.filter(session__date__lte=data["au"])
    page = Paginator(with_counts(sheets), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "form": form,
        "query": query.urlencode(),
        "today": today,
        "is_staff": request.membership.role in STAFF_ROLES,
    }
    return render(request, "attendance/sheet_list.html", context)
