"""What happens to a contract: amendments, rupture, funding, reminders, documents."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from documents.models import Document

from ..enums import (
    AmendmentState,
    AmendmentType,
    DeadlineCode,
    InstalmentState,
    RuptureMotive,
    RuptureOutcome,
)
from ..rupture import motive_words
from .contracts import Contract


class Amendment(models.Model):
    """An avenant (CERFA 10103, types 31 to 38): what it changes takes effect when it is signed."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="amendments", verbose_name="contrat"
    )
    number = models.PositiveSmallIntegerField("numéro")
    amendment_type = models.CharField("type", max_length=2, choices=AmendmentType.choices)
    state = models.CharField(
        "état", max_length=12, choices=AmendmentState.choices, default=AmendmentState.PREPARED
    )
    effective_on = models.DateField("date d'effet")
    description = models.CharField("ce qui change", max_length=500)
    # Field of the contract -> new value, as text; applied to the contract at the signature.
    changes = models.JSONField("nouvelles valeurs", default=dict)
    # The same fields as the contract said when the amendment was prepared, as they read.
    previous = models.JSONField("anciennes valeurs", default=dict)
    signed_on = models.DateField("signé le", null=True, blank=True)
    transmitted_on = models.DateField("transmis à l'OPCO le", null=True, blank=True)
    decided_on = models.DateField("décision de l'OPCO le", null=True, blank=True)
    refusal_reason = models.TextField("motif du refus", blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="saisi par")

    class Meta:
        verbose_name = "avenant"
        verbose_name_plural = "avenants"
        ordering = ("contract", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("contract", "number"), name="apprentices_amendment_number_unique"
            ),
            models.CheckConstraint(
                name="apprentices_amendment_type_valid",
                condition=Q(amendment_type__in=AmendmentType.values),
            ),
            models.CheckConstraint(
                name="apprentices_amendment_state_valid",
                condition=Q(state__in=AmendmentState.values),
            ),
            models.CheckConstraint(
                name="apprentices_amendment_signed_has_trace",
                condition=Q(
                    state__in=(AmendmentState.PREPARED, AmendmentState.CANCELLED),
                    signed_on__isnull=True,
                )
                | Q(signed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="apprentices_amendment_refused_has_reason",
                condition=~Q(state=AmendmentState.REFUSED) | ~Q(refusal_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"avenant {self.number} au contrat de {self.contract.enrolment.apprentice}"


class Rupture(models.Model):
    """The end of a contract before its term, and what is owed after it (CT L6222-18 and others)."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    contract = models.OneToOneField(
        Contract, models.PROTECT, related_name="rupture", verbose_name="contrat"
    )
    motive = models.CharField("motif", max_length=20, choices=RuptureMotive.choices)
    company_days = models.PositiveSmallIntegerField(
        "jours en entreprise à cette date", null=True, blank=True
    )
    written_on = models.DateField("écrit daté du")
    mediator_on = models.DateField("médiateur saisi le", null=True, blank=True)
    employer_informed_on = models.DateField("employeur informé le", null=True, blank=True)
    effective_on = models.DateField("rompu le")
    details = models.CharField("précisions", max_length=500, blank=True)
    # What the CFA does next; each one dated when it is done.
    employer_notice_on = models.DateField(
        "notification reçue de l'employeur le", null=True, blank=True
    )
    opco_told_on = models.DateField("OPCO prévenu de l'interruption le", null=True, blank=True)
    card_returned_on = models.DateField(
        "carte d'étudiant des métiers rendue le", null=True, blank=True
    )
    interview_on = models.DateField("entretien de suivi le", null=True, blank=True)
    follow_until = models.DateField("formation due jusqu'au", null=True, blank=True)
    outcome = models.CharField(
        "issue", max_length=20, choices=RuptureOutcome.choices, blank=True, default=""
    )
    outcome_on = models.DateField("issue constatée le", null=True, blank=True)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="enregistrée par"
    )

    class Meta:
        verbose_name = "rupture"
        verbose_name_plural = "ruptures"
        ordering = ("-effective_on", "pk")
        constraints = [
            models.CheckConstraint(
                name="apprentices_rupture_motive_valid",
                condition=Q(motive__in=RuptureMotive.values),
            ),
            models.CheckConstraint(
                name="apprentices_rupture_outcome_valid",
                condition=Q(outcome="", outcome_on__isnull=True)
                | Q(outcome__in=RuptureOutcome.values, outcome_on__isnull=False),
            ),
            models.CheckConstraint(
                name="apprentices_rupture_dates_in_order",
                condition=Q(effective_on__gte=F("written_on")),
                violation_error_message="La rupture prend effet après l'écrit qui la constate.",
            ),
        ]

    def __str__(self) -> str:
        return f"rupture du contrat de {self.contract.enrolment.apprentice}"

    @property
    def motive_words(self) -> str:
        motive = RuptureMotive(self.motive)
        return motive_words(motive, is_apprenticeship=self.contract.is_apprenticeship)


class Funding(models.Model):
    """What the OPCO agreed to pay for a contract: an amount read on its agreement, never guessed."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    contract = models.OneToOneField(
        Contract, models.PROTECT, related_name="funding", verbose_name="contrat"
    )
    npec_annual = models.DecimalField(
        "niveau de prise en charge annuel (€)", max_digits=9, decimal_places=2
    )
    source = models.CharField("où ce montant est écrit", max_length=200)
    night_count = models.PositiveIntegerField("nuitées prévues à la convention", default=0)
    meal_count = models.PositiveIntegerField("repas prévus à la convention", default=0)
    first_equipment = models.DecimalField(
        "premier équipement (€)", max_digits=7, decimal_places=2, default=0
    )

    class Meta:
        verbose_name = "prise en charge"
        verbose_name_plural = "prises en charge"
        ordering = ("contract", "pk")
        constraints = [
            models.CheckConstraint(
                name="apprentices_funding_npec_positive", condition=Q(npec_annual__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"prise en charge de {self.contract.enrolment.apprentice}"


class Instalment(models.Model):
    """A line invoiced to the OPCO: its amount is the one computed on the day of the invoice."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    funding = models.ForeignKey(
        Funding, models.PROTECT, related_name="instalments", verbose_name="prise en charge"
    )
    # Year and rank of the schedule, "1-1" for the first instalment of the first year.
    code = models.CharField("échéance", max_length=8)
    state = models.CharField(
        "état", max_length=10, choices=InstalmentState.choices, default=InstalmentState.INVOICED
    )
    invoice_number = models.CharField("numéro de facture", max_length=40)
    invoiced_on = models.DateField("facturée le")
    amount = models.DecimalField("montant (€)", max_digits=9, decimal_places=2)
    paid_on = models.DateField("payée le", null=True, blank=True)

    class Meta:
        verbose_name = "échéance facturée"
        verbose_name_plural = "échéances facturées"
        ordering = ("funding", "code", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("funding", "code"),
                name="apprentices_instalment_once",
                violation_error_message="Cette échéance est déjà facturée.",
            ),
            models.CheckConstraint(
                name="apprentices_instalment_state_valid",
                condition=Q(state__in=InstalmentState.values),
            ),
            models.CheckConstraint(
                name="apprentices_instalment_paid_has_trace",
                condition=Q(state=InstalmentState.PAID, paid_on__isnull=False)
                | (~Q(state=InstalmentState.PAID) & Q(paid_on__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"facture {self.invoice_number}"


class CreditNote(models.Model):
    """An avoir: what was invoiced beyond what is due, after a rupture or a change of the amount."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    funding = models.ForeignKey(
        Funding, models.PROTECT, related_name="credit_notes", verbose_name="prise en charge"
    )
    year = models.PositiveSmallIntegerField("année d'exécution")
    number = models.CharField("numéro d'avoir", max_length=40)
    issued_on = models.DateField("établi le")
    amount = models.DecimalField("montant (€)", max_digits=9, decimal_places=2)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="enregistré par"
    )

    class Meta:
        verbose_name = "avoir"
        verbose_name_plural = "avoirs"
        ordering = ("funding", "issued_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("funding", "number"),
                name="apprentices_creditnote_once",
                violation_error_message="Cet avoir est déjà noté.",
            ),
            models.CheckConstraint(
                name="apprentices_creditnote_amount_positive", condition=Q(amount__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"avoir {self.number}"


class Reminder(models.Model):
    """The night's task has spoken of this deadline: it never will again."""

    contract = models.ForeignKey(
        Contract, models.CASCADE, related_name="reminders", verbose_name="contrat"
    )
    code = models.CharField("échéance", max_length=20, choices=DeadlineCode.choices)
    due_on = models.DateField("échéance au")
    told_at = models.DateTimeField("dit le")

    class Meta:
        verbose_name = "rappel d'échéance"
        verbose_name_plural = "rappels d'échéance"
        ordering = ("-told_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("contract", "code", "due_on"), name="apprentices_reminder_once"
            ),
            models.CheckConstraint(
                name="apprentices_reminder_code_valid",
                condition=Q(code__in=DeadlineCode.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} au {self.due_on:%d/%m/%Y}"


class ContractDocument(models.Model):
    """A document of a contract: convention, convention tripartite, data sheet, avenant."""

    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="documents", verbose_name="contrat"
    )
    document = models.OneToOneField(
        Document, models.PROTECT, related_name="+", verbose_name="document"
    )

    class Meta:
        verbose_name = "document de contrat"
        verbose_name_plural = "documents de contrat"
        ordering = ("contract", "-pk")

    def __str__(self) -> str:
        return str(self.document)
