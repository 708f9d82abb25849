"""The deeds: ask for documents, start again, cancel."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import Cfa, User

from .enums import ACTIVE_JOB_STATES, DocumentState, ItemState, JobState
from .errors import UnknownKind
from .freezing import freeze
from .issuing import RENDER
from .kinds import document_kind
from .models import Document, Job, JobItem
from .permissions import can_request_document, can_retry_document, can_steer_job
from .repeats import ASKED_AGAIN, overtaken
from .rules import CODE_LENGTH, Action, format_code, next_state, safe_file_name
from .tasks import start_job

MOST_ITEMS = 5000


@dataclass(frozen=True)
class DocumentRequest:
    """One document to make: its `context`, frozen at once, or built from its `source`.

    The `source` is plain JSON that says what the document is about: asked for again, it is known by it.
    Without a context, its kind builds one from it when a worker takes the document: for documents
    asked for by the dozen, or that cost much to gather.
    """

    kind: str
    title: str
    subject_label: str
    file_name: str
    context: dict[str, Any] = field(default_factory=dict)
    source: dict[str, Any] | None = None
    readers: Sequence[User] = field(default=())
    replaces: Document | None = None

    @property
    def is_built_later(self) -> bool:
        return not self.context and self.source is not None


def new_code() -> str:
    return format_code(secrets.token_bytes(CODE_LENGTH))


@transaction.atomic
def request_document(
    *,
    kind: str,
    cfa: Cfa,
    title: str,
    subject_label: str,
    context: dict[str, Any],
    file_name: str,
    by: User | None,
    readers: Iterable[User] = (),
    replaces: Document | None = None,
) -> Document:
    """Freeze the context and have a worker make the PDF; `by` is None for the system."""
    request = DocumentRequest(
        kind=kind,
        title=title,
        subject_label=subject_label,
        context=context,
        file_name=file_name,
        readers=tuple(readers),
        replaces=replaces,
    )
    _job, documents = _request(
        cfa=cfa, label=f"{title} · {subject_label}", requests=[request], by=by
    )
    record("document_requested", documents[0], cfa=cfa, actor=by)
    return documents[0]


@transaction.atomic
def request_documents(
    *, cfa: Cfa, label: str, requests: Sequence[DocumentRequest], by: User | None
) -> Job:
    """The same for many at once: one job, whose page shows the progress and gives the ZIP."""
    if not requests:
        raise DomainError("Il n'y a aucun document à produire : choisissez au moins une personne.")
    if len(requests) > MOST_ITEMS:
        raise DomainError(
            f"Pas plus de {MOST_ITEMS} documents à la fois : faites plusieurs demandes."
        )
    job, documents = _request(cfa=cfa, label=label, requests=requests, by=by)
    record("documents_requested", job, cfa=cfa, actor=by, data={"count": len(documents)})
    return job


def _request(
    *, cfa: Cfa, label: str, requests: Sequence[DocumentRequest], by: User | None
) -> tuple[Job, list[Document]]:
    if not can_request_document(by, cfa):
        raise NotAllowed("Votre rôle dans ce CFA ne permet pas de demander ce document.")
    _check(requests, cfa)
    now = timezone.now()
    documents = Document.objects.bulk_create(
        Document(
            cfa=cfa,
            kind=request.kind,
            title=request.title[:200],
            subject_label=request.subject_label[:200],
            context={} if request.is_built_later else freeze(request.context, cfa),
            code=new_code(),
            requested_by=by,
            requested_at=now,
            file_name=safe_file_name(request.file_name),
            replaces=request.replaces,
        )
        for request in requests
    )
    reading = Document.readers.through
    reading.objects.bulk_create(
        reading(document_id=document.pk, user_id=reader.pk)
        for document, request in zip(documents, requests, strict=True)
        for reader in {reader.pk: reader for reader in request.readers}.values()
    )
    job = Job.objects.create(
        cfa=cfa, owner=by, kind=RENDER.code, label=label[:200], total=len(documents), created_at=now
    )
    JobItem.objects.bulk_create(
        JobItem(
            job=job,
            position=n,
            label=str(document)[:200],
            document=document,
            arguments=request.source or {},
        )
        for n, (document, request) in enumerate(zip(documents, requests, strict=True), start=1)
    )
    start_job(job)
    return job, documents


def _check(requests: Sequence[DocumentRequest], cfa: Cfa) -> None:
    """Known kinds, and documents that may be replaced: two queries, whatever the number."""
    for request in requests:
        try:
            document_kind(request.kind)
        except KeyError as error:
            raise UnknownKind(request.kind) from error
    replaced = {r.replaces.pk: r.kind for r in requests if r.replaces is not None}
    if not replaced:
        return
    for old in Document.objects.select_for_update(of=("self",)).filter(pk__in=replaced):
        if old.cfa_id != cfa.pk or old.kind != replaced[old.pk]:
            raise DomainError("Un document ne remplace qu'un document de même nature du même CFA.")
        if next_state(old.state, Action.REPLACE) is None:
            raise DomainError(
                f"Ce document est « {old.get_state_display().lower()} » : seul un document émis se remplace."
            )
    if Document.objects.filter(replaces__in=replaced).exists():
        raise DomainError(
            "Le remplacement de ce document a déjà été demandé : attendez-le, ou relancez-le s'il a échoué."
        )


def start_items(
    *,
    kind: str,
    cfa: Cfa,
    label: str,
    items: Sequence[tuple[str, dict[str, Any]]],
    by: User | None,
    arguments: dict[str, Any] | None = None,
) -> Job:
    """Start a job of another app's kind: `items` are (label, arguments). The caller checks the right."""
    with transaction.atomic():
        job = Job.objects.create(
            cfa=cfa,
            owner=by,
            kind=kind,
            label=label[:200],
            total=len(items),
            arguments=arguments or {},
        )
        JobItem.objects.bulk_create(
            JobItem(job=job, position=n, label=name[:200], arguments=values)
            for n, (name, values) in enumerate(items, start=1)
        )
        record("job_requested", job, cfa=cfa, actor=by, data={"count": len(items)})
        start_job(job)
    return job


