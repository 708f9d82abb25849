"""What people type, cleaned; nothing is written here."""

from datetime import date
from typing import Any

from django import forms
from django.forms import DateInput

from accounts.enums import STAFF_ROLES, Role
from accounts.errors import DomainError
from accounts.models import Cfa, User

from .enums import Derogation
from .models import Apprentice, Cohort, Enrolment, MaitreApprentissage

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


def team_of(cfa: Cfa):
    """The people who may teach or tutor in the CFA."""
    members = cfa.memberships.active().filter(role__in=(*STAFF_ROLES, Role.TRAINER))
    return User.objects.filter(pk__in=members.values("user"))


def show_error(form: forms.BaseForm, error: DomainError) -> None:
    """Put the action's refusal beside its field, or on top when it has none here."""
    findings = getattr(error, "findings", ())
    for field, message in [(f.field, f.message) for f in findings] or [
        (error.field, error.message)
    ]:
        form.add_error(field if field in form.fields else None, message)


class CohortForm(forms.ModelForm):
    starts_on = DateField(label="Début")
    ends_on = DateField(label="Fin")

    class Meta:
        model = Cohort
        fields = ("programme", "name", "starts_on", "ends_on", "capacity", "trainers")
        widgets = {"trainers": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, cfa: Cfa, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["trainers"].queryset = team_of(cfa)
        self.fields["programme"].queryset = cfa.programmes.all()
        if self.instance.pk:
            del self.fields["programme"]

    def _post_clean(self):
        """The action validates: the instance stays as it is in the database."""


class EnrolForm(forms.Form):
    cohort = forms.ModelChoiceField(Cohort.objects.none(), label="Promotion")
    apprentice = forms.ModelChoiceField(Apprentice.objects.none(), label="Apprenti")
    tutor = forms.ModelChoiceField(User.objects.none(), label="Tuteur CFA", required=False)
    starts_on = DateField(label="Entrée")

    def __init__(self, *args: Any, cfa: Cfa, cohort=None, apprentice=None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cfa.cohorts.all()
        self.fields["apprentice"].queryset = cfa.apprentices.all()
        self.fields["tutor"].queryset = team_of(cfa)
        if cohort:
            del self.fields["cohort"]
            self.fields["starts_on"].initial = cohort.starts_on
        if apprentice:
            del self.fields["apprentice"]


class MaitreChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, maitre: MaitreApprentissage) -> str:
        return f"{maitre} · {maitre.company}"


class ContractForm(forms.Form):
    """The whole contract on one page; the pay rates are read by `contract_pay.read_pay`."""

    maitre = MaitreChoiceField(
        MaitreApprentissage.objects.none(), label="Maître d'apprentissage et entreprise"
    )
    concluded_on = DateField(label="Date de conclusion")
    starts_on = DateField(label="Début d'exécution")
    practice_starts_on = DateField(label="Début de la formation pratique", required=False)
    ends_on = DateField(label="Fin du contrat")
    training_hours = forms.DecimalField(
        label="Heures de formation", min_value=1, max_digits=6, decimal_places=2, localize=True
    )
    weekly_hours = forms.DecimalField(
        label="Durée hebdomadaire (h)",
        min_value=1,
        max_value=40,
        max_digits=4,
        decimal_places=2,
        initial=35,
        localize=True,
    )
    smc = forms.DecimalField(
        label="Salaire minimum conventionnel mensuel (€)",
        min_value=1,
        max_digits=8,
        decimal_places=2,
        required=False,
        localize=True,
        help_text="S'il dépasse le SMIC, il sert de base à partir de 21 ans.",
    )
    derogation = forms.ChoiceField(label="Dérogation", required=False)

    def __init__(self, *args: Any, cfa: Cfa, **kwargs: Any):
        super().__init__(*args, **kwargs)
        maitres = MaitreApprentissage.objects.filter(company__cfa=cfa).select_related("company")
        self.fields["maitre"].queryset = maitres.order_by("company__name", "last_name")
        self.fields["derogation"].choices = [("", "Aucune"), *Derogation.choices]

    def deed(self) -> dict[str, Any]:
        """The cleaned values as the action names them."""
        values = dict(self.cleaned_data)
        values["company"] = values["maitre"].company
        values["weekly_minutes"] = round(values.pop("weekly_hours") * 60)
        return values


class TransmitForm(forms.Form):
    on = DateField(label="Transmis à l'OPCO le")


def contract_initial(enrolment: Enrolment) -> dict[str, Any]:
    """A first proposal: the contract covers the training from the apprentice's entry."""
    cohort = enrolment.cohort
    return {
        "concluded_on": enrolment.starts_on,
        "starts_on": enrolment.starts_on,
        "practice_starts_on": enrolment.starts_on,
        "ends_on": cohort.ends_on,
        "training_hours": cohort.programme.hours_announced,
    }
