"""Apprentices, their cohorts, companies and contracts."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import Cfa, User
from programmes.models import CfaProgramme

from .enums import ContractKind, ContractState, Derogation, PayBase
from .querysets import (
    ApprenticeQuerySet,
    CohortQuerySet,
    CompanyQuerySet,
    ContractQuerySet,
    EnrolmentQuerySet,
    MaitreApprentissageQuerySet,
)


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


class Contract(models.Model):
    """An apprenticeship or professionalisation contract (CERFA 10103 or 12434)."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="contracts", verbose_name="inscription"
    )
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="contracts", verbose_name="entreprise"
    )
    maitre = models.ForeignKey(
        MaitreApprentissage,
        models.PROTECT,
        related_name="contracts",
        verbose_name="maître d'apprentissage",
    )
    kind = models.CharField(
        "type", max_length=20, choices=ContractKind.choices, default=ContractKind.APPRENTISSAGE
    )
    state = models.CharField(
        "état", max_length=12, choices=ContractState.choices, default=ContractState.DRAFT
    )
    concluded_on = models.DateField("date de conclusion")
    starts_on = models.DateField("début d'exécution")
    practice_starts_on = models.DateField("début de formation pratique", null=True, blank=True)
    ends_on = models.DateField("fin du contrat")
    cerfa_version = models.CharField("version du CERFA", max_length=12, default="10103*14")
    training_hours = models.DecimalField("heures de formation", max_digits=6, decimal_places=2)
    weekly_minutes = models.PositiveSmallIntegerField("durée hebdomadaire (min)", default=2100)
    smc = models.DecimalField(
        "salaire minimum conventionnel mensuel",
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
    )
    derogation = models.CharField(
        "dérogation", max_length=2, choices=Derogation.choices, blank=True, default=""
    )
    signed_at = models.DateTimeField("signature enregistrée le", null=True, editable=False)
    transmitted_on = models.DateField("transmis à l'OPCO le", null=True, editable=False)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = "contrat"
        verbose_name_plural = "contrats"
        ordering = ("-starts_on", "pk")
        constraints = [
            models.CheckConstraint(
                name="apprentices_contract_kind_valid",
                condition=Q(kind__in=ContractKind.values),
            ),
            models.CheckConstraint(
                name="apprentices_contract_state_valid",
                condition=Q(state__in=ContractState.values),
            ),
            models.CheckConstraint(
                name="apprentices_contract_derogation_valid",
                condition=Q(derogation="") | Q(derogation__in=Derogation.values),
            ),
            models.CheckConstraint(
                name="apprentices_contract_signed_has_trace",
                condition=Q(state=ContractState.DRAFT, signed_at__isnull=True)
                | (~Q(state=ContractState.DRAFT) & Q(signed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="apprentices_contract_transmitted_has_trace",
                condition=Q(
                    state__in=(ContractState.DRAFT, ContractState.SIGNED),
                    transmitted_on__isnull=True,
                )
                | Q(state=ContractState.TRANSMITTED, transmitted_on__isnull=False)
                | Q(
                    state__in=(
                        ContractState.RUNNING,
                        ContractState.ENDED,
                        ContractState.BROKEN,
                    )
                ),
            ),
            models.CheckConstraint(
                name="apprentices_contract_smc_positive",
                condition=Q(smc__isnull=True) | Q(smc__gt=0),
            ),
            models.CheckConstraint(
                name="apprentices_contract_dates_in_order",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message="La fin du contrat doit suivre son début.",
            ),
            models.CheckConstraint(
                name="apprentices_contract_concluded_before_start",
                condition=Q(concluded_on__lte=F("starts_on")),
                violation_error_message=(
                    "Le contrat se conclut au plus tard le jour de son début d'exécution (V04)."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.apprentice} chez {self.company}"


class PayPeriod(models.Model):
    """A line of pay of a contract: between two dates, a share of the SMIC or of the SMC."""

    contract = models.ForeignKey(
        Contract, models.CASCADE, related_name="pay_periods", verbose_name="contrat"
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    year = models.PositiveSmallIntegerField("année d'exécution")
    rate = models.DecimalField("taux (%)", max_digits=5, decimal_places=2)
    base = models.CharField("base", max_length=4, choices=PayBase.choices, default=PayBase.SMIC)

    class Meta:
        verbose_name = "période de rémunération"
        verbose_name_plural = "périodes de rémunération"
        ordering = ("contract", "starts_on", "pk")
        constraints = [
            models.CheckConstraint(
                name="apprentices_payperiod_base_valid", condition=Q(base__in=PayBase.values)
            ),
            models.CheckConstraint(
                name="apprentices_payperiod_dates_in_order",
                condition=Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="apprentices_payperiod_rate_valid",
                condition=Q(rate__gt=0) & Q(rate__lte=200),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rate} % du {self.starts_on:%d/%m/%Y} au {self.ends_on:%d/%m/%Y}"