@transaction.atomic
def retry_document(*, document: Document, by: User) -> Document:
    """Try again a document that failed or was cancelled."""
    document = (
        Document.objects.select_for_update(of=("self",)).select_related("cfa").get(pk=document.pk)
    )
    if not can_retry_document(by, document):
        raise NotAllowed(
            "Seules l'équipe du CFA et la personne qui l'a demandé relancent un document."
        )
    state = next_state(document.state, Action.RETRY)
    if state is None:
        raise DomainError(
            f"Ce document est « {document.get_state_display().lower()} » : il n'y a rien à relancer."
        )
    last = JobItem.objects.filter(document=document).select_related("document").latest("pk")
    if newer := overtaken([last]).get(last.pk):
        raise DomainError(ASKED_AGAIN.format(code=newer.code))
    document.state = state
    document.error = ""
    document.save(update_fields=("state", "error"))
    record("document_retried", document, cfa=document.cfa, actor=by)
    job = Job.objects.create(
        cfa=document.cfa, owner=by, kind=RENDER.code, label=str(document)[:200], total=1
    )
    JobItem.objects.create(
        job=job, position=1, label=last.label, document=document, arguments=last.arguments
    )
    start_job(job)
    return document


@transaction.atomic
def cancel_job(*, job: Job, by: User) -> Job:
    """Stop after the items in hand; what is issued stays issued, the rest is cancelled."""
    job = Job.objects.select_for_update(of=("self",)).select_related("cfa").get(pk=job.pk)
    if not can_steer_job(by, job):
        raise NotAllowed("Seules l'équipe du CFA et la personne qui l'a lancée annulent une tâche.")
    if job.state not in ACTIVE_JOB_STATES:
        raise DomainError(
            f"Cette tâche est « {job.get_state_display().lower()} » : il n'y a rien à annuler."
        )
    waiting = job.items.filter(state=ItemState.QUEUED)
    Document.objects.filter(
        pk__in=waiting.filter(document__isnull=False).values("document"),
        state=DocumentState.QUEUED,
    ).update(state=next_state(DocumentState.QUEUED, Action.CANCEL))
    waiting.update(state=ItemState.CANCELLED, leased_until=None, retry_at=None)
    job.state = JobState.CANCELLED
    job.finished_at = timezone.now()
    job.save(update_fields=("state", "finished_at"))
    record("job_cancelled", job, cfa=job.cfa, actor=by)
    return job


@transaction.atomic
def retry_job(*, job: Job, by: User) -> Job:
    """Do again what failed or was cancelled; what is done stays done."""
    job = Job.objects.select_for_update(of=("self",)).select_related("cfa").get(pk=job.pk)
    if not can_steer_job(by, job):
        raise NotAllowed(
            "Seules l'équipe du CFA et la personne qui l'a lancée relancent une tâche."
        )
    if job.state not in (JobState.FAILED, JobState.CANCELLED):
        raise DomainError(
            f"Cette tâche est « {job.get_state_display().lower()} » : il n'y a rien à relancer."
        )
    left = job.items.filter(state__in=(ItemState.FAILED, ItemState.CANCELLED, ItemState.QUEUED))
    dropped = _drop_overtaken(left.select_related("document").defer("document__context"))
    left = left.exclude(pk__in=dropped)
    Document.objects.filter(
        pk__in=left.filter(document__isnull=False).values("document"),
        state__in=(DocumentState.FAILED, DocumentState.CANCELLED),
    ).update(state=next_state(DocumentState.FAILED, Action.RETRY), error="")
    again = left.update(
        state=ItemState.QUEUED,
        error="",
        attempts=0,
        runner="",
        leased_until=None,
        retry_at=None,
    )
    job.done = job.items.filter(state=ItemState.DONE).count()
    job.failed = 0
    job.total = job.items.count() - len(dropped)
    job.error = ""
    if not again:  # a newer document stands for each one
        job.state = JobState.DONE if job.done else JobState.CANCELLED
        job.save()
        return job
    job.state = JobState.QUEUED
    job.started_at = job.finished_at = job.heartbeat_at = None
    job.save()
    record("job_retried", job, cfa=job.cfa, actor=by)
    start_job(job)
    return job


def _drop_overtaken(items: QuerySet[JobItem]) -> list[int]:
    """Leave cancelled, and say why, what was asked for again meanwhile; the items that are not to be done."""
    newer = overtaken(items)
    dropped = [item for item in items if item.pk in newer]
    for item in dropped:
        item.state, item.error = ItemState.CANCELLED, ASKED_AGAIN.format(code=newer[item.pk].code)
    JobItem.objects.bulk_update(dropped, ("state", "error"), batch_size=500)
    Document.objects.filter(
        pk__in=[item.document_id for item in dropped],
        state__in=(DocumentState.QUEUED, DocumentState.FAILED),
    ).update(state=next_state(DocumentState.FAILED, Action.CANCEL), error="")
    return [item.pk for item in dropped]
