"""What people type about the life of a contract: amendment, rupture, funding."""

from decimal import Decimal
from typing import Any

from django import forms

from accounts.models import Cfa

from .amendments import CHANGEABLE, LABELS
from .contract_forms import MaitreChoiceField
from .enums import AmendmentType, Derogation, RuptureMotive, RuptureOutcome
from .fields import DateField
from .models import Company, Contract, MaitreApprentissage
from .rupture import PRO_MOTIVES

# Read again with the rest of the page once they are chosen: they say which fields the others are.
CHOSEN_FIRST = {
    "hx-get": "",
    "hx-include": "closest form",
    "hx-params": "not csrfmiddlewaretoken",
    "hx-select": "#avenant",
    "hx-target": "#avenant",
    "hx-swap": "outerHTML",
}


class AmendmentForm(forms.Form):
    """Once the type is known, only what it may change; another value that is sent stays, refused."""

    amendment_type = forms.ChoiceField(
        label="Type d'avenant", choices=[("", "Choisir"), *AmendmentType.choices]
    )
    effective_on = DateField(label="Date d'effet")
    description = forms.CharField(label="Ce qui change, en une phrase", max_length=500)
    previous_number = forms.CharField(
        label="Numéro DECA du contrat modifié", max_length=24, required=False
    )
    ends_on = DateField(label="Nouvelle fin du contrat", required=False)
    training_hours = forms.DecimalField(
        label="Nouvelles heures de formation",
        min_value=1,
        max_digits=6,
        decimal_places=2,
        localize=True,
        required=False,
    )
    weekly_hours = forms.DecimalField(
        label="Nouvelle durée hebdomadaire (h)",
        min_value=1,
        max_value=48,
        max_digits=4,
        decimal_places=2,
        localize=True,
        required=False,
    )
    maitre = MaitreChoiceField(
        MaitreApprentissage.objects.none(), label="Nouveau maître d'apprentissage", required=False
    )
    company = forms.ModelChoiceField(
        Company.objects.none(), label="Nouvel employeur ou établissement", required=False
    )
    training_place = forms.CharField(
        label="Nouveau lieu de formation", max_length=200, required=False
    )
    derogation = forms.ChoiceField(
        label="Dérogation", required=False, choices=[("", "Sans changement"), *Derogation.choices]
    )
    tripartite_on = DateField(label="Convention tripartite signée le", required=False)

    def __init__(self, *args: Any, cfa: Cfa, contract: Contract, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["company"].queryset = cfa.companies.exclude(pk=contract.company_id)
        if contract.deca_number:
            self.fields["previous_number"].initial = contract.deca_number
        for name in ("amendment_type", "company"):
            self.fields[name].widget.attrs |= CHOSEN_FIRST
        self._keep_what_the_type_changes()
        if "maitre" not in self.fields:
            return
        employer = self._employer_chosen() or contract.company
        maitres = employer.maitres.select_related("company")
        self.fields["maitre"].queryset = maitres.exclude(pk=contract.maitre_id)

    def _employer_chosen(self) -> Company | None:
        """The new employer chosen on the page, whose maîtres are then listed."""
        if "company" not in self.fields:
            return None
        try:
            return self.fields["company"].to_python(self["company"].value())
        except forms.ValidationError:
            return None

    def _keep_what_the_type_changes(self) -> None:
        chosen = self["amendment_type"].value()
        if chosen not in AmendmentType.values:
            return
        may = CHANGEABLE[AmendmentType(chosen)]
        for name in LABELS:
            field = "weekly_hours" if name == "weekly_minutes" else name
            if name not in may and not (self.is_bound and self[field].value()):
                del self.fields[field]

    def deed(self) -> dict[str, Any]:
        """What the action takes: the filled new values are the changes."""
        values = dict(self.cleaned_data)
        hours = values.pop("weekly_hours", None)
        known = ("amendment_type", "effective_on", "description", "previous_number")
        out = {name: values.pop(name) for name in known}
        if hours:
            values["weekly_minutes"] = round(hours * 60)
        out["changes"] = {name: value for name, value in values.items() if value not in (None, "")}
        return out


class DecisionForm(forms.Form):
    on = DateField(label="Le")
    reason = forms.CharField(label="Motif du refus", required=False, max_length=2000)


class RuptureForm(forms.Form):
    motive = forms.ChoiceField(label="Motif", choices=[("", "Choisir"), *RuptureMotive.choices])
    mediator_on = DateField(label="Médiateur saisi le (démission)", required=False)
    employer_informed_on = DateField(label="Employeur informé le (démission)", required=False)
    written_on = DateField(label="Écrit daté du")
    effective_on = DateField(label="Le contrat est rompu le")
    company_days = forms.IntegerField(
        label="Jours en entreprise à cette date, si des absences les ont réduits",
        min_value=0,
        max_value=1000,
        required=False,
        help_text="Laissez vide : ils sont comptés sur le calendrier.",
    )
    details = forms.CharField(label="Précisions", max_length=500, required=False)

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if contract.is_apprenticeship:
            return
        # The mediator and the 45 days are apprenticeship's.
        for name in ("mediator_on", "employer_informed_on", "company_days"):
            del self.fields[name]
        self.fields["motive"].choices = [
            ("", "Choisir"),
            *((motive.value, words) for motive, words in PRO_MOTIVES.items()),
        ]


class FollowForm(forms.Form):
    employer_notice_on = DateField(
        label="Notification de la rupture reçue au CFA le (R6222-21)", required=False
    )
    opco_told_on = DateField(label="OPCO prévenu de l'interruption le (L6353-10)", required=False)
    card_returned_on = DateField(
        label="Carte d'étudiant des métiers rendue le (D6222-44)", required=False
    )
    interview_on = DateField(
        label="Entretien pour aider à trouver un employeur le (L6231-2 5°)", required=False
    )

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not contract.is_apprenticeship:
            for name in ("employer_notice_on", "interview_on"):
                del self.fields[name]
            self.fields[
                "card_returned_on"
            ].label = (
                "Carte d'étudiant des métiers rendue, si elle avait été délivrée, le (D6325-29)"
            )


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(label="Issue", choices=[("", "Choisir"), *RuptureOutcome.choices])
    on = DateField(label="Constatée le")


class CancelForm(forms.Form):
    reason = forms.CharField(label="Pourquoi l'annuler", max_length=500)


class FundingForm(forms.Form):
    npec_annual = forms.DecimalField(
        label="Niveau de prise en charge annuel (€)",
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        localize=True,
        help_text="Le montant de l'accord de l'OPCO. L'application n'en propose aucun.",
    )
    source = forms.CharField(
        label="Où ce montant est écrit",
        max_length=200,
        help_text="Accord de l'OPCO du…, dossier n°…",
    )
    night_count = forms.IntegerField(
        label="Nuitées prévues à la convention", min_value=0, max_value=1000, required=False
    )
    meal_count = forms.IntegerField(
        label="Repas prévus à la convention", min_value=0, max_value=2000, required=False
    )
    first_equipment = forms.DecimalField(
        label="Premier équipement (€, 500 au plus)",
        min_value=0,
        max_digits=7,
        decimal_places=2,
        localize=True,
        required=False,
    )

    def deed(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        for name in ("night_count", "meal_count", "first_equipment"):
            values[name] = values[name] or 0
        values["first_equipment"] = Decimal(values["first_equipment"])
        return values


class InvoiceForm(forms.Form):
    code = forms.CharField(widget=forms.HiddenInput)
    number = forms.CharField(label="Numéro de facture", max_length=40)
    on = DateField(label="Facturée le")


class PaidForm(forms.Form):
    on = DateField(label="Payée le")


class CreditForm(forms.Form):
    year = forms.IntegerField(min_value=1, max_value=9, widget=forms.HiddenInput)
    number = forms.CharField(label="Numéro d'avoir", max_length=40)
    on = DateField(label="Établi le")
