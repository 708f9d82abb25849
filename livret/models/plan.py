"""The plan: tasks of the company that teach the competences of the référentiel."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from programmes.models import Competence

from ..enums import ActivityKind, NetworkKind, Term
from .livret import Livret


class PlanTask(models.Model):
    """A task that the company will give, the competences it teaches, and when."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    livret = models.ForeignKey(
        Livret, models.PROTECT, related_name="plan_tasks", verbose_name="livret"
    )
    title = models.CharField("mission confiée", max_length=200)
    term = models.CharField("échéance", max_length=8, choices=Term.choices, default=Term.SHORT)
    kind = models.CharField(
        "nature", max_length=12, choices=ActivityKind.choices, default=ActivityKind.AUTRE
    )
    network = models.CharField("réseau", max_length=14, choices=NetworkKind.choices, blank=True)
    competences = models.ManyToManyField(
        Competence, blank=True, related_name="+", verbose_name="compétences"
    )
    created_at = models.DateTimeField("écrite le", default=timezone.now)
    removed_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "mission du plan"
        verbose_name_plural = "missions du plan"
        ordering = ("livret", "created_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="livret_plantask_term_valid", condition=Q(term__in=Term.values)
            ),
            models.CheckConstraint(
                name="livret_plantask_kind_valid", condition=Q(kind__in=ActivityKind.values)
            ),
            models.CheckConstraint(
                name="livret_plantask_network_valid",
                condition=Q(network="") | Q(network__in=NetworkKind.values),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def content(self) -> list:
        """What a signer of the plan reads of this task."""
        competences = sorted(competence.pk for competence in self.competences.all())
        return [str(self.uuid), self.title, self.term, self.kind, self.network, competences]
