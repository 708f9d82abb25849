"""Answering with a file that somebody handed in."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.text import slugify

from documents.downloads import stored_file

from .models import ReceivedFile


def file_answer(received: ReceivedFile) -> HttpResponseBase:
    """The file under a name of ours; the caller has checked the permission."""
    if not received.file:
        raise Http404("Ce fichier n'est plus conservé.")
    name = f"{slugify(received.title)[:60]}{received.extension}"
    return stored_file(received.file, name, content_type=received.content_type)
