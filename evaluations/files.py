"""Answering with a file: one that somebody handed in, or a table for a spreadsheet."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from apprentices.exports import CSV_TYPE, XLSX_TYPE, to_csv, to_xlsx
from documents.downloads import stored_file

from .models import ReceivedFile


def file_answer(received: ReceivedFile) -> HttpResponseBase:
    """The file under a name of ours; the caller has checked the permission."""
    if not received.file:
        raise Http404("Ce fichier n'est plus conservé.")
    name = f"{slugify(received.title)[:60]}{received.extension}"
    return stored_file(received.file, name, content_type=received.content_type)


def table_answer(
    name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """A table under this name, as its end says: .csv or .xlsx."""
    if name.endswith(".csv"):
        answer = HttpResponse(to_csv(header, rows), content_type=CSV_TYPE)
    else:
        answer = HttpResponse(to_xlsx(title, header, rows), content_type=XLSX_TYPE)
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer
