"""The attendance sheet of a half-day, and who was there."""

import uuid
from datetime import time

from django.db import models
from django.db.models import Q

from accounts.models import User
from apprentices.models import Enrolment
from documents.models import Document

from ..enums import PresenceState, SessionState, SheetState
from ..querysets import AttendanceSheetQuerySet, PresenceQuerySet
from .planning import ClassSession
from .signatures import Signature


class AttendanceSheet(models.Model):
    """The attendance sheet of a half-day (feuille d'émargement): open, then countersigned and closed."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    session = models.OneToOneField(
        ClassSession, models.PROTECT, related_name="sheet", verbose_name="demi-journée"
    )
    state = models.CharField(
        "état", max_length=10, choices=SheetState.choices, default=SheetState.OPEN
    )
    opened_at = models.DateTimeField("ouverte le")
    opened_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="ouverte par"
    )
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="close par"
    )
    trainer_signature = models.OneToOneField(
        Signature,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="countersigned_sheet",
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

    # How many times it was closed; each closing is kept (SheetVersion).
    version = models.PositiveSmallIntegerField("nombre de clôtures", default=0)
    reminded_at = models.DateTimeField("formateur relancé le", null=True, blank=True)
    flagged_at = models.DateTimeField("équipe prévenue le", null=True, blank=True)

    objects = AttendanceSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "feuille d'émargement"
        verbose_name_plural = "feuilles d'émargement"
        ordering = ("-session__date", "-session__starts_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="attendance_sheet_state_valid", condition=Q(state__in=SheetState.values)
            ),
            models.CheckConstraint(
                name="attendance_sheet_closed_has_traces",
                condition=Q(
                    state=SheetState.CLOSED,
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    trainer_signature__isnull=False,
                )
                | Q(
                    state=SheetState.OPEN,
                    closed_at__isnull=True,
                    closed_by__isnull=True,
                    trainer_signature__isnull=True,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Feuille du {self.session}"

    @property
    def is_open(self) -> bool:
        """May be signed and countersigned; `pending()` asks the same of the database."""
        return self.state == SheetState.OPEN and not self.is_cancelled

    @property
    def is_cancelled(self) -> bool:
        """Its half-day was called off: what was signed is kept, and counts no hour."""
        return self.session.state == SessionState.CANCELLED


class Presence(models.Model):
    """One apprentice on one sheet: expected, signed present, late, or absent."""

    proposed_arrival: time | None  # set by the page of the sheet
    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    sheet = models.ForeignKey(
        AttendanceSheet, models.PROTECT, related_name="presences", verbose_name="feuille"
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="presences", verbose_name="inscription"
    )
    state = models.CharField(
        "état", max_length=10, choices=PresenceState.choices, default=PresenceState.EXPECTED
    )
    signature = models.OneToOneField(
        Signature,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="presence",
        verbose_name="signature",
    )
    arrived_at = models.TimeField("arrivée", null=True, blank=True)
    left_at = models.TimeField("départ", null=True, blank=True)
    # From the two times above; the hours counters read this one.
    minutes_missed = models.PositiveSmallIntegerField("minutes manquées", default=0)
    reason = models.CharField("motif", max_length=200, blank=True)
    # Why an apprentice of another group is on this sheet; empty for those of the group.
    guest_reason = models.CharField("motif d'accueil", max_length=200, blank=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = "présence"
        verbose_name_plural = "présences"
        ordering = (
            "sheet",
            "enrolment__apprentice__last_name",
            "enrolment__apprentice__first_name",
            "pk",
        )
        constraints = [
            models.UniqueConstraint(
                fields=("sheet", "enrolment"), name="attendance_presence_unique"
            ),
            models.CheckConstraint(
                name="attendance_presence_state_valid",
                condition=Q(state__in=PresenceState.values),
            ),
            models.CheckConstraint(
                name="attendance_presence_signed_when_present",
                condition=Q(
                    state__in=(PresenceState.PRESENT, PresenceState.LATE),
                    signature__isnull=False,
                )
                | Q(
                    state__in=(
                        PresenceState.EXPECTED,
                        PresenceState.ABSENT,
                        PresenceState.EXCUSED,
                    ),
                    signature__isnull=True,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.apprentice} · {self.get_state_display()}"
