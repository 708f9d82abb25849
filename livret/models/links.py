"""Ways in without an account: one person, one deed, for a time."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Cfa, User
from apprentices.models import Company, MaitreApprentissage

from ..enums import CorrectionState, LinkDeed
from .livret import Livret


class PersonalLink(models.Model):
    """A maître's way in without an account, to the periods of one's own apprentices only."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    deed = models.CharField(
        "objet", max_length=10, choices=LinkDeed.choices, default=LinkDeed.OPINION
    )
    maitre = models.ForeignKey(
        MaitreApprentissage,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="links",
        verbose_name="maître",
    )
    # The livret that the legal representative of a minor reads, or the review to sign.
    livret = models.ForeignKey(
        Livret, models.PROTECT, null=True, blank=True, related_name="links", verbose_name="livret"
    )
    review = models.ForeignKey(
        "livret.Review",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="links",
        verbose_name="bilan",
    )
    token_sha256 = models.CharField("empreinte du lien", max_length=64, unique=True)
    created_at = models.DateTimeField("envoyé le", default=timezone.now)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="envoyé par"
    )
    expires_at = models.DateTimeField("valable jusqu'au")
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)
    last_used_at = models.DateTimeField("dernière utilisation", null=True, blank=True)
    # Replaced by a later link of the same person: that person may ask for another by oneself.
    replaced_at = models.DateTimeField("remplacé le", null=True, blank=True)
    # Set at the first deed: from then on the link writes from that device only.
    device_sha256 = models.CharField("empreinte de l'appareil", max_length=64, blank=True)
    confirmed_at = models.DateTimeField("identité confirmée le", null=True, blank=True)

    class Meta:
        verbose_name = "lien personnel"
        verbose_name_plural = "liens personnels"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="livret_personallink_expires_later",
                condition=Q(expires_at__gt=F("created_at")),
            ),
            models.CheckConstraint(
                name="livret_personallink_deed_valid", condition=Q(deed__in=LinkDeed.values)
            ),
            models.CheckConstraint(
                name="livret_personallink_one_person_one_deed",
                condition=Q(deed=LinkDeed.OPINION, maitre__isnull=False, review__isnull=True)
                | Q(deed=LinkDeed.REVIEW, maitre__isnull=False, review__isnull=False)
                | Q(deed=LinkDeed.READING, maitre__isnull=True, livret__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Lien de {self.person}"

    @property
    def person(self) -> str:
        """Whose link it is."""
        if self.maitre:
            return str(self.maitre)
        assert self.livret is not None  # a reading link has one
        return self.livret.enrolment.apprentice.legal_representative or "représentant légal"

    @property
    def email(self) -> str:
        if self.maitre:
            return self.maitre.mailbox
        assert self.livret is not None
        return self.livret.enrolment.apprentice.legal_representative_email

    @property
    def cfa(self) -> Cfa:
        if self.maitre:
            return self.maitre.company.cfa
        assert self.livret is not None
        return self.livret.enrolment.cohort.cfa

    def is_usable(self, now: datetime) -> bool:
        return self.revoked_at is None and self.replaced_at is None and now < self.expires_at


class CompanyCorrection(models.Model):
    """What a maître says is wrong in the data of the company or in one's own, for the CFA to accept."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="corrections", verbose_name="entreprise"
    )
    maitre = models.ForeignKey(
        MaitreApprentissage, models.PROTECT, related_name="corrections", verbose_name="maître"
    )
    # {"company.phone": {"before": ..., "after": ...}, "maitre.job_title": ...}
    changes = models.JSONField("changements")
    state = models.CharField(
        "état", max_length=10, choices=CorrectionState.choices, default=CorrectionState.ASKED
    )
    asked_at = models.DateTimeField("demandée le", default=timezone.now)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="décidée par"
    )

    class Meta:
        verbose_name = "correction des données de l'entreprise"
        verbose_name_plural = "corrections des données des entreprises"
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="livret_companycorrection_state_valid",
                condition=Q(state__in=CorrectionState.values),
            ),
            models.CheckConstraint(
                name="livret_companycorrection_decided_has_traces",
                condition=Q(
                    state=CorrectionState.ASKED, decided_at__isnull=True, decided_by__isnull=True
                )
                | (
                    ~Q(state=CorrectionState.ASKED)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Correction de {self.company} par {self.maitre}"
