"""Input of the planning pages: half-days, generation, rhythm, calendar, rooms, make-ups."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.template.defaultfilters import floatformat
from django.utils import timezone

from accounts.french import date_format
from accounts.models import User
from apprentices.course import rhythm_of
from apprentices.models import Cohort, Enrolment
from programmes.calendar_rules import Rhythm, Slot
from programmes.enums import Half, Zone
from programmes.models import Subject

from .actions import Assignment
from .calendars import SCHOOL_ZONES, school_zone_of
from .enums import ExceptionKind, PaperKind
from .forms import SigningStartForm, trainers_of
from .models import ClassSession, Room
from .selectors import may_have_begun_elsewhere

WEEKDAYS = [(str(i), n) for i, n in enumerate(("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"))]  # fmt: skip

TOLD = (
    "Envoyé au formateur et aux apprentis ; les entreprises apprennent le changement sans le motif."
)


def date_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def time_input() -> forms.TimeInput:
    return forms.TimeInput({"type": "time"}, format="%H:%M")


class SessionForm(forms.Form):
    """Subject, trainer and room of one half-day."""

    subject = forms.ModelChoiceField(Subject.objects.none(), label="Matière")
    trainer = forms.ModelChoiceField(User.objects.none(), label="Formateur")
    room = forms.ModelChoiceField(
        Room.objects.none(), label="Salle", required=False, empty_label="Non fixée"
    )

    def __init__(self, *args, session: ClassSession, **kwargs):
        super().__init__(
            *args,
            initial={
                "subject": session.subject_id,
                "trainer": session.trainer_id,
                "room": session.room_id,
            },
            **kwargs,
        )
        self.fields["subject"].queryset = Subject.objects.filter(
            programme=session.cohort.programme_id
        )
        self.fields["trainer"].queryset = trainers_of(session.cohort.cfa)
        self.fields["room"].queryset = rooms_of(session.cohort, session.room)

    def values(self) -> dict[str, Any]:
        return self.cleaned_data | {"without_room": self.cleaned_data["room"] is None}


def rooms_of(cohort: Cohort, current: Room | None = None):
    rooms = Room.objects.filter(cfa=cohort.cfa_id)
    return rooms.filter(is_active=True) | rooms.filter(pk=current.pk if current else None)


class MoveForm(forms.Form):
    """Where a half-day goes, and why."""

    date = forms.DateField(label="Nouveau jour", widget=date_input())
    half = forms.ChoiceField(label="Demi-journée", choices=Half.choices)
    starts_at = forms.TimeField(
        label="De",
        required=False,
        widget=time_input(),
        help_text="Laissez vide pour garder les heures du rythme.",
    )
    ends_at = forms.TimeField(label="À", required=False, widget=time_input())
    trainer = forms.ModelChoiceField(User.objects.none(), label="Formateur")
    room = forms.ModelChoiceField(
        Room.objects.none(), label="Salle", required=False, empty_label="Inchangée"
    )
    reason = forms.CharField(label="Motif", max_length=150, help_text=TOLD)

    def __init__(self, *args, session: ClassSession, **kwargs):
        initial = {"date": session.date, "half": session.half, "trainer": session.trainer_id}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["trainer"].queryset = trainers_of(session.cohort.cfa)
        self.fields["room"].queryset = rooms_of(session.cohort)


class CancelForm(forms.Form):
    reason = forms.CharField(label="Motif", max_length=150, help_text=TOLD)


class GenerationForm(forms.Form):
    """One trainer, and one room if it needs its own, for each subject of the cohort's programme."""

    def __init__(self, *args, cohort: Cohort, **kwargs):
        super().__init__(*args, **kwargs)
        people = trainers_of(cohort.cfa)
        current = {
            subject: (trainer, room)
            for subject, trainer, room in ClassSession.objects.planned()
            .filter(cohort=cohort)
            .order_by("date", "pk")
            .values_list("subject", "trainer", "room")
        }
        # Nobody yet: who teaches the subject to another cohort of the centre, the last one first.
        elsewhere = dict(
            ClassSession.objects.planned()
            .filter(subject__programme=cohort.programme_id, cohort__cfa=cohort.cfa_id)
            .order_by("date", "pk")
            .values_list("subject", "trainer")
        )
        if may_have_begun_elsewhere(cohort):
            self.fields |= SigningStartForm(initial={}).fields
            self.fields["day"].initial = timezone.localdate()
        own = list(cohort.trainers.all())
        only = own[0].pk if len(own) == 1 else None
        self.subjects = [s for s in cohort.programme.subjects.all() if s.hours > 0]
        rooms = Room.objects.active().filter(cfa=cohort.cfa_id)
        self.has_rooms = rooms.exists()
        for subject in self.subjects:
            trainer, room = current.get(subject.pk, (only or elsewhere.get(subject.pk), None))
            self.fields[self.name_of(subject)] = forms.ModelChoiceField(
                people,
                label=subject.title,
                help_text=(
                    f"{floatformat(subject.hours_year_1, -2)} h en 1re année, "
                    f"{floatformat(subject.hours_year_2, -2)} h en 2e année"
                ),
                initial=trainer,
            )
            if self.has_rooms:
                self.fields[self.name_of(subject, "room")] = forms.ModelChoiceField(
                    rooms,
                    label=f"Salle : {subject.short_title}",
                    required=False,
                    empty_label="La première libre",
                    initial=room,
                )

    @staticmethod
    def name_of(subject: Subject, what: str = "trainer") -> str:
        return f"{what}_{subject.pk}"

    def assignments(self) -> list[Assignment]:
        return [
            Assignment(
                subject,
                self.cleaned_data[self.name_of(subject)],
                self.cleaned_data.get(self.name_of(subject, "room")),
            )
            for subject in self.subjects
        ]


