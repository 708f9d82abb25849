"""A spreadsheet received, its columns confirmed, checked, then written: all of it or nothing."""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import Cfa, User
from documents.actions import start_items
from documents.storing import all_or_nothing, store

from ..communes import plain
from ..enums import ImportKind, ImportState
from ..imports.fields import mapping_problems, propose
from ..imports.reading import read_table
from ..models import ImportBatch, ImportMapping
from ..permissions import must_run_cfa

JOB = "apprentices.import"
# A file that nobody imported is forgotten: it holds personal data.
KEPT = timedelta(days=7)


@all_or_nothing()
def receive_import(*, cfa: Cfa, kind: str, content: bytes, name: str, by: User) -> ImportBatch:
    """Keep a spreadsheet that can be read, with the columns proposed; nothing else is written."""
    must_run_cfa(by, cfa)
    if kind not in ImportKind.values:
        raise DomainError("Choisissez ce que contient le fichier.", field="kind")
    table = read_table(content, name)
    _forget_old(cfa)
    remembered = ImportMapping.objects.filter(cfa=cfa, kind=kind).first()
    batch = ImportBatch(
        cfa=cfa,
        kind=kind,
        file_name=name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        header=list(table.header),
        mapping=propose(kind, table.header, remembered.columns if remembered else {}),
        row_count=len(table.rows),
        owner=by,
    )
    suffix = "xlsx" if content[:2] == b"PK" else "csv"
    store(batch.file, f"{batch.uuid}.{suffix}", content)
    batch.save()
    record("import.received", batch, cfa=cfa, actor=by, data={"lignes": batch.row_count})
    return batch


@transaction.atomic
def check_import(*, batch: ImportBatch, mapping: dict[str, str], by: User) -> ImportBatch:
    """Keep the columns for the next time, and check every row in the background."""
    batch = _locked(batch, by)
    if batch.state in (ImportState.CHECKING, ImportState.WRITING, ImportState.DONE):
        raise DomainError(
            f"Cet import est « {batch.get_state_display().lower()} » : rechargez la page."
        )
    _must_have_file(batch)
    chosen = {title: mapping.get(title, "") for title in batch.header}
    if problems := mapping_problems(batch.kind, chosen):
        raise DomainError(" ".join(problems))
    known, _ = ImportMapping.objects.get_or_create(cfa=batch.cfa, kind=batch.kind)
    known.columns = {**known.columns, **{plain(title): name for title, name in chosen.items()}}
    known.save(update_fields=["columns"])
    batch.mapping, batch.state, batch.problems = chosen, ImportState.CHECKING, []
    return _start(batch, by, write=False)


@transaction.atomic
def write_import(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Write every row of a file whose check found nothing."""
    batch = _locked(batch, by)
    if batch.state != ImportState.READY:
        raise DomainError(
            f"Cet import est « {batch.get_state_display().lower()} » : seul un fichier vérifié sans "
            "problème s'importe."
        )
    _must_have_file(batch)
    batch.state, batch.owner = ImportState.WRITING, by
    return _start(batch, by, write=True)


@transaction.atomic
def abandon_import(*, batch: ImportBatch, by: User) -> None:
    """Forget the file; what was imported from it stays."""
    batch = _locked(batch, by)
    if batch.state in (ImportState.CHECKING, ImportState.WRITING):
        raise DomainError("Attendez la fin du traitement en cours.")
    record("import.abandoned", batch, cfa=batch.cfa, actor=by, data={"fichier": batch.file_name})
    storage, name = batch.file.storage, batch.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))
    batch.delete()


def _start(batch: ImportBatch, by: User, *, write: bool) -> ImportBatch:
    words = "Import" if write else "Vérification"
    batch.job = start_items(
        kind=JOB,
        cfa=batch.cfa,
        label=f"{words} : {batch.file_name}",
        items=[(batch.file_name, {"batch": str(batch.uuid), "write": write})],
        by=by,
    )
    batch.save()
    return batch


def _must_have_file(batch: ImportBatch) -> None:
    if not batch.file:
        raise DomainError("Le fichier a été effacé : déposez-le à nouveau.")


def _forget_old(cfa: Cfa) -> None:
    old = ImportBatch.objects.filter(cfa=cfa, created_at__lt=timezone.now() - KEPT).exclude(file="")
    for batch in old:
        batch.file.delete(save=True)


def _locked(batch: ImportBatch, by: User) -> ImportBatch:
    rows = ImportBatch.objects.select_for_update(of=("self",)).select_related("cfa")
    found = rows.get(pk=batch.pk)
    must_run_cfa(by, found.cfa)
    return found
