"""Form fields shared by the forms of this app."""

from datetime import date
from typing import Any

from django import forms
from django.forms import DateInput

from .codes import code_list

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


class CodeField(forms.ChoiceField):
    """A code of an official list; empty while it is not known."""

    def __init__(self, name: str, **kwargs: Any):
        choices = [("", "Non renseigné"), *code_list(name).choices]
        super().__init__(choices=choices, required=False, **kwargs)


def opco_choices() -> list[tuple[str, str]]:
    """The operators of the official list, after "not known"."""
    return [("", "Non renseigné"), *code_list("opco").labels.items()]
