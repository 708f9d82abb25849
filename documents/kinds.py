"""What the engine can make and run: each app registers its kinds in AppConfig.ready()."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True)
class DocumentKind:
    """One sort of PDF: its code, its French name, its template and its style sheet.

    `template` and `css` are template names (`livret/pdf/attestation.html` and `.css`). `sample`
    returns a context for the preview of development. `build(source)` makes the context of a document
    asked for with its source; it only reads, and a DomainError is what the person is told.
    """

    code: str
    label: str
    template: str
    css: str
    sample: Callable[[], dict[str, Any]] | None = None
    build: Callable[[dict[str, Any]], dict[str, Any]] | None = None


@dataclass(frozen=True)
class JobKind:
    """One sort of background work.

    `run_item(item)` does one item and must be harmless when done twice: a worker may die between
    the work and the note that it is done. It must end within 40 seconds. A DomainError is final
    (the item failed, its message is for the person); any other exception is tried again later.
    The file of the job is erased once it is `kept` so long; `again(job)` is then where to ask for
    the same again.
    `may_read(user, job)` says who, of those who see the job, still may have its file.
    `note_error(item, message, final)` is told of each failed attempt. `failure` is what the person
    reads when an exception that is no DomainError ended an attempt.
    """

    code: str
    label: str
    run_item: Callable[[Any], None]
    note_error: Callable[[Any, str, bool], None] = lambda item, message, final: None
    failure: str = (
        "Une erreur inattendue a interrompu ce traitement. Relancez-le ; si l'erreur revient, "
        "prévenez l'administrateur."
    )
    again: Callable[[Any], str] | None = None
    kept: timedelta | None = None
    may_read: Callable[[Any, Any], bool] = lambda user, job: True


_documents: dict[str, DocumentKind] = {}
_jobs: dict[str, JobKind] = {}


def register(kind: DocumentKind) -> DocumentKind:
    if _documents.get(kind.code, kind) != kind:
        raise ValueError(f"Document kind {kind.code!r} is registered twice.")
    _documents[kind.code] = kind
    return kind


def register_job(kind: JobKind) -> JobKind:
    if _jobs.get(kind.code, kind) != kind:
        raise ValueError(f"Job kind {kind.code!r} is registered twice.")
    _jobs[kind.code] = kind
    return kind


def document_kind(code: str) -> DocumentKind:
    """The kind, or KeyError: a programming error, except for a document of a removed app."""
    return _documents[code]


def job_kind(code: str) -> JobKind:
    return _jobs[code]


def job_kinds() -> list[JobKind]:
    return list(_jobs.values())


def document_kinds() -> list[DocumentKind]:
    return sorted(_documents.values(), key=lambda kind: kind.label)


def kind_label(code: str) -> str:
    """The French name, or the code of a kind that no app registers any more."""
    kind = _documents.get(code)
    return kind.label if kind else code
