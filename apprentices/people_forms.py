"""Forms of the people and companies: sections of a page, official lists, communes to choose."""

from typing import Any

from django import forms
from django.urls import reverse_lazy

from .fields import CodeField, DateField, opco_choices
from .models import Apprentice, Company, CompanyContact, HeldDiploma, MaitreApprentissage


class CommuneField(forms.CharField):
    """The INSEE code of a commune, proposed while its name is typed."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "help_text",
            "Tapez le nom de la commune, ou du pays à l'étranger, puis choisissez.",
        )
        super().__init__(required=False, max_length=60, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {
            **super().widget_attrs(widget),
            "autocomplete": "off",
            "hx-get": reverse_lazy("apprentices:commune_options"),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "#communes",
            "list": "communes",
        }

    def clean(self, value: Any) -> str:
        """The code alone, when a whole proposal was chosen: « 78172 · Conflans… »."""
        return super().clean(value).split(" ")[0].upper()


class SectionsForm(forms.ModelForm):
    """Titles of the page with the fields under each; the action validates what is typed."""

    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def titled(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.sections]

    def _post_clean(self):
        """The action validates."""


class ApprenticeForm(SectionsForm):
    born_on = DateField(label="Date de naissance")
    birth_insee = CommuneField(label="Commune de naissance (code INSEE)")
    residence_insee = CommuneField(
        label="Commune de résidence (code INSEE)",
        help_text="Laissez vide : elle se déduit du code postal et de la commune quand ils suffisent.",
    )
    situation_before = CodeField("situation_before", label="Situation avant le contrat")
    last_class = CodeField("last_class", label="Dernière classe suivie")
    last_diploma = CodeField("diploma", label="Dernier diplôme préparé")
    highest_diploma = CodeField("diploma", label="Diplôme le plus élevé obtenu")
    situation_n1 = CodeField("sifa_situation_n1", label="Situation l'an passé")
    boarding = CodeField("sifa_boarding", label="Régime scolaire")
    representative_pcs = CodeField("sifa_pcs", label="Profession du représentant légal")

    sections = (
        (
            "État civil",
            ("last_name", "usage_name", "first_name", "sex", "born_on", "birth_insee",
             "birth_place", "nationality", "ine"),
        ),
        ("Coordonnées", ("email", "phone", "address", "postcode", "city", "residence_insee")),
        (
            "Représentants légaux d'un mineur",
            ("is_emancipated", "legal_representative", "legal_representative_email",
             "legal_representative_phone", "legal_representative_address",
             "second_representative", "second_representative_email",
             "second_representative_phone"),
        ),
        (
            "Parcours, dans les listes du CERFA",
            ("situation_before", "last_class", "last_diploma", "last_diploma_title",
             "highest_diploma"),
        ),
        ("Enquête SIFA", ("situation_n1", "school_n1", "boarding", "representative_pcs")),
        ("Situation de handicap", ("rqth", "adjustments")),
    )  # fmt: skip

    class Meta:
        model = Apprentice
        fields = (
            "first_name", "last_name", "usage_name", "sex", "born_on", "birth_insee",
            "birth_place", "nationality", "ine", "email", "phone", "address", "postcode", "city",
            "residence_insee", "rqth", "adjustments", "is_emancipated", "legal_representative",
            "legal_representative_email", "legal_representative_phone",
            "legal_representative_address", "second_representative",
            "second_representative_email", "second_representative_phone", "situation_before",
            "last_class", "last_diploma", "last_diploma_title", "highest_diploma",
            "situation_n1", "school_n1", "boarding", "representative_pcs",
        )  # fmt: skip
        widgets = {"adjustments": forms.Textarea(attrs={"rows": 2})}
        labels = {"birth_place": "Lieu de naissance, s'il est à l'étranger", "phone": "Téléphone"}
        help_texts = {
            "legal_representative": "Nom et prénom. Exigé pour un mineur non émancipé (V17).",
            "email": "Le compte de même adresse sera relié à cette fiche.",
            "ine": "11 caractères ; il figure sur le relevé de notes du baccalauréat.",
        }


class CompanyForm(SectionsForm):
    # Longer than the column: spaces are accepted and taken out.
    siret = forms.CharField(
        label="SIRET",
        max_length=20,
        required=False,
        help_text="14 chiffres, espaces admis. Il peut attendre, mais aucun contrat sans lui.",
    )
    naf = forms.CharField(label="Code NAF", max_length=8, required=False, help_text="4719B")
    idcc = forms.CharField(
        label="IDCC", max_length=6, required=False, help_text="9999 : aucune convention collective."
    )
    opco = forms.ChoiceField(label="OPCO", required=False)
    employer_type = CodeField("employer_type", label="Type d'employeur")
    employer_specific = CodeField("employer_specific", label="Employeur spécifique")
    insee = CommuneField(
        label="Commune (code INSEE)",
        help_text="Laissez vide : elle se déduit du code postal et de la commune quand ils suffisent.",
    )

    sections = (
        ("Entreprise", ("name", "siret", "naf", "idcc", "opco", "headcount")),
        ("Au sens du CERFA", ("employer_type", "employer_specific")),
        ("Établissement d'exécution", ("address", "postcode", "city", "insee", "email", "phone")),
    )

    class Meta:
        model = Company
        fields = (
            "name", "siret", "naf", "idcc", "opco", "headcount", "employer_type",
            "employer_specific", "address", "postcode", "city", "insee", "email", "phone",
        )  # fmt: skip
        help_texts = {"headcount": "Celui de toute l'entreprise (CSS L130-1)."}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = opco_choices()
        current = self.instance.opco
        if current and current not in dict(choices):  # typed before the list, or another operator
            choices.append((current, current))
        opco = self.fields["opco"]
        assert isinstance(opco, forms.ChoiceField)
        opco.choices = choices


class MaitreForm(SectionsForm):
    born_on = DateField(label="Date de naissance", required=False)
    diploma = CodeField("diploma", label="Diplôme le plus élevé")
    attested_on = DateField(
        label="Attestation d'éligibilité de l'employeur, signée le", required=False
    )

    sections = (
        ("Identité", ("last_name", "first_name", "born_on", "email", "phone")),
        (
            "Éligibilité (V10, V11 : art. L6223-8-1 et R6223-22 du code du travail)",
            ("status", "job_title", "diploma", "is_diploma_related", "experience_months",
             "attested_on"),
        ),
    )  # fmt: skip

    class Meta:
        model = MaitreApprentissage
        fields = (
            "first_name", "last_name", "born_on", "email", "phone", "job_title", "status",
            "diploma", "is_diploma_related", "experience_months", "attested_on",
        )  # fmt: skip


class ContactForm(SectionsForm):
    class Meta:
        model = CompanyContact
        fields = ("last_name", "first_name", "role", "email", "phone")


class DiplomaForm(SectionsForm):
    code = CodeField("diploma", label="Nature du diplôme")

    class Meta:
        model = HeldDiploma
        fields = ("code", "title", "obtained_in", "is_french", "has_law_economics", "has_proof")


class NirForm(forms.Form):
    nir = forms.CharField(
        label="Numéro de sécurité sociale",
        max_length=30,
        help_text="13 caractères, ou 15 avec la clé. Il est chiffré et n'apparaît dans aucune liste.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )


class NirReasonForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi le lire",
        max_length=200,
        help_text="Votre nom, la date et ce motif sont gardés dans l'historique.",
        initial="Dépôt du contrat à l'OPCO",
    )


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label="Photo d'identité",
        help_text="De face, JPEG, PNG ou WebP, 8 Mo au plus. Elle ne sert qu'à la carte.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
