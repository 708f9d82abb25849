"""The livret d'apprentissage: its periods, competence positions, signatures and personal links."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from apprentices.models import Enrolment, MaitreApprentissage
from attendance.models import Signature
from documents.models import Document
from programmes.models import Competence

from . import rules
from .enums import STATUS_KINDS, CompetenceLevel, MaitrePosition, PeriodRole, PeriodState
from .querysets import ApprenticeDocumentQuerySet, LivretPeriodQuerySet, LivretQuerySet


class Livret(models.Model):
    """The livret of one apprentice in one cohort."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.OneToOneField(
        Enrolment, models.PROTECT, related_name="livret", verbose_name="inscription"
    )
    opened_at = models.DateTimeField("ouvert le", default=timezone.now)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="ouvert par")

    objects = LivretQuerySet.as_manager()

    class Meta:
        verbose_name = "livret"
        verbose_name_plural = "livrets"
        ordering = (
            "enrolment__apprentice__last_name",
            "enrolment__apprentice__first_name",
            "pk",
        )

    def __str__(self) -> str:
        return f"Livret de {self.enrolment.apprentice}"


class LivretPeriod(models.Model):
    """A quarter of the livret, written by three people and signed by the three."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    livret = models.ForeignKey(
        Livret, models.PROTECT, related_name="periods", verbose_name="livret"
    )
    number = models.PositiveSmallIntegerField("numéro")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    state = models.CharField(
        "état", max_length=20, choices=PeriodState.choices, default=PeriodState.DRAFT
    )
    apprentice_text = models.TextField("missions réalisées", blank=True)
    maitre_position = models.CharField(
        "appréciation d'ensemble", max_length=12, choices=MaitrePosition.choices, blank=True
    )
    maitre_text = models.TextField("observations du maître d'apprentissage", blank=True)
    maitre_goals = models.TextField("objectifs de la période suivante", blank=True)
    tutor_text = models.TextField("bilan du tuteur CFA", blank=True)
    apprentice_signed_at = models.DateTimeField("signée par l'apprenti le", null=True, blank=True)
    maitre_signed_at = models.DateTimeField("signée par le maître le", null=True, blank=True)
    closed_at = models.DateTimeField("close le", null=True, blank=True)

    objects = LivretPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "période de livret"
        verbose_name_plural = "périodes de livret"
        ordering = ("livret", "number", "pk")
        constraints = [
            models.UniqueConstraint(fields=("livret", "number"), name="livret_period_unique"),
            models.CheckConstraint(
                name="livret_period_dates_in_order", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="livret_period_state_valid", condition=Q(state__in=PeriodState.values)
            ),
            models.CheckConstraint(
                name="livret_period_position_valid",
                condition=Q(maitre_position="") | Q(maitre_position__in=MaitrePosition.values),
            ),
            models.CheckConstraint(
                name="livret_period_state_has_traces",
                condition=Q(
                    state=PeriodState.DRAFT,
                    apprentice_signed_at__isnull=True,
                    maitre_signed_at__isnull=True,
                    closed_at__isnull=True,
                )
                | Q(
                    state=PeriodState.APPRENTICE_SIGNED,
                    apprentice_signed_at__isnull=False,
                    maitre_signed_at__isnull=True,
                    closed_at__isnull=True,
                )
                | Q(
                    state=PeriodState.MAITRE_SIGNED,
                    apprentice_signed_at__isnull=False,
                    maitre_signed_at__isnull=False,
                    closed_at__isnull=True,
                )
                | Q(
                    state=PeriodState.CLOSED,
                    apprentice_signed_at__isnull=False,
                    maitre_signed_at__isnull=False,
                    closed_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Période {self.number} · {self.livret.enrolment.apprentice}"

    @property
    def is_coming(self) -> bool:
        return self.state == PeriodState.DRAFT and self.starts_on > timezone.localdate()

    @property
    def status_kind(self) -> str:
        return "none" if self.is_coming else STATUS_KINDS[self.state]

    @property
    def status_word(self) -> str:
        return "À venir" if self.is_coming else self.get_state_display()

    @property
    def is_late(self) -> bool:
        return rules.is_late(self.state, self.ends_on, timezone.localdate())

    def content(self, positions=None) -> dict:
        """Exactly what a signer reads."""
        rows = self.positions.select_related("competence") if positions is None else positions
        names = ("number", "apprentice_text", "maitre_position", "maitre_text", "maitre_goals")
        return {
            **{name: getattr(self, name) for name in (*names, "tutor_text")},
            "period": str(self.uuid),
            "positions": sorted(
                [row.competence_id, row.apprentice_level, row.maitre_level] for row in rows
            ),
        }

    def digest(self) -> str:
        return rules.text_digest(self.content())


class CompetencePosition(models.Model):
    """Where the apprentice and the maître place the apprentice on one competence."""

    period = models.ForeignKey(
        LivretPeriod, models.PROTECT, related_name="positions", verbose_name="période"
    )
    competence = models.ForeignKey(
        Competence, models.PROTECT, related_name="+", verbose_name="compétence"
    )
    apprentice_level = models.CharField(
        "selon l'apprenti", max_length=10, choices=CompetenceLevel.choices, blank=True
    )
    maitre_level = models.CharField(
        "selon le maître", max_length=10, choices=CompetenceLevel.choices, blank=True
    )

    class Meta:
        verbose_name = "position sur une compétence"
        verbose_name_plural = "positions sur les compétences"
        ordering = ("period", "competence__bloc__position", "competence__position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("period", "competence"), name="livret_competenceposition_unique"
            ),
            models.CheckConstraint(
                name="livret_competenceposition_apprentice_valid",
                condition=Q(apprentice_level="") | Q(apprentice_level__in=CompetenceLevel.values),
            ),
            models.CheckConstraint(
                name="livret_competenceposition_maitre_valid",
                condition=Q(maitre_level="") | Q(maitre_level__in=CompetenceLevel.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competence} · {self.period}"


class PersonalLink(models.Model):
    """A maître's way in without an account, to the periods of one's own apprentices only."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    maitre = models.ForeignKey(
        MaitreApprentissage, models.PROTECT, related_name="links", verbose_name="maître"
    )
    token_sha256 = models.CharField("empreinte du lien", max_length=64, unique=True)
    created_at = models.DateTimeField("envoyé le", default=timezone.now)
    created_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="envoyé par"
    )
    expires_at = models.DateTimeField("valable jusqu'au")
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)
    last_used_at = models.DateTimeField("dernière utilisation", null=True, blank=True)

    class Meta:
        verbose_name = "lien personnel"
        verbose_name_plural = "liens personnels"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="livret_personallink_expires_later",
                condition=Q(expires_at__gt=F("created_at")),
            )
        ]

    def __str__(self) -> str:
        return f"Lien de {self.maitre}"

    def is_usable(self, now) -> bool:
        return self.revoked_at is None and now < self.expires_at


class PeriodSignature(models.Model):
    """One signature of a period, with the hash of the text that the signer saw."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    period = models.ForeignKey(
        LivretPeriod, models.PROTECT, related_name="signatures", verbose_name="période"
    )
    role = models.CharField("qualité", max_length=12, choices=PeriodRole.choices)
    signature = models.OneToOneField(
        Signature, models.PROTECT, related_name="livret_signature", verbose_name="signature"
    )
    text_sha256 = models.CharField("empreinte du texte lu", max_length=64)
    link = models.ForeignKey(
        PersonalLink,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="signatures",
        verbose_name="lien personnel",
    )

    class Meta:
        verbose_name = "signature de période"
        verbose_name_plural = "signatures de période"
        ordering = ("period", "signature__signed_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("period", "role"), name="livret_periodsignature_unique"
            ),
            models.CheckConstraint(
                name="livret_periodsignature_role_valid", condition=Q(role__in=PeriodRole.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.period}"


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
