"""The columns that each import knows: title, other titles met, form of the value, whether it must be.

Pure. `FIELDS[kind]` serves the template to download, the proposal of columns and the reading of rows.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import TextChoices

from accounts.rules import compact

from ..codes import code_list
from ..communes import plain
from ..enums import (
    ContractType,
    Derogation,
    DurationReason,
    ImportKind,
    MaitreCompetence,
    Nationality,
    Sex,
)
from ..identifiers import deca_problem, tidy_phone
from .names import READERS

YES, NO = {"OUI", "O", "1", "VRAI", "X", "TRUE"}, {"NON", "N", "0", "FAUX", "FALSE"}


def as_text(text: str) -> str:
    return text


MONTHS = [
    "JANVIER",
    "FEVRIER",
    "MARS",
    "AVRIL",
    "MAI",
    "JUIN",
    "JUILLET",
    "AOUT",
    "SEPTEMBRE",
    "OCTOBRE",
    "NOVEMBRE",
    "DECEMBRE",
]
DAY_FIRST = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4}|[0-9]{2})")
YEAR_FIRST = re.compile(r"([0-9]{4})[/-]([0-9]{1,2})[/-]([0-9]{1,2})(?:[ T]00:00(?::00)?)?")
IN_WORDS = re.compile(r"(?:[A-Z]+DI |DIMANCHE )?([0-9]{1,2})(?:ER)? ([A-Z]{3,9}) ([0-9]{4})")
# Two digits of a year: nobody in these files was born before 1941, no contract ends after 2040.
CENTURY = 40


def as_day(text: str) -> date:
    """A day as people write it: 7/5/2006, 07.05.06, 2006-05-07, 7 mai 2006."""
    wrong = ValueError(f"« {text} » n'est pas une date : écrivez JJ/MM/AAAA.")
    if found := YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := DAY_FIRST.fullmatch(text):
        day, month, year = map(int, found.groups())
        if len(found[3]) == 2:
            year += 2000 if year <= CENTURY else 1900
    elif found := IN_WORDS.fullmatch(plain(text)):
        day, year = int(found[1]), int(found[3])
        named = [n for n, name in enumerate(MONTHS, 1) if name.startswith(found[2])]
        month = named[0] if len(named) == 1 else 0  # « jui » may be two months
    else:
        raise wrong
    try:
        value = date(year, month, day)
    except ValueError:
        raise wrong from None
    if not 1930 <= value.year <= 2099:
        raise ValueError(f"« {text} » : vérifiez l'année.")
    return value


def as_deca(text: str) -> str:
    if problem := deca_problem(text):
        raise ValueError(problem)
    return compact(text)


def as_yes(text: str) -> bool:
    if plain(text) in YES:
        return True
    if plain(text) in NO:
        return False
    raise ValueError(f"« {text} » : écrivez oui ou non.")


def as_number(text: str) -> Decimal:
    try:
        value = Decimal(re.sub(r"[\s€]", "", text).replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > 1_000_000:
        raise ValueError(f"« {text} » n'est pas un nombre.")
    return value


def as_count(text: str) -> int:
    value = as_number(text)
    if value != value.to_integral_value() or value < 0:
        raise ValueError(f"« {text} » : écrivez un nombre entier.")
    return int(value)


def as_digits(length: int) -> Callable[[str], str]:
    """A number that a spreadsheet may have stripped of its leading zeros, or written as 1,2E+13."""

    def read(text: str) -> str:
        if re.fullmatch(r"[0-9][.,][0-9]+E\+[0-9]+", text, re.IGNORECASE):
            raise ValueError(
                "Le tableur a arrondi ce numéro : mettez la colonne au format texte et saisissez-le "
                "à nouveau."
            )
        bare = re.sub(r"[\s.]", "", text)
        return bare.zfill(length) if bare.isascii() and bare.isdigit() else text

    return read


def as_code(name: str, width: int = 0) -> Callable[[str], str]:
    """A code of an official list, or its words."""

    def read(text: str) -> str:
        codes = code_list(name)
        code = text.split(" ")[0].rstrip(".:·")
        code = code.zfill(width) if code.isdigit() else code
        if code in codes.labels:
            return code
        for known, words in codes.labels.items():
            if plain(words) == plain(text):
                return known
        raise ValueError(codes.problem(text))

    return read


SEX_WORDS: dict[str, Sex] = {
    **dict.fromkeys(("M", "H", "1", "MR", "MONSIEUR", "HOMME", "MASCULIN", "GARCON"), Sex.MALE),
    **dict.fromkeys(("F", "2", "MME", "MLLE", "MADAME", "MADEMOISELLE", "FEMME", "FEMININ", "FILLE"), Sex.FEMALE),
}  # fmt: skip


def as_sex(text: str) -> str:
    """The sex, or the civility that people write in its place."""
    value = SEX_WORDS.get(plain(text))
    if not value:
        raise ValueError(f"« {text} » : écrivez M ou F.")
    return value


def as_nationality(text: str) -> str:
    if text in Nationality.values:
        return text
    words = plain(text)
    if words.startswith("FRAN"):
        return Nationality.FRENCH
    if words.startswith(("UE", "UNION")):
        return Nationality.EUROPEAN
    if words.startswith(("HORS", "ETRANGER")):
        return Nationality.OTHER
    raise ValueError(f"« {text} » : écrivez 1 (française), 2 (Union européenne) ou 3 (autre).")


def as_choice(choices: type[TextChoices]) -> Callable[[str], str]:
    """A value of a regulatory list, or its words without their article."""

    def read(text: str) -> str:
        for value, label in choices.choices:
            if plain(text) in (plain(str(value)), plain(label), plain(label.split(" (")[0])):
                return str(value)
        raise ValueError(f"« {text} » n'est pas dans la liste ({', '.join(choices.values)}).")

    return read


as_derogation = as_choice(Derogation)
as_duration_reason = as_choice(DurationReason)
as_contract_type = as_choice(ContractType)
as_competence = as_choice(MaitreCompetence)


@dataclass(frozen=True)
class ImportField:
    """A column: the action's field, the French title, other titles met, how to read it, an example."""

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    read: Callable[[str], Any] = as_text
    is_required: bool = False
    example: str = ""
    # The fields that this one cell gives, in the order of what is read.
    fills: tuple[str, ...] = ()


