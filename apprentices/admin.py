"""The back office of the app: to look and to find, never to write.

Every write passes the actions, which check the rules and keep the history. The NIR, what concerns
health and the spreadsheets received are on no page here.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.readonly import ReadOnly, ReadOnlyAdmin, register_rest

from .models import (
    Amendment,
    Application,
    ApplicationPiece,
    Apprentice,
    Cohort,
    Company,
    CompanyContact,
    Contract,
    ContractDocument,
    ContractDraft,
    CreditNote,
    Enrolment,
    EnrolmentDocument,
    Funding,
    HeldDiploma,
    ImportBatch,
    ImportMapping,
    Instalment,
    MaitreApprentissage,
    PayPeriod,
    PositioningTest,
    Reminder,
    Rupture,
    SifaSettings,
)

OF_CONTRACT = (
    "contract__enrolment__apprentice__last_name",
    "contract__enrolment__apprentice__first_name",
    "contract__company__name",
)
CONTRACT = ("contract__enrolment__apprentice", "contract__company")
CONTRACT_CFA = "contract__enrolment__cohort__cfa"


class Shown(ReadOnlyAdmin):
    """Read-only, with a way to the history of what is looked at."""

    @admin.display(description="historique")
    def history_of(self, obj: Any) -> str:
        url = reverse("admin:accounts_event_changelist")
        return format_html('<a href="{}?q={}">événements de cette fiche</a>', url, obj.uuid)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = [name for name in super().get_fields(request, obj) if name != "history_of"]
        return [*fields, "history_of"] if obj is not None and hasattr(obj, "uuid") else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*super().get_readonly_fields(request, obj), "history_of"]


class ShownInline(ReadOnly, admin.TabularInline):
    extra = 0


# --- people and companies --------------------------------------------------------------------------


class HeldDiplomaInline(ShownInline):
    model = HeldDiploma


@admin.register(Apprentice)
class ApprenticeAdmin(Shown):
    list_display = ("last_name", "first_name", "born_on", "city", "cfa")
    list_filter = ("cfa", "nationality")
    search_fields = ("last_name", "first_name", "usage_name", "email", "ine")
    list_select_related = ("cfa",)
    exclude = ("rqth", "adjustments")
    inlines = (HeldDiplomaInline,)


@admin.register(HeldDiploma)
class HeldDiplomaAdmin(Shown):
    list_display = ("apprentice", "title", "obtained_in", "has_proof")
    list_filter = ("code", "has_proof", "apprentice__cfa")
    search_fields = ("title", "apprentice__last_name", "apprentice__first_name")
    list_select_related = ("apprentice",)


class MaitreInline(ShownInline):
    model = MaitreApprentissage
    fields = ("last_name", "first_name", "email", "phone", "attested_on")


class ContactInline(ShownInline):
    model = CompanyContact


@admin.register(Company)
class CompanyAdmin(Shown):
    list_display = ("name", "siret", "city", "opco", "cfa")
    list_filter = ("cfa", "opco")
    search_fields = ("name", "siret", "city")
    list_select_related = ("cfa",)
    inlines = (MaitreInline, ContactInline)


@admin.register(CompanyContact)
class CompanyContactAdmin(Shown):
    list_display = ("last_name", "first_name", "role", "company", "email")
    list_filter = ("company__cfa",)
    search_fields = ("last_name", "first_name", "email", "company__name")
    list_select_related = ("company",)


@admin.register(MaitreApprentissage)
class MaitreApprentissageAdmin(Shown):
    list_display = ("last_name", "first_name", "company", "email", "attested_on")
    list_filter = ("status", "company__cfa")
    search_fields = ("last_name", "first_name", "email", "company__name")
    list_select_related = ("company",)


# --- cohorts and admission -------------------------------------------------------------------------


@admin.register(Cohort)
class CohortAdmin(Shown):
    list_display = ("name", "cfa", "programme", "starts_on", "ends_on", "capacity")
    list_filter = ("cfa",)
    search_fields = ("name", "programme__title")
    list_select_related = ("cfa", "programme")


class CertificateInline(ShownInline):
    model = EnrolmentDocument


@admin.register(Enrolment)
class EnrolmentAdmin(Shown):
    list_display = ("apprentice", "cohort", "tutor", "starts_on", "ends_on")
    list_filter = ("cohort__cfa", "cohort")
    search_fields = ("apprentice__last_name", "apprentice__first_name", "cohort__name")
    list_select_related = ("apprentice", "cohort", "tutor")
    inlines = (CertificateInline,)


@admin.register(EnrolmentDocument)
class EnrolmentDocumentAdmin(Shown):
    list_display = ("document", "enrolment")
    list_filter = ("document__kind", "enrolment__cohort__cfa")
    search_fields = ("enrolment__apprentice__last_name", "document__title", "document__code")
    list_select_related = ("document", "enrolment__apprentice", "enrolment__cohort")


class PieceInline(ShownInline):
    model = ApplicationPiece


@admin.register(Application)
class ApplicationAdmin(Shown):
    """The notes of the interview stay on the candidate's own page."""

    list_display = ("apprentice", "cohort", "state", "received_on", "decided_on")
    list_filter = ("state", "cohort__cfa", "cohort")
    search_fields = ("apprentice__last_name", "apprentice__first_name", "cohort__name")
    list_select_related = ("apprentice", "cohort")
    date_hierarchy = "received_on"
    exclude = ("interview_notes",)
    inlines = (PieceInline,)


