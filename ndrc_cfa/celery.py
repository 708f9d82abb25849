"""The Celery application; broker and options come from Django's settings (CELERY_*)."""

import logging
import os

from celery import Celery
from celery.contrib.django.task import DjangoTask
from celery.signals import beat_embedded_init, worker_process_init
from django.db import transaction
from kombu.transport import TRANSPORT_ALIASES

from attendance.schedule import SCHEDULE as ATTENDANCE
from documents.schedule import SCHEDULE as DOCUMENTS
from tools.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ndrc_cfa.settings.dev")
# Seven lines for each PDF, of no use beside those of the tasks.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
TRANSPORT_ALIASES["atomicfs"] = "ndrc_cfa.fsbroker:Transport"


class SureTask(DjangoTask):
    """A task asked for while the broker is down fails nobody's deed: the sweepers find it in the database."""

    def delay_on_commit(self, *args: object, **kwargs: object) -> None:
        def delay() -> None:
            self.apply_async(args, kwargs)

        transaction.on_commit(delay, robust=True)


app = Celery("ndrc_cfa", task_cls=SureTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {**DOCUMENTS, **ATTENDANCE}
app.autodiscover_tasks()
app.autodiscover_tasks(["ndrc_cfa"], related_name="nightly")


@app.on_after_finalize.connect
def plan_by_the_clock(sender: Celery, **kwargs: object) -> None:
    """Read late: the tasks of nightly.py need the apps to be loaded."""
    from .nightly import SCHEDULE as BY_THE_CLOCK

    sender.conf.beat_schedule.update(BY_THE_CLOCK)


@worker_process_init.connect
@beat_embedded_init.connect
def end_with_the_worker(**kwargs: object) -> None:
    """A worker killed outright leaves no child that goes on with a task nobody can acknowledge."""
    die_with_parent()