F = ImportField
PERSON = (
    F("last_name", "Nom de naissance", ("nom", "nom naissance", "nom apprenant"), is_required=True, example="Benali"),
    F("first_name", "Prénom", ("prenom 1", "prenoms", "prenom s", "prenom apprenant"), is_required=True, example="Aïcha"),
    F("born_on", "Date de naissance", ("naissance", "ne le", "ne e le", "nee le", "date naissance", "date de naissance apprenant"), as_day, True, "20/11/2005"),
)  # fmt: skip
FIELDS: dict[str, tuple[ImportField, ...]] = {
    ImportKind.APPRENTICES: (
        *PERSON,
        F("usage_name", "Nom d'usage", ("nom usuel",)),
        F("sex", "Sexe", ("genre", "civilite"), as_sex, example="F"),
        F("birth_insee", "Code INSEE de naissance", ("commune de naissance insee", "insee naissance"), as_digits(5), example="78172"),
        F("birth_place", "Lieu de naissance", ("ville de naissance", "commune de naissance")),
        F("nationality", "Nationalité", (), as_nationality, example="1"),
        F("ine", "INE", ("numero ine", "identifiant national")),
        F("nir", "NIR", ("numero de securite sociale", "n secu", "nss")),
        F("email", "E-mail", ("mail", "courriel", "adresse e mail", "adresse mail"), example="prenom.nom@exemple.fr"),
        F("phone", "Téléphone", ("tel", "portable", "mobile", "tel portable", "telephone portable", "numero de telephone"), tidy_phone),
        F("address", "Adresse", ("adresse postale", "rue")),
        F("postcode", "Code postal", ("cp",), as_digits(5), example="78700"),
        F("city", "Commune", ("ville",), example="Conflans-Sainte-Honorine"),
        F("residence_insee", "Code INSEE de résidence", ("insee",), as_digits(5)),
        F("rqth", "RQTH", ("travailleur handicape",), as_yes, example="non"),
        F("legal_representative", "Représentant légal", ("responsable", "responsable legal")),
        F("legal_representative_email", "E-mail du représentant légal", ("mail responsable",)),
        F("legal_representative_phone", "Téléphone du représentant légal", ("tel responsable",), tidy_phone),
        F("situation_before", "Situation avant le contrat", ("situation avant contrat",), as_code("situation_before"), example="1"),
        F("last_class", "Dernière classe suivie", ("derniere classe",), as_code("last_class", 2), example="01"),
        F("last_diploma", "Dernier diplôme préparé", (), as_code("diploma"), example="41"),
        F("last_diploma_title", "Intitulé du dernier diplôme", ("intitule diplome",)),
        F("highest_diploma", "Diplôme le plus élevé", ("plus haut diplome",), as_code("diploma"), example="41"),
        F("situation_n1", "Situation l'an passé (SIFA)", ("sit n 1", "derniere situation"), as_code("sifa_situation_n1"), example="3033"),
        F("school_n1", "Établissement l'an passé (SIFA)", ("etab n 1", "dernier organisme uai"), example="0781234X"),
        F("cohort", "Promotion", ("groupe", "classe"), example="NDRC 2026-2027"),
        F("enters_on", "Entrée au CFA", ("date d entree", "entree", "date entree"), as_day, example="01/09/2026"),
        F("tutor", "E-mail du tuteur CFA", ("tuteur", "tuteur cfa")),
    ),
    ImportKind.COMPANIES: (
        F("name", "Dénomination", ("entreprise", "raison sociale", "employeur", "societe", "nom"), is_required=True, example="Maison Lumen"),
        F("siret", "SIRET", ("numero siret", "n siret", "siret entreprise", "siret employeur"), as_digits(14), example="12345678200010"),
        F("naf", "NAF", ("code naf", "ape", "code ape"), example="4719B"),
        F("idcc", "IDCC", ("convention collective", "code idcc"), as_digits(4), example="1517"),
        F("opco", "OPCO"),
        F("headcount", "Effectif", ("nombre de salaries", "salaries"), as_count, example="12"),
        F("employer_type", "Type d'employeur", (), as_code("employer_type"), example="12"),
        F("employer_specific", "Employeur spécifique", (), as_code("employer_specific"), example="0"),
        F("address", "Adresse", ("adresse postale", "rue")),
        F("postcode", "Code postal", ("cp",), as_digits(5), example="78700"),
        F("city", "Commune", ("ville",)),
        F("insee", "Code INSEE", ("insee",), as_digits(5)),
        F("email", "E-mail", ("mail", "courriel")),
        F("phone", "Téléphone", ("tel",), tidy_phone),
        F("maitre_last_name", "Nom du maître d'apprentissage", ("nom maitre", "maitre nom")),
        F("maitre_first_name", "Prénom du maître d'apprentissage", ("prenom maitre",)),
        F("maitre_born_on", "Naissance du maître d'apprentissage", ("naissance maitre",), as_day),
        F("maitre_email", "E-mail du maître d'apprentissage", ("mail maitre", "e mail maitre", "mail ma")),
        F("maitre_phone", "Téléphone du maître d'apprentissage", ("tel maitre",), tidy_phone),
        F("maitre_job_title", "Emploi du maître d'apprentissage", ("emploi maitre", "fonction maitre")),
    ),
    ImportKind.CONTRACTS: (
        *PERSON,
        F("cohort", "Promotion", ("groupe", "classe"), is_required=True, example="NDRC 2026-2027"),
        F("siret", "SIRET de l'entreprise", ("siret", "siret employeur"), as_digits(14), True, "12345678200010"),
        F("maitre_last_name", "Nom du maître d'apprentissage", ("nom maitre", "maitre nom"), is_required=True, example="Dumas"),
        F("maitre_first_name", "Prénom du maître d'apprentissage", ("prenom maitre",), is_required=True, example="Chantal"),
        F("concluded_on", "Date de conclusion", ("conclusion", "conclu le"), as_day, True, "25/08/2026"),
        F("starts_on", "Début du contrat", ("debut", "debut d execution", "contrat debut"), as_day, True, "01/09/2026"),
        F("practice_starts_on", "Début de la formation pratique", (), as_day),
        F("ends_on", "Fin du contrat", ("fin", "contrat fin"), as_day, True, "31/08/2028"),
        F("training_hours", "Heures de formation", ("heures", "duree formation"), as_number, True, "1350"),
        F("weekly_hours", "Durée hebdomadaire", ("heures semaine",), as_number, example="35"),
        F("smc", "Salaire minimum conventionnel", ("smc",), as_number),
        F("derogation", "Dérogation", ("type derogation",), as_derogation, example="21"),
        F("duration_reason", "Motif d'une durée différente", (), as_duration_reason, example="positionnement"),
        F("tripartite_on", "Convention tripartite du", ("convention tripartite",), as_day, example="25/08/2026"),
        F("contract_type", "Type de contrat", (), as_contract_type, example="11"),
        F("previous_number", "Numéro du contrat précédent", ("contrat precedent",)),
        F("deca_number", "Numéro DECA", ("deca", "numero de contrat"), as_deca),
        F("maitre_competence", "Compétence du maître", (), as_competence, example="experience"),
        F("maitre_attested", "Attestation d'éligibilité du maître", ("attestation maitre",), as_yes, example="oui"),
    ),
}  # fmt: skip


