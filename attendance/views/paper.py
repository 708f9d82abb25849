"""The paper door: print, then send the scan back and copy what it says."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import team_reader_required, team_required
from documents.downloads import stored_file

from ..actions import attach_scan, open_for_paper, request_paper, transcribe_paper
from ..actions.paper import Line
from ..enums import SheetState
from ..forms import PaperForm
from ..models import AttendanceSheet, ClassSession, PaperScan
from ..permissions import can_open_sheet
from .common import posted


def _session(request: Request, uuid) -> ClassSession:
    session = get_object_or_404(
        ClassSession.objects.visible_to(request.user)
        .filter(cohort__cfa=request.membership.cfa)
        .select_related("cohort__cfa", "subject", "trainer", "sheet"),
        uuid=uuid,
    )
    if not can_open_sheet(request.user, session):
        raise PermissionDenied("Seuls le formateur et l'équipe du CFA traitent la feuille papier.")
    return session


@team_required
@require_POST
def paper_print(request: Request, uuid) -> HttpResponse:
    """Ask for the PDF to print."""
    session = _session(request, uuid)
    try:
        document = request_paper(session=session, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("attendance:session_detail", uuid=session.uuid)
    return redirect("documents:document_detail", uuid=document.uuid)


@team_required
def paper_transcribe(request: Request, uuid) -> HttpResponse:
    """What the QR of the printed sheet opens: join the scan, copy the lines."""
    session = _session(request, uuid)
    sheet = getattr(session, "sheet", None)
    if sheet is None:
        return _open_first(request, session)
    if sheet.state == SheetState.CLOSED:
        messages.info(request, "La feuille est contresignée et close : elle ne se transcrit plus.")
        return redirect("attendance:sheet_detail", uuid=sheet.uuid)
    form = _form(sheet, posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            scan = _scan(request, sheet, form)
            # Joined for good: when a line is refused, the file is not asked for again.
            data = request.POST.copy()
            data["known"] = str(scan.uuid)
            form = _form(sheet, data)
            done = transcribe_paper(scan=scan, lines=_lines(form), by=request.user)
        except DomainError as error:
            show_refusal(form, error)
        else:
            lines = f"{done} ligne{'s' if done > 1 else ''} transcrite{'s' if done > 1 else ''}"
            messages.success(request, f"La feuille papier est jointe, {lines}.")
            return redirect("attendance:sheet_detail", uuid=sheet.uuid)
    return render(
        request,
        "attendance/paper_transcribe.html",
        {"form": form, "sheet": sheet, "session": session},
        status=422 if form.is_bound else 200,
    )


def _open_first(request: Request, session: ClassSession) -> HttpResponse:
    """The half-day has no sheet yet: it is opened by a button, never by following a link."""
    if request.method == "POST":
        try:
            open_for_paper(session=session, by=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("attendance:paper_transcribe", uuid=session.uuid)
    return render(request, "attendance/paper_open.html", {"session": session})


def _form(sheet: AttendanceSheet, data: Any = None, files: Any = None) -> PaperForm:
    return PaperForm(
        data,
        files,
        presences=list(
            sheet.presences.filter(signature=None).select_related("enrolment__apprentice")
        ),
        scans=list(sheet.scans.all()),
    )


def _scan(request: Request, sheet: AttendanceSheet, form: PaperForm) -> PaperScan:
    if file := form.cleaned_data.get("scan"):
        return attach_scan(
            sheet=sheet, by=request.user, file=file, size=file.size, file_name=file.name
        )
    return sheet.scans.get(uuid=form.cleaned_data["known"])


def _lines(form: PaperForm) -> list[Line]:
    data = form.cleaned_data if form.is_valid() else {}
    return [
        Line(
            presence,
            data.get(f"mark_{key}", ""),
            data.get(f"reason_{key}", ""),
            data.get(f"arrived_at_{key}"),
            data.get(f"left_at_{key}"),
        )
        for presence in form.presences
        for key in (presence.uuid.hex,)
    ]


@team_reader_required
def scan_download(request: Request, uuid) -> HttpResponseBase:
    """The scan as it was received, to who may see the sheet."""
    scan = get_object_or_404(
        PaperScan.objects.filter(
            sheet__in=AttendanceSheet.objects.visible_to(request.user),
            sheet__session__cohort__cfa=request.membership.cfa,
        ),
        uuid=uuid,
    )
    return stored_file(scan.file, scan.file_name, content_type=scan.content_type)
