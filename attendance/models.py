"""Half-days at the CFA, their attendance sheets, and who was there."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from apprentices.models import Cohort, Enrolment
from documents.models import Document
from programmes.enums import Half
from programmes.models import Subject

from .enums import PresenceState, SessionState, SheetState, SignatureKind, SignatureMethod
from .querysets import AttendanceSheetQuerySet, ClassSessionQuerySet, PresenceQuerySet


class Signature(models.Model):
    """A handwritten trace (strokes) or a typed name, with how and when it was given."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    signer = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="compte du signataire"
    )
    signer_label = models.CharField("signataire", max_length=200)
    kind = models.CharField("forme", max_length=6, choices=SignatureKind.choices)
    method = models.CharField("moyen", max_length=16, choices=SignatureMethod.choices)
    # [[[x, y, milliseconds], ...], ...] in a box of 600 x 200; empty when typed.
    strokes = models.JSONField("tracé", default=list, blank=True)
    typed_name = models.CharField("nom saisi", max_length=200, blank=True)
    signed_at = models.DateTimeField("signée le", default=timezone.now)
    user_agent = models.CharField("appareil", max_length=300, blank=True)
    ip = models.GenericIPAddressField("adresse IP", null=True, blank=True)
    sha256 = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "signature"
        verbose_name_plural = "signatures"
        ordering = ("-signed_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="attendance_signature_kind_valid",
                condition=Q(kind__in=SignatureKind.values),
            ),
            models.CheckConstraint(
                name="attendance_signature_method_valid",
                condition=Q(method__in=SignatureMethod.values),
            ),
            models.CheckConstraint(
                name="attendance_signature_never_empty",
                condition=(Q(kind=SignatureKind.DRAWN) & ~Q(strokes=[]))
                | (Q(kind=SignatureKind.TYPED) & ~Q(typed_name="")),
            ),
            # One trace signs once: a signature is never a copy of another.
            models.UniqueConstraint(
                fields=("sha256",),
                condition=Q(kind=SignatureKind.DRAWN),
                name="attendance_signature_never_a_copy",
                violation_error_message="Cette signature est la copie d'une autre : signez de nouveau.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signer_label}, {self.signed_at:%d/%m/%Y %H:%M}"


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


class Presence(models.Model):
    """One apprentice on one sheet: expected, signed present, late, or absent."""

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
    minutes_missed = models.PositiveSmallIntegerField("minutes manquées", default=0)
    reason = models.CharField("motif", max_length=200, blank=True)

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
