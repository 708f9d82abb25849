"""Apprentices: who they are."""

import uuid

from django.db import models

from accounts.models import Cfa, User

from ..querysets import ApprenticeQuerySet


class Apprentice(models.Model):
    """A person who is, or asks to be, trained by a CFA."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="apprentices", verbose_name="CFA")
    user = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="apprentice_profiles",
        verbose_name="compte",
    )
    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom de naissance", max_length=100)
    usage_name = models.CharField("nom d'usage", max_length=100, blank=True)
    born_on = models.DateField("date de naissance")
    birth_place = models.CharField("lieu de naissance", max_length=100, blank=True)
    ine = models.CharField("INE", max_length=11, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("commune", max_length=100, blank=True)
    # The fact alone: never the diagnosis.
    rqth = models.BooleanField("reconnu travailleur handicapé (RQTH)", default=False)
    is_emancipated = models.BooleanField("mineur émancipé", default=False)
    legal_representative = models.CharField("représentant légal", max_length=120, blank=True)
    legal_representative_email = models.EmailField("e-mail du représentant légal", blank=True)

    objects = ApprenticeQuerySet.as_manager()

    class Meta:
        verbose_name = "apprenti"
        verbose_name_plural = "apprentis"
        ordering = ("last_name", "first_name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("cfa", "first_name", "last_name", "born_on"),
                name="apprentices_apprentice_identity_unique",
                violation_error_message="Cet apprenti existe déjà (mêmes nom, prénom et naissance).",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.usage_name or self.last_name}"