@admin.register(ApplicationPiece)
class ApplicationPieceAdmin(Shown):
    list_display = ("application", "label", "is_required", "received_on")
    list_filter = ("is_required", "application__cohort__cfa")
    search_fields = ("label", "application__apprentice__last_name")
    list_select_related = ("application__apprentice", "application__cohort")


@admin.register(PositioningTest)
class PositioningTestAdmin(Shown):
    list_display = ("application", "taken_on", "score", "maximum", "hours_removed")
    list_filter = ("application__cohort__cfa",)
    search_fields = ("application__apprentice__last_name", "application__apprentice__first_name")
    list_select_related = ("application__apprentice", "application__cohort")


# --- contracts -------------------------------------------------------------------------------------


class PayPeriodInline(ShownInline):
    model = PayPeriod


class AmendmentInline(ShownInline):
    model = Amendment
    fields = ("number", "amendment_type", "state", "effective_on", "signed_on")


class ContractDocumentInline(ShownInline):
    model = ContractDocument


@admin.register(Contract)
class ContractAdmin(Shown):
    list_display = ("enrolment", "company", "maitre", "state", "starts_on", "ends_on")
    list_filter = ("state", "kind", "enrolment__cohort__cfa")
    search_fields = (
        "enrolment__apprentice__last_name",
        "enrolment__apprentice__first_name",
        "company__name",
        "company__siret",
        "deca_number",
    )
    fields = (
        "enrolment", "company", "maitre", "maitre2", "kind", "contract_type", "state",
        "concluded_on", "starts_on", "practice_starts_on", "ends_on", "training_hours",
        "weekly_minutes", "smc", "derogation", "cerfa_version", "signed_at", "transmitted_on",
        "decided_on", "deca_number", "opco_file", "broken_on",
    )  # fmt: skip
    list_select_related = ("enrolment__apprentice", "enrolment__cohort", "company", "maitre")
    inlines = (PayPeriodInline, AmendmentInline, ContractDocumentInline)


@admin.register(ContractDraft)
class ContractDraftAdmin(Shown):
    """Who types what; the half-typed values are read in the entry itself."""

    list_display = ("enrolment", "step", "version", "saved_by", "saved_at")
    list_filter = ("step", "enrolment__cohort__cfa")
    search_fields = ("enrolment__apprentice__last_name", "enrolment__apprentice__first_name")
    list_select_related = ("enrolment__apprentice", "enrolment__cohort", "saved_by")
    exclude = ("values",)


