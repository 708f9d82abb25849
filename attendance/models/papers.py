"""What is handed out about attendance: documents issued, and the private calendar of a person."""

import secrets
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from apprentices.models import Cohort, Enrolment
from documents.models import Document

from ..enums import PaperKind


class AttendancePaper(models.Model):
    """A sheet of a week or month, a statement or a certificate, for a cohort or for one apprentice."""

    document = models.OneToOneField(
        Document, models.PROTECT, related_name="+", verbose_name="document"
    )
    kind = models.CharField("nature", max_length=24, choices=PaperKind.choices)
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="attendance_papers", verbose_name="promotion"
    )
    enrolment = models.ForeignKey(
        Enrolment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attendance_papers",
        verbose_name="inscription",
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    minutes = models.PositiveIntegerField("minutes réalisées", null=True, blank=True)
    created_at = models.DateTimeField("demandé le", default=timezone.now)

    class Meta:
        verbose_name = "document d'assiduité"
        verbose_name_plural = "documents d'assiduité"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="attendance_paper_kind_valid", condition=Q(kind__in=PaperKind.values)
            ),
            models.CheckConstraint(
                name="attendance_paper_dates_in_order", condition=Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.enrolment or self.cohort}"


def _new_nonce() -> str:
    return secrets.token_urlsafe(16)


class CalendarFeed(models.Model):
    """The private iCalendar address of one person; changing the nonce makes the old address dead."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        User, models.CASCADE, related_name="calendar_feed", verbose_name="personne"
    )
    nonce = models.CharField("secret", max_length=32, default=_new_nonce, editable=False)
    created_at = models.DateTimeField("créée le", default=timezone.now)
    read_at = models.DateTimeField("lue le", null=True, blank=True)

    class Meta:
        verbose_name = "agenda personnel"
        verbose_name_plural = "agendas personnels"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"Agenda de {self.user}"
