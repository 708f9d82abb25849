"""What may be wrong with the fields of a person, a company or a maître: each in one sentence.

Pure: values in, (field, sentence) out. The same checks serve the forms, the imports and the actions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.rules import compact, postcode_problem, siret_problem, uai_problem

from . import communes, identifiers
from .codes import code_list


@dataclass(frozen=True)
class FieldProblem:
    """A field and what is wrong with it."""

    field: str
    message: str


Check = Callable[[str], str]


def _in_list(name: str) -> Check:
    return lambda value: code_list(name).problem(value)


def school_problem(value: str) -> str:
    """ETAB_N_1 of SIFA: an UAI, a department on three characters, or 990 to 995."""
    if value in {"990", "991", "993", "995"} or is_department(value):
        return ""
    if len(value) == 8:
        return uai_problem(value)
    return "Donnez un UAI, un département sur 3 caractères (078, 02A, 971), ou 990, 991, 993, 995."


def is_department(value: str) -> bool:
    """A department on three characters, as SIFA writes it."""
    known = {c[:2] for c in communes.communes()} | {c[:3] for c in communes.communes()}
    return len(value) == 3 and (value[1:] in known if value[0] == "0" else value in known)


def email_problem(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        return "Écrivez une adresse e-mail complète, comme prenom.nom@exemple.fr."
    return ""


PHONES = ("phone", "legal_representative_phone", "second_representative_phone")
REACHED: dict[str, Check] = {"email": email_problem, "phone": identifiers.phone_problem}
PERSON: dict[str, Check] = {
    "first_name": identifiers.name_problem,
    "last_name": identifiers.name_problem,
    "usage_name": identifiers.name_problem,
    "birth_insee": communes.commune_problem,
    "residence_insee": communes.commune_problem,
    "ine": identifiers.ine_problem,
    "postcode": postcode_problem,
    "situation_before": _in_list("situation_before"),
    "last_class": _in_list("last_class"),
    "last_diploma": _in_list("diploma"),
    "highest_diploma": _in_list("diploma"),
    "situation_n1": _in_list("sifa_situation_n1"),
    "school_n1": school_problem,
    "boarding": _in_list("sifa_boarding"),
    "representative_pcs": _in_list("sifa_pcs"),
    **REACHED,
    **dict.fromkeys(PHONES, identifiers.phone_problem),
}
COMPANY: dict[str, Check] = {
    "siret": siret_problem,
    "naf": identifiers.naf_problem,
    "idcc": identifiers.idcc_problem,
    "postcode": postcode_problem,
    "insee": lambda value: communes.commune_problem(value, abroad=False),
    "employer_type": _in_list("employer_type"),
    "employer_specific": _in_list("employer_specific"),
    **REACHED,
}
MAITRE: dict[str, Check] = {
    "first_name": identifiers.name_problem,
    "last_name": identifiers.name_problem,
    "diploma": _in_list("diploma"),
    **REACHED,
}
# The form in which a value is kept: codes without spaces and in capitals, telephones in pairs.
TIDY: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(
        ("ine", "naf", "idcc", "postcode", "birth_insee", "residence_insee", "insee"), compact
    ),
    **dict.fromkeys(PHONES, identifiers.tidy_phone),
}


def tidy(name: str, value: str) -> str:
    """A value in the form in which its field is kept."""
    return TIDY[name](value) if name in TIDY else value


def problems(checks: Mapping[str, Check], values: Mapping[str, Any]) -> list[FieldProblem]:
    """Every field that is filled in and wrong, in the order of the table."""
    return [
        FieldProblem(name, message)
        for name, check in checks.items()
        if (value := values.get(name)) and (message := check(str(value)))
    ]
