"""Keeping the scan of a page signed by hand."""

from datetime import date

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import User

from ..models import Scan
from ..rules import files


def record_scan(
    *, file: files.Readable, name: str, size: int, signer_label: str, signed_on: date, by: User
) -> Scan:
    """Check and keep the scan; the caller, who knows the right, ties it to what was signed."""
    signer_label = " ".join(signer_label.split())
    if len(signer_label) < 3:
        raise DomainError("Écrivez qui a signé.", field="signer_label")
    if signed_on > timezone.localdate():
        raise DomainError("La date de signature n'est pas encore passée.", field="signed_on")
    stored = files.stored_from(file, size)
    scan = Scan(
        name=name[-200:] or "scan",
        content_type=stored.content_type,
        size=len(stored.data),
        sha256=stored.sha256,
        original_sha256=stored.original_sha256,
        width=stored.width,
        height=stored.height,
        signer_label=signer_label[:200],
        signed_on=signed_on,
        recorded_by=by,
    )
    scan.file.save(scan.name, ContentFile(stored.data), save=False)
    scan.save()
    return scan
