"""What one CFA announces for one diploma, as its document prints it."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import Cfa, User

from ..querysets import CfaProgrammeQuerySet
from .referentiel import Referentiel


class CfaProgramme(models.Model):
    """What one CFA announces for one diploma: dates, rhythm, contents, means."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(Cfa, models.CASCADE, related_name="programmes", verbose_name="CFA")
    referentiel = models.ForeignKey(
        Referentiel, models.PROTECT, related_name="programmes", verbose_name="référentiel"
    )
    slug = models.SlugField("nom court", unique=True)
    title = models.CharField("intitulé", max_length=200)
    session = models.PositiveSmallIntegerField("session d'examen")
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin")
    hours_announced = models.DecimalField("heures annoncées", max_digits=6, decimal_places=2)
    group_min = models.PositiveSmallIntegerField("effectif minimal", default=1)
    group_max = models.PositiveSmallIntegerField("effectif maximal", default=20)
    # {"weekdays": [0, 1], "halves": [{"half": "matin", "starts": "09:00", "ends": "12:30"}, ...],
    #  "zone"?, "cycle_weeks"?, "cfa_weeks"?, "anchor"?}: see calendar_rules.Rhythm.from_json.
    rhythm = models.JSONField("rythme au CFA")
    place = models.CharField("lieu", max_length=300, blank=True)
    source = models.CharField("document d'origine", max_length=200, blank=True)
    # Values of the file that the document does not print (see enums.Assumed), and why they were chosen.
    assumed = models.JSONField("valeurs supposées", default=list, blank=True)
    assumed_note = models.CharField("note sur les valeurs supposées", max_length=500, blank=True)
    # [{"first", "last", "label"}]: periods without the CFA that the document prints.
    closures = models.JSONField("fermetures", default=list, blank=True)
    # [{"topic", "value", "says", "where"}]: what the document affirms of the diploma or the law (enums.Topic).
    claims = models.JSONField("affirmations du document", default=list, blank=True)
    # [{"label", "year", "rate"}], rate in percent as printed.
    indicators = models.JSONField("taux publiés", default=list, blank=True)
    duplicated_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="duplicates",
        verbose_name="copie de",
    )
    # Set by the first edit in the application: from then on, files no longer overwrite the programme.
    edited_at = models.DateTimeField("modifié dans l'application le", null=True, blank=True)
    edited_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="modifié par"
    )
    checksum = models.CharField("empreinte des données", max_length=64, editable=False)

    objects = CfaProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = "programme"
        verbose_name_plural = "programmes"
        ordering = ("cfa", "-starts_on", "pk")
        constraints = [
            models.CheckConstraint(
                name="programmes_cfaprogramme_dates_in_order",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message="La fin doit suivre le début.",
            ),
            models.CheckConstraint(
                name="programmes_cfaprogramme_group_in_order",
                condition=Q(group_max__gte=F("group_min")),
                violation_error_message="L'effectif maximal doit atteindre l'effectif minimal.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProgrammeSection(models.Model):
    """A rubric of the programme as the CFA prints it (public, prerequisites, means...)."""

    programme = models.ForeignKey(
        CfaProgramme, models.CASCADE, related_name="sections", verbose_name="programme"
    )
    code = models.SlugField("repère")
    title = models.CharField("titre", max_length=200)
    # [{"label", "text", "correction", "published"}]: as printed; `correction` says what is wrong with it,
    # `published` is what the public page prints instead. All but the text may be empty.
    lines = models.JSONField("contenu", default=list)
    # The public page prints the référentiel's own values in its place (blocs, épreuves, codes).
    is_official = models.BooleanField("remplacée par les valeurs officielles", default=False)
    source = models.CharField("source", max_length=300)
    position = models.PositiveSmallIntegerField("rang")

    class Meta:
        verbose_name = "rubrique de programme"
        verbose_name_plural = "rubriques de programme"
        ordering = ("programme", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("programme", "code"), name="programmes_section_code_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Subject(models.Model):
    """A subject (matière) of a CFA's programme, with its hours by year and its contents."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(
        CfaProgramme, models.CASCADE, related_name="subjects", verbose_name="programme"
    )
    code = models.SlugField("repère", blank=True)
    unite_code = models.CharField("unité préparée", max_length=8, blank=True)
    announced_unite = models.CharField("unité annoncée", max_length=8, blank=True)
    title = models.CharField("intitulé", max_length=200)
    short_title = models.CharField("intitulé court", max_length=60)
    hours_year_1 = models.DecimalField("heures en 1re année", max_digits=6, decimal_places=2)
    hours_year_2 = models.DecimalField("heures en 2e année", max_digits=6, decimal_places=2)
    hours_source = models.CharField("source des heures", max_length=300, blank=True)
    # [{"title", "items": [text]}]
    contents = models.JSONField("contenus", default=list)
    announced_coefficient = models.DecimalField(
        "coefficient annoncé", max_digits=4, decimal_places=1, null=True, blank=True
    )
    source = models.CharField("source", max_length=300)
    position = models.PositiveSmallIntegerField("rang")

    class Meta:
        verbose_name = "matière"
        verbose_name_plural = "matières"
        ordering = ("programme", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("programme", "title"), name="programmes_subject_title_unique"
            ),
            models.UniqueConstraint(
                fields=("programme", "code"),
                condition=~Q(code=""),
                name="programmes_subject_code_unique",
            ),
            models.CheckConstraint(
                name="programmes_subject_hours_positive",
                condition=Q(hours_year_1__gte=0) & Q(hours_year_2__gte=0),
                violation_error_message="Les heures ne peuvent pas être négatives.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def hours(self):
        return self.hours_year_1 + self.hours_year_2


class AnnouncedEpreuve(models.Model):
    """An épreuve as the CFA's document prints it, errors included."""

    programme = models.ForeignKey(
        CfaProgramme, models.CASCADE, related_name="announced_epreuves", verbose_name="programme"
    )
    code = models.CharField("code", max_length=8)
    title = models.CharField("intitulé", max_length=200)
    coefficient = models.DecimalField(
        "coefficient annoncé", max_digits=4, decimal_places=1, null=True, blank=True
    )
    form = models.CharField("modalité annoncée", max_length=120)
    source = models.CharField("source", max_length=300)
    position = models.PositiveSmallIntegerField("rang")

    class Meta:
        verbose_name = "épreuve annoncée"
        verbose_name_plural = "épreuves annoncées"
        ordering = ("programme", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("programme", "code"), name="programmes_announcedepreuve_code_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
