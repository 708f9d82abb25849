from django import forms

from .rules import normalise_code


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code de vérification",
        max_length=40,
        help_text="Douze lettres et chiffres, au bas de chaque page du document, par exemple 7K3M-PX0A-9QZT.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": "Tapez le code imprimé au bas du document."},
    )

    def clean_code(self) -> str:
        code = normalise_code(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(
                "Ce n'est pas un code de document : il a douze lettres et chiffres, comme 7K3M-PX0A-9QZT."
            )
        return code
