"""CCF evaluations: situations, levels on the official lines, appreciation and proposed mark."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import User
from apprentices.models import Enrolment
from documents.models import Document
from programmes.enums import Level
from programmes.models import Epreuve, SousCompetence

from ..enums import EvaluationState, SituationCode
from ..querysets import CcfEvaluationQuerySet


class CcfEvaluation(models.Model):
    """The CCF of one épreuve for one apprentice: its grid and one proposed mark out of 20."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="ccf_evaluations", verbose_name="inscription"
    )
    epreuve = models.ForeignKey(
        Epreuve, models.PROTECT, related_name="ccf_evaluations", verbose_name="épreuve"
    )
    state = models.CharField(
        "état", max_length=10, choices=EvaluationState.choices, default=EvaluationState.DRAFT
    )
    mark = models.DecimalField(
        "note proposée sur 20", max_digits=3, decimal_places=1, null=True, blank=True
    )
    # What the levels would suggest (no official formula): kept beside the commission's mark when locked.
    indicative_mark = models.DecimalField(
        "note indicative", max_digits=3, decimal_places=1, null=True, blank=True
    )
    locked_at = models.DateTimeField("verrouillée le", null=True, blank=True)
    locked_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="verrouillée par",
    )
    document = models.OneToOneField(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="document PDF",
    )

    objects = CcfEvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = "évaluation de CCF"
        verbose_name_plural = "évaluations de CCF"
        ordering = (
            "enrolment__apprentice__last_name",
            "enrolment__apprentice__first_name",
            "epreuve__position",
            "pk",
        )
        constraints = [
            models.UniqueConstraint(
                fields=("enrolment", "epreuve"), name="evaluations_ccfevaluation_unique"
            ),
            models.CheckConstraint(
                name="evaluations_ccfevaluation_state_valid",
                condition=Q(state__in=EvaluationState.values),
            ),
            models.CheckConstraint(
                name="evaluations_ccfevaluation_mark_in_range",
                condition=Q(mark__isnull=True) | Q(mark__gte=0, mark__lte=20),
                violation_error_message="La note va de 0 à 20.",
            ),
            models.CheckConstraint(
                name="evaluations_ccfevaluation_locked_has_traces",
                condition=Q(
                    state=EvaluationState.LOCKED,
                    mark__isnull=False,
                    locked_at__isnull=False,
                    locked_by__isnull=False,
                )
                | Q(
                    state=EvaluationState.DRAFT,
                    locked_at__isnull=True,
                    locked_by__isnull=True,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.epreuve.code} · {self.enrolment.apprentice}"


class CcfSituation(models.Model):
    """One of the two situations of a CCF: when, by whom, on what, and the commission's appreciation."""

    evaluation = models.ForeignKey(
        CcfEvaluation, models.PROTECT, related_name="situations", verbose_name="évaluation"
    )
    code = models.CharField("situation", max_length=1, choices=SituationCode.choices)
    held_on = models.DateField("date", null=True, blank=True)
    # The code of a competence: what E4 B simulates, or the network of E6 A; empty elsewhere.
    choice = models.CharField("choix", max_length=12, blank=True)
    fiches = models.CharField("fiches utilisées", max_length=120, blank=True)
    evaluators = models.CharField("membres de la commission", max_length=300, blank=True)
    appreciation = models.TextField("appréciation", blank=True)

    class Meta:
        verbose_name = "situation de CCF"
        verbose_name_plural = "situations de CCF"
        ordering = ("evaluation", "code", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("evaluation", "code"), name="evaluations_ccfsituation_unique"
            ),
            models.CheckConstraint(
                name="evaluations_ccfsituation_code_valid",
                condition=Q(code__in=SituationCode.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation} · situation {self.code}"


class CcfLevel(models.Model):
    """The box ticked on one official line of the grid."""

    evaluation = models.ForeignKey(
        CcfEvaluation, models.PROTECT, related_name="levels", verbose_name="évaluation"
    )
    line = models.ForeignKey(
        SousCompetence, models.PROTECT, related_name="+", verbose_name="ligne de la grille"
    )
    level = models.CharField("niveau", max_length=2, choices=Level.choices)

    class Meta:
        verbose_name = "niveau atteint"
        verbose_name_plural = "niveaux atteints"
        ordering = ("evaluation", "line__competence__position", "line__position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("evaluation", "line"), name="evaluations_ccflevel_unique"
            ),
            models.CheckConstraint(
                name="evaluations_ccflevel_level_valid", condition=Q(level__in=Level.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} : {self.level}"
