from django import forms

from .enums import CompetenceLevel, MaitrePosition, PeriodRole
from .models import CompetencePosition, LivretPeriod
from .pdf import assessed_competences

QUESTIONS = {
    "apprentice_text": ("Qu'avez-vous fait en entreprise pendant cette période ?", "Missions, clients, outils, résultats, difficultés."),
    "maitre_position": ("Où en est votre apprenti ?", ""),
    "maitre_text": ("Ses points forts et ses points à travailler", "Quelques phrases suffisent."),
    "maitre_goals": ("Ses objectifs pour la période suivante", "Facultatif."),
    "tutor_text": ("Bilan de la période", "Ce qui a été constaté au CFA et en entreprise, et la suite décidée."),
}  # fmt: skip


class SectionForm(forms.Form):
    """The section of one person, with the competence positions where that person gives them."""

    def __init__(self, *args, period: LivretPeriod, role: str, fields: tuple[str, ...], **kwargs):
        super().__init__(*args, **kwargs)
        self.role = role
        self.competences = {}
        for name in fields:
            label, help_text = QUESTIONS[name]
            common = {
                "label": label,
                "help_text": help_text,
                "required": False,
                "initial": getattr(period, name),
            }
            if name == "maitre_position":
                self.fields[name] = forms.ChoiceField(
                    choices=[("", "À choisir"), *MaitrePosition.choices], **common
                )
            else:
                self.fields[name] = forms.CharField(
                    max_length=5000, widget=forms.Textarea(attrs={"rows": 5}), **common
                )
        if role == PeriodRole.TUTOR:
            return
        rows: dict[int, CompetencePosition] = {r.competence_id: r for r in period.positions.all()}
        for competence in assessed_competences(period.livret.enrolment):
            row = rows.get(competence.pk)
            own = getattr(row, f"{role}_level", "")
            said = row.get_apprentice_level_display() if row and row.apprentice_level else ""
            name = f"competence_{competence.pk}"
            self.competences[name] = competence
            self.fields[name] = forms.ChoiceField(
                label=competence.title,
                choices=[("", "À situer"), *CompetenceLevel.choices],
                required=False,
                initial=own,
                help_text=f"L'apprenti se situe : {said.lower()}."
                if role == PeriodRole.MAITRE and said
                else "",
            )

    @property
    def values(self) -> dict[str, str]:
        return {n: v for n, v in self.cleaned_data.items() if n not in self.competences}

    @property
    def levels(self) -> dict:
        return {c: self.cleaned_data[name] for name, c in self.competences.items()}
