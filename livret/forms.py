"""What one person writes in a period: texts, an opinion, positions on the competences."""

from dataclasses import dataclass

from django import forms

from apprentices.models import MaitreApprentissage
from programmes.models import Competence

from . import rules
from .actions.corrections import CORRECTABLE, known_of
from .enums import CompetenceLevel, MaitrePosition, PeriodRole
from .models import CompetencePosition, LivretPeriod
from .pdf import assessed_competences

QUESTIONS = {
    "apprentice_text": ("Qu'avez-vous fait en entreprise pendant cette période ?", "Missions, clients, outils, résultats, difficultés."),
    "maitre_position": ("Où en est votre apprenti ?", ""),
    "maitre_text": ("Ses points forts et ses points à travailler", "Quelques phrases suffisent."),
    "maitre_goals": ("Ses objectifs pour la période suivante (facultatif)", ""),
    "tutor_text": ("Bilan de la période", "Ce qui a été constaté au CFA et en entreprise, et la suite décidée."),
}  # fmt: skip
# The keyboard that a phone shows, and what its browser may fill in.
KEYBOARDS = {
    "email": {"inputmode": "email", "autocomplete": "email"},
    "phone": {"inputmode": "tel", "autocomplete": "tel"},
    "postcode": {"inputmode": "numeric"},
}
# Four boxes side by side on a phone: the words are those of the scale, shortened.
SHORT_LEVELS = (("non_vu", "Non vu"), ("debutant", "Débutant"), ("en_cours", "En cours"), ("autonome", "Autonome"))  # fmt: skip


class CompanyForm(forms.Form):
    """What a maître may say is wrong; the action checks it as it checks the staff's own pages."""

    def __init__(self, *args, maitre: MaitreApprentissage, **kwargs):
        super().__init__(*args, **kwargs)
        for name, value in known_of(maitre).items():
            kind = name.split(".")[1]
            self.fields[name] = forms.CharField(
                label=CORRECTABLE[name],
                initial=value,
                required=False,
                max_length=200,
                widget=forms.TextInput(attrs=KEYBOARDS.get(kind)),
            )

    def deed(self) -> dict[str, dict[str, str]]:
        return {
            "values": {name: self.cleaned_data[name] for name in self.data if name in self.fields}
        }


@dataclass(frozen=True)
class Question:
    """One field as the page draws it: its boxes or its lines, and what the server holds."""

    field: forms.BoundField
    choices: tuple = ()
    seen: str = ""


class SectionForm(forms.Form):
    """The section of one person, with the competence positions where that person gives them."""

    def __init__(self, *args, period: LivretPeriod, role: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.period, self.role = period, role
        self.competences: dict[str, Competence] = {}
        self.stored: dict[str, str] = {}
        self.taken_from: LivretPeriod | None = None
        self.texts = rules.SECTIONS[role]
        for name in self.texts:
            self.fields[name] = self._text_field(name)
        if role != PeriodRole.TUTOR:
            self._add_competences()

    def _text_field(self, name: str) -> forms.Field:
        label, help_text = QUESTIONS[name]
        common = {
            "label": label,
            "help_text": help_text,
            "required": False,
            "initial": getattr(self.period, name),
        }
        if name == "maitre_position":
            return forms.ChoiceField(choices=[("", ""), *MaitrePosition.choices], **common)
        return forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 4}), **common)

    def _add_competences(self) -> None:
        """One's own positions; before the first one, those of the period before are proposed."""
        rows = {row.competence_id: row for row in self.period.positions.all()}
        earlier: dict[int, CompetencePosition] = {}
        if not any(self._own(row) for row in rows.values()):
            before = self.period.livret.periods.filter(number=self.period.number - 1).first()
            if before:
                earlier = {row.competence_id: row for row in before.positions.all()}
                self.taken_from = before if any(map(self._own, earlier.values())) else None
        for competence in assessed_competences(self.period.livret.enrolment):
            row = rows.get(competence.pk)
            name = f"competence_{competence.pk}"
            said = row.get_apprentice_level_display() if row and row.apprentice_level else ""
            self.competences[name] = competence
            self.stored[name] = self._own(row)
            self.fields[name] = forms.ChoiceField(
                label=competence.title,
                choices=[("", ""), *CompetenceLevel.choices],
                required=False,
                initial=self._own(row) or self._own(earlier.get(competence.pk)),
                help_text=f"L'apprenti se situe : {said.lower()}."
                if self.role == PeriodRole.MAITRE and said
                else "",
            )

    def _own(self, row: CompetencePosition | None) -> str:
        return getattr(row, f"{self.role}_level") if row else ""

    def questions(self) -> list[Question]:
        return [
            Question(
                self[name],
                tuple(MaitrePosition.choices) if name == "maitre_position" else (),
                getattr(self.period, name),
            )
            for name in self.texts
        ]

    def grid(self) -> list[Question]:
        return [Question(self[name], SHORT_LEVELS, self.stored[name]) for name in self.competences]

    def placed(self) -> int:
        """How many competences the page shows as situated."""
        return sum(bool(self[name].value()) for name in self.competences)

    @property
    def grid_has_errors(self) -> bool:
        return any(name in self.errors for name in self.competences)

    @property
    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.texts}

    @property
    def levels(self) -> dict[Competence, str]:
        return {c: self.cleaned_data[name] for name, c in self.competences.items()}

    @property
    def seen(self) -> dict[str, str]:
        """What the page showed of each text when it was loaded."""
        return {n: self.data[f"seen-{n}"] for n in self.texts if f"seen-{n}" in self.data}
