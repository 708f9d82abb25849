"""From candidate to enrolled: the application, its papers, the interview and the positioning test."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User

from ..enums import ApplicationState, InterviewOpinion
from ..querysets import ApplicationQuerySet
from .cohorts import Cohort, Enrolment
from .people import Apprentice

DECIDED = (
    ApplicationState.WAITING,
    ApplicationState.ADMITTED,
    ApplicationState.ENROLLED,
    ApplicationState.REFUSED,
)


class Application(models.Model):
    """A person's request to enter one cohort, up to the decision and the enrolment."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    apprentice = models.ForeignKey(
        Apprentice, models.PROTECT, related_name="applications", verbose_name="candidat"
    )
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="applications", verbose_name="promotion"
    )
    state = models.CharField(
        "état",
        max_length=10,
        choices=ApplicationState.choices,
        default=ApplicationState.RECEIVED,
        editable=False,
    )
    received_on = models.DateField("candidature reçue le")
    source = models.CharField(
        "venu par", max_length=120, blank=True, help_text="Parcoursup, salon, bouche à oreille…"
    )
    interviewed_on = models.DateField("entretien le", null=True, blank=True)
    interviewer = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="entretien mené par",
    )
    interview_opinion = models.CharField(
        "avis", max_length=12, choices=InterviewOpinion.choices, blank=True
    )
    interview_notes = models.TextField("compte rendu", max_length=4000, blank=True)
    decided_on = models.DateField("décision le", null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="décision prise par",
    )
    decision_reason = models.TextField("motif de la décision", blank=True, editable=False)
    waiting_since = models.DateTimeField(
        "en liste d'attente depuis", null=True, blank=True, editable=False
    )
    enrolment = models.OneToOneField(
        Enrolment,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="application",
        verbose_name="inscription",
    )
    created_at = models.DateTimeField("saisie le", default=timezone.now, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "candidature"
        verbose_name_plural = "candidatures"
        ordering = ("-received_on", "-pk")
        constraints = [
            models.CheckConstraint(
                name="apprentices_application_state_valid",
                condition=Q(state__in=ApplicationState.values),
            ),
            models.CheckConstraint(
                name="apprentices_application_interview_opinion_valid",
                condition=Q(interview_opinion="")
                | Q(interview_opinion__in=InterviewOpinion.values),
            ),
            models.UniqueConstraint(
                fields=("apprentice", "cohort"),
                name="apprentices_application_unique",
                violation_error_message="Cette personne a déjà une candidature à cette promotion.",
            ),
            models.CheckConstraint(
                name="apprentices_application_decided_has_trace",
                condition=~Q(state__in=DECIDED)
                | Q(decided_on__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="apprentices_application_waiting_has_rank",
                condition=Q(state=ApplicationState.WAITING, waiting_since__isnull=False)
                | (~Q(state=ApplicationState.WAITING) & Q(waiting_since__isnull=True)),
            ),
            models.CheckConstraint(
                name="apprentices_application_enrolled_has_enrolment",
                condition=Q(state=ApplicationState.ENROLLED, enrolment__isnull=False)
                | (~Q(state=ApplicationState.ENROLLED) & Q(enrolment__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.apprentice} · {self.cohort}"


class ApplicationPiece(models.Model):
    """One paper of the file: asked, then received on a day."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="pieces", verbose_name="candidature"
    )
    code = models.CharField("pièce", max_length=30)
    label = models.CharField("libellé", max_length=150)
    is_required = models.BooleanField("obligatoire", default=True)
    received_on = models.DateField("reçue le", null=True, blank=True)

    class Meta:
        verbose_name = "pièce du dossier"
        verbose_name_plural = "pièces du dossier"
        ordering = ("application", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("application", "code"), name="apprentices_applicationpiece_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class PositioningTest(models.Model):
    """The written test at entry: what it showed and the hours that it allows to remove (D8)."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    application = models.OneToOneField(
        Application, models.CASCADE, related_name="positioning", verbose_name="candidature"
    )
    taken_on = models.DateField("passé le")
    assessor = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="corrigé par")
    score = models.DecimalField("résultat", max_digits=5, decimal_places=2)
    maximum = models.DecimalField("sur", max_digits=5, decimal_places=2, default=20)
    hours_removed = models.DecimalField(
        "heures qu'il permet de retirer", max_digits=6, decimal_places=2, default=0
    )
    findings = models.TextField(
        "acquis constatés",
        max_length=4000,
        help_text="Ce que le test montre, matière par matière ; il justifie les heures retirées.",
    )

    class Meta:
        verbose_name = "test de positionnement"
        verbose_name_plural = "tests de positionnement"
        ordering = ("-taken_on", "pk")
        constraints = [
            models.CheckConstraint(
                name="apprentices_positioning_score_in_range",
                condition=Q(score__gte=0, maximum__gt=0, score__lte=F("maximum")),
                violation_error_message="Le résultat est compris entre 0 et le maximum.",
            ),
            models.CheckConstraint(
                name="apprentices_positioning_hours_positive", condition=Q(hours_removed__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"Test du {self.taken_on:%d/%m/%Y} · {self.application}"
