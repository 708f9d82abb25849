"""Read only: a référentiel or a programme is edited in its data file, then loaded."""

from django.contrib import admin

from accounts.readonly import ReadOnlyAdmin, register_rest

from . import models


@admin.register(models.Referentiel)
class ReferentielAdmin(ReadOnlyAdmin):
    list_display = ("acronym", "rncp", "session_from", "session_to", "confidence")
    list_filter = ("rncp", "confidence")
    search_fields = ("rncp", "acronym", "title")


@admin.register(models.Bloc, models.Unite, models.Epreuve)
class PartAdmin(ReadOnlyAdmin):
    list_display = ("code", "title", "referentiel", "confidence")
    list_filter = ("referentiel", "confidence")
    list_select_related = ("referentiel",)
    search_fields = ("code", "title")


@admin.register(models.EpreuveRule)
class EpreuveRuleAdmin(ReadOnlyAdmin):
    list_display = ("epreuve", "categorie", "form", "duration_minutes", "confidence")
    list_filter = ("categorie", "form", "confidence", "epreuve__referentiel")
    list_select_related = ("epreuve",)
    search_fields = ("epreuve__code", "epreuve__title")


@admin.register(models.Competence)
class CompetenceAdmin(ReadOnlyAdmin):
    list_display = ("code", "title", "bloc", "confidence")
    list_filter = ("bloc__referentiel", "confidence")
    list_select_related = ("bloc",)
    search_fields = ("code", "title")


@admin.register(models.SousCompetence)
class SousCompetenceAdmin(ReadOnlyAdmin):
    list_display = ("code", "title", "competence")
    list_filter = ("competence__bloc__referentiel",)
    list_select_related = ("competence",)
    search_fields = ("code", "title")


@admin.register(models.CfaProgramme)
class CfaProgrammeAdmin(ReadOnlyAdmin):
    list_display = ("title", "cfa", "referentiel", "session", "starts_on", "ends_on")
    list_filter = ("cfa", "session")
    list_select_related = ("cfa", "referentiel")
    search_fields = ("title", "slug")


@admin.register(models.ProgrammeSection, models.Subject, models.AnnouncedEpreuve)
class ProgrammePartAdmin(ReadOnlyAdmin):
    list_display = ("title", "programme", "source")
    list_filter = ("programme",)
    list_select_related = ("programme",)
    search_fields = ("title", "programme__title")


register_rest("programmes")
