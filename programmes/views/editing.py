"""Edit a programme: general facts, the grid of hours, a spreadsheet, a copy for the next year."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required

from .. import actions
from ..forms import FileForm, ProgrammeForm, SubjectFormSet, SubjectFormSetBase, TotalForm
from ..models import CfaProgramme
from ..presenters import minimum_of
from ..spreadsheet import model_sheet, read_sheet
from .shared import person, programme_or_404, status

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff_required
def programme_edit(request: Request, uuid: UUID) -> HttpResponse:
    programme = programme_or_404(request, uuid)
    form = ProgrammeForm(request.POST or None, instance=programme)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_programme(programme=programme, by=person(request), **form.values())
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "Le programme est modifié ; les versions publiques restent.")
            return redirect("programmes:programme_detail", programme.uuid)
    context = {"programme": programme, "form": form}
    return render(request, "programmes/programme_edit.html", context, status=status(form))


@staff_required
def programme_hours(request: Request, uuid: UUID) -> HttpResponse:
    programme = programme_or_404(request, uuid)
    unites = _unites(programme)
    if request.method != "POST":
        return _grid(request, programme, _formset(programme), _total(programme))
    formset = SubjectFormSet(request.POST, form_kwargs={"unites": unites})
    total = TotalForm(request.POST)
    if formset.is_valid() and total.is_valid():
        try:
            actions.save_subjects(
                programme=programme,
                rows=[
                    actions.SubjectRow(
                        code=row["code"],
                        title=row["title"].strip(),
                        short_title=row["short_title"].strip(),
                        unite=row["unite"],
                        hours_year_1=row["hours_year_1"],
                        hours_year_2=row["hours_year_2"],
                    )
                    for row in cast(SubjectFormSetBase, formset).rows()
                ],
                hours_announced=total.cleaned_data["hours_announced"],
                by=person(request),
            )
        except DomainError as error:
            show_refusal(total, error)
        else:
            messages.success(request, "Les heures sont enregistrées.")
            return redirect("programmes:programme_detail", programme.uuid)
    return _grid(request, programme, formset, total, code=422)


@staff_required
def subjects_import(request: Request, uuid: UUID) -> HttpResponse:
    """The file is read and laid in the grid; nothing is written before the grid is saved."""
    programme = programme_or_404(request, uuid)
    form = FileForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        sheet = read_sheet(file.name, file.read())
        problems = sheet.problems
        if not problems:
            rows = _known_codes(programme, sheet.rows)
            total = sum(row["hours_year_1"] + row["hours_year_2"] for row in rows)
            return _grid(
                request,
                programme,
                _formset(programme, rows),
                TotalForm(initial={"hours_announced": total}),
                imported=file.name,
            )
        form.add_error("file", "Rien n'a été importé : corrigez le fichier, puis déposez-le.")
    context = {"programme": programme, "form": form, "problems": problems}
    return render(request, "programmes/subjects_import.html", context, status=status(form))


@staff_required
def subjects_export(request: Request, uuid: UUID) -> HttpResponse:
    programme = programme_or_404(request, uuid)
    response = HttpResponse(model_sheet(programme), content_type=XLSX)
    name = f"heures_{programme.slug}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@staff_required
def programme_duplicate(request: Request, uuid: UUID) -> HttpResponse:
    programme = programme_or_404(request, uuid)
    error = ""
    if request.method == "POST":
        try:
            copy = actions.duplicate_programme(programme=programme, by=person(request))
        except DomainError as refused:
            error = refused.message
        else:
            messages.success(request, f"« {copy} » est prêt : vérifiez ses dates et ses heures.")
            return redirect("programmes:programme_detail", copy.uuid)
    context = {"programme": programme, "error": error}
    return render(
        request, "programmes/programme_duplicate.html", context, status=422 if error else 200
    )


def _unites(programme: CfaProgramme) -> list[tuple[str, str]]:
    return [(row.code, f"{row.code} {row.title}") for row in programme.referentiel.unites.all()]


def _formset(programme: CfaProgramme, rows: list[dict[str, Any]] | None = None):
    if rows is None:
        rows = [
            {
                "code": row.code,
                "title": row.title,
                "short_title": row.short_title,
                "unite": row.unite_code,
                "hours_year_1": row.hours_year_1,
                "hours_year_2": row.hours_year_2,
            }
            for row in programme.subjects.all()
        ]
    return SubjectFormSet(initial=rows, form_kwargs={"unites": _unites(programme)})


def _total(programme: CfaProgramme) -> TotalForm:
    return TotalForm(initial={"hours_announced": programme.hours_announced})


def _known_codes(programme: CfaProgramme, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A line is an existing subject by its code, else by its title; else it is new."""
    codes = {row.code: row.code for row in programme.subjects.all()}
    titles = {row.title: row.code for row in programme.subjects.all()}
    units = set(dict(_unites(programme)))
    for row in rows:
        row["code"] = codes.get(row["code"]) or titles.get(row["title"], "")
        row["unite"] = row["unite"] if row["unite"] in units else ""
    return rows


def _grid(
    request: Request,
    programme: CfaProgramme,
    formset: Any,
    total: TotalForm,
    *,
    imported: str = "",
    code: int = 200,
) -> HttpResponse:
    minimum, months = minimum_of(programme)
    context = {
        "programme": programme,
        "formset": formset,
        "total": total,
        "minimum": minimum,
        "months": months,
        "imported": imported,
    }
    return render(request, "programmes/programme_hours.html", context, status=code)
