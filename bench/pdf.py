"""Figures of the PDF engine as JSON lines: `python -m bench.pdf [--full] [--workers N]`.

The content of kinds `attestation` and `livret` is the last document of that kind in the database (the
demo has some), else the kind's own sample. Without either, the engine is measured on the common page
and no goal is claimed. Goals: docs/decisions/0003-documents.md.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ndrc_cfa.settings.dev")

import django  # settings first

AT = datetime(2026, 3, 9, 10, 30, tzinfo=UTC)
CFA = {"name": "CFA des Tilleuls", "city": "Paris", "postcode": "75011"}
GOALS = {
    "attestation": {"count": 500, "seconds": 35, "bytes": 60_000},
    "livret": {"count": 100, "seconds": 160, "bytes": 700_000},
}
Way = Callable[[str, dict[str, Any]], object]
SMALL = {"attestation": 60, "livret": 6}


def say(**figures: Any) -> None:
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def kind_of(code: str) -> Any:
    from documents.kinds import DocumentKind, document_kinds

    for kind in document_kinds():
        if kind.code == code:
            return kind
    return DocumentKind(code, code, template="layout/pdf.html", css="layout/pdf.css")


def content_of(code: str) -> tuple[dict[str, Any], str]:
    """What to print, and where it comes from."""
    from django.db import DatabaseError

    from documents.models import Document

    kind = kind_of(code)
    if kind.template == "layout/pdf.html":
        return {"cfa": CFA}, "common page"
    try:
        frozen = Document.objects.filter(kind=code).exclude(context={})  # not merely asked for
        last = frozen.first()
    except DatabaseError:  # no migrated database here
        last = None
    if last:
        return last.context, "last document"
    if kind.sample:
        return {"cfa": CFA, **kind.sample()}, "sample"
    return {"cfa": CFA}, "no content"


def shared(code: str, context: dict[str, Any]) -> bytes:
    """The archive by the shared engine, unsealed."""
    from documents.pdf import render_context

    return render_context(kind_of(code), context, code="0000-0000-0000", title=code, issued_at=AT)[
        0
    ]


def sealed(code: str, context: dict[str, Any]) -> int:
    """One document as the worker makes it, but for the database: its size."""
    from documents.seal import seal

    return len(seal(shared(code, context)))


def plain(code: str, context: dict[str, Any]) -> int:
    """The same page by the shared engine's fonts and sheets: no archive, no seal."""
    return _plain(code, context, engine_of_its_own=False)


def naive(code: str, context: dict[str, Any]) -> int:
    """The way of a first attempt: fonts and style sheets all new for each document."""
    return _plain(code, context, engine_of_its_own=True)


def _plain(code: str, context: dict[str, Any], *, engine_of_its_own: bool) -> int:
    from django.template.loader import render_to_string
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from documents.engine import engine, template_path
    from documents.pdf import preview_facts

    kind, shared_engine = kind_of(code), engine()
    fonts = FontConfiguration() if engine_of_its_own else shared_engine.fonts

    def sheet(name: str) -> Any:
        if not engine_of_its_own:
            return shared_engine.sheet(name)
        return CSS(
            string=Path(template_path(name)).read_text(),
            base_url="static:/",
            font_config=fonts,
            url_fetcher=shared_engine.fetcher,
        )

    html = render_to_string(
        kind.template, {**context, "document": preview_facts(kind, issued_at=AT)}
    )
    page = HTML(string=html, base_url="static:/", url_fetcher=shared_engine.fetcher)
    return len(
        page.write_pdf(
            font_config=fonts, stylesheets=[sheet(name) for name in ("layout/pdf.css", kind.css)]
        )
    )


def rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def start_worker() -> None:
    django.setup()


def many(code: str, count: int, workers: int) -> None:
    """So many sealed documents on so many processes; their start is told apart."""
    context, content = content_of(code)
    begun = time.perf_counter()
    with ProcessPoolExecutor(workers, get_context("spawn"), start_worker) as pool:
        list(pool.map(sealed, [code] * workers * 2, [context] * workers * 2))
        started = time.perf_counter()
        work = pool.map(
            sealed, [code] * count, [context] * count, chunksize=max(1, count // (workers * 4))
        )
        sizes = list(work)
        ended = time.perf_counter()
    goal = GOALS[code]
    scaled = (ended - started) / count * goal["count"]
    figures = {
        "bench": "sealed",
        "kind": code,
        "content": content,
        "count": count,
        "workers": workers,
        "start_seconds": round(started - begun, 2),
        "seconds": round(ended - started, 2),
        "ms_per_document": round(1000 * (ended - started) / count, 1),
        "bytes": max(sizes),
    }
    if content in ("last document", "sample"):
        figures["goal"] = f"{goal['count']} in {goal['seconds']} s, {goal['bytes']} bytes each"
        figures["seconds_for_goal_count"] = round(scaled, 1)
        figures["within_goal"] = scaled <= goal["seconds"] and max(sizes) <= goal["bytes"]
    say(**figures)


def ratio(name: str, code: str, one: Way, other: Way, *, rounds: int, goal: float) -> None:
    """CPU time of one way against another, interleaved: the median of the pairs."""
    context, content = content_of(code)
    for way in (one, other):
        way(code, context)
    pairs = []
    for _ in range(rounds):
        times = []
        for way in (one, other):
            begun = time.process_time()
            way(code, context)
            times.append(time.process_time() - begun)
        pairs.append(times[0] / times[1])
    median = statistics.median(pairs)
    say(bench=name, kind=code, content=content, rounds=rounds, ratio=round(median, 2), goal=goal,
        within_goal=median <= goal)  # fmt: skip


def memory(code: str, first: int, last: int) -> None:
    """Growth of resident memory between two counts of documents in one process."""
    context, content = content_of(code)
    at = 0.0
    for n in range(1, last + 1):
        sealed(code, context)
        if n == first:
            at = rss_mb()
    growth = rss_mb() - at
    say(bench="rss_growth", kind=code, content=content, first=first, last=last, mb=round(growth, 1),
        rss_mb=round(rss_mb(), 1), goal_mb=5, within_goal=growth <= 5)  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="500 attestations, 100 livrets")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    django.setup()
    for code, goal in GOALS.items():
        many(code, goal["count"] if options.full else SMALL[code], options.workers)
    rounds = 21 if options.full else 7
    ratio("shared_to_naive", "attestation", plain, naive, rounds=rounds, goal=0.8)
    ratio("sealed_to_plain", "attestation", sealed, plain, rounds=rounds, goal=1.6)
    memory("attestation", *((100, 1000) if options.full else (30, 120)))


if __name__ == "__main__":
    main()
