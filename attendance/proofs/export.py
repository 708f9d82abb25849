"""Handing the proofs over: a ZIP with the sheets, the events, and a page that verifies them alone.

The chain is whole between the first and the last event handed over; events of other people are there by
the hash of their content only, so that the chain can be recomputed without telling anybody's business.
"""

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Cfa
from apprentices.models import Cohort, Enrolment
from documents.enums import SEALED_STATES

from ..enums import ProofKind, SignatureKind
from ..models import AttendanceSheet, PaperScan, ProofEvent, SheetVersion, Signature
from ..rules import chain

SCRIPT = "js/proof-verify.js"


@dataclass(frozen=True)
class Scope:
    """Whose proofs: a cohort, or one enrolment of it, between two dates (both included).

    with_sheets: join the collective sheets; those of one apprentice name the whole group.
    """

    cfa: Cfa
    cohort: Cohort
    first: date
    last: date
    enrolment: Enrolment | None = None
    with_sheets: bool = True

    @property
    def label(self) -> str:
        return str(self.enrolment.apprentice) if self.enrolment else str(self.cohort)


def sheets_of(scope: Scope):
    """The sheets handed over, oldest first."""
    sheets = AttendanceSheet.objects.filter(
        session__cohort__cfa=scope.cfa,
        session__date__gte=scope.first,
        session__date__lte=scope.last,
    )
    if scope.enrolment:  # with another group too
        sheets = sheets.filter(presences__enrolment=scope.enrolment)
    else:
        sheets = sheets.filter(session__cohort=scope.cohort)
    return sheets.select_related("session__cohort", "session__subject", "document").order_by(
        "session__date", "session__starts_at", "pk"
    )


def collect(scope: Scope) -> dict[str, Any]:
    """Everything that the page needs to verify and to show, as plain JSON."""
    sheets = list(sheets_of(scope))
    own = Q(sheet__in=[sheet.pk for sheet in sheets])
    if scope.enrolment:
        own &= Q(presence__isnull=True) | Q(presence__enrolment=scope.enrolment)
    told = {
        event.sequence: event
        for event in ProofEvent.objects.filter(own, cfa=scope.cfa).order_by("sequence")
    }
    rows: list[Any] = []
    before = after = chain.GENESIS
    if told:
        first, last = min(told), max(told)
        slice_ = ProofEvent.objects.filter(
            cfa=scope.cfa, sequence__gte=first, sequence__lte=last
        ).order_by("sequence")
        for sequence, previous, content, hashed in slice_.values_list(
            "sequence", "previous", "payload_sha256", "hash"
        ).iterator(chunk_size=2000):
            before = previous if sequence == first else before
            after = hashed
            event = told.get(sequence)
            rows.append(
                [sequence, content, event.payload, hashed] if event else [sequence, content]
            )
    names = _signature_names(told.values())
    return {
        "version": 1,
        "cfa": scope.cfa.name,
        "scope": scope.label,
        "cohort": str(scope.cohort),
        "first": scope.first.isoformat(),
        "last": scope.last.isoformat(),
        "made_at": timezone.now().isoformat(),
        "before": before,
        "after": after,
        "events": rows,
        "closings": _closings(scope, sheets),
        "signatures": _signatures(names),
        "files": [],
    }


def _signature_names(events: Iterable[ProofEvent]) -> list[str]:
    names = []
    for event in events:
        if event.kind in (ProofKind.SIGN, ProofKind.COUNTERSIGN):
            names.append(str(json.loads(event.payload)["signature"]["signature"]))
    return names


def _closings(scope: Scope, sheets: list[AttendanceSheet]) -> list[dict[str, Any]]:
    """The frozen text of each closing; without the collective sheets, its hash alone."""
    found = SheetVersion.objects.filter(sheet__in=[sheet.pk for sheet in sheets]).order_by(
        "sheet__session__date", "sheet", "number"
    )
    return [
        {
            "sheet": str(version.sheet.uuid),
            "number": version.number,
            "sha256": version.sha256,
            "content": version.content if scope.with_sheets else None,
        }
        for version in found.select_related("sheet")
    ]


def _signatures(names: list[str]) -> dict[str, dict[str, str]]:
    """The exact text whose hash is the signature's; on paper there is none but the scan."""
    found = {}
    for signature in Signature.objects.filter(uuid__in=names).iterator(chunk_size=500):
        text = ""
        if signature.kind == SignatureKind.DRAWN:
            text = chain.canonical({"strokes": signature.strokes})
        elif signature.kind == SignatureKind.TYPED:
            text = chain.canonical({"typed_name": signature.typed_name})
        found[str(signature.uuid)] = {"text": text, "sha256": signature.sha256}
    return found


def write_zip(scope: Scope, out: IO[bytes]) -> dict[str, Any]:
    """Write the archive; gives back what was collected."""
    data = collect(scope)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if scope.with_sheets:
            for name, file, sha256 in _files(scope):
                with file.open("rb") as content:
                    archive.writestr(name, content.read())
                data["files"].append({"name": name, "sha256": sha256})
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        archive.writestr("preuves.json", text)
        archive.writestr("verification.html", verification_page(data, text))
        archive.writestr("LISEZMOI.txt", render_to_string("attendance/export/readme.txt", data))
    return data


def _files(scope: Scope):
    """(name in the archive, stored file, SHA-256): issued PDFs, also of earlier closings, and scans."""
    sheets = list(sheets_of(scope))
    for sheet in sheets:
        name = f"{sheet.session.date:%Y-%m-%d}_{sheet.session.half}_{str(sheet.uuid)[:8]}"
        if sheet.document and sheet.document.state in SEALED_STATES:
            yield f"feuilles/{name}.pdf", sheet.document.file, sheet.document.sha256
    pks = [sheet.pk for sheet in sheets]
    for version in SheetVersion.objects.filter(
        sheet__in=pks, document__state__in=SEALED_STATES
    ).select_related("sheet__session", "document"):
        session = version.sheet.session
        if version.document is None:
            continue
        name = f"{session.date:%Y-%m-%d}_{session.half}_{str(version.sheet.uuid)[:8]}"
        yield (
            f"feuilles/{name}_cloture-{version.number}.pdf",
            version.document.file,
            version.document.sha256,
        )
    for scan in PaperScan.objects.filter(sheet__in=pks).select_related("sheet__session"):
        suffix = str(scan.file.name).rpartition(".")[2]
        day = f"{scan.sheet.session.date:%Y-%m-%d}_{scan.sheet.session.half}"
        yield f"papier/{day}_{str(scan.uuid)[:8]}.{suffix}", scan.file, scan.sha256


def verification_page(data: dict[str, Any], text: str) -> str:
    """One HTML file, with its data and its script inside, that needs no server."""
    path = finders.find(SCRIPT)
    if isinstance(path, str):
        with open(path, encoding="utf-8") as file:
            script = file.read()
    else:  # a release has collected its files
        script = (settings.BASE_DIR / "static" / SCRIPT).read_text(encoding="utf-8")
    # Inside a script element only "<" could end it.
    safe = text.replace("<", "\\u003C").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    context = {**data, "data": safe, "script": script}
    return render_to_string("attendance/export/verification.html", context)
