"""The public simulator's questions; nothing is kept."""

from decimal import Decimal
from typing import Any

from django import forms

from .enums import ContractKind
from .fields import DateField
from .pay import PayTerms


class PayForm(forms.Form):
    kind = forms.ChoiceField(label="Type de contrat", choices=ContractKind.choices)
    born_on = DateField(label="Date de naissance")
    starts_on = DateField(label="Début du contrat")
    ends_on = DateField(label="Fin du contrat")
    cycle_months = forms.IntegerField(
        label="Durée du cycle de formation (mois)",
        min_value=1,
        max_value=72,
        initial=24,
        help_text="24 pour un BTS. Un contrat plus court compte comme une entrée en cours de cycle.",
    )
    weekly_hours = forms.DecimalField(
        label="Durée hebdomadaire (h)",
        min_value=1,
        max_value=40,
        decimal_places=2,
        initial=35,
        localize=True,
        required=False,
    )
    smc = forms.DecimalField(
        label="Salaire minimum conventionnel mensuel (€)",
        min_value=Decimal(1),
        max_value=100_000,
        decimal_places=2,
        required=False,
        localize=True,
        help_text="Celui de l'emploi occupé. Il compte à partir de 21 ans, s'il dépasse le SMIC.",
    )
    floor_rate = forms.DecimalField(
        label="Dernier taux d'un contrat précédent mené jusqu'au diplôme (%)",
        min_value=0,
        max_value=100,
        decimal_places=2,
        required=False,
        localize=True,
    )
    plus_15 = forms.BooleanField(
        label="Diplôme de même niveau déjà obtenu, en rapport direct, contrat d'un an au plus",
        required=False,
    )
    rqth = forms.BooleanField(label="Travailleur handicapé (RQTH)", required=False)
    bac_professionnel = forms.BooleanField(
        label="Bac professionnel ou titre de niveau 4 (contrat de professionnalisation)",
        required=False,
    )
    mayotte = forms.BooleanField(label="Contrat exécuté à Mayotte", required=False)

    def terms(self) -> PayTerms:
        values: dict[str, Any] = dict(self.cleaned_data)
        hours = values.pop("weekly_hours") or Decimal(35)
        kind = ContractKind(values.pop("kind"))
        return PayTerms(**values, kind=kind, weekly_minutes=round(hours * 60))
