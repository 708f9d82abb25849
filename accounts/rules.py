"""Check digits of the numbers that name a training centre or a company, and its postcode.

Sources and test vectors: reference on apprenticeship rules, section 1.4.
"""

import re

from stdnum.luhn import is_valid as luhn_is_valid

LA_POSTE = "356000000"
UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # no I, O, Q


def compact(value: str) -> str:
    """The number without the spaces, dots and hyphens that people put in it."""
    return re.sub(r"[\s.\-\u00a0\u202f]", "", value or "").upper()


def siret_problem(value: str) -> str:
    """What is wrong with a SIRET, or "".

    14 digits and Luhn's key; the establishments of La Poste (SIREN 356000000) are also accepted when
    the sum of their digits is a multiple of five (INSEE).
    """
    number = compact(value)
    if not re.fullmatch(r"[0-9]{14}", number):
        return "Un numéro SIRET compte 14 chiffres."
    if luhn_is_valid(number):
        return ""
    if number.startswith(LA_POSTE) and sum(map(int, number)) % 5 == 0:
        return ""
    return "Ce numéro SIRET n'existe pas : sa clé est fausse. Vérifiez chaque chiffre."


def uai_problem(value: str) -> str:
    """What is wrong with a UAI number (code of a school, formerly RNE), or ""."""
    number = compact(value)
    if not re.fullmatch(r"[0-9]{7}[A-Z]", number):
        return "Un numéro UAI compte 7 chiffres et une lettre, par exemple 0750001U."
    expected = UAI_LETTERS[int(number[:7]) % 23]
    if number[7] != expected:
        return f"La lettre de ce numéro UAI devrait être {expected} : vérifiez les chiffres."
    return ""


def nda_problem(value: str) -> str:
    """What is wrong with a training provider's declaration number (numéro de déclaration), or ""."""
    number = compact(value)
    if not re.fullmatch(r"[0-9]{11}", number):
        return "Un numéro de déclaration d'activité compte 11 chiffres."
    if number[:2] == "00":
        return "Les deux premiers chiffres du numéro de déclaration sont ceux de la région."
    return ""


def postcode_problem(value: str) -> str:
    """What is wrong with a French postcode."""
    if re.fullmatch(r"[0-9]{5}", compact(value)) and compact(value)[:2] != "00":
        return ""
    return "Un code postal compte 5 chiffres."