def _whole_names(name: str, title: str, aliases: tuple[str, ...]) -> tuple[ImportField, ...]:
    """A person in one column: three ways to read it, the first proposed by its title."""
    prefix = f"{name}_" if name else ""
    fills = (f"{prefix}last_name", f"{prefix}first_name")
    return tuple(
        F(
            f"{prefix}name{suffix}",
            f"{title} : {order}",
            () if suffix else aliases,
            read,
            fills=fills,
        )
        for suffix, order, read in READERS
    )


_APPRENTICE = _whole_names("", "Apprenti", ("nom prenom", "nom et prenom", "prenom nom", "prenom et nom", "apprenti", "apprenant", "nom prenom apprenti"))  # fmt: skip
_MAITRE = _whole_names("maitre", "Maître d'apprentissage", ("maitre d apprentissage", "maitre apprentissage", "ma", "nom du ma", "tuteur entreprise", "tuteur en entreprise", "nom et prenom du maitre d apprentissage", "nom prenom maitre"))  # fmt: skip
# What a file may give in one column; the template to download keeps two.
JOINED: dict[str, tuple[ImportField, ...]] = {
    ImportKind.APPRENTICES: _APPRENTICE,
    ImportKind.COMPANIES: _MAITRE,
    ImportKind.CONTRACTS: (*_APPRENTICE, *_MAITRE),
}


