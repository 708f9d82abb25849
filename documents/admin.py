"""The back office: to look, never to change; documents and jobs live through the actions."""

from django.contrib import admin

from accounts.readonly import ReadOnlyAdmin, register_rest, rows_of

from .models import Document, Job, JobItem


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ("title", "subject_label", "kind_label", "state", "code", "issued_at", "cfa")
    list_filter = ("state", "cfa", "kind", "requested_at")
    list_select_related = ("cfa",)
    search_fields = ("title", "subject_label", "code", "file_name", "sha256")
    date_hierarchy = "requested_at"


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("label", "kind", "state", "done", "failed", "total", "created_at", "owner")
    list_filter = ("state", "cfa", "kind", "created_at")
    list_select_related = ("owner",)
    search_fields = ("label", "owner__email", "owner__last_name")
    date_hierarchy = "created_at"
    inlines = (
        rows_of(JobItem, only=("position", "label", "state", "attempts", "error", "document")),
    )


@admin.register(JobItem)
class JobItemAdmin(ReadOnlyAdmin):
    list_display = ("job", "position", "label", "state", "attempts")
    list_filter = ("state", "job__kind")
    list_select_related = ("job",)
    search_fields = ("label", "error", "job__label")


register_rest("documents")
