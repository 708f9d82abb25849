"""When a CCF takes place: sittings, their commission, and the publication of the jury's deliberation."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import Cfa, User
from documents.models import Document

from ..enums import FALLEN_SITTINGS, MemberKind, SignatureManner, SittingState
from ..querysets import CcfSittingQuerySet
from .ccf import CcfEvaluation, CcfSituation
from .received import ReceivedFile


class CcfSitting(models.Model):
    """A date given to one situation of one candidate; an absence or a cancellation leaves it for another."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    situation = models.ForeignKey(
        CcfSituation, models.PROTECT, related_name="sittings", verbose_name="situation"
    )
    starts_at = models.DateTimeField("début")
    minutes = models.PositiveSmallIntegerField("durée (min)")
    extra_minutes = models.PositiveSmallIntegerField("temps majoré (min)", default=0)
    room = models.CharField("salle", max_length=60)
    state = models.CharField(
        "état", max_length=10, choices=SittingState.choices, default=SittingState.PLANNED
    )
    convened_at = models.DateTimeField("convoquée le", null=True, blank=True)
    document = models.OneToOneField(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="convocation",
    )
    is_justified = models.BooleanField("absence justifiée", default=False)
    # Of an absence, or of what was cancelled.
    reason = models.CharField("motif", max_length=300, blank=True)

    objects = CcfSittingQuerySet.as_manager()

    class Meta:
        verbose_name = "passage de CCF"
        verbose_name_plural = "passages de CCF"
        ordering = ("starts_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("situation",),
                condition=~Q(state__in=FALLEN_SITTINGS),
                name="evaluations_ccfsitting_one_open",
            ),
            models.CheckConstraint(
                name="evaluations_ccfsitting_state_valid",
                condition=Q(state__in=SittingState.values),
            ),
            models.CheckConstraint(
                name="evaluations_ccfsitting_convened_has_trace",
                condition=~Q(state=SittingState.CONVENED)
                | Q(convened_at__isnull=False, document__isnull=False),
            ),
            models.CheckConstraint(
                name="evaluations_ccfsitting_cancelled_has_reason",
                condition=~Q(state=SittingState.CANCELLED) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="evaluations_ccfsitting_lasts", condition=Q(minutes__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.situation} le {self.starts_at:%d/%m/%Y}"


class CcfMember(models.Model):
    """One person of the commission of a sitting."""

    sitting = models.ForeignKey(
        CcfSitting, models.CASCADE, related_name="members", verbose_name="passage"
    )
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="personne"
    )
    name = models.CharField("nom", max_length=120)
    kind = models.CharField("qualité", max_length=12, choices=MemberKind.choices)
    # Of a member without account, to be convened too.
    email = models.EmailField("adresse e-mail", blank=True)

    class Meta:
        verbose_name = "membre de commission"
        verbose_name_plural = "membres de commission"
        ordering = ("sitting", "pk")
        constraints = [
            models.CheckConstraint(
                name="evaluations_ccfmember_kind_valid",
                condition=Q(kind__in=MemberKind.values),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CcfSignature(models.Model):
    """A commission member's signature under one situation of a locked evaluation.

    A member with an account signs in the application; another signs on an evaluator's device, passed
    round, or by hand on the printed sheet, whose scan is kept.
    """

    situation = models.ForeignKey(
        CcfSituation, models.PROTECT, related_name="signatures", verbose_name="situation"
    )
    name = models.CharField("signataire", max_length=120)
    manner = models.CharField(
        "manière",
        max_length=8,
        choices=SignatureManner.choices,
        default=SignatureManner.ACCOUNT,
    )
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="compte"
    )
    # Of a signature on somebody's device: the drawing (accounts.signatures), or the name typed.
    strokes = models.JSONField("tracé", default=list, blank=True)
    typed_name = models.CharField("nom saisi", max_length=200, blank=True)
    scan = models.ForeignKey(
        ReceivedFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="signatures",
        verbose_name="scan de la fiche signée",
    )
    signed_at = models.DateTimeField("signée le")
    recorded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="recueillie par"
    )

    class Meta:
        verbose_name = "signature de CCF"
        verbose_name_plural = "signatures de CCF"
        ordering = ("situation", "signed_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("situation", "user"), name="evaluations_ccfsignature_unique"
            ),
            models.UniqueConstraint(
                fields=("situation", "name"), name="evaluations_ccfsignature_name_unique"
            ),
            models.CheckConstraint(
                name="evaluations_ccfsignature_manner_valid",
                condition=Q(manner__in=SignatureManner.values),
            ),
            models.CheckConstraint(
                name="evaluations_ccfsignature_manner_has_traces",
                condition=Q(manner=SignatureManner.ACCOUNT, user__isnull=False)
                | (
                    Q(manner=SignatureManner.DEVICE, user__isnull=True)
                    & (~Q(strokes=[]) | ~Q(typed_name=""))
                )
                | Q(manner=SignatureManner.HAND, user__isnull=True, scan__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.situation}"


class FicheSujet(models.Model):
    """The subject of an E4 simulation: the candidate's side, and the jury's."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    evaluation = models.OneToOneField(
        CcfEvaluation, models.PROTECT, related_name="fiche_sujet", verbose_name="évaluation"
    )
    # Titles of the référentiel's fact fiche_sujet_E4, each with its text.
    candidate = models.JSONField("côté candidat", default=dict)
    jury = models.JSONField("côté jury", default=dict)
    candidate_document = models.OneToOneField(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="PDF du candidat",
    )
    jury_document = models.OneToOneField(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="PDF du jury",
    )

    class Meta:
        verbose_name = "fiche-sujet"
        verbose_name_plural = "fiches-sujets"
        ordering = ("evaluation", "pk")

    def __str__(self) -> str:
        return f"Fiche-sujet · {self.evaluation}"


class JuryPublication(models.Model):
    """The jury's deliberation of one session is public: candidates may read their CCF sheet."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(
        Cfa, models.PROTECT, related_name="jury_publications", verbose_name="CFA"
    )
    session = models.PositiveSmallIntegerField("session")
    published_on = models.DateField("délibération publiée le")
    entered_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="saisie par"
    )

    class Meta:
        verbose_name = "publication du jury"
        verbose_name_plural = "publications du jury"
        ordering = ("cfa", "-session", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("cfa", "session"), name="evaluations_jurypublication_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"Session {self.session}"
