"""Cohorts and the places of apprentices in them."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import Cfa, User
from programmes.models import CfaProgramme

from ..querysets import CohortQuerySet, EnrolmentQuerySet
from .people import Apprentice


class Cohort(models.Model):
    """A group (promotion) that follows one programme from one date to another."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="cohorts", verbose_name="CFA")
    programme = models.ForeignKey(
        CfaProgramme, models.PROTECT, related_name="cohorts", verbose_name="programme"
    )
    name = models.CharField("nom", max_length=120)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin")
    # Same form as CfaProgramme.rhythm; copied from it, then the cohort's own.
    rhythm = models.JSONField("rythme au CFA")
    # For a centre that comes in the middle of a year: before this day its half-days were signed on its
    # own sheets. Empty: everything is signed here.
    signed_here_from = models.DateField(
        "émargement dans l'application à partir du", null=True, blank=True
    )
    capacity = models.PositiveSmallIntegerField("effectif maximal", default=20)
    trainers = models.ManyToManyField(
        User, blank=True, related_name="taught_cohorts", verbose_name="formateurs"
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = "promotion"
        verbose_name_plural = "promotions"
        ordering = ("-starts_on", "name", "pk")
        constraints = [
            models.UniqueConstraint(fields=("cfa", "name"), name="apprentices_cohort_name_unique"),
            models.CheckConstraint(
                name="apprentices_cohort_dates_in_order",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message="La fin de la promotion doit suivre son début.",
            ),
            models.CheckConstraint(
                name="apprentices_cohort_capacity_positive", condition=Q(capacity__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """An apprentice's place in a cohort: attendance, marks and livret hang on it."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="enrolments", verbose_name="promotion"
    )
    apprentice = models.ForeignKey(
        Apprentice, models.PROTECT, related_name="enrolments", verbose_name="apprenti"
    )
    tutor = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tutored_enrolments",
        verbose_name="tuteur CFA",
    )
    starts_on = models.DateField("entrée")
    ends_on = models.DateField("sortie", null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        verbose_name_plural = "inscriptions"
        ordering = ("apprentice__last_name", "apprentice__first_name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("cohort", "apprentice"),
                name="apprentices_enrolment_unique",
                violation_error_message="Cet apprenti est déjà inscrit dans la promotion.",
            ),
            models.CheckConstraint(
                name="apprentices_enrolment_dates_in_order",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La sortie doit suivre l'entrée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.apprentice} · {self.cohort}"
