"""Form and check digit of the numbers of a person, of an employer and of a diploma.

Pure. Each `..._problem(value)` returns a French sentence, or "" when the value is right; it takes the
value as people type it, with spaces, and `compact` gives what to store. SIRET, UAI and the declaration
number are in `accounts.rules`. Rules and test vectors: reference on apprenticeship, section 1.4.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from stdnum.fr import nir as stdnum_nir

from accounts.rules import compact

NAME = re.compile(r"[^\W\d_]+(?:[ '’\-.][^\W\d_]+)*\.?", re.UNICODE)


@dataclass(frozen=True)
class CivilStatus:
    """What a NIR also says: sex ("M", "F" or ""), birth date, INSEE code of the birth place."""

    sex: str
    born_on: date
    birth_insee: str = ""


def nir_key(number: str) -> str:
    """The two-digit key of the 13 first characters of a NIR: 97 - N mod 97, Corsica included."""
    return stdnum_nir.calc_check_digits(compact(number)[:13])


def nir_problem(value: str) -> str:
    """What is wrong with a NIR of 13 characters, or of 15 with its key."""
    number = compact(value)
    if not re.fullmatch(r"[123478][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{6}(?:[0-9]{2})?", number):
        return (
            "Un numéro de sécurité sociale compte 13 caractères, ou 15 avec sa clé ; il commence "
            "par 1, 2, 3, 4, 7 ou 8."
        )
    if len(number) == 15 and number[13:] != nir_key(number):
        return "La clé de ce numéro de sécurité sociale est fausse : vérifiez chaque chiffre."
    return ""


def full_nir(value: str) -> str:
    """The 15 characters to keep: the key is added when only 13 were typed."""
    number = compact(value)
    return number if len(number) == 15 else number + nir_key(number)


def nir_warnings(value: str, person: CivilStatus) -> list[str]:
    """Where a right NIR and the civil status disagree; nothing blocks (typing, adoption, change)."""
    number = compact(value)
    found = []
    sex = {"1": "M", "3": "M", "7": "M", "2": "F", "4": "F", "8": "F"}[number[0]]
    if person.sex and sex != person.sex:
        found.append("Le premier chiffre du numéro ne correspond pas au sexe indiqué.")
    if number[1:3] != f"{person.born_on:%y}":
        found.append("Les chiffres 2 et 3 du numéro ne sont pas l'année de naissance indiquée.")
    # 20 and above: month unknown to the civil register, tolerated by the INSEE.
    if (
        number[3:5].isdigit()
        and 1 <= int(number[3:5]) <= 12
        and number[3:5] != f"{person.born_on:%m}"
    ):
        found.append("Les chiffres 4 et 5 du numéro ne sont pas le mois de naissance indiqué.")
    place = person.birth_insee
    if place and number[5:7] != place[:2]:
        found.append("Le département du numéro n'est pas celui du lieu de naissance indiqué.")
    return found


def ine_problem(value: str) -> str:
    """What is wrong with an INE: RNIE (9 digits, 2 letters), BEA (10 digits, 1 letter), apprenticeship."""
    number = compact(value)
    if re.fullmatch(r"[0-9]{9}[A-Z]{2}|[0-9]{10}[A-Z]|[0-9]{4}A[0-9]{5}[A-Z]", number):
        return ""
    return (
        "Un INE compte 11 caractères : 9 chiffres et 2 lettres, 10 chiffres et 1 lettre, ou "
        "4 chiffres, A, 5 chiffres et 1 lettre."
    )


def deca_problem(value: str) -> str:
    """What is wrong with a contract number (DECA): department, year, month, 2 characters, 4 digits."""
    number = compact(value)
    department = r"(?:0(?:[0-9]{2}|2[AB])|97[1-6]|02[AB])"
    if not re.fullmatch(rf"{department}[0-9]{{4}}[0-9]{{2}}(?:[0-9]{{2}}|NC)[0-9]{{4}}", number):
        return (
            "Un numéro de contrat (DECA) compte 15 caractères : département sur 3, année, mois, "
            "2 chiffres ou NC, puis 4 chiffres, par exemple 078202609000123."
        )
    if not 1 <= int(number[7:9]) <= 12:
        return "Les caractères 8 et 9 d'un numéro de contrat (DECA) sont un mois, de 01 à 12."
    return ""


def naf_problem(value: str) -> str:
    """What is wrong with an activity code (NAF): four digits and a letter."""
    if re.fullmatch(r"[0-9]{4}[A-Z]", compact(value)):
        return ""
    return "Un code NAF compte 4 chiffres et une lettre, par exemple 4719B."


def idcc_problem(value: str) -> str:
    """What is wrong with the number of a collective agreement: 9999 none, 9998 being negotiated."""
    if re.fullmatch(r"[0-9]{4}", compact(value)):
        return ""
    return "Un IDCC compte 4 chiffres (9999 : aucune convention ; 9998 : en négociation)."


def name_problem(value: str) -> str:
    """What is wrong with a name: letters with accents, space, apostrophe, hyphen."""
    text = unicodedata.normalize("NFC", value.strip())
    if not text or NAME.fullmatch(text):
        return ""
    return "Un nom s'écrit avec des lettres, des espaces, des apostrophes et des traits d'union."


def tidy_phone(value: str) -> str:
    """A French number as it is read aloud, 06 12 34 56 78, however it was typed; another one as typed."""
    digits = re.sub(r"[^0-9]", "", value)
    national = re.sub(r"^(?:0033|33)0?(?=[1-9][0-9]{8}$)", "0", digits)
    if re.fullmatch(r"[1-9][0-9]{8}", national):  # a spreadsheet took the first zero away
        national = f"0{national}"
    if re.fullmatch(r"0[1-9][0-9]{8}", national) and not re.search(r"[^0-9\s+().\-/]", value):
        return " ".join(re.findall("..", national))
    return value.strip()


def phone_problem(value: str) -> str:
    """What is wrong with a telephone: ten digits in France, a number after + or 00 elsewhere."""
    number = re.sub(r"[\s().\-/]", "", tidy_phone(value))
    if re.fullmatch(r"0[1-9][0-9]{8}|(?:\+|00)[1-9][0-9]{7,14}", number):
        return ""
    return "Un numéro de téléphone compte 10 chiffres, ou commence par + et l'indicatif du pays."


def phone_digits(value: str) -> str:
    """The number with its digits only, as SIFA and the CERFA want it."""
    return re.sub(r"[^0-9]", "", tidy_phone(value))
