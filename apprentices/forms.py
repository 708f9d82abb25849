"""What people type, cleaned; nothing is written here."""

from collections import Counter
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q

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

    def __init__(self, *args: Any, cfa: Cfa, enrolments: list[Enrolment], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.enrolments = enrolments
        # A tutor who has left the team stays shown until somebody else is chosen. Read once for all.
        now = [row.tutor_id for row in enrolments if row.tutor_id]
        known = User.objects.filter(Q(pk__in=team_of(cfa)) | Q(pk__in=now))
        self.people = {str(user.pk): user for user in known}
        if len(now) < len(enrolments):
            words = "Pour tous ceux qui n'en ont pas"
            self.fields["everybody"] = self._choice(words, "", "Personne")
        for row in enrolments:
            self.fields[str(row.uuid)] = self._choice(
                str(row.apprentice), row.tutor_id, "À désigner"
            )

    def _choice(self, label: str, initial: Any, empty: str) -> forms.TypedChoiceField:
        return forms.TypedChoiceField(
            label=label,
            initial=initial,
            required=False,
            choices=[("", empty), *((pk, str(user)) for pk, user in self.people.items())],
            coerce=self.people.__getitem__,
            empty_value=None,
            widget=forms.Select(attrs={"class": "form-select"}),
        )

    @property
    def one_by_one(self) -> list[forms.BoundField]:
        return [self[str(row.uuid)] for row in self.enrolments]

    @property
    def loads(self) -> list[tuple[str, int]]:
        """How many each tutor follows in this cohort, and how many have nobody."""
        count = Counter(row.tutor_id for row in self.enrolments)
        names = {None: "sans tuteur"} | {user.pk: str(user) for user in self.people.values()}
        return [(names[pk], number) for pk, number in count.most_common()]

    def tutors(self) -> dict[UUID, User | None]:
        chosen, everybody = self.cleaned_data, self.cleaned_data.get("everybody")
        return {row.uuid: chosen[str(row.uuid)] or everybody for row in self.enrolments}


class DepartureForm(forms.Form):
    on = DateField(label="Dernier jour")
    reason = forms.CharField(label="Motif", max_length=200)
