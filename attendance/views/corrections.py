"""What happens to a sheet beside the signatures: another group's apprentice, a reopening."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.http import Request
from accounts.permissions import staff_required, team_required

from ..actions import add_guest, reopen_sheet, replace_trainer
from ..enums import SheetState
from ..forms import GuestForm, ReasonForm, ReplacementForm
from ..models import AttendanceSheet
from ..permissions import can_reopen_sheet, can_run_sheet
from .common import Deed, deed_page, posted
from .sheets import visible_sheet


@team_required
def guest_add(request: Request, uuid) -> HttpResponse:
    """Put an apprentice of another group on the sheet."""
    sheet = visible_sheet(request, uuid)
    if not can_run_sheet(request.user, sheet):
        raise PermissionDenied("Seul le formateur de la demi-journée complète sa feuille.")
    if sheet.state == SheetState.CLOSED:
        messages.info(request, "La feuille est contresignée et close.")
        return redirect("attendance:sheet_detail", uuid=sheet.uuid)
    form = GuestForm(posted(request), sheet=sheet)
    return _correct(
        request,
        sheet,
        form,
        "attendance/guest_add.html",
        lambda: add_guest(sheet=sheet, by=request.user, **form.cleaned_data),
        lambda presence: f"{presence.enrolment.apprentice} est sur la feuille.",
    )


@staff_required
def sheet_reopen(request: Request, uuid) -> HttpResponse:
    """Open a closed sheet again, with a reason."""
    sheet = visible_sheet(request, uuid)
    if not can_reopen_sheet(request.user, sheet):
        raise PermissionDenied("Seule l'équipe du CFA rouvre une feuille contresignée.")
    if sheet.state == SheetState.OPEN:
        messages.info(request, "La feuille est déjà ouverte.")
        return redirect("attendance:sheet_detail", uuid=sheet.uuid)
    form = ReasonForm(posted(request))
    return _correct(
        request,
        sheet,
        form,
        "attendance/sheet_reopen.html",
        lambda: reopen_sheet(sheet=sheet, by=request.user, **form.cleaned_data),
        lambda _: "La feuille est rouverte ; la clôture précédente reste dans ses preuves.",
    )


@staff_required
def trainer_replace(request: Request, uuid) -> HttpResponse:
    """Say who really taught the half-day of an open sheet."""
    sheet = visible_sheet(request, uuid)
    if sheet.state == SheetState.CLOSED:
        messages.info(request, "La feuille est contresignée et close : rouvrez-la d'abord.")
        return redirect("attendance:sheet_detail", uuid=sheet.uuid)
    form = ReplacementForm(posted(request), session=sheet.session)
    return _correct(
        request,
        sheet,
        form,
        "attendance/trainer_replace.html",
        lambda: replace_trainer(sheet=sheet, by=request.user, **form.cleaned_data),
        lambda done: (
            f"{done.session.trainer} contresignera la feuille ; un message part aux deux formateurs."
        ),
    )


def _correct(
    request: Request,
    sheet: AttendanceSheet,
    form: Form,
    template: str,
    deed: Callable[[], Deed],
    said: Callable[[Deed], str],
) -> HttpResponse:
    """The page of a correction; afterwards the sheet again."""

    def done(result: Deed) -> HttpResponse:
        messages.success(request, said(result))
        return redirect("attendance:sheet_detail", uuid=sheet.uuid)

    return deed_page(request, template, form, deed, done, sheet=sheet, session=sheet.session)
