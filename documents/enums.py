from django.db import models


class DocumentState(models.TextChoices):
    QUEUED = "queued", "En attente"
    ISSUED = "issued", "Émis"
    FAILED = "failed", "En échec"
    CANCELLED = "cancelled", "Annulé"
    REPLACED = "replaced", "Remplacé"


class JobState(models.TextChoices):
    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    FAILED = "failed", "Terminé avec des erreurs"
    CANCELLED = "cancelled", "Annulé"


class ItemState(models.TextChoices):
    QUEUED = "queued", "En attente"
    DONE = "done", "Fait"
    FAILED = "failed", "En échec"
    CANCELLED = "cancelled", "Annulé"


# A job in one of these states still has work to do.
ACTIVE_JOB_STATES = (JobState.QUEUED, JobState.RUNNING)
# A document in one of these states has bytes that never change.
SEALED_STATES = (DocumentState.ISSUED, DocumentState.REPLACED)
# How the status component draws each state.
STATUS_KINDS = {
    "queued": "run",
    "running": "run",
    "issued": "done",
    "done": "done",
    "failed": "stop",
    "cancelled": "none",
    "replaced": "none",
}
