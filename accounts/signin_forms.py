"""The sign-in forms of allauth in this house's words: one term for the address, no label said twice."""

from typing import Any

from allauth.account import forms


class _Plain:
    """The label says what to write; an example in the field would repeat it and vanish when one types."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in ("email", "login"):
                field.label = "Adresse e-mail"


class LoginForm(_Plain, forms.LoginForm):
    pass


class ResetPasswordForm(_Plain, forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(_Plain, forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(_Plain, forms.ChangePasswordForm):
    pass


class ReauthenticateForm(_Plain, forms.ReauthenticateForm):
    pass


class AddEmailForm(_Plain, forms.AddEmailForm):
    pass
