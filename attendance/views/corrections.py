"""What happens to a sheet beside the signatures: another group's apprentice, a reopening."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.errors import DomainError
from accounts.http import Request
from accounts.permissions import staff_required, team_required

from ..actions import add_guest, reopen_sheet, replace_trainer
from ..enums import SheetState
from ..forms import GuestForm, ReasonForm, ReplacementForm
from ..permissions import can_reopen_sheet, can_run_sheet
from .common import add_error, posted
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
    if request.method == "POST" and form.is_valid():
        try:
            presence = add_guest(sheet=sheet, by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_error(form, error)
        else:
            messages.success(request, f"{presence.enrolment.apprentice} est sur la feuille.")
            return redirect("attendance:sheet_detail", uuid=sheet.uuid)
    return render(
        request,
        "attendance/guest_add.html",
        {"form": form, "sheet": sheet, "session": sheet.session},
        status=422 if form.is_bound else 200,
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
    if request.method == "POST" and form.is_valid():
        try:
            reopen_sheet(sheet=sheet, by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_error(form, error)
        else:
            messages.success(
                request, "La feuille est rouverte ; la clôture précédente reste dans ses preuves."
            )
            return redirect("attendance:sheet_detail", uuid=sheet.uuid)
    return render(
        request,
        "attendance/sheet_reopen.html",
        {"form": form, "sheet": sheet, "session": sheet.session},
        status=422 if form.is_bound else 200,
    )


@staff_required
def trainer_replace(request: Request, uuid) -> HttpResponse:
    """Say who really taught the half-day of an open sheet."""
    sheet = visible_sheet(request, uuid)
    if sheet.state == SheetState.CLOSED:
        messages.info(request, "La feuille est contresignée et close : rouvrez-la d'abord.")
        return redirect("attendance:sheet_detail", uuid=sheet.uuid)
    form = ReplacementForm(posted(request), session=sheet.session)
    if request.method == "POST" and form.is_valid():
        try:
            replaced = replace_trainer(sheet=sheet, by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_error(form, error)
        else:
            who = replaced.session.trainer
            messages.success(request, f"{who} contresignera la feuille, et en est prévenu.")
            return redirect("attendance:sheet_detail", uuid=sheet.uuid)
    return render(
        request,
        "attendance/trainer_replace.html",
        {"form": form, "sheet": sheet, "session": sheet.session},
        status=422 if form.is_bound else 200,
    )
