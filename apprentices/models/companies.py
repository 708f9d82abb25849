"""Companies and their maîtres d'apprentissage."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import Cfa, User

from ..enums import MaitreStatus
from ..querysets import CompanyQuerySet, MaitreApprentissageQuerySet


class Company(models.Model):
    """An employer of apprentices; its SIRET may be missing as long as it has no contract."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="companies", verbose_name="CFA")
    name = models.CharField("dénomination", max_length=80)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    naf = models.CharField("code NAF", max_length=5, blank=True)
    idcc = models.CharField("IDCC", max_length=4, blank=True)
    opco = models.CharField("OPCO", max_length=80, blank=True)
    headcount = models.PositiveIntegerField("effectif", null=True, blank=True)
    # Codes of `apprentices.codes` (CERFA): dated lists, not choices of the column.
    employer_type = models.CharField("type d'employeur", max_length=2, blank=True)
    employer_specific = models.CharField("employeur spécifique", max_length=1, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("commune", max_length=100, blank=True)
    insee = models.CharField("code INSEE de la commune", max_length=5, blank=True)
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
                condition=~Q(siret=""),
                name="apprentices_company_siret_unique",
                violation_error_message="Une entreprise porte déjà ce SIRET.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CompanyContact(models.Model):
    """Somebody to write to in a company: human resources, accounts, director."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(
        Company, models.CASCADE, related_name="contacts", verbose_name="entreprise"
    )
    first_name = models.CharField("prénom", max_length=100, blank=True)
    last_name = models.CharField("nom", max_length=100)
    role = models.CharField("fonction", max_length=120, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)

    class Meta:
        verbose_name = "contact d'entreprise"
        verbose_name_plural = "contacts d'entreprise"
        ordering = ("last_name", "first_name", "pk")

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


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
    # What V10 and V11 ask: quality in the company, diploma and experience, employer's attestation.
    status = models.CharField(
        "qualité dans l'entreprise",
        max_length=12,
        choices=MaitreStatus.choices,
        default=MaitreStatus.EMPLOYEE,
    )
    diploma = models.CharField("diplôme le plus élevé", max_length=2, blank=True)
    is_diploma_related = models.BooleanField(
        "diplôme du même domaine que la formation", default=False
    )
    experience_months = models.PositiveSmallIntegerField(
        "mois d'activité en rapport avec la formation",
        null=True,
        blank=True,
        help_text="Stages et apprentissage ne comptent pas.",
    )
    attested_on = models.DateField(
        "attestation d'éligibilité de l'employeur, signée le", null=True, blank=True
    )

    objects = MaitreApprentissageQuerySet.as_manager()

    class Meta:
        verbose_name = "maître d'apprentissage"
        verbose_name_plural = "maîtres d'apprentissage"
        ordering = ("last_name", "first_name", "pk")
        constraints = [
            models.CheckConstraint(
                name="apprentices_maitre_status_valid", condition=Q(status__in=MaitreStatus.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def mailbox(self) -> str:
        """Where this person is written to: the address of the account, else the one on file."""
        return self.user.email if self.user else self.email
