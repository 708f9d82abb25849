"""Contracts and their lines of pay."""

import uuid

from django.db import models
from django.db.models import F, Q

from ..enums import ContractKind, ContractState, Derogation, PayBase
from ..querysets import ContractQuerySet
from .cohorts import Enrolment
from .companies import Company, MaitreApprentissage


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
