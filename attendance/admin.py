"""The administration reads everything here and changes nothing that the rules protect.

Half-days are planned and edited, sheets opened, signed and closed through the actions: the pages of the
application and nothing else. Nobody deletes a trace.
"""

from django.contrib import admin
from django.utils.html import format_html

from accounts.readonly import ReadOnlyAdmin, register_rest, rows_of
from accounts.signatures import svg_path

from .models import AttendanceSheet, ClassSession, Presence, ProofEvent, SheetVersion, Signature


@admin.register(ClassSession)
class ClassSessionAdmin(ReadOnlyAdmin):
    list_display = ("date", "half", "cohort", "subject", "trainer", "room", "state")
    list_filter = ("half", "state", "cohort")
    search_fields = (
        "cohort__name",
        "subject__title",
        "trainer__last_name",
        "trainer__first_name",
        "room__name",
    )
    date_hierarchy = "date"
    list_select_related = ("cohort", "subject", "trainer", "room")


@admin.register(AttendanceSheet)
class AttendanceSheetAdmin(ReadOnlyAdmin):
    list_display = ("session", "cohort", "state", "opened_at", "closed_at", "closed_by")
    list_filter = ("state", "session__cohort")
    search_fields = (
        "session__cohort__name",
        "session__subject__title",
        "session__trainer__last_name",
    )
    date_hierarchy = "session__date"
    list_select_related = ("session__cohort", "session__subject", "closed_by")
    inlines = (
        rows_of(Presence, only=("enrolment", "state", "minutes_missed", "reason", "signature")),
    )

    @admin.display(description="promotion", ordering="session__cohort__name")
    def cohort(self, sheet: AttendanceSheet) -> str:
        return str(sheet.session.cohort)


@admin.register(Presence)
class PresenceAdmin(ReadOnlyAdmin):
    list_display = ("enrolment", "sheet", "state", "minutes_missed")
    list_filter = ("state", "sheet__session__cohort")
    search_fields = (
        "enrolment__apprentice__last_name",
        "enrolment__apprentice__first_name",
        "sheet__session__subject__title",
    )
    list_select_related = (
        "enrolment__apprentice",
        "enrolment__cohort",
        "sheet__session__subject",
    )


@admin.register(Signature)
class SignatureAdmin(ReadOnlyAdmin):
    list_display = ("signer_label", "kind", "method", "signed_at", "ip")
    list_filter = ("kind", "method")
    search_fields = ("signer_label", "sha256")
    date_hierarchy = "signed_at"
    exclude = ("strokes",)
    readonly_fields = ("drawing",)

    @admin.display(description="tracé")
    def drawing(self, signature: Signature) -> str:
        if not signature.strokes:
            return "Nom saisi au clavier"
        return format_html(
            '<svg viewBox="0 0 600 200" width="300" height="100" role="img" aria-label="Tracé">'
            '<path d="{}" fill="none" stroke="currentColor" stroke-width="3"/></svg>',
            svg_path(signature.strokes),
        )


@admin.register(ProofEvent)
class ProofEventAdmin(ReadOnlyAdmin):
    list_display = ("sequence", "cfa", "kind", "sheet", "recorded_at", "hash")
    list_filter = ("kind", "cfa")
    search_fields = ("payload", "hash")
    list_select_related = ("cfa", "sheet__session__subject")


@admin.register(SheetVersion)
class SheetVersionAdmin(ReadOnlyAdmin):
    list_display = ("sheet", "number", "closed_at", "closed_by", "reopened_at", "sha256")
    search_fields = ("sha256", "sheet__session__cohort__name")
    list_select_related = ("sheet__session__subject", "closed_by")


register_rest("attendance")
