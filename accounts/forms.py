"""Input of the account pages; the rules themselves live in the actions."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts

from .enums import Role
from .models import Cfa, User
from .rules import compact


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("first_name", "last_name")


class CfaForm(forms.ModelForm):
    """What the centre's documents print, who signs them, and its habilitation to the CCF."""

    # Typed with their spaces, kept without.
    uai = forms.CharField(label="Numéro UAI", max_length=16, required=False)
    siret = forms.CharField(label="Numéro SIRET", max_length=24, required=False)
    nda = forms.CharField(
        label="Numéro de déclaration d'activité",
        max_length=20,
        required=False,
        help_text="11 chiffres.",
    )

    class Meta:
        model = Cfa
        fields = (
            "name",
            *Cfa.PRINTED[:7],
            "phone",
            *Cfa.PRINTED[7:],
            "ccf_habilite_on",
            "ccf_habilite_until",
        )
        help_texts = {
            "signatory_name": "La personne dont le nom figure au bas des documents.",
            "ccf_habilite_on": "Sans habilitation, les épreuves sont ponctuelles (D643-19).",
        }
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("ccf_habilite_on", "ccf_habilite_until")
        }

    def clean(self):
        values = super().clean()
        return values | {name: compact(values.get(name, "")) for name in ("uai", "siret", "nda")}


class InvitationForm(forms.Form):
    first_name = forms.CharField(label="Prénom", max_length=100)
    last_name = forms.CharField(label="Nom", max_length=100)
    email = forms.EmailField(
        label="Adresse e-mail",
        help_text="Le lien personnel y part aussitôt ; il vaut 14 jours et ne sert qu'une fois.",
    )
    role = forms.ChoiceField(label="Rôle", choices=Role.choices)

    def __init__(self, *args, may_name_admin: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_name_admin:
            choices = [choice for choice in Role.choices if choice[0] != Role.ADMIN]
            self.fields["role"].choices = choices


class AcceptForm(forms.Form):
    """A new person chooses a password, twice."""

    password = forms.CharField(
        label="Mot de passe",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    password_again = forms.CharField(
        label="Le même mot de passe",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self):
        values = super().clean()
        first, again = values.get("password"), values.get("password_again")
        if first and again and first != again:
            self.add_error("password_again", "Les deux mots de passe diffèrent : écrivez le même.")
        return values


class MemberForm(forms.Form):
    role = forms.ChoiceField(label="Rôle", choices=Role.choices)
    reason = forms.CharField(
        label="Motif", max_length=300, required=False, help_text="Gardé dans l'historique."
    )


class MemberFilterForm(forms.Form):
    q = forms.CharField(label="Nom ou adresse e-mail", required=False)
    role = forms.ChoiceField(
        label="Rôle", required=False, choices=[("", "Tous les rôles"), *Role.choices]
    )
