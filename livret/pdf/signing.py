"""Signatures as the documents print them: drawn, typed, or given by hand with the scan of the page."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from .. import drawing
from ..enums import PeriodRole


def signature(role: PeriodRole, row: Any | None) -> dict[str, str]:
    """One cell of the table of signatures; empty when nobody signed yet."""
    found = {"role": role.label, "signer": "", "picture": "", "typed": "", "signed_at": ""}
    if row is None:
        return found
    found["signer"] = row.signer_label
    if row.scan:
        found["typed"] = "signé à la main, page jointe"
        found["signed_at"] = f"{row.scan.signed_on:%d/%m/%Y}"
        return found
    if row.signature.strokes:
        found["picture"] = drawing.signature(row.signature.strokes)
    found["typed"] = row.signature.typed_name
    found["signed_at"] = f"{timezone.localtime(row.signed_at):%d/%m/%Y à %H:%M:%S}"
    return found


def proof(of: str, row: Any) -> dict[str, str]:
    """What proves one signature: when, how, and the hashes of the text and of the trace."""
    return {
        "of": of,
        "role": row.get_role_display(),
        "signer": row.signer_label,
        "signed_at": f"{row.scan.signed_on:%d/%m/%Y}"
        if row.scan
        else f"{timezone.localtime(row.signed_at):%d/%m/%Y à %H:%M:%S}",
        "means": row.means,
        "text": row.text_sha256,
        "trace": row.trace_sha256,
    }


def by_hand(named: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The scans of the pages signed by hand: a picture is printed, a PDF joins the document."""
    scans = []
    for of, row in named:
        if row.scan is None:
            continue
        scans.append(
            {
                "of": of,
                "role": row.get_role_display(),
                "signer": row.signer_label,
                "signed_on": f"{row.scan.signed_on:%d/%m/%Y}",
                "recorded_by": str(row.scan.recorded_by),
                "file": row.scan.file.name,
                "is_picture": row.scan.is_picture,
                "sha256": row.scan.sha256,
            }
        )
    return {"scans": scans, "media_files": sorted({scan["file"] for scan in scans})}
