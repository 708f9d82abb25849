"""The Celery application; broker and options come from Django's settings (CELERY_*)."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ndrc_cfa.settings.dev")
TRANSPORT_ALIASES["atomicfs"] = "ndrc_cfa.fsbroker:Transport"

app = Celery("ndrc_cfa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
