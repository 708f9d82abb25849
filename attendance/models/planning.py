"""Half-days of a cohort at the CFA."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from apprentices.models import Cohort
from programmes.enums import Half
from programmes.models import Subject

from ..enums import SessionState
from ..querysets import ClassSessionQuerySet


class ClassSession(models.Model):
    """A half-day of a cohort at the CFA (séance)."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="sessions", verbose_name="promotion"
    )
    subject = models.ForeignKey(
        Subject, models.PROTECT, related_name="sessions", verbose_name="matière"
    )
    trainer = models.ForeignKey(
        User, models.PROTECT, related_name="taught_sessions", verbose_name="formateur"
    )
    date = models.DateField("date")
    half = models.CharField("demi-journée", max_length=10, choices=Half.choices)
    starts_at = models.TimeField("de")
    ends_at = models.TimeField("à")
    room = models.CharField("salle", max_length=40, blank=True)
    state = models.CharField(
        "état", max_length=10, choices=SessionState.choices, default=SessionState.PLANNED
    )
    # Set by a person's change: regenerating the planning leaves this half-day as it is.
    edited_at = models.DateTimeField("modifiée à la main le", null=True, blank=True, editable=False)

    objects = ClassSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "demi-journée"
        verbose_name_plural = "demi-journées"
        ordering = ("date", "starts_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("cohort", "date", "half"),
                condition=Q(state=SessionState.PLANNED),
                name="attendance_session_cohort_once",
                violation_error_message="La promotion a déjà une séance à cette demi-journée.",
            ),
            models.UniqueConstraint(
                fields=("trainer", "date", "half"),
                condition=Q(state=SessionState.PLANNED),
                name="attendance_session_trainer_once",
                violation_error_message="Le formateur a déjà une séance à cette demi-journée.",
            ),
            models.CheckConstraint(
                name="attendance_session_half_valid", condition=Q(half__in=Half.values)
            ),
            models.CheckConstraint(
                name="attendance_session_state_valid",
                condition=Q(state__in=SessionState.values),
            ),
            models.CheckConstraint(
                name="attendance_session_times_in_order",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="La fin de la séance doit suivre son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.get_half_display().lower()} · {self.subject}"

    @property
    def minutes(self) -> int:
        """Length of the half-day in minutes."""
        start, end = self.starts_at, self.ends_at
        return (end.hour - start.hour) * 60 + end.minute - start.minute
