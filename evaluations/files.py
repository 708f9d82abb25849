"""Answering with a stored file: as an attachment, named by us, never kept by a cache."""

from django.http import FileResponse, Http404
from django.utils.text import slugify

from .models import ReceivedFile


def attachment(file, name: str) -> FileResponse:
    """The bytes of a stored file under a name of ours; 404 when the storage has lost them."""
    try:
        opened = file.open("rb")
    except FileNotFoundError as error:
        raise Http404("Le fichier n'est plus dans le stockage.") from error
    answer = FileResponse(opened, as_attachment=True, filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def file_answer(received: ReceivedFile) -> FileResponse:
    if not received.file:
        raise Http404("Ce fichier n'est plus conservé.")
    return attachment(received.file, f"{slugify(received.title)[:60]}{received.extension}")
