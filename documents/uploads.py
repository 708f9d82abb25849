"""A file sent by somebody: what it really is, by its content, whatever its name says."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import Any, Protocol

from PIL import Image, ImageOps
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from accounts.errors import DomainError

MEGABYTE = 1024 * 1024
LARGEST = 5 * MEGABYTE
MOST_PIXELS = 60_000_000
MOST_PAGES = 30
# A photo straight from a telephone: taken as it comes, kept smaller.
LARGEST_PHOTO = 25 * MEGABYTE
PHOTO_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "MPO")
LONGEST_SIDE = 1600
QUALITY = 82
# ISO base media brands of HEIF pictures: iPhones make them, few other devices read them.
HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
HEIC_REFUSED = (
    "Cette photo est au format HEIC, que peu d'appareils lisent. Choisissez-la dans la photothèque de "
    "l'iPhone, qui la convertit, ou réglez l'appareil photo sur « Le plus compatible » (Réglages, Appareil "
    "photo, Formats)."
)
IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png"}
EXTENSIONS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
ACTIVE = ("/OpenAction", "/AA", "/JavaScript", "/EmbeddedFiles", "/XFA")


@dataclass(frozen=True)
class Upload:
    """A checked file: its bytes, its true type and its digest.

    `original_sha256` is of the bytes received, when a picture was made smaller.
    """

    data: bytes
    content_type: str
    sha256: str
    original_sha256: str = ""
    width: int | None = None
    height: int | None = None

    @property
    def size(self) -> int:
        return len(self.data)

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.content_type]


class Readable(Protocol):
    """What is read once: an upload, a file of a folder."""

    def read(self, size: int = ..., /) -> bytes: ...


def megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.0f} Mo"


def check_photo(file: Readable, size: int, *, field: str = "file") -> Upload:
    """A photo or a PDF: refused unread when too big, else the bytes to keep.

    A picture is decoded and written again as a smaller JPEG: what is stored holds no place where the photo
    was taken, and nothing but a picture.
    """
    _check_size(size, field)
    data = file.read(LARGEST_PHOTO + 1)
    _check_size(len(data), field)
    if data.startswith(b"%PDF-"):
        return check_upload(data, field=field, largest=LARGEST_PHOTO)
    refuse_heic(data, field)
    return _smaller(data, field)


def _check_size(size: int, field: str) -> None:
    if size > LARGEST_PHOTO:
        raise DomainError(
            f"Ce fichier pèse {megabytes(size)} : pas plus de {megabytes(LARGEST_PHOTO)}. "
            "Envoyez une photo, ou un PDF plus léger.",
            field=field,
        )
    if size == 0:
        raise DomainError("Ce fichier est vide : choisissez-en un autre.", field=field)


def refuse_heic(data: bytes, field: str) -> None:
    """Say what to do with a photo that few devices read."""
    if data[4:8] == b"ftyp" and data[8:12] in HEIC:
        raise DomainError(HEIC_REFUSED, field=field)


def _smaller(data: bytes, field: str) -> Upload:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(io.BytesIO(data), formats=PHOTO_FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise DomainError(
                "Cette image est trop grande : prenez une photo ordinaire de votre téléphone.",
                field=field,
            )
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded smaller at once
        picture = ImageOps.exif_transpose(picture)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        flat = Image.new("RGB", picture.size, "white")
        if picture.mode in ("RGBA", "LA", "P"):
            picture = picture.convert("RGBA")
            flat.paste(picture, mask=picture.getchannel("A"))
        else:
            flat.paste(picture.convert("RGB"))
    except DomainError:
        raise
    except Exception as error:  # a decoder meets anything in a file that lies about itself
        raise DomainError(
            "Ce fichier n'est ni un PDF ni une photo, quel que soit son nom. "
            "Joignez une photo (JPEG, PNG, WebP) ou un PDF.",
            field=field,
        ) from error
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=QUALITY, optimize=True)
    kept = out.getvalue()
    return Upload(
        kept,
        "image/jpeg",
        hashlib.sha256(kept).hexdigest(),
        hashlib.sha256(data).hexdigest(),
        flat.width,
        flat.height,
    )


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
        refuse_heic(data, field)
        raise DomainError(
            f"Ce fichier n'est ni un PDF ni une photo, quel que soit son nom. {what}", field=field
        )
    digest = hashlib.sha256(data).hexdigest()
    return Upload(data, content_type, digest, digest)


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
        raise DomainError(f"Ce PDF doit avoir de 1 à {most_pages} pages.", field=field)
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
