"""Fiches of E4 and E6 begun from the tasks of the livret."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..enums import FicheState
from .livret import Livret
from .periods import PeriodTask


class Fiche(models.Model):
    """A fiche descriptive d'activité in the rubrics of the national model, still the apprentice's own."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    livret = models.ForeignKey(Livret, models.PROTECT, related_name="fiches", verbose_name="livret")
    epreuve = models.CharField("épreuve", max_length=4)
    # negociation, evenement; distributeurs, partenaires, vente_directe (rules.coverage.NEEDS)
    need = models.CharField("nature ou réseau", max_length=14)
    title = models.CharField("titre", max_length=200)
    rubrics = models.JSONField("rubriques", default=dict)
    tasks = models.ManyToManyField(
        PeriodTask, blank=True, related_name="fiches", verbose_name="missions"
    )
    state = models.CharField(
        "état", max_length=6, choices=FicheState.choices, default=FicheState.DRAFT
    )
    created_at = models.DateTimeField("commencée le", default=timezone.now)
    changed_at = models.DateTimeField("modifiée le", default=timezone.now)

    class Meta:
        verbose_name = "fiche d'activité"
        verbose_name_plural = "fiches d'activité"
        ordering = ("livret", "epreuve", "created_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("livret", "epreuve", "need"), name="livret_fiche_one_per_need"
            ),
            models.CheckConstraint(
                name="livret_fiche_state_valid", condition=Q(state__in=FicheState.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.epreuve} · {self.title}"
