"""What people type, cleaned; nothing is written here."""

from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms

from accounts.french import with_comma

from .enums import Half, VersionState
from .models import CfaProgramme, Referentiel

DAYS = ((0, "Lundi"), (1, "Mardi"), (2, "Mercredi"), (3, "Jeudi"), (4, "Vendredi"), (5, "Samedi"))
HOURS: dict[str, Any] = {"min_value": 0, "max_value": 9999, "max_digits": 6, "decimal_places": 2}
MOST_BYTES = 1_000_000


class HoursField(forms.DecimalField):
    """Hours, with a comma or a dot."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "num hours-input"})
        )
        super().__init__(**{**HOURS, **kwargs})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.replace(" ", "").replace(" ", "").replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return with_comma(value)
        return value


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi ce constat est accepté",
        help_text="10 caractères au moins ; votre nom et la date s'affichent avec.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )


class PublishForm(forms.Form):
    reason = forms.CharField(
        label="Ce qui change dans cette version",
        help_text="Affiché sur la page publique, par exemple « Première publication ».",
        max_length=300,
    )


class VersionForm(forms.Form):
    session_from = forms.IntegerField(
        label="Première session d'examen concernée",
        help_text="La même session : une correction. Une session plus tardive : un nouveau texte.",
        min_value=1960,
        max_value=2100,
    )


class VersionReasonForm(forms.Form):
    reason = forms.CharField(
        label="Motif de publication",
        help_text="Le texte qui fonde cette version. Publiée, elle ne change plus.",
        max_length=300,
    )


class FileForm(forms.Form):
    """One uploaded file, not too large."""

    file = forms.FileField(label="Fichier")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                f"Le fichier fait {file.size // 1000} ko : {MOST_BYTES // 1000} ko au plus."
            )
        return file


class SubjectForm(forms.Form):
    """One line of the grid of hours."""

    code = forms.SlugField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label="Matière", max_length=200)
    short_title = forms.CharField(label="Intitulé court", max_length=60, required=False)
    unite = forms.ChoiceField(label="Unité", required=False)
    hours_year_1 = HoursField(label="Heures de 1re année")
    hours_year_2 = HoursField(label="Heures de 2e année")

    def __init__(self, *args: Any, unites: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["unite"]).choices = [("", "—"), *unites]
        for field in self.fields.values():
            css = field.widget.attrs.get("class", "")
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = f"{css} {kind}".strip()


class SubjectFormSetBase(forms.BaseFormSet):
    """Lines that are wholly empty are left out."""

    deletion_widget = forms.CheckboxInput

    def rows(self) -> list[dict[str, Any]]:
        return [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


SubjectFormSet = forms.formset_factory(
    SubjectForm, formset=SubjectFormSetBase, extra=2, can_delete=True, max_num=60, absolute_max=70
)


class TotalForm(forms.Form):
    hours_announced = HoursField(label="Total annoncé")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["hours_announced"].widget.attrs["class"] += " form-control"


DAY: Any = {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
TIME: Any = {
    "widget": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    "required": False,
}


class RhythmFields(forms.Form):
    """Dates, days at the CFA and hours of the day, as every programme has them."""

    starts_on = forms.DateField(label="Début", **DAY)
    ends_on = forms.DateField(label="Fin", **DAY)
    weekdays = forms.TypedMultipleChoiceField(
        label="Jours au CFA", choices=DAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    morning_starts = forms.TimeField(label="Matin, début", **TIME)
    morning_ends = forms.TimeField(label="Matin, fin", **TIME)
    afternoon_starts = forms.TimeField(label="Après-midi, début", **TIME)
    afternoon_ends = forms.TimeField(label="Après-midi, fin", **TIME)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] <= data["starts_on"]:
            self.add_error("ends_on", "La fin doit suivre le début.")
        halves = []
        for name, half in (("morning", Half.MORNING), ("afternoon", Half.AFTERNOON)):
            starts, ends = data.get(f"{name}_starts"), data.get(f"{name}_ends")
            if bool(starts) != bool(ends):
                self.add_error(f"{name}_ends", "Donnez le début et la fin, ou ni l'un ni l'autre.")
            elif starts and ends:
                halves.append(
                    {"half": half.value, "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
                )
        data["rhythm"] = {"weekdays": sorted(data.get("weekdays", [])), "halves": halves}
        return data


class ProgrammeStartForm(RhythmFields):
    """What a programme cannot do without; the rest is completed on its own pages."""

    rncp = forms.ChoiceField(label="Diplôme")
    group_max = forms.IntegerField(
        label="Effectif maximal du groupe", min_value=1, max_value=500, initial=20
    )
    field_order = ("rncp", "starts_on", "ends_on", "weekdays")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        published = Referentiel.objects.filter(state=VersionState.PUBLISHED)
        diplomas = {row.rncp: f"{row.diploma} {row.acronym}" for row in published}
        cast(forms.ChoiceField, self.fields["rncp"]).choices = sorted(diplomas.items())
        self.has_diploma = bool(diplomas)
        usual = {"morning_starts": "09:00", "morning_ends": "12:30"}
        usual |= {"afternoon_starts": "13:30", "afternoon_ends": "17:00"}
        for name, at in usual.items():
            self.fields[name].initial = at

    def values(self) -> dict[str, Any]:
        """What `actions.create_programme` takes."""
        names = ("rncp", "starts_on", "ends_on", "rhythm", "group_max")
        return {name: self.cleaned_data[name] for name in names}


class ProgrammeForm(RhythmFields, forms.ModelForm):
    """General facts, rhythm and closures."""

    closures_text = forms.CharField(
        label="Fermetures",
        help_text="Une par ligne : 22/12/2026 - 02/01/2027 Vacances de fin d'année.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = CfaProgramme
        fields = ("title", "session", "starts_on", "ends_on", "group_min", "group_max", "place")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        programme = self.instance
        slots = {row["half"]: row for row in programme.rhythm.get("halves", [])}
        self.initial["weekdays"] = programme.rhythm.get("weekdays", [])
        for name, half in (("morning", Half.MORNING), ("afternoon", Half.AFTERNOON)):
            slot = slots.get(half, {})
            self.initial[f"{name}_starts"] = slot.get("starts")
            self.initial[f"{name}_ends"] = slot.get("ends")
        self.initial["closures_text"] = "\n".join(
            f"{_french(row['first'])} - {_french(row['last'])} {row['label']}"
            for row in programme.closures
        )
        self.sections = list(programme.sections.all())
        for section in self.sections:
            self.fields[f"section_{section.pk}"] = forms.CharField(
                label=section.title,
                required=False,
                widget=forms.Textarea(attrs={"rows": min(12, max(3, len(section.lines)))}),
                help_text="Une ligne par élément ; « Libellé | texte » pour un libellé.",
                initial="\n".join(_line_text(line) for line in section.lines),
                max_length=20_000,
            )

    def clean_closures_text(self) -> list[dict[str, str]]:
        found = []
        for number, text in enumerate(self.cleaned_data["closures_text"].splitlines(), 1):
            if not text.strip():
                continue
            first, dash, rest = text.partition("-")
            last, _, label = rest.strip().partition(" ")
            start, end = _day(first.strip()), _day(last)
            if not dash or start is None or end is None:
                raise forms.ValidationError(
                    f"Ligne {number} : écrivez « 22/12/2026 - 02/01/2027 Libellé »."
                )
            if end < start:
                raise forms.ValidationError(f"Ligne {number} : la fin précède le début.")
            found.append(
                {
                    "first": start.isoformat(),
                    "last": end.isoformat(),
                    "label": label.strip()[:120] or "Fermeture",
                }
            )
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["rhythm"] = {**self.instance.rhythm, **data["rhythm"]}
        return data

    def values(self) -> dict[str, Any]:
        """What `actions.save_programme` takes."""
        data = self.cleaned_data
        names = (*self.Meta.fields, "rhythm")
        sections = {
            section.code: _lines(data[f"section_{section.pk}"], section.lines)
            for section in self.sections
        }
        return {
            **{name: data[name] for name in names},
            "closures": data["closures_text"],
            "sections": sections,
        }


def _line_text(line: dict[str, str]) -> str:
    text = line.get("published") or line["text"]
    return f"{line['label']} | {text}" if line["label"] else text


def _lines(text: str, before: list[dict[str, str]]) -> list[dict[str, str]]:
    """A line left as it was keeps the printed words and their correction; any other is new."""
    known = {_line_text(line): line for line in before}
    found = []
    for row in text.splitlines():
        row = row.strip()
        if not row:
            continue
        if row in known:
            found.append(known[row])
            continue
        label, bar, rest = row.partition("|")
        found.append(
            {
                "label": label.strip()[:100] if bar else "",
                "text": (rest if bar else row).strip()[:1000],
                "correction": "",
                "published": "",
            }
        )
    return found


def _french(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}"


def _day(text: str) -> date | None:
    try:
        return forms.DateField(input_formats=["%d/%m/%Y", "%Y-%m-%d"]).clean(text)
    except forms.ValidationError:
        return None
