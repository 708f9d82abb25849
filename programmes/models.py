"""The référentiel of a diploma, version by exam session, and each CFA's own programme."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import Cfa

from .bases import SaidRule, Sourced
from .enums import Categorie, Confidence, EpreuveForm
from .querysets import CfaProgrammeQuerySet, ReferentielQuerySet


class Referentiel(Sourced):
    """One version of a certification: what holds for a range of exam sessions."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    rncp = models.CharField("code RNCP", max_length=12)
    acronym = models.CharField("sigle", max_length=20)
    title = models.CharField("intitulé", max_length=200)
    diploma = models.CharField("diplôme", max_length=120)
    certificateur = models.CharField("certificateur", max_length=200)
    level = models.PositiveSmallIntegerField("niveau")
    ects = models.PositiveSmallIntegerField("crédits ECTS", default=0)
    code_diplome = models.CharField("code diplôme", max_length=8)
    nsf = models.CharField("code NSF", max_length=120)
    rome = models.JSONField("codes ROME", default=list)
    formacodes = models.JSONField("Formacodes", default=list)
    registered_until = models.DateField("fin d'enregistrement")
    awarded_until = models.DateField("dernière délivrance")
    cycle_months = models.PositiveSmallIntegerField("durée du cycle en mois")
    hours_per_year = models.DecimalField(
        "heures de formation par an, au moins", max_digits=6, decimal_places=2
    )
    hours_source = models.CharField("texte des heures", max_length=300)
    session_from = models.PositiveSmallIntegerField("première session d'examen")
    session_to = models.PositiveSmallIntegerField("dernière session", null=True, blank=True)
    # {code: {"title", "values": [{"value", "source", "confidence", "session_from", "session_to"}]}}
    facts = models.JSONField("autres faits, avec leurs sources", default=dict, blank=True)
    checksum = models.CharField("empreinte des données", max_length=64, editable=False)

    objects = ReferentielQuerySet.as_manager()

    class Meta:
        verbose_name = "référentiel"
        verbose_name_plural = "référentiels"
        ordering = ("rncp", "-session_from", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("rncp", "session_from"), name="programmes_referentiel_session_unique"
            ),
            models.CheckConstraint(
                name="programmes_referentiel_sessions_in_order",
                condition=Q(session_to__isnull=True) | Q(session_to__gte=F("session_from")),
            ),
            models.CheckConstraint(
                name="programmes_referentiel_confidence_valid",
                condition=Q(confidence__in=Confidence.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.diploma} {self.acronym} ({self.rncp}, {self.sessions})"

    @property
    def sessions(self) -> str:
        if self.session_to is None:
            return f"session {self.session_from} et suivantes"
        if self.session_to == self.session_from:
            return f"session {self.session_from}"
        return f"sessions {self.session_from} à {self.session_to}"


class Bloc(Sourced):
    """A bloc de compétences of the certification."""

    referentiel = models.ForeignKey(
        Referentiel, models.CASCADE, related_name="blocs", verbose_name="référentiel"
    )
    code = models.CharField("code", max_length=20)
    title = models.CharField("intitulé", max_length=200)
    is_optional = models.BooleanField("facultatif", default=False)
    position = models.PositiveSmallIntegerField("rang")

    class Meta:
        verbose_name = "bloc de compétences"
        verbose_name_plural = "blocs de compétences"
        ordering = ("referentiel", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("referentiel", "code"), name="programmes_bloc_code_unique"
            ),
            models.CheckConstraint(
                name="programmes_bloc_confidence_valid",
                condition=Q(confidence__in=Confidence.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Unite(Sourced):
    """A unit of the diploma (U1 to U6, UF1): what a mark is given for."""

    referentiel = models.ForeignKey(
        Referentiel, models.CASCADE, related_name="unites", verbose_name="référentiel"
    )
    bloc = models.OneToOneField(
        Bloc, models.CASCADE, related_name="unite", verbose_name="bloc de compétences"
    )
    code = models.CharField("code", max_length=8)
    title = models.CharField("intitulé", max_length=200)
    is_professional = models.BooleanField("professionnelle", default=False)
    is_optional = models.BooleanField("facultative", default=False)
    position = models.PositiveSmallIntegerField("rang")

    class Meta:
        verbose_name = "unité"
        verbose_name_plural = "unités"
        ordering = ("referentiel", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("referentiel", "code"), name="programmes_unite_code_unique"
            ),
            models.CheckConstraint(
                name="programmes_unite_confidence_valid",
                condition=Q(confidence__in=Confidence.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Epreuve(Sourced):
    """An exam: its unit and coefficient; how it is taken depends on the candidate's category."""

    referentiel = models.ForeignKey(
        Referentiel, models.CASCADE, related_name="epreuves", verbose_name="référentiel"
    )
    unite = models.OneToOneField(
        Unite, models.CASCADE, related_name="epreuve", verbose_name="unité"
    )
    code = models.CharField("code", max_length=8)
    title = models.CharField("intitulé", max_length=200)
    coefficient = models.DecimalField(
        "coefficient", max_digits=4, decimal_places=1, null=True, blank=True
    )
    # {"always": [codes], "one_of": [codes], "choice_situation", "source", "confidence"}: the competences
    # whose lines make the official grid; of `one_of` exactly one is chosen. Empty: no grid.
    grid = models.JSONField("grille", default=dict, blank=True)
    position = models.PositiveSmallIntegerField("rang")
    rule: "EpreuveRule | None"  # set by selectors.epreuves_for: how one category takes it

    class Meta:
        verbose_name = "épreuve"
        verbose_name_plural = "épreuves"
        ordering = ("referentiel", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("referentiel", "code"), name="programmes_epreuve_code_unique"
            ),
            models.CheckConstraint(
                name="programmes_epreuve_coefficient_positive",
                condition=Q(coefficient__isnull=True) | Q(coefficient__gt=0),
            ),
            models.CheckConstraint(
                name="programmes_epreuve_confidence_valid",
                condition=Q(confidence__in=Confidence.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class EpreuveRule(SaidRule):
    """How an épreuve is taken by one category of candidates."""

    epreuve = models.ForeignKey(
        Epreuve, models.CASCADE, related_name="rules", verbose_name="épreuve"
    )
    categorie = models.CharField("catégorie", max_length=20, choices=Categorie.choices)
    form = models.CharField("forme", max_length=30, choices=EpreuveForm.choices)
    duration_minutes = models.PositiveSmallIntegerField("durée (min)", null=True, blank=True)
    preparation_minutes = models.PositiveSmallIntegerField(
        "préparation (min)", null=True, blank=True
    )
    situations = models.PositiveSmallIntegerField("nombre de situations de CCF", default=0)
    # [{code, title, coefficient?, points?, duration_minutes?, preparation_minutes?}]: parts of an
    # épreuve, or situations of a CCF.
    parts = models.JSONField("parties", default=list, blank=True)

    class Meta:
        verbose_name = "modalité d'épreuve"
        verbose_name_plural = "modalités d'épreuve"
        ordering = ("epreuve", "categorie", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("epreuve", "categorie"), name="programmes_epreuverule_unique"
            ),
            models.CheckConstraint(
                name="programmes_epreuverule_categorie_valid",
                condition=Q(categorie__in=Categorie.values),
            ),
            models.CheckConstraint(
                name="programmes_epreuverule_form_valid",
                condition=Q(form__in=EpreuveForm.values),
            ),
            models.CheckConstraint(
                name="programmes_epreuverule_ccf_has_situations",
                condition=(Q(form=EpreuveForm.CCF) & Q(situations__gte=1))
                | (~Q(form=EpreuveForm.CCF) & Q(situations=0)),
            ),
            models.CheckConstraint(
                name="programmes_epreuverule_confidence_valid",
                condition=Q(confidence__in=Confidence.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.epreuve.code} {self.get_categorie_display()}"


class Competence(Sourced):
    """A competence of a bloc."""

    bloc = models.ForeignKey(
        Bloc, models.CASCADE, related_name="competences", verbose_name="bloc de compétences"
    )
    code = models.CharField("repère", max_length=12)
    title = models.CharField("intitulé", max_length=200)
    position = models.PositiveSmallIntegerField("rang")

    class Meta:
        verbose_name = "compétence"
        verbose_name_plural = "compétences"
        ordering = ("bloc", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("bloc", "code"), name="programmes_competence_code_unique"
            ),
            models.CheckConstraint(
                name="programmes_competence_confidence_valid",
                condition=Q(confidence__in=Confidence.values),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SousCompetence(models.Model):
    """A line of the official grid, with its critères de performance."""

    competence = models.ForeignKey(
        Competence, models.CASCADE, related_name="lines", verbose_name="compétence"
    )
    code = models.CharField("repère", max_length=16)
    title = models.CharField("intitulé", max_length=200)
    criteres = models.JSONField("critères de performance", default=list)
    position = models.PositiveSmallIntegerField("rang")

    class Meta:
        verbose_name = "sous-compétence"
        verbose_name_plural = "sous-compétences"
        ordering = ("competence", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("competence", "code"), name="programmes_souscompetence_code_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.title


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
    # [{"label", "text", "correction"}]: as printed; label and correction may be empty.
    lines = models.JSONField("contenu", default=list)
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
