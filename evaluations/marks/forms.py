"""What the pages of the marks send: a new assessment, a pasted column, a motive."""

from django import forms

from apprentices.models import Cohort
from programmes.models import Epreuve, Subject

from ..enums import AssessmentKind, Opinion


class AssessmentForm(forms.Form):
    """A column of the grid."""

    subject = forms.ModelChoiceField(Subject.objects.none(), label="Matière")
    number = forms.TypedChoiceField(label="Semestre", coerce=int)
    title = forms.CharField(label="Intitulé", max_length=80)
    kind = forms.ChoiceField(label="Nature", choices=AssessmentKind.choices)
    epreuve = forms.ModelChoiceField(
        Epreuve.objects.none(),
        label="Épreuve préparée",
        required=False,
        help_text="À dire pour une épreuve blanche, qui se note sur 20 en demi-points.",
    )
    held_on = forms.DateField(
        label="Date", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    coefficient = forms.DecimalField(
        label="Coefficient",
        min_value=0.01,
        max_value=99,
        max_digits=4,
        decimal_places=2,
        initial=1,
        localize=True,
    )
    scale = forms.DecimalField(
        label="Barème (note sur)",
        min_value=1,
        max_value=200,
        max_digits=4,
        decimal_places=1,
        initial=20,
        localize=True,
    )
    is_visible = forms.BooleanField(
        label="Les apprentis voient leur note", required=False, initial=True
    )

    def __init__(self, *args, cohort: Cohort, semesters, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["subject"].queryset = cohort.programme.subjects.all()
        self.fields["epreuve"].queryset = cohort.programme.referentiel.epreuves.all()
        self.fields["number"].choices = [
            (
                one.number,
                f"Semestre {one.number} ({one.starts_on:%d/%m/%Y} – {one.ends_on:%d/%m/%Y})",
            )
            for one in semesters
        ]


class LivretScolaireForm(forms.Form):
    """What the team adds to the livret scolaire for the jury."""

    opinion = forms.ChoiceField(label="Avis de l'équipe", required=False)
    text = forms.CharField(
        label="Appréciation générale",
        required=False,
        max_length=800,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["opinion"].choices = [("", "Pas encore donné"), *Opinion.choices]


class PastSessionForm(forms.Form):
    """The CFA's result at an earlier session."""

    session = forms.IntegerField(label="Session", min_value=2019, max_value=2100)
    presented = forms.IntegerField(label="Présentés", min_value=1, max_value=2000)
    admitted = forms.IntegerField(label="Reçus", min_value=0, max_value=2000)

    def clean(self):
        data = super().clean()
        if data.get("admitted", 0) > data.get("presented", 0):
            self.add_error("admitted", "Les reçus sont parmi les présentés.")
        return data
