"""Forms of the admission; nothing is written here."""

from datetime import date
from typing import Any

from django import forms

from accounts.models import Cfa, User

from ..enums import InterviewOpinion
from ..fields import DateField
from ..forms import team_of
from ..models import Application, Apprentice, Cohort


class CandidateForm(forms.Form):
    """What is known at the first contact; the rest of the file comes later."""

    last_name = forms.CharField(label="Nom de naissance", max_length=100)
    first_name = forms.CharField(label="Prénom", max_length=100)
    born_on = DateField(label="Date de naissance")
    email = forms.EmailField(label="Adresse e-mail", required=False)
    phone = forms.CharField(label="Téléphone", max_length=20, required=False)
    cohort = forms.ModelChoiceField(Cohort.objects.none(), label="Promotion demandée")
    received_on = DateField(label="Candidature reçue le")
    source = forms.CharField(
        label="Venu par",
        max_length=120,
        required=False,
        help_text="Parcoursup, salon, bouche à oreille…",
    )

    def __init__(self, *args: Any, cfa: Cfa, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        cohorts = cfa.cohorts.filter(ends_on__gt=today)
        self.fields["cohort"].queryset = cohorts
        self.fields["cohort"].initial = first = cohorts.first()
        self.has_cohort = first is not None
        self.fields["received_on"].initial = today


class ApplyForm(forms.Form):
    """A person whose file exists already asks for a cohort."""

    cohort = forms.ModelChoiceField(Cohort.objects.none(), label="Promotion demandée")
    received_on = DateField(label="Candidature reçue le")
    source = forms.CharField(label="Venu par", max_length=120, required=False)

    def __init__(self, *args: Any, apprentice: Apprentice, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = apprentice.cfa.cohorts.filter(ends_on__gt=today)
        self.fields["received_on"].initial = today


class InterviewForm(forms.Form):
    interviewed_on = DateField(label="Entretien le")
    interviewer = forms.ModelChoiceField(User.objects.none(), label="Mené par")
    interview_opinion = forms.ChoiceField(label="Avis", choices=InterviewOpinion.choices)
    interview_notes = forms.CharField(
        label="Compte rendu",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Projet, motivation, besoins ; jamais le motif médical d'un aménagement.",
    )

    def __init__(
        self, *args: Any, application: Application, user: User, today: date, **kwargs: Any
    ):
        kwargs.setdefault(
            "initial",
            {
                "interviewed_on": application.interviewed_on or today,
                "interviewer": application.interviewer_id or user.pk,
                "interview_opinion": application.interview_opinion or InterviewOpinion.FAVOURABLE,
                "interview_notes": application.interview_notes,
            },
        )
        super().__init__(*args, prefix="entretien", **kwargs)
        self.fields["interviewer"].queryset = team_of(application.cohort.cfa)


class PositioningForm(forms.Form):
    taken_on = DateField(label="Passé le")
    assessor = forms.ModelChoiceField(User.objects.none(), label="Corrigé par")
    score = forms.DecimalField(label="Résultat", max_digits=5, decimal_places=2, localize=True)
    maximum = forms.DecimalField(
        label="Sur", max_digits=5, decimal_places=2, min_value=1, localize=True
    )
    hours_removed = forms.DecimalField(
        label="Heures qu'il permet de retirer",
        max_digits=6,
        decimal_places=2,
        min_value=0,
        localize=True,
        help_text="0 quand toute la formation reste à suivre.",
    )
    findings = forms.CharField(
        label="Acquis constatés",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Matière par matière : c'est ce qui justifie les heures retirées.",
    )

    def __init__(
        self, *args: Any, application: Application, user: User, today: date, **kwargs: Any
    ):
        test = getattr(application, "positioning", None)
        kwargs.setdefault(
            "initial",
            {
                "taken_on": test.taken_on if test else today,
                "assessor": test.assessor_id if test else user.pk,
                "score": test.score if test else None,
                "maximum": test.maximum if test else 20,
                "hours_removed": test.hours_removed if test else 0,
                "findings": test.findings if test else "",
            },
        )
        super().__init__(*args, prefix="test", **kwargs)
        self.fields["assessor"].queryset = team_of(application.cohort.cfa)


class DecisionForm(forms.Form):
    reason = forms.CharField(
        label="Motif",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Obligatoire pour ne pas retenir.",
    )


class EnrolAdmittedForm(forms.Form):
    starts_on = DateField(label="Entrée au CFA")
    tutor = forms.ModelChoiceField(User.objects.none(), label="Tuteur CFA", required=False)
    has_contract = forms.TypedChoiceField(
        label="Contrat",
        choices=[
            ("oui", "Une entreprise est trouvée : je saisis le contrat ensuite"),
            ("non", "Sans contrat pour l'instant : trois mois au plus (V06)"),
        ],
        coerce=lambda value: value == "oui",
        widget=forms.RadioSelect,
        initial="oui",
    )

    def __init__(self, *args: Any, application: Application, today: date, **kwargs: Any):
        cohort = application.cohort
        kwargs.setdefault(
            "initial",
            {"starts_on": min(max(cohort.starts_on, today), cohort.ends_on), "has_contract": "oui"},
        )
        super().__init__(*args, prefix="inscription", **kwargs)
        self.fields["tutor"].queryset = team_of(cohort.cfa)
