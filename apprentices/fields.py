"""Form fields shared by the forms of this app."""

from datetime import date
from typing import Any

from django import forms
from django.forms import DateInput

EARLIEST, LATEST = date(1930, 1, 1), date(2099, 12, 31)


class DateField(forms.DateField):
    """A day, with the browser's own calendar."""

    widget = DateInput

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("widget", DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def clean(self, value: Any) -> date | None:
        """A mistyped century is said here, before any calendar is computed from it."""
        day = super().clean(value)
        if day and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(
                f"Indiquez une date entre {EARLIEST.year} et {LATEST.year} : vérifiez l'année."
            )
        return day
