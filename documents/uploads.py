"""A file sent by somebody: what it really is, by its content, whatever its name says."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import Any

from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from accounts.errors import DomainError

MEGABYTE = 1024 * 1024
LARGEST = 5 * MEGABYTE
MOST_PIXELS = 60_000_000
MOST_PAGES = 30
IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png"}
EXTENSIONS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
ACTIVE = ("/OpenAction", "/AA", "/JavaScript", "/EmbeddedFiles", "/XFA")


@dataclass(frozen=True)
class Upload:
    """A checked file: its bytes, its true type and its digest."""

    data: bytes
    content_type: str
    sha256: str

    @property
    def size(self) -> int:
        return len(self.data)

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.content_type]


def check_upload(
    data: bytes, *, field: str = "file", largest: int = LARGEST, most_pages: int = MOST_PAGES
) -> Upload:
    """PDF, JPEG or PNG that opens, small enough, without active content; DomainError otherwise."""
    what = f"Envoyez un PDF, une photo JPEG ou PNG de {largest // MEGABYTE} Mo au plus."
    if not data:
        raise DomainError(f"Le fichier est vide. {what}", field=field)
    if len(data) > largest:
        raise DomainError(f"Le fichier est trop lourd. {what}", field=field)
    if data.startswith(b"%PDF-"):
        content_type = _check_pdf(data, field, what, most_pages)
    elif data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        content_type = _check_image(data, field, what)
    else:
        raise DomainError(
            f"Ce fichier n'est ni un PDF ni une photo, quel que soit son nom. {what}", field=field
        )
    return Upload(data, content_type, hashlib.sha256(data).hexdigest())


def _check_pdf(data: bytes, field: str, what: str, most_pages: int) -> str:
    unreadable = DomainError(f"Ce PDF ne s'ouvre pas. {what}", field=field)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise DomainError("Ce PDF est protégé : envoyez-le sans mot de passe.", field=field)
        pages = len(reader.pages)
        catalog: Any = reader.trailer["/Root"].get_object()
        names = catalog.get("/Names")
        found = [key for key in ACTIVE if key in catalog or (names and key in names.get_object())]
        if "/EmbeddedFiles" in found and all(map(_is_data, reader.attachments)):
            found.remove("/EmbeddedFiles")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise unreadable from error
    if found or b"/JavaScript" in data or b"/Launch" in data:
        raise DomainError(
            "Ce PDF contient du code ou des fichiers joints : envoyez une version imprimée ou une photo.",
            field=field,
        )
    if not 1 <= pages <= most_pages:
        raise DomainError(f"Un justificatif a de 1 à {most_pages} pages.", field=field)
    return "application/pdf"


def _is_data(name: str) -> bool:
    """Whether a file joined to a PDF is plain data, as in our own PDF/A-3 and in an invoice's."""
    return name.lower().endswith((".json", ".xml"))


def _check_image(data: bytes, field: str, what: str) -> str:
    unreadable = DomainError(f"Cette photo ne s'ouvre pas. {what}", field=field)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(IMAGES)) as image:
                kind, (width, height) = image.format, image.size
                image.verify()
    except (OSError, SyntaxError, ValueError, Warning, Image.DecompressionBombError) as error:
        raise unreadable from error
    if kind not in IMAGES or width * height > MOST_PIXELS:
        raise unreadable
    return IMAGES[kind]
