"""What a file is by its content, whatever its name says; pictures are made smaller.

Only pictures (JPEG, PNG, WebP, GIF) and PDF are kept. A picture is decoded and written again as a JPEG: what
is stored holds no place where the photo was taken, and nothing but a picture.
"""

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol

from accounts.errors import DomainError

MOST_BYTES = 25 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 1600
QUALITY = 82
WHAT_IS_TAKEN = "Joignez une photo (JPEG, PNG, WebP) ou un PDF."
# ISO base media brands of HEIF pictures: iPhones make them, few other devices read them.
HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
HEIC_REFUSED = (
    "Cette photo est au format HEIC, que peu d'appareils lisent. Choisissez-la dans la photothèque de "
    "l'iPhone, qui la convertit, ou réglez l'appareil photo sur « Le plus compatible »."
)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "MPO")


class Readable(Protocol):
    """What is read once: an upload, a file of a folder."""

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True)
class Stored:
    """The bytes to keep and what is known of them."""

    data: bytes
    content_type: str
    sha256: str
    original_sha256: str
    width: int | None = None
    height: int | None = None


def megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f} Mo"


def check_size(size: int) -> None:
    """Refuse before reading what is too big."""
    if size > MOST_BYTES:
        raise DomainError(
            f"Ce fichier pèse {megabytes(size)} : pas plus de {megabytes(MOST_BYTES)}. "
            "Envoyez une photo, ou un PDF plus léger.",
            field="file",
        )
    if size == 0:
        raise DomainError("Ce fichier est vide : choisissez-en un autre.", field="file")


def stored_from(file: Readable, size: int) -> Stored:
    """Check the content and give the bytes to keep; DomainError when it is no picture and no PDF."""
    check_size(size)
    data = file.read(MOST_BYTES + 1)
    check_size(len(data))
    sha256 = hashlib.sha256(data).hexdigest()
    if data.startswith(b"%PDF-"):
        return _pdf(data, sha256)
    if data[4:8] == b"ftyp" and data[8:12] in HEIC:
        raise DomainError(HEIC_REFUSED, field="file")
    return _picture(data, sha256)


def _pdf(data: bytes, sha256: str) -> Stored:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = len(PdfReader(BytesIO(data)).pages)
    except (PyPdfError, ValueError, KeyError, RecursionError, AttributeError, TypeError) as error:
        raise DomainError(
            "Ce PDF est illisible ou protégé : enregistrez-le de nouveau, puis renvoyez-le.",
            field="file",
        ) from error
    if not pages:
        raise DomainError("Ce PDF n'a aucune page : choisissez-en un autre.", field="file")
    return Stored(data, "application/pdf", sha256, sha256)


def _picture(data: bytes, sha256: str) -> Stored:
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(BytesIO(data), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise DomainError(
                "Cette image est trop grande : prenez une photo ordinaire de votre téléphone.",
                field="file",
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
            f"Ce fichier n'est ni une image ni un PDF, quel que soit son nom. {WHAT_IS_TAKEN}",
            field="file",
        ) from error
    out = BytesIO()
    flat.save(out, "JPEG", quality=QUALITY, optimize=True)
    kept = out.getvalue()
    return Stored(
        kept,
        "image/jpeg",
        hashlib.sha256(kept).hexdigest(),
        sha256,
        flat.width,
        flat.height,
    )
