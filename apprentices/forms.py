"""What people type, cleaned; nothing is written here."""

from typing import Any

from django import forms

from accounts.enums import STAFF_ROLES, Role
from accounts.models import Cfa, User

from .fields import DateField
from .models import Apprentice, Cohort


def team_of(cfa: Cfa):
    """The people who may teach or tutor in the CFA."""
    members = cfa.memberships.active().filter(role__in=(*STAFF_ROLES, Role.TRAINER))
    return User.objects.filter(pk__in=members.values("user"))


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
            people = cfa.apprentices.exclude(enrolments__cohort=cohort)
            self.fields["apprentice"].queryset = people
            del self.fields["cohort"]
            self.fields["starts_on"].initial = cohort.starts_on
        if apprentice:
            del self.fields["apprentice"]
