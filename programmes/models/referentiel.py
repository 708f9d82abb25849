"""The référentiel of a diploma: one version for each range of exam sessions, frozen once published."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import User

from ..bases import Frozen, SaidRule, Sourced
from ..enums import Categorie, Confidence, EpreuveForm, VersionState
from ..querysets import FrozenQuerySet, ReferentielQuerySet


class Referentiel(Frozen, Sourced):
    """One version of a certification: what holds for a range of exam sessions.

    A published version never changes: a mistake is mended by a new edition of the same sessions.
    """

    version_path = ""

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
    registered_from = models.DateField("début d'enregistrement", null=True, blank=True)
    sheet_published_on = models.DateField("publication de la fiche RNCP", null=True, blank=True)
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
    edition = models.PositiveSmallIntegerField("édition", default=1)
    state = models.CharField(
        "état", max_length=10, choices=VersionState.choices, default=VersionState.DRAFT
    )
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    published_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="publiée par",
    )
    publication_reason = models.CharField("motif de publication", max_length=300, blank=True)
    checksum = models.CharField("empreinte des données", max_length=64, editable=False)

    objects = ReferentielQuerySet.as_manager()

    class Meta:
        verbose_name = "référentiel"
        verbose_name_plural = "référentiels"
        ordering = ("rncp", "-session_from", "-edition", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("rncp", "session_from", "edition"),
                name="programmes_referentiel_session_unique",
            ),
            models.UniqueConstraint(
                fields=("rncp", "session_from"),
                condition=Q(state=VersionState.PUBLISHED),
                name="programmes_referentiel_one_published",
            ),
            models.CheckConstraint(
                name="programmes_referentiel_state_valid",
                condition=Q(state__in=VersionState.values),
            ),
            models.CheckConstraint(
                name="programmes_referentiel_published_has_reason",
                condition=Q(state=VersionState.DRAFT, published_at__isnull=True)
                | (
                    ~Q(state=VersionState.DRAFT)
                    & Q(published_at__isnull=False)
                    & ~Q(publication_reason="")
                ),
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
        edition = f", édition {self.edition}" if self.edition > 1 else ""
        return f"{self.diploma} {self.acronym} ({self.rncp}, {self.sessions}{edition})"

    @property
    def is_frozen(self) -> bool:
        return self.state != VersionState.DRAFT

    @property
    def sessions(self) -> str:
        if self.session_to is None:
            return f"session {self.session_from} et suivantes"
        if self.session_to == self.session_from:
            return f"session {self.session_from}"
        return f"sessions {self.session_from} à {self.session_to}"


class Bloc(Frozen, Sourced):
    """A bloc de compétences of the certification."""

    version_path = "referentiel"

    referentiel = models.ForeignKey(
        Referentiel, models.CASCADE, related_name="blocs", verbose_name="référentiel"
    )
    code = models.CharField("code", max_length=20)
    title = models.CharField("intitulé", max_length=200)
    is_optional = models.BooleanField("facultatif", default=False)
    activities = models.JSONField("activités", default=list, blank=True)
    position = models.PositiveSmallIntegerField("rang")

    objects = FrozenQuerySet.as_manager()

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


class Unite(Frozen, Sourced):
    """A unit of the diploma (U1 to U6, UF1): what a mark is given for."""

    version_path = "referentiel"

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

    objects = FrozenQuerySet.as_manager()

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


class Epreuve(Frozen, Sourced):
    """An exam: its unit and coefficient; how it is taken depends on the candidate's category."""

    version_path = "referentiel"

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

    objects = FrozenQuerySet.as_manager()

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


class EpreuveRule(Frozen, SaidRule):
    """How an épreuve is taken by one category of candidates."""

    version_path = "epreuve__referentiel"

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

    objects = FrozenQuerySet.as_manager()

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


class Competence(Frozen, Sourced):
    """A competence of a bloc."""

    version_path = "bloc__referentiel"

    bloc = models.ForeignKey(
        Bloc, models.CASCADE, related_name="competences", verbose_name="bloc de compétences"
    )
    code = models.CharField("repère", max_length=12)
    title = models.CharField("intitulé", max_length=200)
    position = models.PositiveSmallIntegerField("rang")

    objects = FrozenQuerySet.as_manager()

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


class SousCompetence(Frozen):
    """A line of the official grid, with its critères de performance."""

    version_path = "competence__bloc__referentiel"

    competence = models.ForeignKey(
        Competence, models.CASCADE, related_name="lines", verbose_name="compétence"
    )
    code = models.CharField("repère", max_length=16)
    title = models.CharField("intitulé", max_length=200)
    criteres = models.JSONField("critères de performance", default=list)
    position = models.PositiveSmallIntegerField("rang")

    objects = FrozenQuerySet.as_manager()

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
