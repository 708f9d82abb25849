"""What comes in and goes out: imports, their remembered columns, SIFA's settings, issued documents."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Cfa, User
from documents.models import Document, Job

from ..enums import ImportKind, ImportState, SifaNature
from ..querysets import ImportBatchQuerySet
from .cohorts import Enrolment


class ImportBatch(models.Model):
    """A spreadsheet received: its columns, what the dry run found, then what was written."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="imports", verbose_name="CFA")
    kind = models.CharField("nature", max_length=12, choices=ImportKind.choices)
    state = models.CharField(
        "état", max_length=10, choices=ImportState.choices, default=ImportState.MAPPING
    )
    # The rows wait here, private, between the upload and the end of the import.
    file = models.FileField("fichier reçu", upload_to="imports/%Y/%m/", blank=True)
    file_name = models.CharField("nom du fichier", max_length=200)
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    header = models.JSONField("titres des colonnes")
    mapping = models.JSONField("colonnes retenues", default=dict)
    row_count = models.PositiveIntegerField("nombre de lignes", default=0)
    problems = models.JSONField("problèmes", default=list)
    created = models.PositiveIntegerField("fiches créées", default=0)
    updated = models.PositiveIntegerField("fiches complétées", default=0)
    owner = models.ForeignKey(
        User, models.PROTECT, related_name="imports", verbose_name="déposé par"
    )
    created_at = models.DateTimeField("déposé le", default=timezone.now)
    finished_at = models.DateTimeField("importé le", null=True, blank=True)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="tâche de fond"
    )

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "import"
        verbose_name_plural = "imports"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="apprentices_importbatch_kind_valid", condition=Q(kind__in=ImportKind.values)
            ),
            models.CheckConstraint(
                name="apprentices_importbatch_state_valid",
                condition=Q(state__in=ImportState.values),
            ),
            models.CheckConstraint(
                name="apprentices_importbatch_done_has_trace",
                condition=Q(state=ImportState.DONE, finished_at__isnull=False)
                | (~Q(state=ImportState.DONE) & Q(finished_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.file_name}"


class ImportMapping(models.Model):
    """The columns that a CFA chose last time for files of these titles: proposed again."""

    cfa = models.ForeignKey(Cfa, models.CASCADE, related_name="+", verbose_name="CFA")
    kind = models.CharField("nature", max_length=12, choices=ImportKind.choices)
    # Plain title of a column -> field, or "" for a column that is left out.
    columns = models.JSONField("colonnes", default=dict)

    class Meta:
        verbose_name = "correspondance de colonnes"
        verbose_name_plural = "correspondances de colonnes"
        ordering = ("cfa", "kind", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("cfa", "kind"), name="apprentices_importmapping_unique"
            ),
            models.CheckConstraint(
                name="apprentices_importmapping_kind_valid", condition=Q(kind__in=ImportKind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cfa} · {self.get_kind_display()}"


class SifaSettings(models.Model):
    """What SIFA asks of the centre itself (columns 3 to 6)."""

    cfa = models.OneToOneField(Cfa, models.CASCADE, related_name="sifa", verbose_name="CFA")
    cfa_type = models.CharField("type de CFA", max_length=2, blank=True)
    site = models.CharField(
        "site de formation",
        max_length=8,
        blank=True,
        help_text="UAI du site, ou département sur 3 caractères si le site n'en a pas.",
    )
    eple_uai = models.CharField(
        "UAI de l'EPLE", max_length=8, default="NC", help_text="NC si aucun EPLE n'est partenaire."
    )
    nature = models.CharField(
        "nature juridique", max_length=9, choices=SifaNature.choices, default=SifaNature.NC
    )

    class Meta:
        verbose_name = "réglage SIFA"
        verbose_name_plural = "réglages SIFA"
        ordering = ("cfa", "pk")
        constraints = [
            models.CheckConstraint(
                name="apprentices_sifasettings_nature_valid",
                condition=Q(nature__in=SifaNature.values),
            ),
        ]

    def __str__(self) -> str:
        return f"SIFA · {self.cfa}"


class EnrolmentDocument(models.Model):
    """An administrative document about one enrolment: certificate, card, calendar."""

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="certificates", verbose_name="inscription"
    )
    document = models.OneToOneField(
        Document, models.PROTECT, related_name="+", verbose_name="document"
    )

    class Meta:
        verbose_name = "document d'inscription"
        verbose_name_plural = "documents d'inscription"
        ordering = ("-document__requested_at", "pk")

    def __str__(self) -> str:
        return str(self.document)
