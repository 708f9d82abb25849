"""Tasks that only the tests' worker knows (settings.test.CELERY_IMPORTS)."""

import os

from celery import shared_task

from accounts.models import Cfa


@shared_task
def note_worker(cfa_pk: int) -> None:
    """Write in the database which process did it."""
    Cfa.objects.filter(pk=cfa_pk).update(city=f"pid {os.getpid()}")
