"""What was already reminded to whom, so that a reminder never comes twice in a day nor for ever."""

from django.db import models
from django.utils import timezone

from accounts.models import Cfa


class Digest(models.Model):
    """The one e-mail of a day to one person: all that waits for that person in the livrets."""

    cfa = models.ForeignKey(Cfa, models.PROTECT, related_name="+", verbose_name="CFA")
    recipient = models.EmailField("destinataire")
    day = models.DateField("jour")
    lines = models.JSONField("rappels", default=list)
    sent_at = models.DateTimeField("envoyé le", default=timezone.now)

    class Meta:
        verbose_name = "rappel du jour"
        verbose_name_plural = "rappels du jour"
        ordering = ("-day", "pk")
        constraints = [
            models.UniqueConstraint(fields=("recipient", "day"), name="livret_digest_one_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.recipient}, {self.day:%d/%m/%Y}"


class Reminder(models.Model):
    """How often one thing was reminded to one person."""

    recipient = models.EmailField("destinataire")
    key = models.CharField("objet du rappel", max_length=80)
    count = models.PositiveSmallIntegerField("nombre", default=0)
    last_on = models.DateField("dernier rappel")

    class Meta:
        verbose_name = "suivi de rappel"
        verbose_name_plural = "suivi des rappels"
        ordering = ("recipient", "key", "pk")
        constraints = [
            models.UniqueConstraint(fields=("recipient", "key"), name="livret_reminder_unique")
        ]

    def __str__(self) -> str:
        return f"{self.key} → {self.recipient}"