@admin.register(PayPeriod)
class PayPeriodAdmin(Shown):
    list_display = ("contract", "starts_on", "ends_on", "rate", "base")
    list_filter = ("base", CONTRACT_CFA)
    search_fields = OF_CONTRACT
    list_select_related = CONTRACT


@admin.register(Amendment)
class AmendmentAdmin(Shown):
    list_display = ("contract", "number", "amendment_type", "state", "effective_on")
    list_filter = ("state", "amendment_type", CONTRACT_CFA)
    search_fields = (*OF_CONTRACT, "description")
    list_select_related = CONTRACT


@admin.register(Rupture)
class RuptureAdmin(Shown):
    list_display = ("contract", "motive", "effective_on", "follow_until", "outcome")
    list_filter = ("motive", "outcome", CONTRACT_CFA)
    search_fields = OF_CONTRACT
    list_select_related = CONTRACT
    date_hierarchy = "effective_on"


class InstalmentInline(ShownInline):
    model = Instalment


class CreditNoteInline(ShownInline):
    model = CreditNote


@admin.register(Funding)
class FundingAdmin(Shown):
    list_display = ("contract", "npec_annual", "source")
    list_filter = (CONTRACT_CFA,)
    search_fields = (*OF_CONTRACT, "source")
    list_select_related = CONTRACT
    inlines = (InstalmentInline, CreditNoteInline)


@admin.register(Instalment)
class InstalmentAdmin(Shown):
    list_display = ("invoice_number", "funding", "code", "state", "amount", "invoiced_on")
    list_filter = ("state", f"funding__{CONTRACT_CFA}")
    search_fields = ("invoice_number", *(f"funding__{name}" for name in OF_CONTRACT))
    list_select_related = tuple(f"funding__{name}" for name in CONTRACT)
    date_hierarchy = "invoiced_on"


@admin.register(CreditNote)
class CreditNoteAdmin(Shown):
    list_display = ("number", "funding", "year", "amount", "issued_on")
    list_filter = ("year", f"funding__{CONTRACT_CFA}")
    search_fields = ("number", *(f"funding__{name}" for name in OF_CONTRACT))
    list_select_related = tuple(f"funding__{name}" for name in CONTRACT)


@admin.register(Reminder)
class ReminderAdmin(Shown):
    list_display = ("contract", "code", "due_on", "told_at")
    list_filter = ("code", CONTRACT_CFA)
    search_fields = OF_CONTRACT
    list_select_related = CONTRACT


@admin.register(ContractDocument)
class ContractDocumentAdmin(Shown):
    list_display = ("document", "contract")
    list_filter = ("document__kind", CONTRACT_CFA)
    search_fields = (*OF_CONTRACT, "document__title", "document__code")
    list_select_related = (*CONTRACT, "document")


# --- exchanges -------------------------------------------------------------------------------------


@admin.register(ImportBatch)
class ImportBatchAdmin(Shown):
    """That a file came, and what became of it; neither the file nor a value of its cells."""

    list_display = ("file_name", "kind", "state", "row_count", "owner", "created_at", "cfa")
    list_filter = ("state", "kind", "cfa")
    search_fields = ("file_name", "sha256", "owner__email")
    list_select_related = ("owner", "cfa")
    date_hierarchy = "created_at"
    exclude = ("file", "problems", "header", "mapping")


@admin.register(ImportMapping)
class ImportMappingAdmin(Shown):
    list_display = ("cfa", "kind")
    list_filter = ("kind", "cfa")
    search_fields = ("cfa__name",)
    list_select_related = ("cfa",)


@admin.register(SifaSettings)
class SifaSettingsAdmin(Shown):
    list_display = ("cfa", "cfa_type", "site", "eple_uai", "nature")
    list_filter = ("nature",)
    search_fields = ("cfa__name", "site", "eple_uai")
    list_select_related = ("cfa",)


register_rest("apprentices")
