"""Keeping the scan of a page signed by hand."""

from datetime import date

from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import User
from documents.storing import all_or_nothing, store
from documents.uploads import Readable, check_photo

from ..models import Scan


@all_or_nothing()
def record_scan(
    *, file: Readable, name: str, size: int, signer_label: str, signed_on: date, by: User
) -> Scan:
    """Check and keep the scan; the caller, who knows the right, ties it to what was signed."""
    signer_label = " ".join(signer_label.split())
    if len(signer_label) < 3:
        raise DomainError("Écrivez qui a signé.", field="signer_label")
    if signed_on > timezone.localdate():
        raise DomainError("La date de signature n'est pas encore passée.", field="signed_on")
    stored = check_photo(file, size)
    scan = Scan(
        name=name[-200:] or "scan",
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        original_sha256=stored.original_sha256,
        width=stored.width,
        height=stored.height,
        signer_label=signer_label[:200],
        signed_on=signed_on,
        recorded_by=by,
    )
    store(scan.file, scan.name, stored.data)
    scan.save()
    return scan
