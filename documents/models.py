"""Everything that leaves as a file, and the background work that makes it."""

import uuid

from django.db import models
from django.utils import timezone

from accounts.models import Cfa, User

from .enums import (
    ACTIVE_JOB_STATES,
    SEALED_STATES,
    STATUS_KINDS,
    DocumentState,
    ItemState,
    JobState,
)
from .kinds import kind_label
from .querysets import DocumentQuerySet, JobItemQuerySet, JobQuerySet


class Document(models.Model):
    """A PDF asked for by somebody: its context is frozen once, its bytes when issued.

    The context is frozen when asked, or when a worker takes the document; until then it is empty.
    """

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="documents", verbose_name="CFA")
    kind = models.CharField("nature", max_length=60)
    title = models.CharField("titre", max_length=200)
    subject_label = models.CharField("personne ou groupe concerné", max_length=200)
    state = models.CharField(
        "état", max_length=10, choices=DocumentState.choices, default=DocumentState.QUEUED
    )
    context = models.JSONField("contenu figé")
    code = models.CharField("code de vérification", max_length=20, unique=True)
    readers = models.ManyToManyField(
        User, blank=True, related_name="readable_documents", verbose_name="lecteurs"
    )
    requested_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="demandé par"
    )
    requested_at = models.DateTimeField("demandé le", default=timezone.now)
    issued_at = models.DateTimeField("émis le", null=True, blank=True)
    file = models.FileField("fichier", upload_to="documents/%Y/%m/", blank=True)
    file_name = models.CharField("nom du fichier", max_length=200)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    size = models.PositiveIntegerField("taille en octets", default=0)
    pages = models.PositiveIntegerField("nombre de pages", default=0)
    template_version = models.CharField("version du modèle", max_length=64, blank=True)
    error = models.TextField("erreur", blank=True)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="remplace",
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        verbose_name_plural = "documents"
        ordering = ("-requested_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="documents_document_state_valid",
                condition=models.Q(state__in=DocumentState.values),
            ),
            models.CheckConstraint(
                name="documents_document_issued_has_file",
                condition=~models.Q(state__in=SEALED_STATES)
                | (models.Q(issued_at__isnull=False) & ~models.Q(sha256="") & ~models.Q(file="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.subject_label}"

    @property
    def kind_label(self) -> str:
        return kind_label(self.kind)

    @property
    def status_kind(self) -> str:
        return STATUS_KINDS[self.state]

    @property
    def is_frozen(self) -> bool:
        """Its content is written and never changes again."""
        return bool(self.context)

    @property
    def is_sealed(self) -> bool:
        """It has been issued: its bytes never change again."""
        return self.state in SEALED_STATES


class Job(models.Model):
    """Background work of one person: a list of items done one after the other, and a result."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="jobs", verbose_name="CFA")
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="jobs", verbose_name="demandé par"
    )
    kind = models.CharField("nature", max_length=60)
    label = models.CharField("intitulé", max_length=200)
    arguments = models.JSONField("paramètres", default=dict, blank=True)
    state = models.CharField(
        "état", max_length=10, choices=JobState.choices, default=JobState.QUEUED
    )
    total = models.PositiveIntegerField("nombre d'éléments", default=0)
    done = models.PositiveIntegerField("éléments traités", default=0)
    failed = models.PositiveIntegerField("éléments en échec", default=0)
    created_at = models.DateTimeField("demandé le", default=timezone.now)
    started_at = models.DateTimeField("commencé le", null=True, blank=True)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)
    heartbeat_at = models.DateTimeField("dernier signe de vie", null=True, blank=True)
    error = models.TextField("erreur", blank=True)
    file = models.FileField("fichier produit", upload_to="jobs/%Y/%m/", blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "tâche de fond"
        verbose_name_plural = "tâches de fond"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="documents_job_state_valid",
                condition=models.Q(state__in=JobState.values),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def status_kind(self) -> str:
        return STATUS_KINDS[self.state]

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_JOB_STATES

    @property
    def treated(self) -> int:
        return self.done + self.failed

    @property
    def percent(self) -> int:
        return 100 * self.treated // self.total if self.total else 100


class JobItem(models.Model):
    """One step of a job, with its own state and error, so that a restart skips what is done."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="items", verbose_name="tâche")
    position = models.PositiveIntegerField("rang")
    label = models.CharField("intitulé", max_length=200)
    arguments = models.JSONField("paramètres", default=dict, blank=True)
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="document",
    )
    state = models.CharField(
        "état", max_length=10, choices=ItemState.choices, default=ItemState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField("tentatives", default=0)
    error = models.TextField("erreur", blank=True)
    # A worker that takes the item writes its name and until when the item is its own.
    runner = models.CharField("exécutant", max_length=60, blank=True)
    leased_until = models.DateTimeField("réservé jusqu'à", null=True, blank=True)
    retry_at = models.DateTimeField("pas avant", null=True, blank=True)

    objects = JobItemQuerySet.as_manager()

    class Meta:
        verbose_name = "élément de tâche"
        verbose_name_plural = "éléments de tâche"
        ordering = ("job", "position", "pk")
        indexes = [models.Index(fields=("job", "state"), name="documents_jobitem_todo")]
        constraints = [
            models.UniqueConstraint(
                fields=("job", "position"), name="documents_jobitem_position_unique"
            ),
            models.CheckConstraint(
                name="documents_jobitem_state_valid",
                condition=models.Q(state__in=ItemState.values),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def status_kind(self) -> str:
        return STATUS_KINDS[self.state]
