"""Half-days of a cohort at the CFA: its rooms, what changes its rhythm, its planned sessions."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import Cfa, User
from apprentices.models import Cohort
from programmes.enums import Half
from programmes.models import Subject

from ..enums import ExceptionKind, SessionState
from ..querysets import CalendarExceptionQuerySet, ClassSessionQuerySet, RoomQuerySet


class Room(models.Model):
    """A room of the centre (salle); it never holds two sessions at once."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="rooms", verbose_name="CFA")
    name = models.CharField("nom", max_length=40)
    capacity = models.PositiveSmallIntegerField("places", default=20)
    is_active = models.BooleanField("utilisée", default=True)

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = "salle"
        verbose_name_plural = "salles"
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("cfa", "name"),
                name="attendance_room_name_unique",
                violation_error_message="Une salle porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="attendance_room_capacity_positive", condition=Q(capacity__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarException(models.Model):
    """Days that leave the rhythm: a closure of the centre, extra days at the CFA, days in company, exams."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(
        Cfa, models.PROTECT, related_name="calendar_exceptions", verbose_name="CFA"
    )
    # None: every cohort of the centre.
    cohort = models.ForeignKey(
        Cohort,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="calendar_exceptions",
        verbose_name="promotion",
    )
    kind = models.CharField("nature", max_length=10, choices=ExceptionKind.choices)
    label = models.CharField("libellé", max_length=80, blank=True)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    # Empty: the whole day.
    half = models.CharField("demi-journée", max_length=10, choices=Half.choices, blank=True)

    objects = CalendarExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = "exception au rythme"
        verbose_name_plural = "exceptions au rythme"
        ordering = ("starts_on", "pk")
        constraints = [
            models.CheckConstraint(
                name="attendance_exception_kind_valid", condition=Q(kind__in=ExceptionKind.values)
            ),
            models.CheckConstraint(
                name="attendance_exception_half_valid",
                condition=Q(half="") | Q(half__in=Half.values),
            ),
            models.CheckConstraint(
                name="attendance_exception_dates_in_order",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin doit suivre le début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label or self.get_kind_display()}, {self.starts_on:%d/%m/%Y}"


class ClassSession(models.Model):
    """A half-day of a cohort at the CFA (séance)."""

    refusal: str  # why it cannot be opened now, set by the pages that list half-days
    is_closed: bool  # its sheet is, set by the counters
    is_elsewhere: bool  # signed before the application, set by the counters
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
    room = models.ForeignKey(
        Room,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name="salle",
    )
    state = models.CharField(
        "état", max_length=10, choices=SessionState.choices, default=SessionState.PLANNED
    )
    # Set by a person's change: regenerating the planning leaves this half-day as it is.
    edited_at = models.DateTimeField("modifiée à la main le", null=True, blank=True, editable=False)

    # Where it stood before it was moved: the generation leaves that place empty.
    origin_date = models.DateField("date d'origine", null=True, blank=True, editable=False)
    origin_half = models.CharField(
        "demi-journée d'origine", max_length=10, choices=Half.choices, blank=True, editable=False
    )
    is_makeup = models.BooleanField("rattrapage", default=False)
    # Grows with each change, as calendars on phones want it (SEQUENCE, RFC 5545 3.8.7.4).
    revision = models.PositiveSmallIntegerField("révision", default=0, editable=False)
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="annulée par",
    )
    cancel_reason = models.CharField("motif", max_length=200, blank=True, editable=False)

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
            # Overlapping hours are refused by migration 0002 on PostgreSQL, and under lock elsewhere.
            models.UniqueConstraint(
                fields=("room", "date", "half"),
                condition=Q(state=SessionState.PLANNED, room__isnull=False),
                name="attendance_session_room_once",
                violation_error_message="La salle est déjà prise à cette demi-journée.",
            ),
            models.CheckConstraint(
                name="attendance_session_cancelled_has_traces",
                condition=Q(
                    state=SessionState.PLANNED,
                    cancelled_at__isnull=True,
                    cancelled_by__isnull=True,
                    cancel_reason="",
                )
                | (
                    Q(
                        state=SessionState.CANCELLED,
                        cancelled_at__isnull=False,
                        cancelled_by__isnull=False,
                    )
                    & ~Q(cancel_reason="")
                ),
            ),
            models.CheckConstraint(
                name="attendance_session_origin_whole",
                condition=Q(origin_date__isnull=True, origin_half="")
                | Q(origin_date__isnull=False, origin_half__in=Half.values),
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
