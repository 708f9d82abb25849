"""What a candidate hands in for a CCF: the dossier, its pieces and versions, the check before."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import User
from apprentices.models import Cohort, Enrolment
from programmes.models import Epreuve

from ..enums import DossierState, PieceKind
from ..querysets import CcfDossierQuerySet


class CcfDeadline(models.Model):
    """The date before which a cohort hands in its dossiers for an épreuve (set by the académie)."""

    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="ccf_deadlines", verbose_name="promotion"
    )
    epreuve = models.ForeignKey(Epreuve, models.PROTECT, related_name="+", verbose_name="épreuve")
    deposit_on = models.DateField("dépôt au plus tard le")

    class Meta:
        verbose_name = "date de dépôt des dossiers"
        verbose_name_plural = "dates de dépôt des dossiers"
        ordering = ("cohort", "epreuve", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("cohort", "epreuve"), name="evaluations_ccfdeadline_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.epreuve.code}"


class CcfDossier(models.Model):
    """The dossier support of one candidate for one épreuve, and its check of conformity."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="ccf_dossiers", verbose_name="inscription"
    )
    epreuve = models.ForeignKey(
        Epreuve, models.PROTECT, related_name="ccf_dossiers", verbose_name="épreuve"
    )
    state = models.CharField(
        "état", max_length=10, choices=DossierState.choices, default=DossierState.OPEN
    )
    # Causes of non-conformity and remarks, in the words of the référentiel (nv_causes, not_nv_E4...).
    grounds = models.JSONField("causes de non-conformité", default=list, blank=True)
    remarks = models.JSONField("remarques", default=list, blank=True)
    comment = models.TextField("observations", blank=True)
    checked_at = models.DateTimeField("contrôlé le", null=True, blank=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="contrôlé par"
    )

    objects = CcfDossierQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier de CCF"
        verbose_name_plural = "dossiers de CCF"
        ordering = ("enrolment", "epreuve__position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("enrolment", "epreuve"), name="evaluations_ccfdossier_unique"
            ),
            models.CheckConstraint(
                name="evaluations_ccfdossier_state_valid",
                condition=Q(state__in=DossierState.values),
            ),
            models.CheckConstraint(
                name="evaluations_ccfdossier_checked_has_traces",
                condition=Q(state=DossierState.OPEN)
                | Q(checked_at__isnull=False, checked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Dossier {self.epreuve.code} · {self.enrolment.apprentice}"


class DossierPiece(models.Model):
    """One version of one piece: a fiche, the étude réflexive, an attestation, a report."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(
        CcfDossier, models.PROTECT, related_name="pieces", verbose_name="dossier"
    )
    kind = models.CharField("pièce", max_length=12, choices=PieceKind.choices)
    # The place of a fiche in the référentiel's list (dossier_E4: 1 and 2; dossier_E6: 1 to 3); else 0.
    number = models.PositiveSmallIntegerField("numéro", default=0)
    title = models.CharField("intitulé", max_length=200)
    version = models.PositiveSmallIntegerField("version")
    file = models.FileField("fichier", upload_to="ccf/%Y/", blank=True)
    original_name = models.CharField("nom d'origine", max_length=200)
    size = models.PositiveIntegerField("taille")
    sha256 = models.CharField("empreinte", max_length=64)
    deposited_at = models.DateTimeField("déposée le")
    deposited_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="déposée par"
    )
    purged_at = models.DateTimeField("fichier supprimé le", null=True, blank=True)

    class Meta:
        verbose_name = "pièce de dossier"
        verbose_name_plural = "pièces de dossier"
        ordering = ("dossier", "kind", "number", "-version", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("dossier", "kind", "number", "version"),
                name="evaluations_dossierpiece_version_unique",
            ),
            models.CheckConstraint(
                name="evaluations_dossierpiece_kind_valid", condition=Q(kind__in=PieceKind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.version})"
