"""A document's frozen context to sealed bytes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.typography import french_html

from .engine import html_to_pdf, template_path
from .kinds import DocumentKind, document_kind
from .models import Document
from .qr import qr_data_uri
from .seal import seal

COMMON = ("layout/pdf.html", "layout/pdf.css")


@dataclass(frozen=True)
class DocumentFacts:
    """What a template may know of its own document, as `document`."""

    code: str
    verify_url: str
    qr: str
    issued_at: datetime
    kind_label: str
    title: str

    @property
    def issued_on(self):
        return timezone.localdate(self.issued_at)


@dataclass(frozen=True)
class Rendered:
    data: bytes
    sha256: str
    pages: int
    template_version: str


def verify_url(code: str) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("documents:document_verify", args=[code])


@lru_cache(64)
def _hash_of_files(paths: tuple[str, ...], stamps: tuple[int, ...]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()


def template_version(kind: DocumentKind) -> str:
    """A hash of the templates and style sheets that make this kind of document."""
    paths = tuple(template_path(name) for name in (*COMMON, kind.template, kind.css))
    return _hash_of_files(paths, tuple(Path(path).stat().st_mtime_ns for path in paths))


def render_context(
    kind: DocumentKind,
    context: dict[str, Any],
    *,
    code: str,
    title: str,
    issued_at: datetime,
) -> tuple[bytes, int]:
    """The unsealed PDF and its number of pages; same input, same bytes."""
    url = verify_url(code)
    facts = DocumentFacts(
        code=code,
        verify_url=url,
        qr=qr_data_uri(url),
        issued_at=issued_at,
        kind_label=kind.label,
        title=title,
    )
    html = french_html(render_to_string(kind.template, {**context, "document": facts}))
    data = {
        "document": {
            "code": code,
            "nature": kind.code,
            "titre": title,
            "emis_le": issued_at.isoformat(),
            "verification": url,
        },
        "contenu": context,
    }
    media = context.get("media_files", ())
    pdf = html_to_pdf(html, css=[kind.css], data=data, issued_at=issued_at, media=media)
    return pdf.data, pdf.pages


def render_document(document: Document, *, issued_at: datetime) -> Rendered:
    """Render and seal; writes nothing."""
    kind = document_kind(document.kind)
    unsealed, pages = render_context(
        kind,
        document.context,
        code=document.code,
        title=document.title,
        issued_at=timezone.localtime(issued_at).replace(microsecond=0),
    )
    data = seal(unsealed)
    return Rendered(data, hashlib.sha256(data).hexdigest(), pages, template_version(kind))


def preview_facts(kind: DocumentKind, *, issued_at: datetime) -> DocumentFacts:
    """The facts of a document that does not exist, for the preview of development."""
    code = "0000-0000-0000"
    url = verify_url(code)
    return DocumentFacts(code, url, qr_data_uri(url), issued_at, kind.label, kind.label)
