"""Signatures of periods and reviews, with the text that the signer saw."""

import uuid
from datetime import datetime, time

from django.db import models
from django.db.models import Q
from django.utils import timezone

from attendance.models import Signature

from ..enums import PeriodRole
from .files import Scan
from .links import PersonalLink
from .periods import LivretPeriod
from .reviews import Review


class GivenSignature(models.Model):
    """One signature, on the screen or by hand, with the hash and the words of what was read."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    role = models.CharField("qualité", max_length=12, choices=PeriodRole.choices)
    signature = models.OneToOneField(
        Signature,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="livret_%(class)s",
        verbose_name="signature",
    )
    scan = models.ForeignKey(
        Scan,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name="signature à la main",
    )
    text_sha256 = models.CharField("empreinte du texte lu", max_length=64)
    content = models.JSONField("texte lu", default=dict)
    link = models.ForeignKey(
        PersonalLink,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name="lien personnel",
    )

    class Meta:
        abstract = True

    @property
    def trace(self) -> Signature | Scan:
        """What was drawn or typed on the screen, or the page signed by hand."""
        trace = self.signature or self.scan
        assert trace is not None  # one of the two, by constraint
        return trace

    @property
    def signer_label(self) -> str:
        return self.trace.signer_label

    @property
    def signed_at(self) -> datetime:
        if self.signature:
            return self.signature.signed_at
        assert self.scan is not None  # one of the two, by constraint
        return timezone.make_aware(datetime.combine(self.scan.signed_on, time(12)))

    @property
    def trace_sha256(self) -> str:
        """The hash of the strokes or of the name, or of the scan."""
        return self.trace.sha256

    @property
    def means(self) -> str:
        """How it was given, in words."""
        if self.scan_id:
            return "à la main, scan conservé"
        return "lien personnel" if self.link_id else "compte"


ON_SCREEN_OR_BY_HAND = Q(signature__isnull=False, scan__isnull=True) | Q(
    signature__isnull=True, scan__isnull=False
)


class PeriodSignature(GivenSignature):
    """One signature of one version of a period."""

    period = models.ForeignKey(
        LivretPeriod, models.PROTECT, related_name="signatures", verbose_name="période"
    )
    round = models.PositiveSmallIntegerField("version", default=1)

    class Meta:
        verbose_name = "signature de période"
        verbose_name_plural = "signatures de période"
        ordering = ("period", "round", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("period", "role", "round"), name="livret_periodsignature_unique"
            ),
            models.CheckConstraint(
                name="livret_periodsignature_role_valid", condition=Q(role__in=PeriodRole.values)
            ),
            models.CheckConstraint(
                name="livret_periodsignature_one_means", condition=ON_SCREEN_OR_BY_HAND
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.period}"


class ReviewSignature(GivenSignature):
    """One signature of one version of a review."""

    review = models.ForeignKey(
        Review, models.PROTECT, related_name="signatures", verbose_name="bilan"
    )

    class Meta:
        verbose_name = "signature de bilan"
        verbose_name_plural = "signatures de bilan"
        ordering = ("review", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("review", "role"), name="livret_reviewsignature_unique"
            ),
            models.CheckConstraint(
                name="livret_reviewsignature_role_valid", condition=Q(role__in=PeriodRole.values)
            ),
            models.CheckConstraint(
                name="livret_reviewsignature_one_means", condition=ON_SCREEN_OR_BY_HAND
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.review}"
