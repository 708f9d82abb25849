"""A period of the livret: its texts, its tasks, the positions on the competences."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from programmes.models import Competence

from .. import rules
from ..enums import (
    STATUS_KINDS,
    ActivityKind,
    CompetenceLevel,
    MaitrePosition,
    NetworkKind,
    PeriodRole,
    PeriodState,
)
from ..querysets import LivretPeriodQuerySet
from .livret import Livret


class LivretPeriod(models.Model):
    """A period of alternance, written by three people and signed by the three."""

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
    # Why the period went on without the maître: gone, contract broken.
    maitre_excuse = models.TextField("sans la signature du maître", blank=True)
    # One more each time a correction is asked after a signature: signatures belong to their round.
    round = models.PositiveSmallIntegerField("version", default=1)
    correction_note = models.TextField("correction demandée", blank=True)
    correction_role = models.CharField(
        "demandée par", max_length=12, choices=PeriodRole.choices, blank=True
    )

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
                name="livret_period_correction_role_valid",
                condition=Q(correction_role="") | Q(correction_role__in=PeriodRole.values),
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
                | (
                    Q(apprentice_signed_at__isnull=False)
                    & (Q(maitre_signed_at__isnull=False) | ~Q(maitre_excuse=""))
                    & (
                        Q(state=PeriodState.MAITRE_SIGNED, closed_at__isnull=True)
                        | Q(state=PeriodState.CLOSED, closed_at__isnull=False)
                    )
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

    @property
    def kept_tasks(self) -> list["PeriodTask"]:
        """The tasks that were not removed, in their order."""
        return [task for task in self.tasks.all() if task.removed_at is None]

    @property
    def kept_proofs(self) -> list[Any]:
        return [proof for proof in self.proofs.all() if proof.removed_at is None]

    @property
    def current_signatures(self) -> list[Any]:
        """Those of this version; the earlier ones stay in the record."""
        return [row for row in self.signatures.all() if row.round == self.round]

    def content(self, positions=None) -> dict[str, Any]:
        """Exactly what a signer reads."""
        rows = self.positions.select_related("competence") if positions is None else positions
        names = ("number", "apprentice_text", "maitre_position", "maitre_text", "maitre_goals")
        return {
            **{name: getattr(self, name) for name in (*names, "tutor_text")},
            "period": str(self.uuid),
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "round": self.round,
            "positions": sorted(
                [row.competence_id, row.apprentice_level, row.maitre_level] for row in rows
            ),
            "tasks": [task.content() for task in self.kept_tasks],
            "proofs": sorted([proof.name, proof.sha256] for proof in self.kept_proofs),
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


class PeriodTask(models.Model):
    """A task done in the company during the period, with what it taught."""

    # Given by the phone, so that a task sent twice is written once.
    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    period = models.ForeignKey(
        LivretPeriod, models.PROTECT, related_name="tasks", verbose_name="période"
    )
    planned = models.ForeignKey(
        "livret.PlanTask",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="done",
        verbose_name="mission du plan",
    )
    title = models.CharField("mission", max_length=200)
    details = models.TextField("ce que j'ai fait, avec quel résultat", blank=True)
    kind = models.CharField(
        "nature", max_length=12, choices=ActivityKind.choices, default=ActivityKind.AUTRE
    )
    network = models.CharField("réseau", max_length=14, choices=NetworkKind.choices, blank=True)
    done_on = models.DateField("faite le", null=True, blank=True)
    competences = models.ManyToManyField(
        Competence, blank=True, related_name="+", verbose_name="compétences"
    )
    created_at = models.DateTimeField("écrite le", default=timezone.now)
    removed_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "mission réalisée"
        verbose_name_plural = "missions réalisées"
        ordering = ("period", "created_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="livret_periodtask_kind_valid", condition=Q(kind__in=ActivityKind.values)
            ),
            models.CheckConstraint(
                name="livret_periodtask_network_valid",
                condition=Q(network="") | Q(network__in=NetworkKind.values),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def content(self) -> list[Any]:
        """What a signer reads of this task."""
        competences = sorted(competence.pk for competence in self.competences.all())
        day = self.done_on.isoformat() if self.done_on else ""
        return [str(self.uuid), self.title, self.details, self.kind, self.network, day, competences]
