"""The doors by which one signs, and what comes through them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Cfa, User

from ..enums import QueuedState, SignatureKind, SignatureMethod
from .sheets import AttendanceSheet, Presence


class DoorSettings(models.Model):
    """How a centre takes attendance: its doors, and the delays of justifications.

    A centre without a row has every door and the usual delays.
    """

    cfa = models.OneToOneField(
        Cfa, models.PROTECT, related_name="attendance_doors", verbose_name="CFA"
    )
    own_phone = models.BooleanField("bouton sur l'accueil de l'apprenti, sans code", default=True)
    wall_code = models.BooleanField("code affiché en salle", default=True)
    trainer_device = models.BooleanField(
        "appareil du formateur passé de main en main", default=True
    )
    personal_link = models.BooleanField("lien personnel par e-mail", default=True)
    own_qr = models.BooleanField("QR de l'apprenti, lu par le formateur", default=True)
    paper = models.BooleanField("feuille papier", default=True)
    link_minutes = models.PositiveSmallIntegerField(
        "durée du lien personnel, en minutes", default=240
    )
    # No text fixes it for a CFA (usage: the règlement intérieur does); not verified.
    justify_days = models.PositiveSmallIntegerField(
        "délai pour justifier une absence, en jours", default=5
    )
    # CNIL practice for health data: the fact and the dates stay, the document goes; not verified.
    file_months = models.PositiveSmallIntegerField(
        "conservation des justificatifs, en mois", default=12
    )

    class Meta:
        verbose_name = "réglage de l'émargement"
        verbose_name_plural = "réglages de l'émargement"
        constraints = [
            models.CheckConstraint(
                name="attendance_doorsettings_one_open",
                condition=Q(own_phone=True)
                | Q(wall_code=True)
                | Q(trainer_device=True)
                | Q(personal_link=True)
                | Q(own_qr=True)
                | Q(paper=True),
                violation_error_message="Laissez au moins un moyen de signer.",
            ),
            models.CheckConstraint(
                name="attendance_doorsettings_link_minutes_valid",
                condition=Q(link_minutes__gte=10, link_minutes__lte=20160),
                violation_error_message="Le lien vaut de 10 minutes à 14 jours.",
            ),
            models.CheckConstraint(
                name="attendance_doorsettings_justify_days_valid",
                condition=Q(justify_days__gte=1, justify_days__lte=60),
                violation_error_message="Le délai pour justifier va de 1 à 60 jours.",
            ),
            models.CheckConstraint(
                name="attendance_doorsettings_file_months_valid",
                condition=Q(file_months__gte=1, file_months__lte=36),
                violation_error_message="Les justificatifs se gardent de 1 à 36 mois.",
            ),
        ]

    def __str__(self) -> str:
        return f"Réglages de {self.cfa}"

    def allows(self, method: str) -> bool:
        """The door of this method is open (the names of the fields are the methods)."""
        return bool(getattr(self, method))


class SignatureLink(models.Model):
    """A personal link to sign one half-day once; only the hash of its secret is kept."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    presence = models.ForeignKey(
        Presence, models.PROTECT, related_name="links", verbose_name="présence"
    )
    token_sha256 = models.CharField("empreinte du lien", max_length=64, unique=True)
    email = models.EmailField("adresse e-mail")
    created_at = models.DateTimeField("envoyé le", default=timezone.now)
    created_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="envoyé par"
    )
    expires_at = models.DateTimeField("valable jusqu'au")
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)
    revoked_at = models.DateTimeField("remplacé le", null=True, blank=True)

    class Meta:
        verbose_name = "lien de signature"
        verbose_name_plural = "liens de signature"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="attendance_signaturelink_expires_later",
                condition=Q(expires_at__gt=F("created_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"Lien de {self.presence}"


class QueuedSignature(models.Model):
    """A signature made without network that met an obstacle on arrival: the trainer decides."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    client_id = models.UUIDField("identifiant de l'appareil", unique=True)
    presence = models.ForeignKey(
        Presence, models.PROTECT, related_name="queued", verbose_name="présence"
    )
    kind = models.CharField("forme", max_length=6, choices=SignatureKind.choices)
    method = models.CharField("moyen", max_length=16, choices=SignatureMethod.choices)
    strokes = models.JSONField("tracé", default=list, blank=True)
    typed_name = models.CharField("nom saisi", max_length=200, blank=True)
    signed_at = models.DateTimeField("signée le")
    received_at = models.DateTimeField("reçue le", default=timezone.now)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="envoyée par")
    user_agent = models.CharField("appareil", max_length=300, blank=True)
    ip = models.GenericIPAddressField("adresse IP", null=True, blank=True)
    problem = models.CharField("obstacle", max_length=300)
    state = models.CharField(
        "état", max_length=10, choices=QueuedState.choices, default=QueuedState.WAITING
    )
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="décidée par"
    )
    reason = models.CharField("motif", max_length=200, blank=True)

    class Meta:
        verbose_name = "signature reçue plus tard"
        verbose_name_plural = "signatures reçues plus tard"
        ordering = ("received_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="attendance_queued_state_valid", condition=Q(state__in=QueuedState.values)
            ),
            models.CheckConstraint(
                name="attendance_queued_kind_valid", condition=Q(kind__in=SignatureKind.values)
            ),
            models.CheckConstraint(
                name="attendance_queued_method_valid",
                condition=Q(method__in=SignatureMethod.values),
            ),
            models.CheckConstraint(
                name="attendance_queued_decided_by_someone",
                condition=Q(
                    state=QueuedState.WAITING, decided_at__isnull=True, decided_by__isnull=True
                )
                | (
                    ~Q(state=QueuedState.WAITING)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.presence}, reçue le {self.received_at:%d/%m/%Y %H:%M}"


class PaperScan(models.Model):
    """The scan of a sheet signed on paper: a PDF as received, a photo upright and smaller."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    sheet = models.ForeignKey(
        AttendanceSheet, models.PROTECT, related_name="scans", verbose_name="feuille"
    )
    file = models.FileField("fichier", upload_to="emargement/%Y/%m/")
    file_name = models.CharField("nom du fichier reçu", max_length=200)
    content_type = models.CharField("type", max_length=40)
    size = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField("empreinte", max_length=64)
    uploaded_at = models.DateTimeField("reçue le", default=timezone.now)
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="envoyée par"
    )

    class Meta:
        verbose_name = "feuille papier numérisée"
        verbose_name_plural = "feuilles papier numérisées"
        ordering = ("-uploaded_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("sheet", "sha256"),
                name="attendance_paperscan_once",
                violation_error_message="Ce fichier est déjà joint à la feuille.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} · {self.sheet}"
