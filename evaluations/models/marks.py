"""Formative marks: periods, assessments, marks, appreciations, and what the reports add."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Cfa, User
from apprentices.models import Cohort, Enrolment
from documents.models import Document
from programmes.models import Epreuve, Subject

from ..enums import BLANK_EXAMS, AssessmentKind, MarkStatus, Opinion, PeriodState
from ..querysets import AssessmentQuerySet


class GradingPeriod(models.Model):
    """A semester of a cohort; locked, its marks and appreciations do not move any more."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="grading_periods", verbose_name="promotion"
    )
    number = models.PositiveSmallIntegerField("semestre")
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin")
    state = models.CharField(
        "état", max_length=8, choices=PeriodState.choices, default=PeriodState.OPEN
    )
    locked_at = models.DateTimeField("verrouillée le", null=True, blank=True)
    locked_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="verrouillée par",
    )

    class Meta:
        verbose_name = "semestre"
        verbose_name_plural = "semestres"
        ordering = ("cohort", "number", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("cohort", "number"), name="evaluations_gradingperiod_unique"
            ),
            models.CheckConstraint(
                name="evaluations_gradingperiod_dates_in_order",
                condition=Q(ends_on__gt=F("starts_on")),
            ),
            models.CheckConstraint(
                name="evaluations_gradingperiod_state_valid",
                condition=Q(state__in=PeriodState.values),
            ),
            models.CheckConstraint(
                name="evaluations_gradingperiod_locked_has_traces",
                condition=Q(
                    state=PeriodState.LOCKED, locked_at__isnull=False, locked_by__isnull=False
                )
                | Q(state=PeriodState.OPEN, locked_at__isnull=True, locked_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Semestre {self.number}"

    @property
    def is_locked(self) -> bool:
        return self.state == PeriodState.LOCKED


class Assessment(models.Model):
    """A quiz, case study, role play or blank exam: one column of the grid."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    period = models.ForeignKey(
        GradingPeriod, models.PROTECT, related_name="assessments", verbose_name="semestre"
    )
    subject = models.ForeignKey(
        Subject, models.PROTECT, related_name="assessments", verbose_name="matière"
    )
    epreuve = models.ForeignKey(
        Epreuve,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
        verbose_name="épreuve préparée",
    )
    kind = models.CharField("nature", max_length=20, choices=AssessmentKind.choices)
    title = models.CharField("intitulé", max_length=80)
    held_on = models.DateField("date")
    coefficient = models.DecimalField("coefficient", max_digits=4, decimal_places=2, default=1)
    scale = models.DecimalField("barème", max_digits=5, decimal_places=1, default=20)
    is_visible = models.BooleanField("notes visibles par les apprentis", default=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "évaluation formative"
        verbose_name_plural = "évaluations formatives"
        ordering = ("period", "subject__position", "held_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("period", "subject", "title", "held_on"),
                name="evaluations_assessment_unique",
                violation_error_message="Cette évaluation existe déjà à cette date.",
            ),
            models.CheckConstraint(
                name="evaluations_assessment_kind_valid",
                condition=Q(kind__in=AssessmentKind.values),
            ),
            models.CheckConstraint(
                name="evaluations_assessment_coefficient_positive", condition=Q(coefficient__gt=0)
            ),
            models.CheckConstraint(
                name="evaluations_assessment_scale_positive", condition=Q(scale__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_blank_exam(self) -> bool:
        """Marked like the exam: out of 20, in half points (NOTA97)."""
        return self.kind in BLANK_EXAMS


class Mark(models.Model):
    """What one apprentice got at one assessment: a mark, or why there is none."""

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="marks", verbose_name="évaluation"
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="marks", verbose_name="inscription"
    )
    status = models.CharField("statut", max_length=10, choices=MarkStatus.choices)
    value = models.DecimalField("note", max_digits=5, decimal_places=2, null=True, blank=True)
    marked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="saisie par"
    )
    marked_at = models.DateTimeField("saisie le", default=timezone.now)

    class Meta:
        verbose_name = "note"
        verbose_name_plural = "notes"
        ordering = ("assessment", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("assessment", "enrolment"), name="evaluations_mark_unique"
            ),
            models.CheckConstraint(
                name="evaluations_mark_status_valid", condition=Q(status__in=MarkStatus.values)
            ),
            models.CheckConstraint(
                name="evaluations_mark_value_when_marked",
                condition=Q(status=MarkStatus.MARKED, value__isnull=False)
                | (~Q(status=MarkStatus.MARKED) & Q(value__isnull=True)),
            ),
            models.CheckConstraint(
                name="evaluations_mark_value_positive",
                condition=Q(value__isnull=True) | Q(value__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} · {self.enrolment.apprentice}"


class Appreciation(models.Model):
    """What a teacher writes of one apprentice in one subject and semester; no subject: the council."""

    period = models.ForeignKey(
        GradingPeriod, models.PROTECT, related_name="appreciations", verbose_name="semestre"
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="appreciations", verbose_name="inscription"
    )
    subject = models.ForeignKey(
        Subject,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appreciations",
        verbose_name="matière",
    )
    text = models.TextField("appréciation")
    written_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="écrite par"
    )

    class Meta:
        verbose_name = "appréciation"
        verbose_name_plural = "appréciations"
        ordering = ("period", "enrolment", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("period", "enrolment", "subject"),
                name="evaluations_appreciation_unique",
                condition=Q(subject__isnull=False),
            ),
            models.UniqueConstraint(
                fields=("period", "enrolment"),
                name="evaluations_appreciation_general_unique",
                condition=Q(subject__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.apprentice} · {self.subject or 'conseil'}"


class LivretScolaire(models.Model):
    """What the livret scolaire adds for the jury: the team's opinion and its words."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.OneToOneField(
        Enrolment, models.PROTECT, related_name="livret_scolaire", verbose_name="inscription"
    )
    opinion = models.CharField("avis", max_length=12, choices=Opinion.choices, blank=True)
    text = models.TextField("appréciation générale", blank=True)

    class Meta:
        verbose_name = "livret scolaire"
        verbose_name_plural = "livrets scolaires"
        ordering = ("enrolment", "pk")
        constraints = [
            models.CheckConstraint(
                name="evaluations_livretscolaire_opinion_valid",
                condition=Q(opinion="") | Q(opinion__in=Opinion.values),
            ),
        ]

    def __str__(self) -> str:
        return f"Livret scolaire de {self.enrolment.apprentice}"


class PastSession(models.Model):
    """The CFA's result at an earlier session, printed on the livret scolaire."""

    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="past_sessions", verbose_name="CFA")
    session = models.PositiveSmallIntegerField("session")
    presented = models.PositiveSmallIntegerField("présentés")
    admitted = models.PositiveSmallIntegerField("reçus")

    class Meta:
        verbose_name = "résultat d'une session antérieure"
        verbose_name_plural = "résultats des sessions antérieures"
        ordering = ("cfa", "-session", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("cfa", "session"), name="evaluations_pastsession_unique"
            ),
            models.CheckConstraint(
                name="evaluations_pastsession_admitted_among_presented",
                condition=Q(admitted__lte=F("presented")),
            ),
        ]

    def __str__(self) -> str:
        return f"Session {self.session}"


class Report(models.Model):
    """A bulletin (with its semester) or a livret scolaire (without), as it was issued."""

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="reports", verbose_name="inscription"
    )
    period = models.ForeignKey(
        GradingPeriod,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name="semestre",
    )
    document = models.OneToOneField(
        Document, models.PROTECT, related_name="+", verbose_name="document PDF"
    )

    class Meta:
        verbose_name = "bulletin ou livret scolaire"
        verbose_name_plural = "bulletins et livrets scolaires"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.enrolment.apprentice} · {self.document}"
