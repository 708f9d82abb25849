"""The exam of one session: candidates registered, marks by stage, the jury's results once published."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import Cfa, User
from apprentices.models import Enrolment
from documents.models import Document
from programmes.enums import Categorie
from programmes.models import Referentiel, Unite

from ..exam.enums import CATEGORIES, PASSED, Decision, Forme, Outcome, Plan, RegistrationState
from ..exam.querysets import ExamRegistrationQuerySet, ExamSessionQuerySet
from .received import ReceivedFile


def _in_range(name: str) -> Q:
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0, f"{name}__lte": 20})


class ExamSession(models.Model):
    """The jury of one year for one diploma, as one CFA prepares it and follows it."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="exam_sessions", verbose_name="CFA")
    referentiel = models.ForeignKey(
        Referentiel, models.PROTECT, related_name="exam_sessions", verbose_name="référentiel"
    )
    year = models.PositiveSmallIntegerField("session")
    registration_closes_on = models.DateField("fin des inscriptions", null=True, blank=True)
    deliberated_on = models.DateField("délibération du jury", null=True, blank=True)
    published_at = models.DateTimeField("résultats publiés le", null=True, blank=True)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="publiés par"
    )
    final_deliberated_on = models.DateField(
        "délibération après les épreuves de contrôle", null=True, blank=True
    )
    final_published_at = models.DateTimeField(
        "résultats après contrôle publiés le", null=True, blank=True
    )

    objects = ExamSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "session d'examen"
        verbose_name_plural = "sessions d'examen"
        ordering = ("-year", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("cfa", "referentiel", "year"), name="evaluations_examsession_unique"
            ),
            models.CheckConstraint(
                name="evaluations_examsession_published_has_traces",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(
                    published_at__isnull=False,
                    published_by__isnull=False,
                    deliberated_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="evaluations_examsession_final_follows",
                condition=Q(final_published_at__isnull=True)
                | Q(
                    final_deliberated_on__isnull=False,
                    published_at__isnull=False,
                    final_deliberated_on__gte=F("deliberated_on"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referentiel.diploma} {self.referentiel.acronym}, session {self.year}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def is_final(self) -> bool:
        return self.final_published_at is not None


class ExamRegistration(models.Model):
    """One candidate at one session; the result is frozen when the jury's deliberation is published."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(
        ExamSession, models.PROTECT, related_name="registrations", verbose_name="session d'examen"
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="exam_registrations", verbose_name="inscription"
    )
    state = models.CharField(
        "état",
        max_length=10,
        choices=RegistrationState.choices,
        default=RegistrationState.DRAFT,
    )
    categorie = models.CharField("catégorie", max_length=20, choices=Categorie.choices)
    forme = models.CharField(
        "forme de passage", max_length=12, choices=Forme.choices, default=Forme.GLOBALE
    )
    forme_reason = models.CharField("dérogation du recteur", max_length=200, blank=True)
    candidate_number = models.CharField("numéro de candidat", max_length=20, blank=True)
    confirmed_on = models.DateField("confirmation signée le", null=True, blank=True)
    decision = models.CharField("décision", max_length=24, choices=Decision.choices, blank=True)
    points = models.DecimalField("points", max_digits=6, decimal_places=2, null=True, blank=True)
    coefficients = models.DecimalField(
        "coefficients", max_digits=5, decimal_places=1, null=True, blank=True
    )
    average = models.DecimalField("moyenne", max_digits=4, decimal_places=2, null=True, blank=True)
    # {"steps": [{sentence, source}], "acquired": [{unit, title, bloc, bloc_title, mark, session, until}],
    #  "marks": {unit: text}}: as decided, in words that no later change of the référentiel touches.
    verdict = models.JSONField("décision détaillée", default=dict, blank=True)
    document = models.OneToOneField(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="attestation",
    )

    objects = ExamRegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription à l'examen"
        verbose_name_plural = "inscriptions à l'examen"
        ordering = (
            "enrolment__apprentice__last_name",
            "enrolment__apprentice__first_name",
            "pk",
        )
        constraints = [
            models.UniqueConstraint(
                fields=("session", "enrolment"), name="evaluations_examregistration_unique"
            ),
            models.CheckConstraint(
                name="evaluations_examregistration_state_valid",
                condition=Q(state__in=RegistrationState.values),
            ),
            models.CheckConstraint(
                name="evaluations_examregistration_categorie_valid",
                condition=Q(categorie__in=Categorie.values),
            ),
            models.CheckConstraint(
                name="evaluations_examregistration_forme_valid",
                condition=Q(forme__in=Forme.values),
            ),
            models.CheckConstraint(
                name="evaluations_examregistration_decision_valid",
                condition=Q(decision="") | Q(decision__in=Decision.values),
            ),
            models.CheckConstraint(
                name="evaluations_examregistration_confirmed_has_date",
                condition=~Q(state=RegistrationState.CONFIRMED) | Q(confirmed_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.apprentice} · session {self.session.year}"

    @property
    def categorie_words(self) -> str:
        """Its column of the règlement d'examen, as one says it of a candidate."""
        return CATEGORIES[self.categorie]

    @property
    def is_passed(self) -> bool:
        return self.decision in PASSED

    @property
    def can_attest(self) -> bool:
        """Units to keep, of a candidate who has not passed and has no oral left (D643-15)."""
        waiting = ("", Decision.CONTROLE, *PASSED)
        return self.decision not in waiting and bool(self.verdict.get("acquired"))


class ExamUnit(models.Model):
    """One unit of a candidate: what was asked when registering, then its marks, stage by stage."""

    registration = models.ForeignKey(
        ExamRegistration,
        models.PROTECT,
        related_name="units",
        verbose_name="inscription à l'examen",
    )
    unite = models.ForeignKey(Unite, models.PROTECT, related_name="+", verbose_name="unité")
    plan = models.CharField("demande", max_length=10, choices=Plan.choices, default=Plan.SIT)
    kept_mark = models.DecimalField(
        "note conservée", max_digits=3, decimal_places=1, null=True, blank=True
    )
    kept_session = models.PositiveSmallIntegerField("session de la note", null=True, blank=True)
    by_vae = models.BooleanField("acquise par la VAE", default=False)
    proof = models.ForeignKey(
        ReceivedFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name="pièce justificative",
    )
    outcome = models.CharField("absence", max_length=14, choices=Outcome.choices, blank=True)
    # {"E5A": "9", "E5B": "12"}: marks of the parts of the épreuve, when it has parts.
    parts = models.JSONField("notes des parties", default=dict, blank=True)
    proposed = models.DecimalField(
        "note proposée", max_digits=3, decimal_places=1, null=True, blank=True
    )
    harmonised = models.DecimalField(
        "note harmonisée", max_digits=3, decimal_places=1, null=True, blank=True
    )
    decided = models.DecimalField(
        "note arrêtée par le jury", max_digits=3, decimal_places=1, null=True, blank=True
    )
    oral = models.DecimalField(
        "note à l'oral de contrôle", max_digits=3, decimal_places=1, null=True, blank=True
    )

    class Meta:
        verbose_name = "unité d'un candidat"
        verbose_name_plural = "unités des candidats"
        ordering = ("registration", "unite__position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("registration", "unite"), name="evaluations_examunit_unique"
            ),
            models.CheckConstraint(
                name="evaluations_examunit_plan_valid", condition=Q(plan__in=Plan.values)
            ),
            models.CheckConstraint(
                name="evaluations_examunit_outcome_valid",
                condition=Q(outcome="") | Q(outcome__in=Outcome.values),
            ),
            models.CheckConstraint(
                name="evaluations_examunit_kept_has_mark",
                condition=(
                    Q(plan=Plan.KEPT, kept_mark__isnull=False, kept_session__isnull=False)
                    | (~Q(plan=Plan.KEPT) & Q(kept_mark__isnull=True, kept_session__isnull=True))
                ),
            ),
            models.CheckConstraint(
                name="evaluations_examunit_dispense_has_proof",
                condition=~Q(plan=Plan.DISPENSED) | Q(proof__isnull=False),
                violation_error_message="Une dispense se demande avec sa pièce justificative.",
            ),
            models.CheckConstraint(
                name="evaluations_examunit_marks_only_when_sat",
                condition=Q(plan=Plan.SIT)
                | Q(
                    outcome="",
                    proposed__isnull=True,
                    harmonised__isnull=True,
                    decided__isnull=True,
                ),
                violation_error_message="Une unité dispensée ou conservée ne porte pas de note.",
            ),
            models.CheckConstraint(
                name="evaluations_examunit_marks_in_range",
                condition=_in_range("kept_mark")
                & _in_range("proposed")
                & _in_range("harmonised")
                & _in_range("decided")
                & _in_range("oral"),
                violation_error_message="La note va de 0 à 20.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unite.code} · {self.registration}"
