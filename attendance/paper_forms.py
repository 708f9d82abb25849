"""Input of the paper half-days of a month: one scan, and a grid of letters."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.french import date_format
from apprentices.models import Enrolment

from .actions.paper_month import Column
from .models import ClassSession
from .rules.paper import PATTERN, UNREADABLE, Cell, read_cell


class CellField(forms.CharField):
    """P, A, J or a time of arrival; cleaned to a Cell, or None when empty."""

    def __init__(self, *, label: str, row: int, col: int):
        attrs = {
            "aria-label": label,
            "autocomplete": "off",
            "data-row": row,
            "data-col": col,
            "pattern": PATTERN,
            "title": UNREADABLE,
        }
        super().__init__(
            label=label, required=False, max_length=6, widget=forms.TextInput(attrs=attrs)
        )

    def clean(self, value: Any) -> Any:
        try:
            return read_cell(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


def _is_in(enrolment: Enrolment, session: ClassSession) -> bool:
    last = enrolment.ends_on
    return enrolment.starts_on <= session.date and (last is None or session.date <= last)


class PaperMonthForm(forms.Form):
    """One column a half-day without a sheet, one row an apprentice enrolled in the period."""

    scan = forms.FileField(
        label="Scan des feuilles signées",
        widget=forms.FileInput({"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
        help_text=(
            "Un PDF avec toutes les feuilles saisies ci-dessous (30 pages, 25 Mo au plus), ou la photo d'une "
            "seule. Il est joint à chacune comme preuve."
        ),
    )

    def __init__(
        self, *args, sessions: Sequence[ClassSession], enrolments: Sequence[Enrolment], **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.enrolments = enrolments
        # A half-day before anybody came has nobody to write of.
        self.sessions = [s for s in sessions if any(_is_in(e, s) for e in enrolments)]
        self.fields_at: dict[tuple[int, int], str] = {}
        for row, enrolment in enumerate(enrolments):
            for col, session in enumerate(self.sessions):
                if not _is_in(enrolment, session):
                    continue
                name = Column(session, {}).field(enrolment.pk)
                day = date_format(session.date, "l j F")
                label = f"{enrolment.apprentice}, {day}, {session.get_half_display().lower()}"
                self.fields[name] = CellField(label=label, row=row, col=col)
                self.fields_at[session.pk, enrolment.pk] = name

    def rows(self) -> list[dict[str, Any]]:
        """Each apprentice with a cell for each half-day, None where not enrolled."""
        names = [[self.fields_at.get((s.pk, e.pk)) for s in self.sessions] for e in self.enrolments]
        return [
            {"enrolment": enrolment, "cells": [self[name] if name else None for name in row]}
            for enrolment, row in zip(self.enrolments, names, strict=True)
        ]

    def columns(self) -> list[Column]:
        """The half-days of which something is written."""
        written: dict[int, dict[int, Cell]] = {}
        for (session, enrolment), name in self.fields_at.items():
            if cell := self.cleaned_data.get(name):
                written.setdefault(session, {})[enrolment] = cell
        return [Column(s, written[s.pk]) for s in self.sessions if s.pk in written]

    def name_of_refused(self, field: str) -> str:
        """A refusal about a whole half-day is said at its first line that is empty, or at its first."""
        if field in self.fields:
            return field
        names = [name for name in self.fields_at.values() if name.startswith(f"{field}_")]
        empty = (name for name in names if not self.cleaned_data.get(name))
        return next(empty, names[0] if names else "")
