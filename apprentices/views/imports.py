"""Pages of the imports: deposit, columns, what the check found, the import itself."""

import re

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required

from .. import actions
from ..enums import ImportKind, ImportState
from ..exports import CSV_TYPE, XLSX_TYPE, to_csv
from ..imports.fields import columns_of
from ..imports.reading import MOST_BYTES, MOST_ROWS, read_table
from ..imports.template import import_template
from ..models import ImportBatch

PROBLEMS_SHOWN = 50
STATUS = {
    ImportState.MAPPING: "todo",
    ImportState.CHECKING: "run",
    ImportState.REFUSED: "stop",
    ImportState.READY: "todo",
    ImportState.WRITING: "run",
    ImportState.DONE: "done",
    ImportState.FAILED: "stop",
}


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label="Ce que contient le fichier", choices=ImportKind.choices)
    file = forms.FileField(
        label="Fichier",
        help_text=f"Classeur .xlsx ou CSV, 5 Mo et {MOST_ROWS} lignes au plus.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("Ce fichier dépasse 5 Mo : partagez-le en plusieurs.")
        return file


def _batch(request: Request, uuid) -> ImportBatch:
    batches = ImportBatch.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    return get_object_or_404(batches.select_related("cfa", "owner", "job"), uuid=uuid)


@staff_required
def import_list(request: Request) -> HttpResponse:
    initial = {"kind": request.GET.get("nature", "")}
    form = UploadForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = actions.receive_import(
                cfa=request.membership.cfa,
                kind=form.cleaned_data["kind"],
                content=file.read(),
                name=file.name,
                by=request.user,
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect("apprentices:import_detail", batch.uuid)
    batches = ImportBatch.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    page = Paginator(batches.select_related("owner"), 25).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(batch, STATUS[ImportState(batch.state)]) for batch in page.object_list],
        "kinds": ImportKind.choices,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "apprentices/import_list.html", context, status=status)


@staff_required
def import_template_file(request: Request, kind: str) -> HttpResponse:
    if kind not in ImportKind.values:
        raise Http404
    response = HttpResponse(import_template(kind), content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="modele-{kind}.xlsx"'
    return response


@staff_required
def import_detail(request: Request, uuid) -> HttpResponse:
    """The page of one import; while work goes on, htmx asks for it again."""
    return _page(request, _batch(request, uuid))


def _page(request: Request, batch: ImportBatch, error: str = "", status: int = 200):
    shows_columns = batch.file and batch.state in ("mapping", "refused", "ready", "failed")
    context = {
        "batch": batch,
        "status_kind": STATUS[ImportState(batch.state)],
        "is_working": batch.state in (ImportState.CHECKING, ImportState.WRITING),
        "columns": _columns(batch) if shows_columns else [],
        "choices": [
            (f.name, f.title + (" (obligatoire)" if f.is_required else ""))
            for f in columns_of(batch.kind)
        ],
        "problems": batch.problems[:PROBLEMS_SHOWN],
        "rows_wrong": len({problem["row"] for problem in batch.problems}),
        "error": error,
    }
    if request.headers.get("HX-Request"):
        return render(request, "apprentices/_import_state.html", context, status=status)
    return render(request, "apprentices/import_detail.html", context, status=status)


def _columns(batch: ImportBatch) -> list[tuple[int, str, str, str]]:
    """Number, title, field chosen, first value; a NIR is not shown."""
    with batch.file.open("rb") as stream:
        table = read_table(stream.read(), batch.file_name)
    first = table.rows[0][1]
    return [
        (place, title, batch.mapping.get(title, ""), _masked(first[place]))
        for place, title in enumerate(batch.header)
    ]


def _masked(text: str) -> str:
    """The value, unless it has the form of a NIR: thirteen or fifteen characters from 1 or 2."""
    bare = re.sub(r"\s", "", text)
    looks = re.fullmatch(r"[123478][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{6}(?:[0-9]{2})?", bare)
    return "(masqué)" if looks and len(bare) != 14 else text[:60]


@require_POST
@staff_required
def import_check(request: Request, uuid) -> HttpResponse:
    batch = _batch(request, uuid)
    mapping = {
        title: request.POST.get(f"colonne-{place}", "") for place, title in enumerate(batch.header)
    }
    known = {field.name for field in columns_of(batch.kind)}
    mapping = {title: name if name in known else "" for title, name in mapping.items()}
    try:
        actions.check_import(batch=batch, mapping=mapping, by=request.user)
    except DomainError as error:
        batch.mapping = mapping
        return _page(request, batch, error.message, 422)
    return redirect("apprentices:import_detail", batch.uuid)


@require_POST
@staff_required
def import_write(request: Request, uuid) -> HttpResponse:
    batch = _batch(request, uuid)
    try:
        actions.write_import(batch=batch, by=request.user)
    except DomainError as error:
        return _page(request, batch, error.message, 422)
    return redirect("apprentices:import_detail", batch.uuid)


@require_POST
@staff_required
def import_abandon(request: Request, uuid) -> HttpResponse:
    batch = _batch(request, uuid)
    try:
        actions.abandon_import(batch=batch, by=request.user)
    except DomainError as error:
        return _page(request, batch, error.message, 422)
    messages.success(request, "Le fichier est oublié ; ce qui en était importé reste.")
    return redirect("apprentices:import_list")


@staff_required
def import_problems(request: Request, uuid) -> HttpResponse:
    """Every problem as a CSV, to correct the spreadsheet beside it."""
    batch = _batch(request, uuid)
    rows = [(p["row"], p["column"], p["message"]) for p in batch.problems]
    content = to_csv(("Ligne", "Colonne", "Problème"), rows)
    response = HttpResponse(content, content_type=CSV_TYPE)
    response["Content-Disposition"] = 'attachment; filename="problemes.csv"'
    return response
