"""The evaluations in the admin: read only, since every write goes through the actions and their rules."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils.html import format_html

from accounts.readonly import ReadOnlyAdmin, register_rest, rows_of

from . import models as ours


def _person(path: str) -> tuple[str, str]:
    return (f"{path}__last_name", f"{path}__first_name")


@admin.register(ours.CcfEvaluation)
class CcfEvaluationAdmin(ReadOnlyAdmin):
    list_display = ("epreuve", "apprentice", "cohort", "state", "locked_at", "page")
    list_filter = ("state", "epreuve__code", "enrolment__cohort")
    search_fields = (
        *_person("enrolment__apprentice"),
        "enrolment__cohort__name",
        "epreuve__code",
    )
    list_select_related = ("epreuve", "enrolment__apprentice", "enrolment__cohort")
    inlines = (rows_of(ours.CcfSituation), rows_of(ours.CcfLevel))

    @admin.display(description="apprenti", ordering="enrolment__apprentice__last_name")
    def apprentice(self, evaluation: ours.CcfEvaluation):
        return evaluation.enrolment.apprentice

    @admin.display(description="promotion", ordering="enrolment__cohort__name")
    def cohort(self, evaluation: ours.CcfEvaluation):
        return evaluation.enrolment.cohort

    @admin.display(description="saisie")
    def page(self, evaluation: ours.CcfEvaluation):
        url = reverse("evaluations:ccf_detail", args=(evaluation.uuid,))
        return format_html('<a href="{}">Ouvrir la page de saisie</a>', url)


@admin.register(ours.ExamRegistration)
class ExamRegistrationAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "candidate_number", "state", "forme", "decision", "average", "page")
    list_filter = ("session__year", "state", "decision", "forme", "categorie", "session__cfa")
    search_fields = (*_person("enrolment__apprentice"), "candidate_number")
    list_select_related = ("session", "enrolment__apprentice")
    inlines = (rows_of(ours.ExamUnit, without=("parts",)), rows_of(ours.ReceivedFile))

    @admin.display(description="inscription")
    def page(self, registration: ours.ExamRegistration):
        url = reverse("evaluations:exam_registration_detail", args=(registration.uuid,))
        return format_html('<a href="{}">Ouvrir</a>', url)


# model, list, filters, search, related rows, inlines
_PLAIN: tuple[tuple[type[models.Model], dict[str, Any]], ...] = (
    (
        ours.CcfSituation,
        {
            "list_display": ("evaluation", "code", "held_on", "choice", "evaluators"),
            "list_filter": ("code", "evaluation__state", "evaluation__epreuve__code"),
            "search_fields": (*_person("evaluation__enrolment__apprentice"), "evaluators"),
            "list_select_related": ("evaluation__epreuve", "evaluation__enrolment__apprentice"),
            "inlines": (rows_of(ours.CcfSitting), rows_of(ours.CcfSignature)),
        },
    ),
    (
        ours.CcfLevel,
        {
            "list_display": ("evaluation", "line", "level"),
            "list_filter": ("level", "evaluation__state", "evaluation__epreuve__code"),
            "search_fields": (*_person("evaluation__enrolment__apprentice"), "line__title"),
            "list_select_related": (
                "evaluation__epreuve",
                "evaluation__enrolment__apprentice",
                "line",
            ),
        },
    ),
    (
        ours.CcfSitting,
        {
            "list_display": ("situation", "starts_at", "room", "state", "is_justified"),
            "list_filter": ("state", "situation__evaluation__epreuve__code", "starts_at"),
            "search_fields": (*_person("situation__evaluation__enrolment__apprentice"), "room"),
            "list_select_related": (
                "situation__evaluation__epreuve",
                "situation__evaluation__enrolment__apprentice",
            ),
            "inlines": (rows_of(ours.CcfMember),),
        },
    ),
    (
        ours.CcfDossier,
        {
            "list_display": ("__str__", "state", "checked_at", "checked_by"),
            "list_filter": ("state", "epreuve__code", "enrolment__cohort"),
            "search_fields": _person("enrolment__apprentice"),
            "list_select_related": ("epreuve", "enrolment__apprentice", "checked_by"),
            "inlines": (rows_of(ours.DossierPiece),),
        },
    ),
    (
        ours.ExamSession,
        {
            "list_display": ("__str__", "cfa", "deliberated_on", "published_at", "published_by"),
            "list_filter": ("year", "cfa"),
            "search_fields": ("cfa__name", "referentiel__acronym", "year"),
            "list_select_related": ("cfa", "referentiel", "published_by"),
        },
    ),
    (
        ours.ExamUnit,
        {
            "list_display": ("registration", "unite", "plan", "outcome", "proposed", "harmonised", "decided", "oral"),
            "list_filter": ("plan", "outcome", "unite__code", "registration__session__year"),
            "search_fields": _person("registration__enrolment__apprentice"),
            "list_select_related": (
                "unite",
                "registration__session",
                "registration__enrolment__apprentice",
            ),
        },
    ),
    (
        ours.JuryPublication,
        {
            "list_display": ("cfa", "session", "published_on", "entered_by"),
            "list_filter": ("session", "cfa"),
            "search_fields": ("cfa__name",),
            "list_select_related": ("cfa", "entered_by"),
        },
    ),
    (
        ours.Assessment,
        {
            "list_display": ("title", "subject", "period", "kind", "held_on", "coefficient", "scale"),
            "list_filter": ("kind", "period__cohort", "period__number"),
            "search_fields": ("title", "subject__title"),
            "list_select_related": ("subject", "period"),
        },
    ),
    (
        ours.Mark,
        {
            "list_display": ("enrolment", "assessment", "status", "value", "marked_by", "marked_at"),
            "list_filter": ("status", "assessment__period__cohort"),
            "search_fields": (*_person("enrolment__apprentice"), "assessment__title"),
            "list_select_related": ("enrolment__apprentice", "enrolment__cohort", "assessment", "marked_by"),
        },
    ),
)  # fmt: skip

for _model, _options in _PLAIN:
    admin.site.register(_model, ReadOnlyAdmin, **_options)

register_rest("evaluations")
