"""HTML and CSS to an archival, accessible PDF: PDF/A-3a and PDF/UA-1 with its data inside.

Reasons and figures: docs/decisions/0003-documents.md. WeasyPrint is imported at the first rendering,
never when the web process starts: it costs half a second and 70 MB.
"""

import atexit
import gc
import json
import logging
import mimetypes
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.template.loader import get_template

logger = logging.getLogger(__name__)

# A FontConfiguration shared by two threads corrupts the heap: one rendering at a time per process.
LOCK = threading.RLock()
OWNER_FILE = "owner.pid"

# The identifier of PDF/UA-1 with the extension schema that PDF/A asks for; WeasyPrint writes one
# variant only, so it goes into the one rdf:RDF of its XMP packet.
PDFUA_XMP = b"""
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


class RenderError(Exception):
    """The page cannot be laid out as it must: missing image, forbidden address, error of WeasyPrint."""


@dataclass(frozen=True)
class Pdf:
    data: bytes
    pages: int


@lru_cache(256)
def read_asset(path: str) -> bytes:
    """A static file, by its path below static/; the finders refuse a way out of it."""
    found = finders.find(path)
    if not found:
        raise FileNotFoundError(f"no static file {path!r}")
    return Path(found).read_bytes()


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class PrivateFetcher(URLFetcher):
        """Reads static: and data: addresses, and media: ones that the task named; nothing else."""

        media: frozenset[str] = frozenset()

        def fetch(self, url: str, headers: Any = None) -> Any:
            scheme, _, path = url.partition(":")
            path = path.lstrip("/")
            if scheme == "static":
                data = read_asset(path)
            elif scheme == "media":
                if path not in self.media:
                    raise PermissionError(f"stored file {path!r} does not belong to this document")
                with default_storage.open(path) as file:
                    data = file.read()
            else:
                return super().fetch(url, headers)  # refuses all but data:
            content_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
            return URLFetcherResponse(url, data, {"Content-Type": content_type})

    return PrivateFetcher(allowed_protocols=("static", "media", "data"), fail_on_errors=True)


def remove_dead_font_folders(root: Path) -> int:
    """Delete the font folders of killed workers, known by the process noted inside; says how many."""
    gone = 0
    for note in root.glob(f"weasyprint-*/{OWNER_FILE}"):
        try:
            os.kill(int(note.read_text()), 0)
        except ProcessLookupError:
            shutil.rmtree(note.parent, ignore_errors=True)
            gone += 1
        except (OSError, ValueError):  # another user's, or just being removed
            continue
    return gone


class _Engine:
    """What all renderings of a process share: fetcher, fonts and parsed style sheets."""

    def __init__(self) -> None:
        from weasyprint.text.fonts import FontConfiguration

        self.fetcher = _fetcher()
        self.fonts = FontConfiguration()
        self.sheets: dict[str, tuple[int, Any]] = {}
        self.sheet("layout/pdf.css")
        # the folder is there since the first font
        if folder := getattr(self.fonts, "_folder", None):
            (Path(folder) / OWNER_FILE).write_text(str(os.getpid()))
        gc.collect()
        gc.freeze()

    def sheet(self, name: str) -> Any:
        """The parsed style sheet; read again when the file has changed (development)."""
        from weasyprint import CSS

        path = Path(template_path(name))
        stamp = path.stat().st_mtime_ns
        known = self.sheets.get(name)
        if known is None or known[0] != stamp:
            css = CSS(
                string=path.read_text(),
                base_url="static:/",
                font_config=self.fonts,
                url_fetcher=self.fetcher,
            )
            known = self.sheets[name] = (stamp, css)
        return known[1]


@cache
def _engine_of(pid: int) -> _Engine:
    return _Engine()


# While the interpreter is whole: the font folder is removed, nothing complains at exit.
atexit.register(_engine_of.cache_clear)


def engine() -> _Engine:
    """One per process, made after the fork: its font folder dies with the process that made it."""
    return _engine_of(os.getpid())


@cache
def template_path(name: str) -> str:
    return str(get_template(name).template.origin.name)  # type: ignore[attr-defined]  # Django's own backend


@contextmanager
def _no_gc() -> Iterator[None]:
    """Keep the collector out of the rendering, then collect: faster on a livret, memory stays flat.

    While it is off, all that is made stays in the young generation: looking at that one is enough, and
    costs a tenth of a whole collection.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.collect(0)


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.errors: list[str] = []
        self.warnings: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        target = self.errors if record.levelno >= logging.ERROR else self.warnings
        target.append(record.getMessage())


