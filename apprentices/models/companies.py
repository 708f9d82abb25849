"""Companies and their maîtres d'apprentissage."""

import uuid

from django.db import models

from accounts.models import Cfa, User

from ..querysets import CompanyQuerySet, MaitreApprentissageQuerySet


class Company(models.Model):
    """An employer of apprentices."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="companies", verbose_name="CFA")
    name = models.CharField("dénomination", max_length=80)
    siret = models.CharField("SIRET", max_length=14)
    naf = models.CharField("code NAF", max_length=5, blank=True)
    idcc = models.CharField("IDCC", max_length=4, blank=True)
    opco = models.CharField("OPCO", max_length=80, blank=True)
    headcount = models.PositiveIntegerField("effectif", null=True, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("commune", max_length=100, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = "entreprise"
        verbose_name_plural = "entreprises"
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("cfa", "siret"),
                name="apprentices_company_siret_unique",
                violation_error_message="Une entreprise porte déjà ce SIRET.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MaitreApprentissage(models.Model):
    """The person of the company who is responsible for an apprentice (CT L6223-5)."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="maitres", verbose_name="entreprise"
    )
    user = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="maitre_profiles",
        verbose_name="compte",
    )
    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom", max_length=100)
    born_on = models.DateField("date de naissance", null=True, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    job_title = models.CharField("emploi occupé", max_length=120, blank=True)

    objects = MaitreApprentissageQuerySet.as_manager()

    class Meta:
        verbose_name = "maître d'apprentissage"
        verbose_name_plural = "maîtres d'apprentissage"
        ordering = ("last_name", "first_name", "pk")

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"
