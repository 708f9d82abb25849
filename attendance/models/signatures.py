"""Signatures given on the attendance sheets: a trace drawn by hand or a typed name."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User

from ..enums import SignatureKind, SignatureMethod


class Signature(models.Model):
    """A handwritten trace (strokes) or a typed name, with how and when it was given."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    signer = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="compte du signataire"
    )
    signer_label = models.CharField("signataire", max_length=200)
    kind = models.CharField("forme", max_length=6, choices=SignatureKind.choices)
    method = models.CharField("moyen", max_length=16, choices=SignatureMethod.choices)
    # [[[x, y, milliseconds], ...], ...] in a box of 600 x 200; empty when typed.
    strokes = models.JSONField("tracé", default=list, blank=True)
    typed_name = models.CharField("nom saisi", max_length=200, blank=True)
    signed_at = models.DateTimeField("signée le", default=timezone.now)
    user_agent = models.CharField("appareil", max_length=300, blank=True)
    ip = models.GenericIPAddressField("adresse IP", null=True, blank=True)
    sha256 = models.CharField("empreinte", max_length=64)
    # Given by the device that signed without network: the same one sent twice counts once.
    client_id = models.UUIDField(
        "identifiant de l'appareil", null=True, unique=True, editable=False
    )
    received_at = models.DateTimeField("reçue le", null=True, blank=True)
    scan = models.ForeignKey(
        "attendance.PaperScan",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="signatures",
        verbose_name="feuille papier numérisée",
    )

    class Meta:
        verbose_name = "signature"
        verbose_name_plural = "signatures"
        ordering = ("-signed_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="attendance_signature_kind_valid",
                condition=Q(kind__in=SignatureKind.values),
            ),
            models.CheckConstraint(
                name="attendance_signature_method_valid",
                condition=Q(method__in=SignatureMethod.values),
            ),
            models.CheckConstraint(
                name="attendance_signature_never_empty",
                condition=(Q(kind=SignatureKind.DRAWN) & ~Q(strokes=[]))
                | (Q(kind=SignatureKind.TYPED) & ~Q(typed_name=""))
                | Q(kind=SignatureKind.PAPER, scan__isnull=False),
            ),
            # One trace signs once: a signature is never a copy of another.
            models.UniqueConstraint(
                fields=("sha256",),
                condition=Q(kind=SignatureKind.DRAWN),
                name="attendance_signature_never_a_copy",
                violation_error_message="Cette signature est la copie d'une autre : signez de nouveau.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signer_label}, {self.signed_at:%d/%m/%Y %H:%M}"