def columns_of(kind: str) -> tuple[ImportField, ...]:
    """Every field to which a column of the file may go."""
    return (*FIELDS[kind], *JOINED[kind])


# In a list of apprentices, these columns tell of the person and not of the company.
OF_THE_PERSON = frozenset(("address", "postcode", "city", "insee", "email", "phone"))


def propose(kind: str, header: Sequence[str], remembered: dict[str, str]) -> dict[str, str]:
    """For each title of the file, the field to which it goes, or "": last choice, then its name.

    A field that two titles could give takes the one that names it best.
    """
    fields = columns_of(kind)
    known = {field.name for field in fields} | {""}
    chosen = {
        title: name for title in header if (name := remembered.get(plain(title), "?")) in known
    }
    if kind == ImportKind.COMPANIES and not chosen and _lists_people(header):
        fields = tuple(field for field in fields if field.name not in OF_THE_PERSON)
    for field in fields:
        for name in (field.title, field.name, *field.aliases):
            free = [t for t in header if t not in chosen and plain(t) == plain(name)]
            if free and field.name not in chosen.values():
                chosen[free[0]] = field.name
    taken: set[str] = set()
    proposed = {}
    for title in header:
        name = chosen.get(title, "")
        proposed[title] = "" if name in taken else name
        taken.add(name)
    return proposed


def _lists_people(header: Sequence[str]) -> bool:
    births = next(field for field in PERSON if field.name == "born_on")
    names = {plain(name) for name in (births.title, *births.aliases)}
    return any(plain(title) in names for title in header)


def mapping_problems(kind: str, mapping: dict[str, str]) -> list[str]:
    """What forbids to read the file with these columns."""
    given = {field.name: field.fills or (field.name,) for field in columns_of(kind)}
    names = [filled for name in mapping.values() if name for filled in given[name]]
    found = [
        f"Aucune colonne ne donne « {field.title} », qui est obligatoire."
        for field in FIELDS[kind]
        if field.is_required and field.name not in names
    ]
    found += [
        f"Deux colonnes donnent « {field.title} » : n'en gardez qu'une."
        for field in FIELDS[kind]
        if names.count(field.name) > 1
    ]
    return found
