"""The steps of a contract's entry: each form reads its part of the draft; nothing is written here."""

from decimal import Decimal
from typing import Any

from django import forms

from accounts.models import Cfa

from .enums import (
    ContractKind,
    ContractMode,
    ContractType,
    Derogation,
    DurationReason,
    MaitreCompetence,
    Over29Reason,
    SocialRegime,
)
from .fields import CodeField, DateField, opco_choices
from .models import MaitreApprentissage


def _number(label: str, *, digits: int = 6, **kwargs: Any) -> forms.DecimalField:
    kwargs.setdefault("min_value", Decimal(0))
    return forms.DecimalField(
        label=label, max_digits=digits, decimal_places=2, localize=True, **kwargs
    )


def _choices(enum: Any) -> list[tuple[str, str]]:
    return [("", "Aucun"), *enum.choices]


class MaitreChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, maitre: MaitreApprentissage) -> str:
        return f"{maitre.company} · {maitre}"


# What most contracts say of the fields that are folded away.
USUAL: dict[str, str] = {
    "contract_type": ContractType.FIRST,
    "mode": ContractMode.LIMITED,
    "social_regime": SocialRegime.URSSAF,
}


class StepForm(forms.Form):
    """One step; `rare` names what most contracts leave alone, folded away on the page."""

    title = ""
    lead = ""
    rare: tuple[str, ...] = ()

    # What moves in and out of `rare` for a contrat de professionnalisation.
    rare_for_pro: tuple[str, ...] = ()
    main_for_pro: tuple[str, ...] = ()

    def __init__(self, *args: Any, cfa: Cfa, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.cfa = cfa
        if self.data.get("kind") == ContractKind.PROFESSIONNALISATION:
            kept = (name for name in self.rare if name not in self.main_for_pro)
            self.rare = (*kept, *self.rare_for_pro)

    @property
    def main_fields(self) -> list:
        return [self[name] for name in self.fields if name not in self.rare]

    @property
    def rare_fields(self) -> list:
        return [self[name] for name in self.rare]

    @property
    def rare_is_open(self) -> bool:
        """Something rare is wrong, or says another thing than most contracts: it must be seen."""
        return any(
            self[name].errors or (self[name].value() or "") not in ("", USUAL.get(name))
            for name in self.rare
        )


class EmployerStep(StepForm):
    title = "Employeur"
    lead = "Qui emploie l'apprenti, et qui l'accompagne dans l'entreprise."
    rare = ("maitre2",)

    maitre = MaitreChoiceField(
        MaitreApprentissage.objects.none(), label="Entreprise et maître d'apprentissage (ou tuteur)"
    )
    maitre_competence = forms.ChoiceField(
        label="Compétence du maître d'apprentissage",
        choices=[("", "Choisir"), *MaitreCompetence.choices],
        help_text="Le temps de stage ou d'apprentissage ne compte pas (R6223-22).",
    )
    maitre_attested = forms.BooleanField(
        label="L'employeur atteste que le maître d'apprentissage remplit ces conditions et est "
        "volontaire",
        required=False,
    )
    maitre2 = MaitreChoiceField(
        MaitreApprentissage.objects.none(), label="Second maître d'apprentissage", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        maitres = MaitreApprentissage.objects.filter(company__cfa=self.cfa)
        maitres = maitres.select_related("company").order_by("company__name", "last_name", "pk")
        self.fields["maitre"].queryset = maitres
        self.fields["maitre2"].queryset = maitres


class ContractStep(StepForm):
    title = "Contrat"
    lead = "Les dates et la nature du contrat."
    rare = (
        "contract_type",
        "mode",
        "previous_number",
        "previous_ended_on",
        "practice_starts_on",
        "over_29_reason",
        "dangerous_machines",
        "social_regime",
        "equivalence_jeunes",
        "extension_boe",
        "is_athlete",
        "is_founder",
    )

    # Derogations and the convention tripartite are apprenticeship's.
    rare_for_pro = ("derogation", "duration_reason", "tripartite_on", "tripartite_reason")

    kind = forms.ChoiceField(label="Nature", choices=ContractKind.choices)
    concluded_on = DateField(label="Date de conclusion", help_text="Jour de la dernière signature.")
    starts_on = DateField(label="Début d'exécution")
    ends_on = DateField(label="Fin du contrat")
    weekly_hours = _number("Durée hebdomadaire (h)", digits=4, min_value=1, max_value=48)
    derogation = forms.ChoiceField(
        label="Dérogation", required=False, choices=[("", "Aucune"), *Derogation.choices]
    )
    duration_reason = forms.ChoiceField(
        label="Pourquoi le contrat n'a pas la durée du cycle",
        required=False,
        choices=_choices(DurationReason),
    )
    tripartite_on = DateField(
        label="Convention tripartite signée le",
        required=False,
        help_text="Pour une durée réduite ou allongée après l'évaluation par le CFA.",
    )
    tripartite_reason = forms.CharField(
        label="Ce que l'évaluation a montré", required=False, max_length=500
    )
    contract_type = forms.ChoiceField(label="Type de contrat", choices=ContractType.choices)
    mode = forms.ChoiceField(label="Mode contractuel", choices=ContractMode.choices)
    previous_number = forms.CharField(
        label="Numéro DECA du contrat précédent", required=False, max_length=15
    )
    previous_ended_on = DateField(label="Fin du contrat précédent", required=False)
    practice_starts_on = DateField(
        label="Début de la formation pratique, si ce n'est pas le début d'exécution",
        required=False,
    )
    over_29_reason = forms.ChoiceField(
        label="Motif au-delà de 29 ans", required=False, choices=_choices(Over29Reason)
    )
    dangerous_machines = forms.BooleanField(
        label="Travail sur machines dangereuses ou exposition à des risques", required=False
    )
    equivalence_jeunes = forms.BooleanField(
        label="Équivalence jeunes (15 à 20 ans, PCH, AEEH ou PPS)", required=False
    )
    extension_boe = forms.BooleanField(label="Extension BOE (sans RQTH)", required=False)
    social_regime = forms.ChoiceField(label="Régime social", choices=SocialRegime.choices)
    is_athlete = forms.BooleanField(label="Sportif de haut niveau", required=False)
    is_founder = forms.BooleanField(
        label="Projet de création ou de reprise d'entreprise", required=False
    )


class TrainingStep(StepForm):
    title = "Formation"
    lead = "Ce que le CFA dispense pendant le contrat."
    rare = ("distance_hours", "training_place", "is_cfa_entreprise")

    training_starts_on = DateField(label="Début de la formation au CFA")
    exams_end_on = DateField(label="Fin prévue des épreuves", required=False)
    training_hours = _number("Heures de formation", min_value=1)
    distance_hours = _number("Dont heures à distance", required=False)
    training_place = forms.CharField(
        label="Lieu principal de formation, s'il n'est pas le CFA",
        required=False,
        max_length=200,
        help_text="Dénomination, UAI, SIRET et adresse.",
    )
    is_cfa_entreprise = forms.BooleanField(label="CFA d'entreprise", required=False)


class PayStep(StepForm):
    title = "Rémunération"
    lead = "Les taux légaux sont proposés ; vous pouvez les relever, jamais les baisser."
    rare = (
        "floor_rate",
        "plus_15",
        "bac_professionnel",
        "mayotte",
        "meal_benefit",
        "housing_benefit",
        "other_benefit",
    )

    # It decides between the two rates of D6325-15.
    main_for_pro = ("bac_professionnel",)

    smc = _number(
        "Salaire minimum conventionnel mensuel (€)",
        digits=8,
        min_value=1,
        required=False,
        help_text="S'il dépasse le SMIC, il sert de base à partir de 21 ans.",
    )
    retirement_fund = forms.CharField(
        label="Caisse de retraite complémentaire", required=False, max_length=80
    )
    floor_rate = _number(
        "Dernier taux d'un contrat précédent mené jusqu'au diplôme (%)",
        digits=5,
        max_value=100,
        required=False,
    )
    plus_15 = forms.BooleanField(
        label="Diplôme de même niveau déjà obtenu, en rapport direct, contrat d'un an au plus "
        "(15 points de plus)",
        required=False,
    )
    bac_professionnel = forms.BooleanField(
        label="Bac professionnel ou titre de niveau 4 (contrat de professionnalisation)",
        required=False,
    )
    mayotte = forms.BooleanField(label="Contrat exécuté à Mayotte", required=False)
    meal_benefit = _number("Nourriture, € par repas", required=False)
    housing_benefit = _number("Logement, € par mois", digits=7, required=False)
    other_benefit = forms.BooleanField(label="Autre avantage en nature", required=False)


class ReviewStep(StepForm):
    title = "Relecture"
    lead = "Dans l'ordre du CERFA. Terminez quand plus rien ne bloque."

    signed_place = forms.CharField(label="Fait à", required=False, max_length=80)
    documents_held = forms.BooleanField(
        label="L'employeur détient les pièces justificatives du contrat", required=False
    )


STEPS: dict[str, type[StepForm]] = {
    "employeur": EmployerStep,
    "contrat": ContractStep,
    "formation": TrainingStep,
    "remuneration": PayStep,
    "relecture": ReviewStep,
}
CHECKBOXES = frozenset(
    name
    for form in STEPS.values()
    for name, field in form.base_fields.items()
    if isinstance(field, forms.BooleanField)
)


def step_of(field: str) -> str:
    """The step on which a field is filled; the employer's when it is nobody's."""
    return next((key for key, form in STEPS.items() if field in form.base_fields), "employeur")


class EmployerForm(forms.Form):
    """An employer and its maître d'apprentissage on one page, when neither is known yet."""

    siret = forms.CharField(label="SIRET", max_length=20, help_text="14 chiffres, espaces admis.")
    name = forms.CharField(label="Dénomination", max_length=80)
    naf = forms.CharField(label="Code NAF", max_length=8, required=False)
    idcc = forms.CharField(label="IDCC", max_length=4, required=False)
    opco = forms.ChoiceField(label="OPCO", required=False, choices=opco_choices)
    employer_type = CodeField("employer_type", label="Type d'employeur")
    employer_specific = CodeField("employer_specific", label="Employeur spécifique", initial="0")
    headcount = forms.IntegerField(
        label="Effectif de l'entreprise", min_value=0, max_value=2_000_000, required=False
    )
    address = forms.CharField(label="Adresse", max_length=200, required=False)
    postcode = forms.CharField(label="Code postal", max_length=5, required=False)
    city = forms.CharField(label="Commune", max_length=100, required=False)
    email = forms.EmailField(label="Adresse e-mail de l'entreprise", required=False)
    first_name = forms.CharField(label="Prénom du maître d'apprentissage", max_length=100)
    last_name = forms.CharField(label="Nom du maître d'apprentissage", max_length=100)
    born_on = DateField(label="Sa date de naissance")
    job_title = forms.CharField(label="Emploi occupé", max_length=120, required=False)
    maitre_email = forms.EmailField(label="Son adresse e-mail", required=False)


class TransmitForm(forms.Form):
    on = DateField(label="Transmis à l'OPCO le")


class AcceptForm(forms.Form):
    on = DateField(label="Accord de l'OPCO le")
    deca_number = forms.CharField(label="Numéro de dépôt (DECA)", max_length=24, required=False)
    opco_file = forms.CharField(label="Numéro de dossier OPCO", max_length=40, required=False)


class RefuseForm(forms.Form):
    on = DateField(label="Refus de l'OPCO le")
    reason = forms.CharField(
        label="Motif du refus", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
