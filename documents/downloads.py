"""Sending a stored file to somebody who may have it: by the proxy where there is one, by Django elsewhere."""

from urllib.parse import quote

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header


def stored_file(file: FieldFile, name: str, *, content_type: str) -> HttpResponseBase:
    """The bytes as an attachment called `name`, never shown inside a page of ours, never kept by a cache.

    The caller has checked the permission. Raises Http404 when the file left the storage.
    """
    if settings.X_ACCEL_PREFIX:  # the proxy sends the bytes
        response: HttpResponseBase = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = settings.X_ACCEL_PREFIX + quote(str(file.name))
        response["Content-Disposition"] = content_disposition_header(True, name) or ""
    else:
        try:
            content = file.open("rb")
        except FileNotFoundError as error:
            raise Http404("Le fichier n'est plus dans le stockage.") from error
        response = FileResponse(
            content, as_attachment=True, filename=name, content_type=content_type
        )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
