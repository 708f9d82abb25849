"""What is kept of a programme once shown: findings accepted by somebody, editions made public."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from documents.models import Document

from ..querysets import PublicationQuerySet
from .programme import CfaProgramme


class FindingAcceptance(models.Model):
    """A finding of the conformity check that somebody accepts, with a reason; it stays visible."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(
        CfaProgramme, models.CASCADE, related_name="acceptances", verbose_name="programme"
    )
    finding = models.CharField("constat", max_length=60)
    # Of what the finding said: when the programme or the référentiel changes, the acceptance lapses.
    fingerprint = models.CharField("empreinte du constat", max_length=64, editable=False)
    reason = models.CharField("motif", max_length=500)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="accepté par"
    )
    accepted_at = models.DateTimeField("accepté le", default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        verbose_name = "acceptation de constat"
        verbose_name_plural = "acceptations de constat"
        ordering = ("programme", "-accepted_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("programme", "finding"),
                condition=Q(withdrawn_at__isnull=True),
                name="programmes_acceptance_one_per_finding",
            ),
            models.CheckConstraint(
                name="programmes_acceptance_has_reason", condition=~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding} : {self.reason}"


class ProgrammePublication(models.Model):
    """One dated edition of a programme's public page and of its PDF; never changed once made."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(
        CfaProgramme, models.PROTECT, related_name="publications", verbose_name="programme"
    )
    number = models.PositiveSmallIntegerField("version")
    published_at = models.DateTimeField("publiée le", default=timezone.now, editable=False)
    published_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="publiée par"
    )
    reason = models.CharField("ce qui change", max_length=300)
    # What the page prints, frozen: see pdf.programme_context.
    context = models.JSONField("contenu")
    document = models.OneToOneField(
        Document, models.PROTECT, related_name="+", verbose_name="document"
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "version publique de programme"
        verbose_name_plural = "versions publiques de programme"
        ordering = ("programme", "-number", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("programme", "number"), name="programmes_publication_number_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme}, version {self.number}"
