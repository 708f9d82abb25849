"""What is missed, what is brought to justify it, and who was told."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Cfa, User
from apprentices.models import Enrolment
from programmes.enums import Half

from ..enums import AbsenceCategory, AbsenceState, JustificationState, NoticeKind
from ..querysets import AbsenceQuerySet, JustificationQuerySet
from .sheets import Presence


def _stored_name(justification: "Justification", name: str) -> str:
    """Nothing of the name given by the person reaches the disk."""
    return f"justificatifs/{justification.uuid}{justification.extension}"


class Justification(models.Model):
    """A reason announced or brought for one or several half-days, with or without its document."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="justifications", verbose_name="inscription"
    )
    category = models.CharField("nature", max_length=20, choices=AbsenceCategory.choices)
    starts_on = models.DateField("du")
    starts_half = models.CharField(
        "à partir de", max_length=10, choices=Half.choices, default=Half.MORNING
    )
    ends_on = models.DateField("au")
    ends_half = models.CharField(
        "jusqu'à", max_length=10, choices=Half.choices, default=Half.AFTERNOON
    )
    comment = models.CharField("précision", max_length=300, blank=True)
    # Stored under MEDIA_ROOT, which no address reaches; served by a view that asks a permission.
    file = models.FileField("justificatif", upload_to=_stored_name, max_length=200, blank=True)
    file_name = models.CharField("nom du fichier", max_length=120, blank=True)
    content_type = models.CharField("type du fichier", max_length=40, blank=True)
    size = models.PositiveIntegerField("taille", default=0)
    sha256 = models.CharField("empreinte", max_length=64, blank=True)
    purged_at = models.DateTimeField("fichier effacé le", null=True, blank=True)
    state = models.CharField(
        "état",
        max_length=10,
        choices=JustificationState.choices,
        default=JustificationState.SUBMITTED,
    )
    submitted_at = models.DateTimeField("déposée le", default=timezone.now)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="déposée par"
    )
    decided_at = models.DateTimeField("examinée le", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="examinée par"
    )
    decision_reason = models.CharField("motif de la décision", max_length=300, blank=True)

    objects = JustificationQuerySet.as_manager()

    class Meta:
        verbose_name = "justification d'absence"
        verbose_name_plural = "justifications d'absence"
        ordering = ("-submitted_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="attendance_justification_category_valid",
                condition=Q(category__in=AbsenceCategory.values),
            ),
            models.CheckConstraint(
                name="attendance_justification_halves_valid",
                condition=Q(starts_half__in=Half.values) & Q(ends_half__in=Half.values),
            ),
            models.CheckConstraint(
                name="attendance_justification_dates_in_order",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin doit suivre le début.",
            ),
            models.CheckConstraint(
                name="attendance_justification_decided_has_traces",
                condition=Q(state=JustificationState.SUBMITTED, decided_at__isnull=True)
                | Q(
                    state__in=(JustificationState.ACCEPTED, JustificationState.REFUSED),
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="attendance_justification_refused_has_reason",
                condition=~Q(state=JustificationState.REFUSED) | ~Q(decision_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.get_category_display()}, {self.enrolment.apprentice}, {self.starts_on:%d/%m/%Y}"
        )

    @property
    def extension(self) -> str:
        return {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}.get(
            self.content_type, ".bin"
        )


class Absence(models.Model):
    """A half-day missed, once its sheet is closed. The sheet is never touched: the fate is written here."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    presence = models.OneToOneField(
        Presence, models.PROTECT, related_name="absence", verbose_name="présence"
    )
    state = models.CharField(
        "état", max_length=12, choices=AbsenceState.choices, default=AbsenceState.TO_JUSTIFY
    )
    category = models.CharField(
        "nature", max_length=20, choices=AbsenceCategory.choices, blank=True
    )
    justification = models.ForeignKey(
        Justification,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="absences",
        verbose_name="justification",
    )
    justify_by = models.DateField("à justifier avant le")
    told_at = models.DateTimeField("signalée le", null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = "absence"
        verbose_name_plural = "absences"
        ordering = ("-presence__sheet__session__date", "pk")
        constraints = [
            models.CheckConstraint(
                name="attendance_absence_state_valid", condition=Q(state__in=AbsenceState.values)
            ),
            models.CheckConstraint(
                name="attendance_absence_category_when_justified",
                condition=Q(state=AbsenceState.JUSTIFIED, category__in=AbsenceCategory.values)
                | (~Q(state=AbsenceState.JUSTIFIED) & Q(category="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.presence.enrolment.apprentice}, {self.presence.sheet.session.date:%d/%m/%Y}"


class Notice(models.Model):
    """A message about attendance: written with the deed, sent afterwards, kept with who received it."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(
        Cfa, models.PROTECT, related_name="attendance_notices", verbose_name="CFA"
    )
    kind = models.CharField("objet", max_length=20, choices=NoticeKind.choices)
    recipients = models.JSONField("destinataires")
    subject = models.CharField("titre", max_length=200)
    text = models.TextField("texte")
    absences = models.ManyToManyField(
        Absence, blank=True, related_name="notices", verbose_name="absences"
    )
    created_at = models.DateTimeField("écrite le", default=timezone.now)
    sent_at = models.DateTimeField("partie le", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    error = models.CharField("erreur", max_length=300, blank=True)
    # Who has it already: a second attempt writes to the others only.
    delivered = models.JSONField("reçu par", default=list, blank=True)

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="attendance_notice_kind_valid", condition=Q(kind__in=NoticeKind.values)
            ),
            models.CheckConstraint(
                name="attendance_notice_has_recipients", condition=~Q(recipients=[])
            ),
        ]

    def __str__(self) -> str:
        return self.subject
