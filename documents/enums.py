from django.db import models


class DocumentState(models.TextChoices):
    QUEUED = "queued", "En attente"
    ISSUED = "issued", "Émis"
    FAILED = "failed", "En échec"
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
