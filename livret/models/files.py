"""Files that people add: proofs of a period, scans of what was signed by hand."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User

from .periods import LivretPeriod, PeriodTask


def proof_path(proof: "Proof", name: str) -> str:
    """The stored name says nothing of the person's own."""
    return f"livret/preuves/{proof.uuid.hex[:2]}/{proof.uuid.hex}{proof.extension}"


def scan_path(scan: "Scan", name: str) -> str:
    """Where a scan is kept: a name that nobody chose, outside what is served."""
    return f"livret/scans/{scan.uuid.hex[:2]}/{scan.uuid.hex}{scan.extension}"


class StoredFile(models.Model):
    """A file checked by its content, kept outside the web root with its hash."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("nom d'origine", max_length=200)
    content_type = models.CharField("type", max_length=100)
    size = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField("empreinte", max_length=64)
    # Of the bytes that were sent, when the stored picture was made smaller.
    original_sha256 = models.CharField("empreinte du fichier reçu", max_length=64, blank=True)
    width = models.PositiveIntegerField("largeur", null=True, blank=True)
    height = models.PositiveIntegerField("hauteur", null=True, blank=True)
    added_at = models.DateTimeField("ajouté le", default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def extension(self) -> str:
        return {"image/jpeg": ".jpg", "application/pdf": ".pdf"}.get(self.content_type, ".bin")

    @property
    def is_picture(self) -> bool:
        return self.content_type == "image/jpeg"


class Proof(StoredFile):
    """A photo or a file that shows what was done in the company."""

    period = models.ForeignKey(
        LivretPeriod, models.PROTECT, related_name="proofs", verbose_name="période"
    )
    task = models.ForeignKey(
        PeriodTask,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proofs",
        verbose_name="mission",
    )
    file = models.FileField("fichier", upload_to=proof_path, max_length=200)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="ajouté par")
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        verbose_name = "preuve"
        verbose_name_plural = "preuves"
        ordering = ("period", "added_at", "pk")
        constraints = [
            # The same picture taken twice is kept once.
            models.UniqueConstraint(
                fields=("period", "sha256"),
                condition=Q(removed_at__isnull=True),
                name="livret_proof_once_in_a_period",
            )
        ]


class Scan(StoredFile):
    """The scan of a page signed by hand."""

    file = models.FileField("fichier", upload_to=scan_path, max_length=200)
    signer_label = models.CharField("signataire", max_length=200)
    signed_on = models.DateField("signé à la main le")
    recorded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="enregistré par"
    )

    class Meta:
        verbose_name = "signature à la main"
        verbose_name_plural = "signatures à la main"
        ordering = ("-added_at", "-pk")
