"""Visits and bilans: what the three said, what they promised, who signed."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User

from .. import rules
from ..enums import (
    REVIEW_STATUS_KINDS,
    CommitmentState,
    PeriodRole,
    ReviewKind,
    ReviewMode,
    ReviewState,
)
from ..querysets import ReviewQuerySet
from .livret import Livret
from .periods import LivretPeriod


class Review(models.Model):
    """One version of a plan, visit or bilan: written, signed in order, then closed for good."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    livret = models.ForeignKey(
        Livret, models.PROTECT, related_name="reviews", verbose_name="livret"
    )
    kind = models.CharField("nature", max_length=10, choices=ReviewKind.choices)
    number = models.PositiveSmallIntegerField("numéro")
    version = models.PositiveSmallIntegerField("version", default=1)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="remplace",
    )
    period = models.ForeignKey(
        LivretPeriod,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name="période",
    )
    state = models.CharField(
        "état", max_length=10, choices=ReviewState.choices, default=ReviewState.PLANNED
    )
    planned_on = models.DateField("prévu le")
    held_on = models.DateField("tenu le", null=True, blank=True)
    mode = models.CharField(
        "forme", max_length=8, choices=ReviewMode.choices, default=ReviewMode.COMPANY
    )
    participants = models.CharField("participants", max_length=300, blank=True)
    next_on = models.DateField("prochaine rencontre", null=True, blank=True)
    # Roles that sign this version, in their order.
    signers = models.JSONField("signataires", default=list)
    # Figures shown when it was opened: attendance, marks that may be seen, competences.
    facts = models.JSONField("éléments repris", default=dict, blank=True)
    correction_note = models.TextField("correction demandée", blank=True)
    correction_role = models.CharField(
        "demandée par", max_length=12, choices=PeriodRole.choices, blank=True
    )
    created_at = models.DateTimeField("proposé le", default=timezone.now)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="proposé par"
    )
    submitted_at = models.DateTimeField("mis à la signature le", null=True, blank=True)
    closed_at = models.DateTimeField("clos le", null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "visite ou bilan"
        verbose_name_plural = "visites et bilans"
        ordering = ("livret", "planned_on", "version", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("livret", "kind", "number", "version"), name="livret_review_unique"
            ),
            models.CheckConstraint(
                name="livret_review_kind_valid", condition=Q(kind__in=ReviewKind.values)
            ),
            models.CheckConstraint(
                name="livret_review_state_valid", condition=Q(state__in=ReviewState.values)
            ),
            models.CheckConstraint(
                name="livret_review_mode_valid", condition=Q(mode__in=ReviewMode.values)
            ),
            models.CheckConstraint(
                name="livret_review_correction_role_valid",
                condition=Q(correction_role="") | Q(correction_role__in=PeriodRole.values),
            ),
            models.CheckConstraint(
                name="livret_review_state_has_traces",
                condition=(
                    Q(state__in=(ReviewState.PLANNED, ReviewState.WRITING, ReviewState.CANCELLED))
                    & Q(submitted_at__isnull=True, closed_at__isnull=True)
                )
                | Q(
                    state=ReviewState.SIGNING,
                    submitted_at__isnull=False,
                    closed_at__isnull=True,
                    held_on__isnull=False,
                )
                | Q(
                    state=ReviewState.CLOSED,
                    submitted_at__isnull=False,
                    closed_at__isnull=False,
                    held_on__isnull=False,
                )
                | Q(state=ReviewState.REPLACED, submitted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        name = (
            f"{self.get_kind_display()} {self.number}"
            if self.number > 1
            else self.get_kind_display()
        )
        version = f" (version {self.version})" if self.version > 1 else ""
        return f"{name}{version} · {self.livret.enrolment.apprentice}"

    @property
    def status_kind(self) -> str:
        return "stop" if self.is_late else REVIEW_STATUS_KINDS[self.state]

    @property
    def status_word(self) -> str:
        if self.is_late:
            return "En retard"
        if self.state == ReviewState.SIGNING and (role := self.awaited):
            return f"À signer : {PeriodRole(role).name_inside}"
        return self.get_state_display()

    @property
    def is_late(self) -> bool:
        return (
            self.state in (ReviewState.PLANNED, ReviewState.WRITING)
            and self.planned_on < timezone.localdate()
        )

    @property
    def signed_roles(self) -> list[str]:
        return [row.role for row in self.signatures.all()]

    @property
    def awaited(self) -> str | None:
        """Who signs next."""
        return rules.review_awaited(self.state, self.signers, self.signed_roles)

    @property
    def awaited_authors(self) -> list[str]:
        """Apart from the tutor, who has not written their part yet."""
        written = {section.key for section in self.sections.all() if section.text}
        return rules.awaited_authors(self.kind, self.state, written)

    def content(self) -> dict[str, Any]:
        """Exactly what a signer reads."""
        return {
            "review": str(self.uuid),
            "kind": self.kind,
            "number": self.number,
            "version": self.version,
            "held_on": self.held_on.isoformat() if self.held_on else "",
            "mode": self.mode,
            "participants": self.participants,
            "next_on": self.next_on.isoformat() if self.next_on else "",
            "signers": self.signers,
            # With the plan and the promises settled, taken in when it was put to the signature.
            "facts": self.facts,
            "sections": {section.key: section.text for section in self.sections.all()},
            "commitments": [row.content() for row in self.commitments.all()],
        }

    def digest(self) -> str:
        return rules.text_digest(self.content())


class ReviewSection(models.Model):
    """One text of a review."""

    review = models.ForeignKey(
        Review, models.PROTECT, related_name="sections", verbose_name="bilan"
    )
    key = models.CharField("rubrique", max_length=30)
    text = models.TextField("texte", blank=True)
    written_at = models.DateTimeField("écrite le", default=timezone.now)
    written_by = models.CharField("écrite par", max_length=200, blank=True)

    class Meta:
        verbose_name = "rubrique de bilan"
        verbose_name_plural = "rubriques de bilan"
        ordering = ("review", "pk")
        constraints = [
            models.UniqueConstraint(fields=("review", "key"), name="livret_reviewsection_unique")
        ]

    def __str__(self) -> str:
        return f"{self.key} · {self.review}"


class Commitment(models.Model):
    """What somebody promised in a review, for a date; followed until it is kept or given up."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(
        Review, models.PROTECT, related_name="commitments", verbose_name="pris dans"
    )
    who = models.CharField("par", max_length=12, choices=PeriodRole.choices)
    text = models.CharField("engagement", max_length=300)
    due_on = models.DateField("pour le")
    state = models.CharField(
        "état", max_length=8, choices=CommitmentState.choices, default=CommitmentState.OPEN
    )
    settled_in = models.ForeignKey(
        Review,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settled_commitments",
        verbose_name="constaté dans",
    )
    settled_note = models.CharField("constat", max_length=300, blank=True)

    class Meta:
        verbose_name = "engagement"
        verbose_name_plural = "engagements"
        ordering = ("due_on", "pk")
        constraints = [
            models.CheckConstraint(
                name="livret_commitment_who_valid", condition=Q(who__in=PeriodRole.values)
            ),
            models.CheckConstraint(
                name="livret_commitment_state_valid",
                condition=Q(state__in=CommitmentState.values),
            ),
            models.CheckConstraint(
                name="livret_commitment_settled_somewhere",
                condition=Q(state=CommitmentState.OPEN, settled_in__isnull=True)
                | (~Q(state=CommitmentState.OPEN) & Q(settled_in__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_late(self) -> bool:
        return self.state == CommitmentState.OPEN and self.due_on < timezone.localdate()

    def content(self) -> list[str]:
        return [str(self.uuid), self.who, self.text, self.due_on.isoformat()]

    def settled(self) -> list[str]:
        """What a signer reads of a promise settled in this review."""
        return [
            str(self.uuid),
            self.get_who_display(),
            self.text,
            self.get_state_display(),
            self.settled_note,
        ]
