"""Signed texts, signatures and links change through their actions only."""

from django.contrib import admin

from accounts.readonly import ReadOnlyAdmin, register_rest

from .models import (
    ApprenticeDocument,
    CompetencePosition,
    Livret,
    LivretPeriod,
    PeriodSignature,
    PersonalLink,
)


@admin.register(Livret)
class LivretAdmin(ReadOnlyAdmin):
    list_display = ("enrolment", "opened_at", "opened_by")
    list_filter = ("enrolment__cohort",)
    list_select_related = ("enrolment__apprentice", "enrolment__cohort", "opened_by")
    search_fields = ("enrolment__apprentice__last_name", "enrolment__apprentice__first_name")
    autocomplete_fields = ("opened_by",)


@admin.register(LivretPeriod)
class LivretPeriodAdmin(ReadOnlyAdmin):
    list_display = ("livret", "number", "starts_on", "ends_on", "state")
    list_filter = ("state", "livret__enrolment__cohort")
    list_select_related = ("livret__enrolment__apprentice",)
    search_fields = ("livret__enrolment__apprentice__last_name",)


@admin.register(CompetencePosition)
class CompetencePositionAdmin(ReadOnlyAdmin):
    list_display = ("period", "competence", "apprentice_level", "maitre_level")
    list_filter = ("apprentice_level", "maitre_level")
    list_select_related = ("period__livret__enrolment__apprentice", "competence")
    search_fields = ("period__livret__enrolment__apprentice__last_name", "competence__title")


@admin.register(PeriodSignature)
class PeriodSignatureAdmin(ReadOnlyAdmin):
    list_display = ("period", "role", "signature", "text_sha256")
    list_filter = ("role",)
    list_select_related = ("period__livret__enrolment__apprentice", "signature")
    search_fields = ("period__livret__enrolment__apprentice__last_name", "text_sha256")


@admin.register(PersonalLink)
class PersonalLinkAdmin(ReadOnlyAdmin):
    list_display = ("maitre", "created_at", "expires_at", "revoked_at", "last_used_at")
    list_filter = ("maitre__company__cfa",)
    list_select_related = ("maitre",)
    search_fields = ("maitre__last_name", "maitre__email")


@admin.register(ApprenticeDocument)
class ApprenticeDocumentAdmin(ReadOnlyAdmin):
    list_display = ("enrolment", "document")
    list_filter = ("document__kind", "document__state")
    list_select_related = ("enrolment__apprentice", "enrolment__cohort", "document")
    search_fields = ("enrolment__apprentice__last_name",)


register_rest("livret")
