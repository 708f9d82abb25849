"""A batch through the real broker and a real worker, one of whose processes is killed on the way."""

import os
import signal
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Event
from documents.actions import DocumentRequest, request_documents
from documents.enums import ItemState, JobState
from documents.models import Document, JobItem
from documents.tasks import sweep_jobs

from .conftest import make_cfa, member
from .worker_kinds import PAGE

pytestmark = pytest.mark.worker
COUNT = 30


def batch():
    cfa = make_cfa()
    elise = member(cfa, "Élise", "Faure", Role.STAFF)
    asked = [
        DocumentRequest(PAGE.code, "Essai", f"Personne {n}", f"{n}.pdf", {}) for n in range(COUNT)
    ]
    return request_documents(cfa=cfa, label="Essais", requests=asked, by=elise)


def test_a_killed_worker_process_loses_nothing_and_issues_nothing_twice(worker):
    job = batch()

    def holder() -> int:
        """The process that holds an item, once some are done."""
        item = job.items.filter(state=ItemState.QUEUED, leased_until__isnull=False).first()
        done = job.items.filter(state=ItemState.DONE).count()
        return int(item.runner.split(":")[1]) if item and done >= 2 else 0

    os.kill(int(str(worker.wait_for(holder, timeout=60))), signal.SIGKILL)

    # What follows takes a lease's time in life: here the clock is moved by hand.
    past = timezone.now() - timedelta(minutes=10)

    def over() -> bool:
        job.refresh_from_db()
        if job.is_active:
            held = JobItem.objects.filter(
                job=job, state=ItemState.QUEUED, leased_until__isnull=False
            )
            if held.count() == job.items.filter(state=ItemState.QUEUED).count():
                held.update(leased_until=past)
                type(job).objects.filter(pk=job.pk).update(heartbeat_at=past)
                sweep_jobs.delay_on_commit()
        return not job.is_active

    worker.wait_for(over, timeout=90)
    assert (job.state, job.done, job.failed) == (JobState.DONE, COUNT, 0)
    assert Event.objects.filter(verb="document_issued").count() == COUNT
    documents = list(Document.objects.all())
    assert len({document.sha256 for document in documents}) == COUNT
    assert all(document.file.storage.exists(document.file.name) for document in documents)
