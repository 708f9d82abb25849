"""What the screens send, cleaned: fields of a CCF one by one, and the motive of a reopening."""

from collections.abc import Iterable, Mapping
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from accounts.errors import DomainError
from programmes.enums import Level
from programmes.models import SousCompetence

from .enums import SituationCode
from .models import CcfEvaluation
from .rules import Change, parse_mark

TEXTS = ("choice", "fiches", "evaluators", "appreciation")


class Forged(Exception):
    """A field that no page of ours sends: the answer is 400."""


def clean_change(evaluation: CcfEvaluation, name: str, raw: str, seen: str) -> Change:
    """Read one field; DomainError when the person can mend it, Forged when no page sends it."""
    if name == "mark":
        return Change(name, "mark", "", "", parse_mark(raw), parse_mark(seen))
    kind, _, rest = name.partition("-")
    if kind == "level":
        if raw not in ("", *Level.values) or seen not in ("", *Level.values):
            raise Forged(name)
        return Change(name, kind, _line_key(evaluation, rest), "", raw, seen)
    code, _, part = rest.partition("-")
    if kind != "situation" or code not in SituationCode.values:
        raise Forged(name)
    if part == "held_on":
        return Change(name, kind, code, part, _date(raw, name), _date(seen, name))
    if part not in TEXTS:
        raise Forged(name)
    return Change(name, kind, code, part, _text(raw), _text(seen))


def _line_key(evaluation: CcfEvaluation, key: str) -> str:
    lines = SousCompetence.objects.filter(
        competence__bloc__referentiel=evaluation.epreuve.referentiel_id
    )
    if not key.isascii() or not key.isdigit() or len(key) > 12 or not lines.filter(pk=key).exists():
        raise Forged(key)
    return key


def _text(raw: str) -> str:
    """Browsers send CRLF; kept lines are LF, without the NUL that PostgreSQL refuses."""
    return raw.replace("\r\n", "\n").replace("\x00", "").strip()


def _date(raw: str, name: str) -> date | None:
    raw = raw.strip()
    if not raw:
        return None
    try:
        return forms.DateField().clean(raw)
    except ValidationError:
        raise DomainError(
            "Écrivez la date sous la forme jj/mm/aaaa, par exemple 12/03/2027.", field=name
        ) from None


def clean_form(
    evaluation: CcfEvaluation, data: Mapping[str, str], names: Iterable[str]
) -> tuple[list[Change], dict[str, str]]:
    """The fields of a whole form that the person has changed, and the errors by field.

    Each field comes with `seen-<field>`, the value that the page showed.
    """
    changes, errors = [], {}
    for name in names:
        if name not in data:
            continue
        raw, seen = data[name], data.get(f"seen-{name}", "")
        if _text(raw) == _text(seen):
            continue
        try:
            changes.append(clean_change(evaluation, name, raw, seen))
        except DomainError as error:
            errors[name] = error.message
    return changes, errors


class ReopenForm(forms.Form):
    """Why a locked evaluation is opened again."""

    reason = forms.CharField(
        label="Motif de la réouverture",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="Il reste dans l'historique, avec l'état d'avant.",
        error_messages={"required": "Indiquez le motif de la réouverture."},
    )
