"""What the team types about the exam, cleaned; nothing is written here."""

from collections.abc import Iterable

from django import forms
from django.db.models import QuerySet

from accounts.errors import DomainError
from apprentices.fields import DateField

from .actions import UnitPlan
from .enums import CATEGORIES, Forme, Plan
from .rules import Refused, Reglement


class OpenSessionForm(forms.Form):
    """The year of the jury."""

    year = forms.IntegerField(label="Session (année du jury)", min_value=2020, max_value=2099)
    registration_closes_on = DateField(
        label="Fin des inscriptions",
        required=False,
        help_text="Celle de l'académie, en général à la mi-novembre de l'année d'avant.",
    )


class DayForm(forms.Form):
    """The day of a deed: confirmation signed, deliberation."""

    day = DateField(label="Date")

    def __init__(self, *args, label: str = "Date", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].label = label


class RegistrationForm(forms.Form):
    """What a candidate asks: one row per unit, the options, the form."""

    candidate_number = forms.CharField(label="Numéro de candidat", max_length=20, required=False)
    categorie = forms.ChoiceField(
        label="E4 et E6",
        required=False,
        help_text="En CCF comme la promotion, sauf pour qui passe tout en ponctuel : les pages du CCF ne l'attendent plus.",
    )
    forme = forms.ChoiceField(label="Forme de passage", choices=Forme.choices)
    forme_reason = forms.CharField(
        label="Dérogation du recteur",
        max_length=200,
        required=False,
        help_text="Pour la forme progressive d'un apprenti : référence et date (D643-14).",
    )

    proof_title = forms.CharField(
        label="Pièce justificative",
        max_length=200,
        required=False,
        help_text="Diplôme et année, par exemple « BTS MCO, 2024 ».",
    )
    proof_file = forms.FileField(
        label="Fichier de la pièce",
        required=False,
        help_text="PDF ou photo, 5 Mo au plus. Elle vaut pour les dispenses qui n'ont pas encore la leur.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )

    def __init__(
        self, *args, reglement: Reglement, pieces: QuerySet, categories: Iterable[str], **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.reglement = reglement
        self.fields["categorie"].choices = [(one, CATEGORIES[one]) for one in categories]
        if (
            len(self.fields["categorie"].choices) == 1
        ):  # a CFA without habilitation: nothing to choose
            del self.fields["categorie"]
        for unit in reglement.units:
            name = f"{unit.epreuve} · {unit.code}"
            self.fields[f"{unit.code}-plan"] = forms.ChoiceField(
                label=f"{name} {unit.title}", choices=Plan.choices, initial=Plan.SIT
            )
            self.fields[f"{unit.code}-mark"] = forms.CharField(
                label=f"Note gardée {unit.code}", max_length=8, required=False
            )
            self.fields[f"{unit.code}-session"] = forms.IntegerField(
                label=f"Session {unit.code}",
                min_value=2000,
                max_value=2099,
                required=False,
            )
            self.fields[f"{unit.code}-proof"] = forms.ModelChoiceField(
                pieces,
                to_field_name="uuid",
                label=f"Pièce {unit.code}",
                empty_label="Celle déposée plus bas",
                required=False,
            )
            self.fields[f"{unit.code}-vae"] = forms.BooleanField(
                label=f"{unit.code} par la VAE", required=False
            )
        self.fields["options"] = forms.MultipleChoiceField(
            label="Épreuves facultatives",
            choices=[(unit.code, f"{unit.epreuve} {unit.title}") for unit in reglement.options],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text=f"{reglement.optional_max} au plus.",
        )

    def rows(self) -> list[dict]:
        """The fields of each unit, side by side."""
        return [
            {
                "rule": unit,
                **{
                    part: self[f"{unit.code}-{part}"]
                    for part in ("plan", "mark", "session", "proof", "vae")
                },
            }
            for unit in self.reglement.units
        ]

    def plans(self) -> dict[str, UnitPlan]:
        data = self.cleaned_data
        return {
            unit.code: UnitPlan(
                plan=data[f"{unit.code}-plan"],
                mark=data[f"{unit.code}-mark"],
                session=data[f"{unit.code}-session"],
                proof=data[f"{unit.code}-proof"],
                by_vae=data[f"{unit.code}-vae"],
            )
            for unit in self.reglement.units
        }

    def show_refusal(self, error: DomainError) -> None:
        """Each problem beside the field where it is mended."""
        pairs = error.problems if isinstance(error, Refused) else [(error.field, error.message)]
        for code, text in pairs:
            name = self._field(code)
            self.add_error(name, text)

    def _field(self, code: str) -> str | None:
        if code in self.fields:
            return code
        if any(unit.code == code for unit in self.reglement.options):
            return "options"
        part = {str(Plan.KEPT): "mark", str(Plan.DISPENSED): "proof"}.get(
            str(self.cleaned_data.get(f"{code}-plan")), "plan"
        )
        name = f"{code}-{part}"
        return name if name in self.fields else None
