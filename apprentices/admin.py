"""The admin reads everything; what the rules govern is changed on the pages, through the actions."""

from django.contrib import admin

from .enums import ContractState
from .models import (
    Apprentice,
    Cohort,
    Company,
    Contract,
    Enrolment,
    MaitreApprentissage,
    PayPeriod,
)


class ActionsOnly(admin.ModelAdmin):
    """Created and deleted through the actions only, which check and keep the history."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Cohort)
class CohortAdmin(ActionsOnly):
    list_display = ("name", "cfa", "programme", "starts_on", "ends_on", "capacity")
    list_filter = ("cfa",)
    search_fields = ("name", "programme__title")
    autocomplete_fields = ("trainers",)
    readonly_fields = ("cfa", "programme", "starts_on", "ends_on", "capacity", "rhythm")
    list_select_related = ("cfa", "programme")


@admin.register(Company)
class CompanyAdmin(ActionsOnly):
    list_display = ("name", "siret", "city", "opco", "cfa")
    list_filter = ("cfa", "opco")
    search_fields = ("name", "siret", "city")
    readonly_fields = ("cfa", "siret")
    list_select_related = ("cfa",)


@admin.register(MaitreApprentissage)
class MaitreApprentissageAdmin(ActionsOnly):
    list_display = ("last_name", "first_name", "company", "email")
    list_filter = ("company__cfa",)
    search_fields = ("last_name", "first_name", "email", "company__name")
    autocomplete_fields = ("user",)
    readonly_fields = ("company",)
    list_select_related = ("company",)


@admin.register(Apprentice)
class ApprenticeAdmin(ActionsOnly):
    list_display = ("last_name", "first_name", "born_on", "city", "cfa")
    list_filter = ("cfa", "rqth")
    search_fields = ("last_name", "first_name", "usage_name", "email", "ine")
    autocomplete_fields = ("user",)
    # A signed contract's pay rests on the birth date.
    readonly_fields = ("cfa", "born_on")
    list_select_related = ("cfa",)


@admin.register(Enrolment)
class EnrolmentAdmin(ActionsOnly):
    list_display = ("apprentice", "cohort", "tutor", "starts_on", "ends_on")
    list_filter = ("cohort__cfa",)
    search_fields = ("apprentice__last_name", "apprentice__first_name", "cohort__name")
    autocomplete_fields = ("tutor",)
    readonly_fields = ("cohort", "apprentice", "starts_on", "ends_on")
    list_select_related = ("apprentice", "cohort", "tutor")


class PayPeriodInline(admin.TabularInline):
    model = PayPeriod
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Contract)
class ContractAdmin(ActionsOnly):
    """Dates, hours and pay pass the checks (V01 to V18), so they are read-only here."""

    list_display = ("enrolment", "company", "maitre", "state", "starts_on", "ends_on")
    list_filter = ("state", "kind", "enrolment__cohort__cfa")
    search_fields = (
        "enrolment__apprentice__last_name",
        "enrolment__apprentice__first_name",
        "company__name",
        "company__siret",
    )
    inlines = (PayPeriodInline,)
    fields = (
        "enrolment", "company", "maitre", "kind", "state", "concluded_on", "starts_on",
        "practice_starts_on", "ends_on", "training_hours", "weekly_minutes", "smc", "derogation",
        "cerfa_version", "signed_at", "transmitted_on",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name != "cerfa_version")
    list_select_related = ("enrolment__apprentice", "enrolment__cohort", "company", "maitre")

    def has_change_permission(self, request, obj=None):
        """Only a draft may be touched; a signed contract changes by an avenant."""
        if obj is not None and obj.state != ContractState.COMPLETE:
            return False
        return super().has_change_permission(request, obj)


@admin.register(PayPeriod)
class PayPeriodAdmin(ActionsOnly):
    list_display = ("contract", "starts_on", "ends_on", "rate", "base")
    list_filter = ("base", "contract__enrolment__cohort__cfa")
    search_fields = (
        "contract__enrolment__apprentice__last_name",
        "contract__company__name",
    )
    list_select_related = ("contract__enrolment__apprentice", "contract__company")

    def has_change_permission(self, request, obj=None):
        return False
