"""Input of the attendance pages; the actions decide and write."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.template.defaultfilters import floatformat

from accounts.enums import STAFF_ROLES, Role
from accounts.models import Cfa, User
from apprentices.models import Cohort, Enrolment
from programmes.models import Subject

from .models import AttendanceSheet, ClassSession, DoorSettings
from .rules.signatures import BadSignature, parse_strokes


def trainers_of(cfa: Cfa):
    """Who may teach in the centre: trainers first, then its staff."""
    return User.objects.filter(
        memberships__cfa=cfa,
        memberships__is_active=True,
        memberships__role__in=(Role.TRAINER, *STAFF_ROLES),
    ).distinct()


class SignatureForm(forms.Form):
    """What the signature pad sends: strokes as JSON, or the name typed."""

    strokes = forms.CharField(required=False, widget=forms.HiddenInput)
    typed_name = forms.CharField(required=False, label="Votre nom", max_length=200)

    def clean_strokes(self) -> Any:
        try:
            return parse_strokes(self.cleaned_data["strokes"])
        except BadSignature as error:
            raise forms.ValidationError(str(error)) from error


class SessionForm(forms.Form):
    """Subject, trainer and room of one half-day."""

    subject = forms.ModelChoiceField(Subject.objects.none(), label="Matière")
    trainer = forms.ModelChoiceField(User.objects.none(), label="Formateur")
    room = forms.CharField(
        label="Salle",
        max_length=40,
        required=False,
        help_text="Laissez vide si elle n'est pas fixée.",
    )

    def __init__(self, *args, session: ClassSession, **kwargs):
        super().__init__(
            *args,
            initial={
                "subject": session.subject_id,
                "trainer": session.trainer_id,
                "room": session.room,
            },
            **kwargs,
        )
        self.fields["subject"].queryset = Subject.objects.filter(
            programme=session.cohort.programme_id
        )
        self.fields["trainer"].queryset = trainers_of(session.cohort.cfa)


class GenerationForm(forms.Form):
    """One trainer for each subject of the cohort's programme."""

    def __init__(self, *args, cohort: Cohort, **kwargs):
        super().__init__(*args, **kwargs)
        people = trainers_of(cohort.cfa)
        current = dict(
            ClassSession.objects.planned()
            .filter(cohort=cohort)
            .order_by("date", "pk")
            .values_list("subject", "trainer")
        )
        own = list(cohort.trainers.all())
        self.subjects = [s for s in cohort.programme.subjects.all() if s.hours > 0]
        for subject in self.subjects:
            self.fields[self.name_of(subject)] = forms.ModelChoiceField(
                people,
                label=subject.title,
                help_text=(
                    f"{floatformat(subject.hours_year_1, -2)} h en 1re année, "
                    f"{floatformat(subject.hours_year_2, -2)} h en 2e année"
                ),
                initial=current.get(subject.pk) or (own[0].pk if len(own) == 1 else None),
            )

    @staticmethod
    def name_of(subject: Subject) -> str:
        return f"trainer_{subject.pk}"

    def pairs(self) -> list[tuple[Subject, User]]:
        return [(subject, self.cleaned_data[self.name_of(subject)]) for subject in self.subjects]


class MarkForm(forms.Form):
    """What the trainer says of someone on the sheet."""

    DEEDS = (
        ("absent", "Absent"),
        ("excused", "Absence justifiée"),
        ("expected", "Attendu"),
        ("times", "Arrivée et départ"),
    )
    deed = forms.ChoiceField(choices=DEEDS)
    reason = forms.CharField(required=False, max_length=200, label="Motif")
    arrived_at = forms.TimeField(required=False, label="Arrivée")
    left_at = forms.TimeField(required=False, label="Départ")


class SheetFilterForm(forms.Form):
    """Filters of the list of sheets, kept in the URL."""

    STATES = (
        ("", "Toutes"),
        ("non-contresignee", "Non contresignées"),
        ("ouverte", "Ouvertes"),
        ("close", "Contresignées et closes"),
    )
    etat = forms.ChoiceField(choices=STATES, required=False, label="État")
    promotion = forms.ModelChoiceField(
        Cohort.objects.none(),
        required=False,
        label="Promotion",
        to_field_name="uuid",
        empty_label="Toutes",
    )
    du = forms.DateField(required=False, label="Du", widget=forms.DateInput({"type": "date"}))
    au = forms.DateField(required=False, label="Au", widget=forms.DateInput({"type": "date"}))
    absences = forms.BooleanField(required=False, label="Avec une absence à justifier")

    def __init__(self, *args, cohorts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["promotion"].queryset = cohorts


def monday_of(text: str, today: date) -> date:
    """The Monday of the ISO week "2026-W12", or this week's when the text is not one."""
    try:
        return date.fromisocalendar(int(text[:4]), int(text[6:]), 1)
    except ValueError:
        return today - timedelta(days=today.weekday())


class ReasonForm(forms.Form):
    """Why a closed sheet is opened again."""

    reason = forms.CharField(
        label="Motif", max_length=200, help_text="Il reste dans l'historique de la feuille."
    )


class GuestForm(forms.Form):
    """An apprentice of another group, and why."""

    enrolment = forms.ModelChoiceField(Enrolment.objects.none(), label="Apprenti")
    reason = forms.CharField(
        label="Motif", max_length=200, help_text="Par exemple : rattrapage, échange de groupe."
    )

    def __init__(self, *args, sheet: AttendanceSheet, **kwargs):
        super().__init__(*args, **kwargs)
        session = sheet.session
        field = self.fields["enrolment"]
        field.queryset = (
            Enrolment.objects.filter(cohort__cfa=session.cohort.cfa_id)
            .exclude(cohort=session.cohort)
            .active_on(session.date)
            .exclude(apprentice__enrolments__presences__sheet=sheet)
            .select_related("apprentice", "cohort")
            .order_by("apprentice__last_name", "apprentice__first_name", "pk")
        )
        field.label_from_instance = lambda one: f"{one.apprentice} · {one.cohort}"


class CodeForm(forms.Form):
    """The six characters shown in the room, or on an apprentice's phone."""

    code = forms.CharField(
        label="Code à six caractères",
        max_length=12,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class DoorsForm(forms.ModelForm):
    """The doors of a centre; the action checks that one at least stays open."""

    class Meta:
        model = DoorSettings
        fields = (
            "wall_code",
            "own_phone",
            "trainer_device",
            "own_qr",
            "personal_link",
            "paper",
            "link_minutes",
        )
        help_texts = {
            "wall_code": "Un QR et un code qui changent toutes les 15 secondes : ils prouvent la présence dans la salle.",
            "own_phone": "Le plus rapide, mais rien ne prouve que la personne est dans la salle.",
            "own_qr": "Le formateur lit le QR du téléphone de l'apprenti, qui signe sur l'appareil du formateur.",
            "personal_link": "Pour une séance à distance ou un téléphone sans compte ouvert ; un seul usage.",
            "paper": "La feuille se prépare en PDF, se signe à la main, puis se numérise et se transcrit.",
            "link_minutes": "De 10 minutes à 14 jours (20 160 minutes).",
        }

    def _post_clean(self) -> None:
        """The action validates the row: the form only reads what was typed."""
