"""Abstract models of the référentiel."""

from typing import Any

from django.db import models

from .enums import Confidence


class Sourced(models.Model):
    """A value with the text that it comes from and how sure we are of it."""

    source = models.CharField("source", max_length=300)
    confidence = models.CharField("fiabilité", max_length=10, choices=Confidence.choices)

    class Meta:
        abstract = True


class SaidRule(Sourced):
    """A rule that can be said in one line."""

    class Meta:
        abstract = True

    @property
    def summary(self) -> str:
        """The rule in one line: form, situations, durations, parts with their own durations."""
        rule: Any = self  # the fields said here are those of the heirs
        words = [rule.get_form_display()]
        if rule.situations:
            words.append(f"{rule.situations} situations")
        if rule.duration_minutes:
            words.append(f"{rule.duration_minutes} min")
        if rule.preparation_minutes:
            words.append(f"préparation {rule.preparation_minutes} min")
        timed = [part for part in rule.parts if "duration_minutes" in part]
        parts = " ; ".join(f"{part['code']} {part['duration_minutes']} min" for part in timed)
        return ", ".join(words) + (f" ({parts})" if parts else "")
