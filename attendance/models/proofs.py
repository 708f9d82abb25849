"""The proof: an append-only chain of events for each centre, and each closing of a sheet as it was."""

import json
import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Cfa, User
from documents.models import Document

from ..enums import ProofKind
from .sheets import AttendanceSheet, Presence
from .signatures import Signature


class ProofHead(models.Model):
    """Where a centre's chain stands: locked by whoever adds a link, so that links come one by one."""

    cfa = models.OneToOneField(Cfa, models.PROTECT, related_name="+", verbose_name="CFA")
    sequence = models.PositiveBigIntegerField("dernier numéro", default=0)
    hash = models.CharField("dernière empreinte", max_length=64)
    seal = models.CharField("sceau", max_length=64, blank=True)

    class Meta:
        verbose_name = "tête de chaîne"
        verbose_name_plural = "têtes de chaîne"

    def __str__(self) -> str:
        return f"{self.cfa} · n° {self.sequence}"


class ProofEvent(models.Model):
    """One link: what happened on a sheet, with the hash of the link before it. Never changed."""

    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="+", verbose_name="CFA")
    sequence = models.PositiveBigIntegerField("numéro")
    kind = models.CharField("nature", max_length=12, choices=ProofKind.choices)
    sheet = models.ForeignKey(
        AttendanceSheet, models.PROTECT, related_name="proof_events", verbose_name="feuille"
    )
    presence = models.ForeignKey(
        Presence,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proof_events",
        verbose_name="présence",
    )
    recorded_at = models.DateTimeField("enregistré le", default=timezone.now)
    # The exact text that is hashed (canonical JSON), so that anybody can hash it again.
    payload = models.TextField("contenu")
    payload_sha256 = models.CharField("empreinte du contenu", max_length=64)
    previous = models.CharField("empreinte précédente", max_length=64)
    hash = models.CharField("empreinte", max_length=64)
    seal = models.CharField("sceau", max_length=64)

    class Meta:
        verbose_name = "événement de preuve"
        verbose_name_plural = "événements de preuve"
        ordering = ("cfa", "sequence")
        constraints = [
            models.UniqueConstraint(
                fields=("cfa", "sequence"), name="attendance_proofevent_sequence_unique"
            ),
            models.CheckConstraint(
                name="attendance_proofevent_kind_valid", condition=Q(kind__in=ProofKind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"n° {self.sequence} · {self.get_kind_display()}"

    @property
    def content(self) -> dict[str, Any]:
        """The facts of the payload, to be shown."""
        return json.loads(self.payload)

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("La chaîne de preuve ne se modifie pas.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("La chaîne de preuve ne s'efface pas.")


class SheetVersion(models.Model):
    """One closing of a sheet: what it said then, kept when it is opened again."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    sheet = models.ForeignKey(
        AttendanceSheet, models.PROTECT, related_name="versions", verbose_name="feuille"
    )
    number = models.PositiveSmallIntegerField("numéro")
    content = models.TextField("contenu figé")
    sha256 = models.CharField("empreinte", max_length=64)
    closed_at = models.DateTimeField("close le")
    closed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="close par")
    trainer_signature = models.OneToOneField(
        Signature,
        models.PROTECT,
        related_name="countersigned_version",
        verbose_name="signature du formateur",
    )
    document = models.OneToOneField(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="document PDF",
    )
    reopened_at = models.DateTimeField("rouverte le", null=True, blank=True)
    reopened_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="rouverte par"
    )
    reopening_reason = models.CharField("motif de la réouverture", max_length=200, blank=True)

    class Meta:
        verbose_name = "version close d'une feuille"
        verbose_name_plural = "versions closes des feuilles"
        ordering = ("sheet", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("sheet", "number"), name="attendance_sheetversion_number_unique"
            ),
            models.CheckConstraint(
                name="attendance_sheetversion_reopened_with_reason",
                condition=Q(reopened_at__isnull=True, reopened_by__isnull=True, reopening_reason="")
                | (
                    Q(reopened_at__isnull=False, reopened_by__isnull=False)
                    & ~Q(reopening_reason="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}, clôture {self.number}"


class ProofCheck(models.Model):
    """One verification of a centre's chain, and the first things that it found wrong."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="+", verbose_name="CFA")
    started_at = models.DateTimeField("commencée le")
    finished_at = models.DateTimeField("finie le", default=timezone.now)
    events = models.PositiveBigIntegerField("événements vérifiés")
    signatures = models.PositiveBigIntegerField("signatures vérifiées")
    sheets = models.PositiveBigIntegerField("feuilles vérifiées")
    last_hash = models.CharField("dernière empreinte", max_length=64)
    problems = models.JSONField("anomalies", default=list, blank=True)
    problem_count = models.PositiveBigIntegerField("nombre d'anomalies", default=0)

    class Meta:
        verbose_name = "vérification des preuves"
        verbose_name_plural = "vérifications des preuves"
        ordering = ("-finished_at", "-pk")

    def __str__(self) -> str:
        return f"{self.cfa}, {self.finished_at:%d/%m/%Y %H:%M}"
