"""What people type, cleaned; nothing is written here."""

from typing import Any
from uuid import UUID

from django import forms

from accounts.enums import STAFF_ROLES, Role
from accounts.models import Cfa, User

from .fields import DateField
from .models import Apprentice, Cohort, Enrolment


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


class TutorsForm(forms.Form):
    """One choice for each apprentice, and one for all those who have nobody."""

    everybody = forms.ModelChoiceField(
        User.objects.none(), label="Pour tous ceux qui n'en ont pas", required=False
    )

    def __init__(self, *args: Any, cfa: Cfa, enrolments: list[Enrolment], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.enrolments = enrolments
        team = team_of(cfa)
        self.fields["everybody"].queryset = team
        for row in enrolments:
            self.fields[str(row.uuid)] = forms.ModelChoiceField(
                team | User.objects.filter(pk=row.tutor_id),
                label=str(row.apprentice),
                required=False,
                initial=row.tutor_id,
                empty_label="À désigner",
            )

    def tutors(self) -> dict[UUID, User | None]:
        chosen, everybody = self.cleaned_data, self.cleaned_data["everybody"]
        return {row.uuid: chosen[str(row.uuid)] or everybody for row in self.enrolments}


class DepartureForm(forms.Form):
    on = DateField(label="Dernier jour")
    reason = forms.CharField(label="Motif", max_length=200)
