"""The engine of background work: who does which item, once, whatever dies on the way.

A job is a list of items. Several workers may run one job together: each takes one item at a time by
writing its name and a lease on it, so that two never hold the same item. A worker that dies lets its
lease run out; the sweeper then has the job run again, and what is done stays done.
"""

import logging
import time
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Count, F, Min, Q
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record

from .enums import ACTIVE_JOB_STATES, ItemState, JobState
from .kinds import JobKind, job_kind, job_kinds
from .models import Job, JobItem
from .rules import MAX_ATTEMPTS, retry_delay

logger = logging.getLogger(__name__)

# One call of the task works this long, then hands over to a fresh call, so that the time limits of
# the task bound one item and not the whole job.
BUDGET = timedelta(seconds=20)
SOFT_LIMIT = 60  # seconds; leaves at least 40 to the item begun last
HARD_LIMIT = 75
LEASE = timedelta(seconds=HARD_LIMIT + 5)
# A job with work to do that gave no sign for so long has lost its worker or its message.
STALE = timedelta(seconds=60)
INTERRUPTED = (
    "Le traitement s'est interrompu plusieurs fois au même endroit. Relancez-le ; si cela se "
    "reproduit, prévenez l'administrateur."
)
UNKNOWN = "Ce type de tâche n'existe plus dans cette installation : prévenez l'administrateur."


def run(job: Job, *, runner: str, budget: timedelta = BUDGET) -> timedelta | None:
    """Do items until the time is up; say in how long to call again, or None when nobody need."""
    _start(job)
    deadline = time.monotonic() + budget.total_seconds()
    try:
        kind = job_kind(job.kind)
    except KeyError:
        _fail_whole(job, UNKNOWN)
        return None
    while time.monotonic() < deadline:
        if not _beat(job):  # cancelled, or ended by another worker
            return None
        item = _claim(job, runner, timezone.now())
        if item is None:
            break
        if not _do(kind, item, runner):
            break
    if finish_if_over(job):
        return None
    return _wait(job, timezone.now())


def run_to_end(job: Job) -> Job:
    """Do the whole job here and now, without a worker (commands, demo, benchmarks)."""
    while (wait := run(job, runner="ici")) is not None:
        time.sleep(wait.total_seconds())
    job.refresh_from_db()
    return job


def jobs_to_wake(now: datetime) -> list[Job]:
    """The jobs that have something to do now and that nobody does."""
    silent = Q(heartbeat_at__lt=now - STALE) | Q(
        heartbeat_at__isnull=True, created_at__lt=now - STALE
    )
    jobs = Job.objects.active().filter(silent).order_by("created_at", "pk")
    woken = []
    for job in jobs:
        if finish_if_over(job) or not job.items.ready(now).exists():
            continue
        Job.objects.filter(pk=job.pk).update(heartbeat_at=now)  # not again before it is stale
        woken.append(job)
    return woken


def finish_if_over(job: Job) -> bool:
    """Close the job when no item is left to do; True if it is closed, now or before."""
    with transaction.atomic():
        locked = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
        if locked.state not in ACTIVE_JOB_STATES:
            return True
        left = locked.items.aggregate(
            queued=Count("pk", filter=Q(state=ItemState.QUEUED)),
            failed=Count("pk", filter=Q(state=ItemState.FAILED)),
        )
        if left["queued"]:
            return False
        locked.state = JobState.FAILED if left["failed"] else JobState.DONE
        locked.finished_at = timezone.now()
        locked.save(update_fields=("state", "finished_at"))
    return True


def forget_files(*, now: datetime) -> int:
    """Erase the files that were made longer ago than their kind keeps them; the job says that it was made."""
    count = 0
    for kind in job_kinds():
        if kind.kept is None:
            continue
        old = Job.objects.filter(kind=kind.code, finished_at__lt=now - kind.kept).exclude(file="")
        for pk in old.values_list("pk", flat=True):
            with transaction.atomic():
                job = Job.objects.select_for_update(of=("self",)).select_related("cfa").get(pk=pk)
                job.file.delete(
                    save=False
                )  # done again after a crash, it finds nothing and goes on
                job.save(update_fields=("file",))
                record("forget_archive", job, cfa=job.cfa, actor=None, happened_at=now)
                count += 1
    return count


