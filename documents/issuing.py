"""The one job kind of this app: turn a document that was asked for into an issued one."""

import logging
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import record

from .enums import DocumentState
from .errors import UnknownKind
from .freezing import freeze_document
from .kinds import JobKind, register_job
from .models import Document, JobItem
from .rules import Action, next_state
from .storing import all_or_nothing, store

logger = logging.getLogger(__name__)


def issue_document(document: Document, *, source: dict[str, Any], now: datetime) -> None:
    """Freeze if need be, render, seal, store, once: one already issued or cancelled is left alone.

    The rendering takes no lock; only the first of two workers that arrive together stores its file.
    """
    if next_state(document.state, Action.ISSUE) is None:
        return
    from .pdf import render_document  # brings in the engine, which the web process does not need

    try:
        freeze_document(document, source, now=now)
        rendered = render_document(document, issued_at=now)
    except KeyError as error:
        if error.args == (document.kind,):
            raise UnknownKind(document.kind) from error
        raise
    with all_or_nothing():
        locked = (
            Document.objects.select_for_update(of=("self",))
            .select_related("cfa", "replaces")
            .get(pk=document.pk)
        )
        state = next_state(locked.state, Action.ISSUE)
        if state is None:
            return
        store(locked.file, f"{locked.uuid}.pdf", rendered.data)
        locked.state = state
        locked.issued_at = now
        locked.sha256 = rendered.sha256
        locked.size = len(rendered.data)
        locked.pages = rendered.pages
        locked.template_version = rendered.template_version
        locked.error = ""
        locked.save()
        record(
            "document_issued",
            locked,
            cfa=locked.cfa,
            actor=None,
            happened_at=now,
            data={"sha256": rendered.sha256, "code": locked.code},
        )
        if locked.replaces:
            _mark_replaced(locked.replaces, by=locked, now=now)


def _mark_replaced(replaced: Document, *, by: Document, now: datetime) -> None:
    old = Document.objects.select_for_update(of=("self",)).select_related("cfa").get(pk=replaced.pk)
    state = next_state(old.state, Action.REPLACE)
    if state is None:
        raise DomainError("Le document à remplacer n'est pas émis : rien n'a été remplacé.")
    Document.objects.filter(pk=old.pk).update(state=state)
    record(
        "document_replaced",
        old,
        cfa=old.cfa,
        actor=None,
        happened_at=now,
        data={"replaced_by": str(by.uuid)},
    )


def run_item(item: JobItem) -> None:
    document = Document.objects.select_related("cfa").get(pk=item.document_id or 0)
    issue_document(document, source=item.arguments, now=timezone.now())


def note_error(item: JobItem, message: str, final: bool) -> None:
    """Keep the error on the document; after the last attempt it is "en échec"."""
    changes: dict[str, Any] = {"error": message}
    if final:
        changes["state"] = next_state(DocumentState.QUEUED, Action.FAIL)
    Document.objects.filter(pk=item.document_id or 0, state=DocumentState.QUEUED).update(**changes)


RENDER = register_job(
    JobKind(
        code="documents.render",
        label="Documents PDF",
        run_item=run_item,
        note_error=note_error,
        failure="La préparation du document a échoué. Relancez-la ; si l'erreur revient, prévenez l'administrateur.",
    )
)
