"""Files stored with the row that names them, or not at all: a refused deed leaves nothing in the storage."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import IO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models.fields.files import FieldFile

from .models import Job

_stored: ContextVar[list[tuple[Storage, str]] | None] = ContextVar("stored", default=None)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """A transaction (block or decorator): what `store` wrote inside leaves with it when it fails."""
    around = _stored.get()
    mine: list[tuple[Storage, str]] = []
    token = _stored.set(mine)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for storage, name in mine:
            storage.delete(name)
        raise
    else:
        if around is not None:  # the deed around may still fail
            around.extend(mine)
    finally:
        _stored.reset(token)


def store(file: FieldFile, name: str, data: bytes) -> None:
    """Write the bytes of a field, whose row the caller saves; only inside `all_or_nothing`."""
    kept = _stored.get()
    if kept is None:
        raise RuntimeError("store() is called inside all_or_nothing().")
    file.save(name, ContentFile(data), save=False)
    kept.append((file.storage, str(file.name)))


def keep_file(job: Job, name: str, content: IO[bytes]) -> None:
    """Keep with the job the file that it made; of two workers that arrive together one keeps its file."""
    content.seek(0)
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
        if not job.file:
            job.file.save(f"{job.uuid}/{name}", File(content), save=False)
            job.save(update_fields=("file",))
