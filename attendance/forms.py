"""Input of the attendance pages; the actions decide and write."""

from typing import Any

from django import forms

from accounts.enums import STAFF_ROLES, Role
from accounts.models import Cfa, User
from accounts.signatures import BadSignature, parse_strokes
from apprentices.models import Cohort, Enrolment

from .models import AttendanceSheet, ClassSession, DoorSettings, PaperScan, Presence

TIME = {"type": "time", "class": "form-control"}


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


class ReasonForm(forms.Form):
    """Why a closed sheet is opened again."""

    reason = forms.CharField(
        label="Motif", max_length=200, help_text="Il reste dans l'historique de la feuille."
    )


class ReplacementForm(forms.Form):
    """Who teaches instead, and why."""

    trainer = forms.ModelChoiceField(User.objects.none(), label="Formateur présent")
    reason = forms.CharField(
        label="Motif",
        max_length=200,
        help_text="Envoyé aux deux formateurs, gardé avec la feuille.",
    )

    def __init__(self, *args, session: ClassSession, **kwargs):
        super().__init__(*args, **kwargs)
        others = trainers_of(session.cohort.cfa).exclude(pk=session.trainer_id)
        self.fields["trainer"].queryset = others


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


class SigningStartForm(forms.Form):
    """Since when a cohort signs in the application."""

    day = forms.DateField(
        label="Émargement dans l'application à partir du",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=(
            "Les demi-journées d'avant sont sur les feuilles du CFA : elles ne sont ni relancées ni comptées "
            "comme prouvées. Vide : toutes les feuilles passées seront saisies ici."
        ),
    )


class DoorsForm(forms.ModelForm):
    """The doors of a centre and its delays; the action checks that one door at least stays open."""

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
            "justify_days",
            "file_months",
        )
        help_texts = {
            "wall_code": "Un QR et un code qui changent toutes les 15 secondes : ils prouvent la présence dans la salle.",
            "own_phone": "Le plus rapide, mais rien ne prouve que la personne est dans la salle.",
            "own_qr": "Le formateur lit le QR du téléphone de l'apprenti, qui signe sur l'appareil du formateur.",
            "personal_link": "Pour une séance à distance ou un téléphone sans compte ouvert ; un seul usage.",
            "paper": "La feuille se prépare en PDF, se signe à la main, puis se numérise et se transcrit.",
            "link_minutes": "De 10 minutes à 14 jours (20 160 minutes).",
            "justify_days": "À compter de l'absence ; celui de votre règlement intérieur (l'usage est de 5 jours). Il vaut pour les absences à venir.",
            "file_months": "Après la fin de l'absence, le fichier et la précision sont effacés ; la nature et les dates restent.",
        }

    def _post_clean(self) -> None:
        """The action validates the row: the form only reads what was typed."""


class PaperForm(forms.Form):
    """A sheet signed on paper: its scan, and what each line says."""

    MARKS = (
        ("", "Rien d'écrit"),
        ("signed", "A signé"),
        ("absent", "Absent"),
        ("excused", "Absence justifiée"),
    )

    def __init__(self, *args, presences: list[Presence], scans: list[PaperScan], **kwargs):
        super().__init__(*args, **kwargs)
        self.presences = presences
        self.scans = scans
        if scans:
            self.fields["known"] = forms.ChoiceField(
                label="Feuille numérisée",
                required=False,
                choices=[(str(s.uuid), s.file_name) for s in scans] + [("", "Un autre fichier")],
                initial=str(scans[0].uuid),
            )
        self.fields["scan"] = forms.FileField(
            label="Scan ou photo de la feuille signée",
            required=not scans,
            widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
            help_text="PDF ou photo, 25 Mo au plus. Une photo est redressée et réduite.",
        )
        for presence in presences:
            key = presence.uuid.hex
            who = presence.enrolment.apprentice
            self.fields[f"mark_{key}"] = forms.ChoiceField(
                label=f"{who}",
                choices=self.MARKS,
                required=False,
                widget=forms.Select({"class": "form-select"}),
            )
            self.fields[f"reason_{key}"] = forms.CharField(
                label=f"Motif d'absence, {who}",
                max_length=200,
                required=False,
                widget=forms.TextInput({"class": "form-control"}),
            )
            self.fields[f"arrived_at_{key}"] = forms.TimeField(
                label=f"Arrivée, {who}", required=False, widget=forms.TimeInput(TIME)
            )
            self.fields[f"left_at_{key}"] = forms.TimeField(
                label=f"Départ, {who}", required=False, widget=forms.TimeInput(TIME)
            )

    def head(self) -> list[forms.BoundField]:
        return [self[name] for name in ("known", "scan") if name in self.fields]

    def rows(self) -> list[dict[str, Any]]:
        names = {
            "mark": "Sur la feuille",
            "arrived_at": "Arrivée à",
            "left_at": "Départ à",
            "reason": "Motif d'absence",
        }
        return [
            {
                "presence": p,
                "cells": [(label, self[f"{name}_{p.uuid.hex}"]) for name, label in names.items()],
            }
            for p in self.presences
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.scans and not data.get("known") and not data.get("scan"):
            self.add_error("scan", "Joignez le scan ou la photo de la feuille signée.")
        return data


class ExportForm(forms.Form):
    """Whose proofs to hand over, and for which dates."""

    cohort = forms.ModelChoiceField(Cohort.objects.none(), label="Promotion", to_field_name="uuid")
    enrolment = forms.ModelChoiceField(
        Enrolment.objects.none(),
        label="Apprenti",
        required=False,
        to_field_name="uuid",
        empty_label="Toute la promotion",
    )
    first = forms.DateField(label="Du", widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label="Au", widget=forms.DateInput({"type": "date"}))
    with_sheets = forms.BooleanField(
        label="Joindre les feuilles collectives",
        required=False,
        initial=True,
        help_text="Elles portent les noms de tout le groupe : décochez pour un dossier à remettre à un apprenti.",
    )

    def __init__(self, *args, cohorts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts
        field = self.fields["enrolment"]
        field.queryset = (
            Enrolment.objects.filter(cohort__in=cohorts)
            .select_related("apprentice", "cohort")
            .order_by("apprentice__last_name", "apprentice__first_name", "pk")
        )
        field.label_from_instance = lambda one: f"{one.apprentice} · {one.cohort}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last, one = data.get("first"), data.get("last"), data.get("enrolment")
        if first and last and last < first:
            self.add_error("last", "La fin doit suivre le début.")
        if first and last and (last - first).days > 1100:
            self.add_error("last", "Pas plus de trois ans à la fois.")
        if one and data.get("cohort") and one.cohort_id != data["cohort"].pk:
            self.add_error("enrolment", f"{one.apprentice} n'est pas de cette promotion.")
        return data
