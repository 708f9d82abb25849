"""The Celery tasks: fetch, call, hand over; they decide nothing."""

import os
import socket
import tempfile
import uuid
from math import ceil
from pathlib import Path
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from . import jobs
from .engine import remove_dead_font_folders
from .models import Job

# A long job is given to several workers at once, one for each so many items.
ITEMS_PER_WORKER = 10
MOST_WORKERS = 8


@shared_task(soft_time_limit=jobs.SOFT_LIMIT, time_limit=jobs.HARD_LIMIT)
def run_job(job_uuid: str) -> None:
    job = Job.objects.active().filter(uuid=job_uuid).first()
    if job is None:  # done, cancelled, or never committed
        return
    runner = f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    wait = jobs.run(job, runner=runner)
    if wait is not None:
        run_job.apply_async((job_uuid,), countdown=wait.total_seconds())


@shared_task
def sweep_jobs() -> None:
    """Start again what a dead worker or a lost message left behind."""
    for job in jobs.jobs_to_wake(timezone.now()):
        run_job.delay_on_commit(str(job.uuid))


@shared_task
def forget_old_files() -> None:
    jobs.forget_files(now=timezone.now())


@worker_ready.connect
def sweep_at_start(sender: Any = None, **kwargs: Any) -> None:
    remove_dead_font_folders(Path(tempfile.gettempdir()))
    sweep_jobs.apply_async()


def start_job(job: Job) -> None:
    """Have the workers run it once the transaction is committed."""
    for _ in range(min(MOST_WORKERS, max(1, ceil(job.total / ITEMS_PER_WORKER)))):
        run_job.delay_on_commit(str(job.uuid))
