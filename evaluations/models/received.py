"""Files handed in around an examination: the proof of a dispense, the scan of a sheet signed by hand."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User

from .ccf import CcfEvaluation


def stored_name(received: "ReceivedFile", name: str) -> str:
    """Nothing of the name given by the person reaches the disk."""
    return f"examen/{received.uuid.hex[:2]}/{received.uuid.hex}{received.extension}"


class ReceivedFile(models.Model):
    """One file checked by its content, kept outside the web root; of a candidate or of a CCF, never both."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(
        "evaluations.ExamRegistration",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="files",
        verbose_name="inscription à l'examen",
    )
    evaluation = models.ForeignKey(
        CcfEvaluation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="files",
        verbose_name="évaluation de CCF",
    )
    title = models.CharField("intitulé", max_length=200)
    # Under MEDIA_ROOT, which no address reaches; served by a view that asks a permission.
    file = models.FileField("fichier", upload_to=stored_name, max_length=200, blank=True)
    original_name = models.CharField("nom d'origine", max_length=200)
    content_type = models.CharField("type", max_length=40)
    extension = models.CharField("extension", max_length=5)
    size = models.PositiveIntegerField("taille")
    sha256 = models.CharField("empreinte", max_length=64)
    added_at = models.DateTimeField("reçu le", default=timezone.now)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="reçu par")
    purged_at = models.DateTimeField("fichier supprimé le", null=True, blank=True)

    class Meta:
        verbose_name = "fichier reçu"
        verbose_name_plural = "fichiers reçus"
        ordering = ("-added_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="evaluations_receivedfile_one_owner",
                condition=Q(registration__isnull=False, evaluation__isnull=True)
                | Q(registration__isnull=True, evaluation__isnull=False),
            ),
            # The same scan chosen twice is one file.
            models.UniqueConstraint(
                fields=("registration", "sha256"), name="evaluations_receivedfile_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title