@contextmanager
def _complaints() -> Iterator[_Complaints]:
    """Collect what WeasyPrint logs: an error there is a fault in the PDF, not a line to overlook."""
    handler, log = _Complaints(), logging.getLogger("weasyprint")
    log.addHandler(handler)
    try:
        yield handler
    finally:
        log.removeHandler(handler)


def canonical_json(context: dict[str, Any]) -> str:
    return json.dumps(context, ensure_ascii=False, sort_keys=True, indent=1)


def add_pdfua_id(document: Any, pdf: Any) -> None:
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])].stream
    if b"</rdf:RDF>" not in stream[0]:
        raise RenderError("Le paquet XMP n'a pas la forme attendue.")
    stream[0] = stream[0].replace(b"</rdf:RDF>", PDFUA_XMP + b"</rdf:RDF>", 1)


def html_to_pdf(
    html: str,
    *,
    css: Iterable[str],
    data: dict[str, Any],
    issued_at: datetime,
    media: Iterable[str] = (),
) -> Pdf:
    """Render `html` with the common sheet and those named in `css`; attach `data` as JSON.

    Same input, same bytes: all dates are `issued_at`. `media` lists the stored files that the page
    may show (as media:<name>); those that are PDF join it as attachments instead.
    """
    with LOCK, _complaints() as complaints, _no_gc():
        made = _render(html, list(css), data, issued_at, sorted(media))
    if complaints.errors:
        raise RenderError("; ".join(complaints.errors))
    for line in complaints.warnings:
        logger.warning("WeasyPrint: %s", line)
        if settings.DEBUG:
            raise RenderError(line)
    return made


def _render(
    html: str, css: list[str], data: dict[str, Any], issued_at: datetime, media: list[str]
) -> Pdf:
    """Its own frame, so that nothing holds the pages when the collector comes."""
    import weasyprint
    from weasyprint.urls import FatalURLFetchingError

    shared = engine()
    shared.fetcher.media = frozenset(media)
    same: dict[str, Any] = {
        "created": issued_at,
        "modified": issued_at,
        "url_fetcher": shared.fetcher,
    }
    attachments = [
        weasyprint.Attachment(
            string=canonical_json(data),
            name="donnees.json",
            description="Données du document",
            relationship="Data",
            **same,
        ),
        *(
            weasyprint.Attachment(
                url=f"media:{name}",
                name=name.rsplit("/", 1)[-1],
                description="Page signée à la main",
                relationship="Supplement",
                **same,
            )
            for name in media
            if name.endswith(".pdf")
        ),
    ]
    try:
        document = weasyprint.HTML(
            string=html, base_url="static:/", url_fetcher=shared.fetcher
        ).render(
            font_config=shared.fonts,
            stylesheets=[shared.sheet("layout/pdf.css"), *map(shared.sheet, css)],
            pdf_variant="pdf/a-3a",
            attachments=attachments,
        )
        pdf = document.write_pdf(
            finisher=add_pdfua_id, pdf_variant="pdf/a-3a", attachments=attachments
        )
    except FatalURLFetchingError as error:  # a BaseException
        cause = error.__cause__ or error
        raise RenderError(f"{error} ({cause})") from error
    finally:
        shared.fetcher.media = frozenset()
    return Pdf(data=pdf, pages=len(document.pages))
