"""The livret of one apprentice, and the documents issued about it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from apprentices.models import Cohort, Enrolment
from documents.models import Document

from ..enums import Cadence
from ..querysets import ApprenticeDocumentQuerySet, LivretQuerySet


class Livret(models.Model):
    """The livret of one apprentice in one cohort."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.OneToOneField(
        Enrolment, models.PROTECT, related_name="livret", verbose_name="inscription"
    )
    opened_at = models.DateTimeField("ouvert le", default=timezone.now)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="ouvert par")
    # Frozen at the end of the course: nothing is written after it.
    sealed_at = models.DateTimeField("scellé le", null=True, blank=True)
    sealed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="scellé par"
    )
    sealed_document = models.OneToOneField(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="livret scellé",
    )

    objects = LivretQuerySet.as_manager()

    class Meta:
        verbose_name = "livret"
        verbose_name_plural = "livrets"
        ordering = (
            "enrolment__apprentice__last_name",
            "enrolment__apprentice__first_name",
            "pk",
        )
        constraints = [
            models.CheckConstraint(
                name="livret_livret_sealed_has_traces",
                condition=Q(
                    sealed_at__isnull=True, sealed_by__isnull=True, sealed_document__isnull=True
                )
                | Q(
                    sealed_at__isnull=False, sealed_by__isnull=False, sealed_document__isnull=False
                ),
            )
        ]

    def __str__(self) -> str:
        return f"Livret de {self.enrolment.apprentice}"


class PeriodCalendar(models.Model):
    """The periods of alternance that the CFA chose for a cohort; without one they are quarters."""

    cohort = models.OneToOneField(
        Cohort, models.PROTECT, related_name="livret_calendar", verbose_name="promotion"
    )
    cadence = models.CharField(
        "rythme des périodes",
        max_length=9,
        choices=Cadence.choices,
        default=Cadence.QUARTERLY,
    )
    # First day of each period, in order, ISO dates.
    starts = models.JSONField("débuts des périodes", default=list)
    changed_at = models.DateTimeField("posé le", default=timezone.now)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="posé par")

    class Meta:
        verbose_name = "calendrier des périodes"
        verbose_name_plural = "calendriers des périodes"
        ordering = ("cohort", "pk")
        constraints = [
            models.CheckConstraint(
                name="livret_periodcalendar_cadence_valid",
                condition=Q(cadence__in=Cadence.values),
            )
        ]

    def __str__(self) -> str:
        return f"Périodes de {self.cohort}"


class ApprenticeDocument(models.Model):
    """A document issued about one enrolment (attestation, livret)."""

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="issued_documents", verbose_name="inscription"
    )
    document = models.OneToOneField(
        Document, models.PROTECT, related_name="+", verbose_name="document"
    )

    objects = ApprenticeDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document d'apprenti"
        verbose_name_plural = "documents d'apprenti"
        ordering = ("-document__requested_at", "pk")

    def __str__(self) -> str:
        return str(self.document)
