"""The CCF in the admin: read only, since every write goes through the actions and their rules."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from .models import CcfEvaluation, CcfLevel, CcfSituation


class ReadOnly:
    """Nothing is added, changed nor deleted here: the screens do it, with their rules and history."""

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


class CcfSituationInline(ReadOnly, admin.TabularInline):
    model = CcfSituation
    extra = 0


class CcfLevelInline(ReadOnly, admin.TabularInline):
    model = CcfLevel
    extra = 0


@admin.register(CcfEvaluation)
class CcfEvaluationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("epreuve", "apprentice", "cohort", "state", "locked_at", "page")
    list_filter = ("state", "epreuve__code", "enrolment__cohort")
    search_fields = (
        "enrolment__apprentice__last_name",
        "enrolment__apprentice__first_name",
        "enrolment__cohort__name",
        "epreuve__code",
    )
    list_select_related = ("epreuve", "enrolment__apprentice", "enrolment__cohort")
    inlines = (CcfSituationInline, CcfLevelInline)

    @admin.display(description="apprenti", ordering="enrolment__apprentice__last_name")
    def apprentice(self, evaluation: CcfEvaluation):
        return evaluation.enrolment.apprentice

    @admin.display(description="promotion", ordering="enrolment__cohort__name")
    def cohort(self, evaluation: CcfEvaluation):
        return evaluation.enrolment.cohort

    @admin.display(description="saisie")
    def page(self, evaluation: CcfEvaluation):
        url = reverse("evaluations:ccf_detail", args=(evaluation.uuid,))
        return format_html('<a href="{}">Ouvrir la page de saisie</a>', url)


@admin.register(CcfSituation)
class CcfSituationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("evaluation", "code", "held_on", "choice", "evaluators")
    list_filter = ("code", "evaluation__state", "evaluation__epreuve__code")
    search_fields = ("evaluation__enrolment__apprentice__last_name", "evaluators")
    list_select_related = ("evaluation__epreuve", "evaluation__enrolment__apprentice")


@admin.register(CcfLevel)
class CcfLevelAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("evaluation", "line", "level")
    list_filter = ("level", "evaluation__state", "evaluation__epreuve__code")
    search_fields = ("evaluation__enrolment__apprentice__last_name", "line__title")
    list_select_related = ("evaluation__epreuve", "evaluation__enrolment__apprentice", "line")
