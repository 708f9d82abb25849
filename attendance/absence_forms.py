"""Input of the absences: justifications, decisions, filters."""

from typing import Any

from django import forms

from apprentices.models import Cohort
from programmes.enums import Half

from .enums import AbsenceCategory, AbsenceState
from .planning_forms import date_input


class JustificationForm(forms.Form):
    category = forms.ChoiceField(
        label="Nature", choices=[("", "Choisissez"), *AbsenceCategory.choices]
    )
    starts_on = forms.DateField(label="Du", widget=date_input())
    starts_half = forms.ChoiceField(label="À partir de", choices=Half.choices)
    ends_on = forms.DateField(label="Au", widget=date_input())
    ends_half = forms.ChoiceField(
        label="Jusqu'à", choices=Half.choices, initial=Half.AFTERNOON, help_text="Inclus."
    )
    file = forms.FileField(
        label="Justificatif",
        required=False,
        widget=forms.ClearableFileInput(
            {"accept": "image/jpeg,image/png,image/webp,application/pdf"}
        ),
        help_text="PDF ou photo, 25 Mo au plus. Vous pouvez cacher la nature de la maladie.",
    )
    comment = forms.CharField(label="Précision", required=False, max_length=300)

    def values(self) -> dict[str, Any]:
        file = self.cleaned_data["file"] or None
        return self.cleaned_data | {
            "file": file,
            "size": file.size if file else 0,
            "file_name": file.name if file else "",
        }


class DecisionForm(forms.Form):
    category = forms.ChoiceField(label="Nature retenue", choices=AbsenceCategory.choices)
    reason = forms.CharField(
        label="Motif",
        required=False,
        max_length=300,
        help_text="Obligatoire pour un refus ; l'apprenti le reçoit.",
    )


class SettleForm(forms.Form):
    state = forms.ChoiceField(label="État", choices=AbsenceState.choices)
    category = forms.ChoiceField(
        label="Nature, si elle est justifiée",
        required=False,
        choices=[("", "–"), *AbsenceCategory.choices],
    )
    reason = forms.CharField(label="Motif", max_length=300)


class AbsenceFilterForm(forms.Form):
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *AbsenceState.choices]
    )
    promotion = forms.ModelChoiceField(
        Cohort.objects.none(),
        label="Promotion",
        required=False,
        to_field_name="uuid",
        empty_label="Toutes",
    )
    du = forms.DateField(label="Du", required=False, widget=date_input())
    au = forms.DateField(label="Au", required=False, widget=date_input())

    def __init__(self, *args, cohorts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["promotion"].queryset = cohorts