def _start(job: Job) -> None:
    now = timezone.now()
    Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
        state=JobState.RUNNING, started_at=now, heartbeat_at=now
    )


def _beat(job: Job) -> bool:
    active = Job.objects.filter(pk=job.pk, state=JobState.RUNNING)
    return bool(active.update(heartbeat_at=timezone.now()))


def _claim(job: Job, runner: str, now: datetime) -> JobItem | None:
    """Take the first item that is free; the conditional update lets only one worker have it."""
    while pks := list(job.items.ready(now).order_by("position").values_list("pk", flat=True)[:5]):
        for pk in pks:
            taken = (
                JobItem.objects.filter(pk=pk)
                .ready(now)
                .update(runner=runner, leased_until=now + LEASE, attempts=F("attempts") + 1)
            )
            if taken:
                return JobItem.objects.get(pk=pk)
    return None


def _do(kind: JobKind, item: JobItem, runner: str) -> bool:
    """Do one item and note the outcome; False when this call of the task must end."""
    if item.attempts > MAX_ATTEMPTS:  # it took several workers down with it
        _settle(kind, item, runner, ItemState.FAILED, item.error or INTERRUPTED)
        return True
    try:
        kind.run_item(item)
    except (DomainError, NotAllowed) as error:
        _settle(kind, item, runner, ItemState.FAILED, error.message)
    except Exception as error:
        logger.exception("Item %s of job %s failed", item.position, item.job_id)
        detail = str(error).strip()[:300]
        message = f"{kind.failure} ({detail})" if detail else kind.failure
        delay = retry_delay(item.attempts)
        if delay is None:
            _settle(kind, item, runner, ItemState.FAILED, message)
        else:
            _postpone(kind, item, runner, message, delay)
        return not isinstance(error, SoftTimeLimitExceeded)
    else:
        _settle(kind, item, runner, ItemState.DONE, "")
    return True


def _settle(kind: JobKind, item: JobItem, runner: str, state: str, error: str) -> None:
    """Note the end of an item, if it is still ours."""
    with transaction.atomic():
        _lock(item)
        ours = JobItem.objects.filter(pk=item.pk, runner=runner, state=ItemState.QUEUED).update(
            state=state, error=error, leased_until=None, retry_at=None
        )
        if not ours:
            return
        counter = "done" if state == ItemState.DONE else "failed"
        Job.objects.filter(pk=item.job_id).update(
            heartbeat_at=timezone.now(), **{counter: F(counter) + 1}
        )
        if state == ItemState.FAILED:
            kind.note_error(item, error, True)


def _postpone(kind: JobKind, item: JobItem, runner: str, error: str, delay: timedelta) -> None:
    with transaction.atomic():
        _lock(item)
        ours = JobItem.objects.filter(pk=item.pk, runner=runner, state=ItemState.QUEUED).update(
            error=error, leased_until=None, runner="", retry_at=timezone.now() + delay
        )
        if ours:
            kind.note_error(item, error, False)


def _lock(item: JobItem) -> None:
    """The job before its items, as cancel_job and retry_job do: no deadlock."""
    Job.objects.select_for_update(of=("self",)).get(pk=item.job_id)


def _fail_whole(job: Job, message: str) -> None:
    Job.objects.filter(pk=job.pk, state__in=ACTIVE_JOB_STATES).update(
        state=JobState.FAILED, error=message, finished_at=timezone.now()
    )


def _wait(job: Job, now: datetime) -> timedelta | None:
    """Until the next free item; those in another worker's hands are that worker's business."""
    if job.items.ready(now).exists():
        return timedelta(0)
    waiting = job.items.filter(state=ItemState.QUEUED, leased_until__isnull=True)
    earliest = waiting.aggregate(at=Min("retry_at"))["at"]
    return max(earliest - now, timedelta(0)) if earliest else None
