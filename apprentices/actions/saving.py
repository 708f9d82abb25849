"""Saving a model so that a broken constraint becomes a sentence, never a half-written record."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from accounts.errors import DomainError
from accounts.models import Cfa

from ..field_checks import FieldProblem


class FieldsRefused(DomainError):
    """Several fields are wrong; `findings` says which, each with its sentence."""

    def __init__(self, findings: Sequence[FieldProblem]):
        self.findings = tuple(findings)
        super().__init__("\n".join(f.message for f in self.findings), field=self.findings[0].field)


def refuse(found: Sequence[FieldProblem]) -> None:
    """Raise all the problems at once, so that a form shows each beside its field."""
    if found:
        raise FieldsRefused(found)


def clean_and_save(obj: models.Model) -> None:
    """Check the fields, then save; a broken constraint is raised as a DomainError with its sentence.

    The database checks the constraints; only when it refuses are they asked for one by one, in as many
    queries, to know which. Checking them all beforehand would double the cost of an import; so would
    asking whether each related row exists, which its foreign key says.
    """
    try:
        obj.clean_fields(exclude={f.name for f in obj._meta.concrete_fields if f.is_relation})
        obj.clean()
        try:
            with transaction.atomic():
                obj.save()
        except IntegrityError:
            obj.full_clean()
            raise  # no constraint that can be told: a programming error
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        name = "" if field == NON_FIELD_ERRORS else field
        # A reverse relation has no verbose_name, but no error either.
        label = f"{getattr(obj._meta.get_field(name), 'verbose_name', name)} : " if name else ""
        raise DomainError(f"{label}{messages[0]}".capitalize(), field=name) from error


def lock_cfa(cfa: Cfa) -> None:
    """One deed at a time in a centre, where what must be unique is checked before it is written."""
    Cfa.objects.select_for_update(of=("self",)).values_list("pk").get(pk=cfa.pk)


def change(obj: models.Model, values: dict[str, Any]) -> dict[str, list[str]]:
    """Set the values; return what changed, as {field: [before, after]} for the history."""
    changed = {}
    for name, value in values.items():
        before = getattr(obj, name)
        if before != value:
            changed[name] = [str(before), str(value)]
            setattr(obj, name, value)
    return changed