class RhythmForm(forms.Form):
    """The alternation in the CFA's words; `rhythm()` gives the pure rule."""

    PATTERNS = (
        ("1", "Chaque semaine"),
        ("2", "Une semaine sur deux"),
        ("3", "Une semaine sur trois"),
        ("blocks", "Par blocs de dates"),
    )
    pattern = forms.ChoiceField(label="Alternance", choices=PATTERNS)
    anchor = forms.DateField(
        label="Première semaine au CFA",
        required=False,
        widget=date_input(),
        help_text="Pour une semaine sur deux ou sur trois : un jour de la première semaine au CFA.",
    )
    blocks = forms.CharField(
        label="Blocs",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Un bloc par ligne : 05/01/2026 - 16/01/2026.",
    )
    morning = forms.MultipleChoiceField(
        label="Matins au CFA",
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    morning_from = forms.TimeField(label="Matin, de", widget=time_input(), required=False)
    morning_to = forms.TimeField(label="Matin, à", widget=time_input(), required=False)
    afternoon = forms.MultipleChoiceField(
        label="Après-midis au CFA",
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    afternoon_from = forms.TimeField(label="Après-midi, de", widget=time_input(), required=False)
    afternoon_to = forms.TimeField(label="Après-midi, à", widget=time_input(), required=False)
    zone = forms.ChoiceField(
        label="Jours fériés de",
        choices=Zone.choices,
        help_text="L'Alsace, la Moselle et l'outre-mer ont des jours de plus.",
    )
    school_zone = forms.ChoiceField(
        label="Vacances scolaires à montrer",
        required=False,
        choices=[("", "Aucune"), *((zone, f"Zone {zone}") for zone in SCHOOL_ZONES)],
        help_text="Pour information : un CFA n'y est pas tenu.",
    )

    def __init__(self, *args, cohort: Cohort, **kwargs):
        super().__init__(*args, initial=self._initial(cohort), **kwargs)

    @staticmethod
    def _initial(cohort: Cohort) -> dict[str, Any]:
        rhythm = rhythm_of(cohort)
        if rhythm is None:
            return {"pattern": "1", "zone": Zone.METROPOLE}
        initial: dict[str, Any] = {
            "pattern": "blocks" if rhythm.blocks else str(rhythm.cycle_weeks),
            "anchor": rhythm.anchor,
            "zone": rhythm.zone,
            "school_zone": school_zone_of(cohort),
            "blocks": "\n".join(f"{a:%d/%m/%Y} - {b:%d/%m/%Y}" for a, b in rhythm.blocks),
        }
        for slot in rhythm.slots:
            name = "morning" if slot.half == Half.MORNING else "afternoon"
            days = rhythm.weekdays if slot.weekdays is None else slot.weekdays & rhythm.weekdays
            initial |= {
                name: [str(day) for day in sorted(days)],
                f"{name}_from": slot.starts,
                f"{name}_to": slot.ends,
            }
        return initial

    def clean_blocks(self) -> tuple[tuple[date, date], ...]:
        field = forms.DateField()
        blocks = []
        for line in self.cleaned_data["blocks"].splitlines():
            if not line.strip():
                continue
            parts = [part.strip() for part in line.replace("–", "-").split(" - ")]
            try:
                first, last = (field.clean(part) for part in parts)
            except (ValueError, forms.ValidationError) as error:
                raise forms.ValidationError(
                    f"« {line.strip()[:60]} » n'est pas un bloc : écrivez deux dates séparées par « - »."
                ) from error
            blocks.append((first, last))
        return tuple(blocks)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        if data["pattern"] == "blocks" and not data.get("blocks"):
            self.add_error("blocks", "Donnez au moins un bloc de dates.")
        if data["pattern"] in ("2", "3") and not data.get("anchor"):
            self.add_error("anchor", "Indiquez un jour de la première semaine au CFA.")
        for name, label in (("morning", "du matin"), ("afternoon", "de l'après-midi")):
            if data.get(name) and not (data.get(f"{name}_from") and data.get(f"{name}_to")):
                self.add_error(f"{name}_from", f"Indiquez les heures {label}.")
        if not data.get("morning") and not data.get("afternoon"):
            self.add_error("morning", "Cochez au moins une demi-journée au CFA.")
        if self.errors:
            return data
        try:
            data["rhythm"] = self._rhythm(data)
        except ValueError as error:
            self.add_error(None, str(error))
        return data

    @staticmethod
    def _rhythm(data: dict[str, Any]) -> Rhythm:
        chosen = {
            half: frozenset(map(int, data[name]))
            for half, name in ((Half.MORNING, "morning"), (Half.AFTERNOON, "afternoon"))
            if data[name]
        }
        weekdays = frozenset().union(*chosen.values())
        names = {Half.MORNING: "morning", Half.AFTERNOON: "afternoon"}
        weeks = int(data["pattern"]) if data["pattern"] != "blocks" else 1
        return Rhythm(
            weekdays=weekdays,
            slots=tuple(
                Slot(
                    half,
                    data[f"{names[half]}_from"],
                    data[f"{names[half]}_to"],
                    None if days == weekdays else days,
                )
                for half, days in chosen.items()
            ),
            zone=Zone(data["zone"]),
            cycle_weeks=weeks,
            anchor=data["anchor"] if weeks > 1 else None,
            blocks=data["blocks"] if data["pattern"] == "blocks" else (),
        )


class ExceptionForm(forms.Form):
    """A line of the calendar."""

    kind = forms.ChoiceField(label="Nature", choices=ExceptionKind.choices)
    starts_on = forms.DateField(label="Du", widget=date_input())
    ends_on = forms.DateField(
        label="Au", required=False, widget=date_input(), help_text="Vide : un seul jour."
    )
    half = forms.ChoiceField(
        label="Seulement", required=False, choices=[("", "Journées entières"), *Half.choices]
    )
    label = forms.CharField(label="Libellé", required=False, max_length=80)
    whole_centre = forms.BooleanField(label="Pour toutes les promotions du CFA", required=False)


class RoomForm(forms.Form):
    name = forms.CharField(label="Nom", max_length=40)
    capacity = forms.IntegerField(label="Places", min_value=1, max_value=2000, initial=20)
    is_active = forms.BooleanField(label="Utilisée", required=False, initial=True)


class MakeupForm(forms.Form):
    """Half-days chosen among those proposed, with what is taught then."""

    places = forms.MultipleChoiceField(
        label="Demi-journées proposées",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une demi-journée."},
    )
    subject = forms.ModelChoiceField(Subject.objects.none(), label="Matière")
    trainer = forms.ModelChoiceField(User.objects.none(), label="Formateur")
    room = forms.ModelChoiceField(
        Room.objects.none(), label="Salle", required=False, empty_label="Non fixée"
    )

    def __init__(
        self, *args, cohort: Cohort, proposed: list[tuple[date, str]], ticked: int, **kwargs
    ):
        super().__init__(*args, **kwargs)
        labels = dict(Half.choices)
        choices = [
            (f"{day}/{half}", f"{date_format(day, 'l j F Y')}, {labels[half].lower()}")
            for day, half in proposed
        ]
        self.fields["places"].choices = choices
        self.fields["places"].initial = [value for value, _ in choices[:ticked]]
        self.fields["subject"].queryset = Subject.objects.filter(programme=cohort.programme_id)
        self.fields["trainer"].queryset = trainers_of(cohort.cfa)
        self.fields["room"].queryset = rooms_of(cohort)

    def clean_places(self) -> list[tuple[date, str]]:
        pairs = [value.split("/") for value in self.cleaned_data["places"]]
        return [(date.fromisoformat(day), half) for day, half in pairs]


class PapersForm(forms.Form):
    """Which paper, over which period, for whom."""

    kind = forms.ChoiceField(label="Document", choices=PaperKind.choices)
    first = forms.DateField(label="Du", widget=date_input())
    last = forms.DateField(label="Au", widget=date_input())
    enrolments = forms.ModelMultipleChoiceField(
        Enrolment.objects.none(),
        label="Apprentis",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sans effet pour les feuilles de semaine et de mois.",
    )

    def __init__(self, *args, cohort: Cohort, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["enrolments"]
        field.queryset = cohort.enrolments.select_related("apprentice")
        field.label_from_instance = lambda one: str(one.apprentice)
        field.initial = [enrolment.pk for enrolment in field.queryset]


def monday_of(text: str, today: date) -> date:
    """The Monday of the ISO week "2026-W12", or this week's when the text is not one."""
    try:
        return date.fromisocalendar(int(text[:4]), int(text[6:]), 1)
    except ValueError:
        return today - timedelta(days=today.weekday())


def first_of_month(text: str, today: date) -> date:
    """The first day of the month "2026-03", or this month's when the text is not one."""
    try:
        return date(int(text[:4]), int(text[5:7]), 1)
    except ValueError:
        return today.replace(day=1)
