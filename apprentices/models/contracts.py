"""Contracts, their lines of pay and the drafts from which they are born."""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models import User

from ..enums import (
    ContractKind,
    ContractMode,
    ContractState,
    ContractType,
    Derogation,
    DurationReason,
    MaitreCompetence,
    Over29Reason,
    PayBase,
    SocialRegime,
)
from ..querysets import ContractQuerySet
from .cohorts import Enrolment
from .companies import Company, MaitreApprentissage


def _choice(name: str, choices: type[models.TextChoices], *, blank: bool) -> models.CheckConstraint:
    condition = Q(**{f"{name}__in": choices.values})
    return models.CheckConstraint(
        name=f"apprentices_contract_{name}_valid",
        condition=Q(**{name: ""}) | condition if blank else condition,
    )


class Contract(models.Model):
    """An apprenticeship or professionalisation contract (CERFA 10103 or 12434), entry complete."""

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
    maitre2 = models.ForeignKey(
        MaitreApprentissage,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="second_contracts",
        verbose_name="second maître d'apprentissage",
    )
    maitre_competence = models.CharField(
        "compétence du maître",
        max_length=12,
        choices=MaitreCompetence.choices,
        blank=True,
        default="",
    )
    maitre_attested = models.BooleanField("attestation d'éligibilité du maître", default=False)
    kind = models.CharField(
        "type", max_length=20, choices=ContractKind.choices, default=ContractKind.APPRENTISSAGE
    )
    mode = models.CharField(
        "mode contractuel", max_length=1, choices=ContractMode.choices, default=ContractMode.LIMITED
    )
    contract_type = models.CharField(
        "type de contrat", max_length=2, choices=ContractType.choices, default=ContractType.FIRST
    )
    previous_number = models.CharField("numéro du contrat précédent", max_length=15, blank=True)
    previous_ended_on = models.DateField("fin du contrat précédent", null=True, blank=True)
    state = models.CharField(
        "état", max_length=12, choices=ContractState.choices, default=ContractState.COMPLETE
    )
    concluded_on = models.DateField("date de conclusion")
    starts_on = models.DateField("début d'exécution")
    practice_starts_on = models.DateField("début de formation pratique", null=True, blank=True)
    training_starts_on = models.DateField("début de formation au CFA", null=True, blank=True)
    exams_end_on = models.DateField("fin prévue des épreuves", null=True, blank=True)
    ends_on = models.DateField("fin du contrat")
    cerfa_version = models.CharField("version du CERFA", max_length=12, default="10103*14")
    training_hours = models.DecimalField("heures de formation", max_digits=6, decimal_places=2)
    distance_hours = models.DecimalField(
        "dont heures à distance", max_digits=6, decimal_places=2, default=0
    )
    training_place = models.CharField(
        "lieu principal de formation, s'il n'est pas le CFA", max_length=200, blank=True
    )
    is_cfa_entreprise = models.BooleanField("CFA d'entreprise", default=False)
    weekly_minutes = models.PositiveSmallIntegerField("durée hebdomadaire (min)", default=2100)
    dangerous_machines = models.BooleanField("travail sur machines dangereuses", default=False)
    smc = models.DecimalField(
        "salaire minimum conventionnel mensuel",
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
    )
    floor_rate = models.DecimalField(
        "taux plancher d'un contrat précédent (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
    )
    plus_15 = models.BooleanField("majoration de 15 points", default=False)
    bac_professionnel = models.BooleanField(
        "bac professionnel ou titre de niveau 4 détenu", default=False
    )
    mayotte = models.BooleanField("exécuté à Mayotte", default=False)
    retirement_fund = models.CharField("caisse de retraite", max_length=80, blank=True)
    meal_benefit = models.DecimalField(
        "nourriture (€ par repas)", max_digits=6, decimal_places=2, null=True, blank=True
    )
    housing_benefit = models.DecimalField(
        "logement (€ par mois)", max_digits=7, decimal_places=2, null=True, blank=True
    )
    other_benefit = models.BooleanField("autre avantage en nature", default=False)
    derogation = models.CharField(
        "dérogation", max_length=2, choices=Derogation.choices, blank=True, default=""
    )
    over_29_reason = models.CharField(
        "motif au-delà de 29 ans",
        max_length=1,
        choices=Over29Reason.choices,
        blank=True,
        default="",
    )
    duration_reason = models.CharField(
        "motif d'une durée différente",
        max_length=15,
        choices=DurationReason.choices,
        blank=True,
        default="",
    )
    tripartite_on = models.DateField("convention tripartite du", null=True, blank=True)
    tripartite_reason = models.CharField("ce que l'évaluation a montré", max_length=500, blank=True)
    prolonged_on = models.DateField("prolongé à partir du", null=True, blank=True, editable=False)
    equivalence_jeunes = models.BooleanField("équivalence jeunes", default=False)
    extension_boe = models.BooleanField("extension BOE", default=False)
    social_regime = models.CharField(
        "régime social", max_length=1, choices=SocialRegime.choices, default=SocialRegime.URSSAF
    )
    is_athlete = models.BooleanField("sportif de haut niveau", default=False)
    is_founder = models.BooleanField("projet de création ou de reprise d'entreprise", default=False)
    documents_held = models.BooleanField("pièces justificatives détenues", default=False)
    signed_place = models.CharField("fait à", max_length=80, blank=True)
    signed_at = models.DateTimeField("signature enregistrée le", null=True, editable=False)
    transmitted_on = models.DateField("transmis à l'OPCO le", null=True, editable=False)
    decided_on = models.DateField("décision de l'OPCO le", null=True, editable=False)
    refusal_reason = models.TextField("motif du refus", blank=True, editable=False)
    deca_number = models.CharField("numéro de dépôt (DECA)", max_length=15, blank=True)
    opco_file = models.CharField("numéro de dossier OPCO", max_length=40, blank=True)
    broken_on = models.DateField("rompu le", null=True, editable=False)
    # Grows at each correction: two people who correct the same contract learn of each other.
    version = models.PositiveIntegerField("version", default=1, editable=False)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = "contrat"
        verbose_name_plural = "contrats"
        ordering = ("-starts_on", "pk")
        indexes = [
            models.Index(fields=("state", "starts_on"), name="apprentices_contract_to_do"),
        ]
        constraints = [
            _choice("kind", ContractKind, blank=False),
            _choice("state", ContractState, blank=False),
            _choice("mode", ContractMode, blank=False),
            _choice("social_regime", SocialRegime, blank=False),
            _choice("contract_type", ContractType, blank=False),
            _choice("maitre_competence", MaitreCompetence, blank=True),
            _choice("derogation", Derogation, blank=True),
            _choice("over_29_reason", Over29Reason, blank=True),
            _choice("duration_reason", DurationReason, blank=True),
            models.CheckConstraint(
                name="apprentices_contract_signed_has_trace",
                condition=Q(state=ContractState.COMPLETE, signed_at__isnull=True)
                | (~Q(state=ContractState.COMPLETE) & Q(signed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="apprentices_contract_transmitted_has_trace",
                condition=Q(
                    state__in=(ContractState.COMPLETE, ContractState.SIGNED),
                    transmitted_on__isnull=True,
                )
                | Q(
                    state__in=(
                        ContractState.TRANSMITTED,
                        ContractState.ACCEPTED,
                        ContractState.REFUSED,
                    ),
                    transmitted_on__isnull=False,
                )
                | Q(
                    state__in=(
                        ContractState.RUNNING,
                        ContractState.ENDED,
                        ContractState.BROKEN,
                    )
                ),
            ),
            models.CheckConstraint(
                name="apprentices_contract_decided_has_trace",
                condition=~Q(state__in=(ContractState.ACCEPTED, ContractState.REFUSED))
                | Q(decided_on__isnull=False),
            ),
            models.CheckConstraint(
                name="apprentices_contract_refused_has_reason",
                condition=~Q(state=ContractState.REFUSED) | ~Q(refusal_reason=""),
            ),
            models.CheckConstraint(
                name="apprentices_contract_broken_has_trace",
                # Set before the state when the rupture is for a day to come.
                condition=~Q(state=ContractState.BROKEN) | Q(broken_on__isnull=False),
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
            models.CheckConstraint(
                name="apprentices_contract_two_maitres_differ",
                condition=Q(maitre2__isnull=True) | ~Q(maitre2=F("maitre")),
                violation_error_message="Le second maître d'apprentissage est une autre personne.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.apprentice} chez {self.company}"

    @property
    def cerfa(self) -> str:
        """The form that its kind is written on; that of a professionalisation contract has no version here."""
        return self.cerfa_version if self.is_apprenticeship else "12434"

    @property
    def last_day(self) -> date:
        """Its end, or the day of its rupture."""
        return self.broken_on or self.ends_on

    @property
    def is_apprenticeship(self) -> bool:
        return self.kind == ContractKind.APPRENTISSAGE


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


class ContractDraft(models.Model):
    """A contract being typed, as it was typed: left and resumed, never half a contract.

    `values` keeps the raw text of each field; `version` grows at each save, so that two people who
    fill the same contract learn of each other. `contract` is set while a complete one is corrected.
    """

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.OneToOneField(
        Enrolment, models.CASCADE, related_name="contract_draft", verbose_name="inscription"
    )
    contract = models.OneToOneField(
        Contract,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name="contrat corrigé",
    )
    values = models.JSONField("saisie", default=dict)
    step = models.CharField("étape atteinte", max_length=20)
    version = models.PositiveIntegerField("version", default=1)
    contract_version = models.PositiveIntegerField("version du contrat corrigé", default=0)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="saisi par")
    saved_at = models.DateTimeField("saisi le")

    class Meta:
        verbose_name = "brouillon de contrat"
        verbose_name_plural = "brouillons de contrat"
        ordering = ("-saved_at", "pk")

    def __str__(self) -> str:
        return f"brouillon de contrat de {self.enrolment.apprentice}"
