"""Abstract models of the référentiel."""

from typing import Any

from django.db import models

from accounts.errors import DomainError

from .enums import Confidence, VersionState
from .querysets import FROZEN


class Frozen(models.Model):
    """A row of a référentiel: it cannot be written once its version is published."""

    # Lookup from the row to its Referentiel; empty on the Referentiel itself.
    version_path = ""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        self._refuse_frozen()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        self._refuse_frozen()
        return super().delete(*args, **kwargs)

    def belongs_to_frozen(self) -> bool:
        """The version named by this row's foreign keys is published (True for a row not saved yet too)."""
        row: Any = self
        for step in filter(None, self.version_path.split("__")):
            row = getattr(row, step)
        return bool(self.version_path) and row.is_frozen

    def _refuse_frozen(self) -> None:
        stored = type(self)._base_manager.filter(pk=self.pk)
        lookup = f"{self.version_path}__state" if self.version_path else "state"
        if self.belongs_to_frozen() or (
            self.pk and stored.exclude(**{lookup: VersionState.DRAFT}).exists()
        ):
            raise DomainError(FROZEN)


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
