"""The data of a contract in the order of the CERFA 10103*14: for the review and for the printed sheet."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.errors import DomainError
from accounts.french import with_comma

from .codes import code_list, level_of
from .contract_draft import NEEDED, Entry, contract_of, read_pay
from .models import Contract
from .pay import PayLine, PayTermsError, payroll
from .selectors import pay_lines_of
from .tables import NoValueError
from .templatetags.money import euros

EMPTY = "non renseigné"


@dataclass(frozen=True)
class Section:
    """One frame of the form: its title and its lines (label, value)."""

    title: str
    rows: tuple[tuple[str, str], ...]


def sheet_of_entry(entry: Entry) -> tuple[Section, ...]:
    """The sheet of what is typed so far; nothing while something needed is missing."""
    if any(entry.cleaned.get(name) in (None, "") for name in NEEDED):
        return ()
    try:
        lines = read_pay(entry)
    except (DomainError, NoValueError, PayTermsError):
        lines = ()
    return sheet(contract_of(entry), lines)


def sheet_of(contract: Contract) -> tuple[Section, ...]:
    return sheet(contract, pay_lines_of(contract))


def sheet(contract: Contract, lines: tuple[PayLine, ...]) -> tuple[Section, ...]:
    """The frames of the CERFA, in its order."""
    sections = [
        Section("Mode contractuel", (("Mode", contract.get_mode_display()),)),
        _employer(contract),
        _apprentice(contract),
        _maitres(contract),
        _contract(contract),
        _pay(contract, lines),
        _training(contract),
        _foot(contract),
    ]
    return tuple(sections)


def _employer(contract: Contract) -> Section:
    company = contract.company
    return Section(
        "L'employeur",
        (
            ("Dénomination", company.name),
            ("SIRET de l'établissement d'exécution", _text(company.siret)),
            ("Type d'employeur", code_label("employer_type", company.employer_type)),
            ("Employeur spécifique", code_label("employer_specific", company.employer_specific)),
            ("Adresse", _join(company.address, company.postcode, company.city)),
            ("Téléphone", _text(company.phone)),
            ("Courriel", _text(company.email)),
            ("Code NAF", _text(company.naf)),
            ("Effectif salarié de l'entreprise", _text(company.headcount)),
            ("Convention collective (IDCC)", _text(company.idcc)),
            ("OPCO", _text(company.opco)),
        ),
    )


def _apprentice(contract: Contract) -> Section:
    person = contract.enrolment.apprentice
    rows = [
        ("Nom de naissance", person.last_name),
        ("Nom d'usage", _text(person.usage_name, "sans")),
        ("Prénom", person.first_name),
        ("NIR", "enregistré, à lire sur sa fiche" if person.has_nir else EMPTY),
        ("Date de naissance", _day(person.born_on)),
        ("Sexe", _text(person.get_sex_display())),
        ("Département de naissance", _department(person.birth_insee)),
        ("Commune de naissance", _text(person.birth_place)),
        ("Nationalité", _text(person.get_nationality_display())),
        ("Régime social", contract.get_social_regime_display()),
        ("Adresse", _join(person.address, person.postcode, person.city)),
        ("Téléphone", _text(person.phone)),
        ("Courriel", _text(person.email)),
        ("Sportif de haut niveau", _yes(contract.is_athlete)),
        ("Travailleur handicapé (RQTH)", _yes(person.rqth)),
        ("Équivalence jeunes", _yes(contract.equivalence_jeunes)),
        ("Extension BOE", _yes(contract.extension_boe)),
        ("Situation avant ce contrat", code_label("situation_before", person.situation_before)),
        ("Dernier diplôme préparé", code_label("diploma", person.last_diploma)),
        ("Intitulé du dernier diplôme préparé", _text(person.last_diploma_title)),
        ("Dernière classe suivie", code_label("last_class", person.last_class)),
        ("Diplôme le plus élevé obtenu", code_label("diploma", person.highest_diploma)),
        ("Projet de création ou de reprise d'entreprise", _yes(contract.is_founder)),
    ]
    if representative := person.representative_on(contract.concluded_on):
        rows += [
            ("Représentant légal", representative),
            ("Son adresse", _text(person.legal_representative_address)),
            ("Son courriel", _text(person.legal_representative_email)),
        ]
    return Section("L'apprenti" if contract.is_apprenticeship else "Le salarié", tuple(rows))


def _maitres(contract: Contract) -> Section:
    rows: list[tuple[str, str]] = []
    for number, maitre in enumerate((contract.maitre, contract.maitre2), start=1):
        if maitre is None:
            continue
        head = f"Maître n° {number}" if contract.is_apprenticeship else f"Tuteur n° {number}"
        rows += [
            (f"{head}, nom et prénom", f"{maitre.last_name} {maitre.first_name}"),
            (f"{head}, date de naissance", _day(maitre.born_on)),
            (f"{head}, emploi occupé", _text(maitre.job_title)),
            (f"{head}, courriel", _text(maitre.email)),
            (f"{head}, diplôme le plus élevé", code_label("diploma", maitre.diploma)),
            (f"{head}, niveau", str(level_of(maitre.diploma)) if maitre.diploma else EMPTY),
        ]
    rows += [
        ("Compétence", _text(contract.get_maitre_competence_display())),
        ("L'employeur atteste son éligibilité", _yes(contract.maitre_attested)),
    ]
    title = "Le maître d'apprentissage" if contract.is_apprenticeship else "Le tuteur"
    return Section(title, tuple(rows))


def _contract(contract: Contract) -> Section:
    rows = [
        ("Nature", contract.get_kind_display()),
        ("Type de contrat", contract.get_contract_type_display()),
        ("Type de dérogation", _text(contract.get_derogation_display(), "aucune")),
        ("Numéro du contrat précédent", _text(contract.previous_number, "sans objet")),
        ("Date de conclusion", _day(contract.concluded_on)),
        ("Début d'exécution", _day(contract.starts_on)),
        (
            "Début de formation pratique chez l'employeur",
            _day(contract.practice_starts_on or contract.starts_on),
        ),
        ("Fin du contrat", _day(contract.ends_on)),
        ("Durée hebdomadaire du travail", _hours(Decimal(contract.weekly_minutes) / 60)),
        ("Travail sur machines dangereuses", _yes(contract.dangerous_machines)),
    ]
    if contract.tripartite_on:
        rows.append(("Convention tripartite", f"signée le {_day(contract.tripartite_on)}"))
    return Section("Le contrat", tuple(rows))


def _pay(contract: Contract, lines: tuple[PayLine, ...]) -> Section:
    rows = [
        (
            f"Année {line.year}, du {_day(line.starts_on)} au {_day(line.ends_on)}",
            f"{with_comma(line.rate)} % du {line.base.upper()}",
        )
        for line in lines
    ]
    rows += [
        ("Salaire brut mensuel à l'embauche", _hiring_pay(contract, lines)),
        ("Caisse de retraite complémentaire", _text(contract.retirement_fund)),
        ("Avantage en nature, nourriture", _euros(contract.meal_benefit, "par repas")),
        ("Avantage en nature, logement", _euros(contract.housing_benefit, "par mois")),
        ("Autre avantage en nature", _yes(contract.other_benefit)),
    ]
    return Section("La rémunération", tuple(rows))


def _hiring_pay(contract: Contract, lines: tuple[PayLine, ...]) -> str:
    """P13: the first line, at the SMIC of the first day; said when that SMIC is not published."""
    if not lines:
        return EMPTY
    try:
        first = payroll(
            lines[:1],
            contract.smc,
            mayotte=contract.mayotte,
            weekly_minutes=contract.weekly_minutes,
        )[0]
    except (NoValueError, PayTermsError):
        return "SMIC inconnu à cette date"
    if not first.is_known and first.base == "smic":
        return f"{with_comma(first.rate)} % du SMIC, à paraître"
    return _euros(first.amount, "")


def _training(contract: Contract) -> Section:
    cohort = contract.enrolment.cohort
    cfa, referentiel = cohort.cfa, cohort.programme.referentiel
    return Section(
        "La formation",
        (
            ("CFA d'entreprise", _yes(contract.is_cfa_entreprise)),
            ("Dénomination du CFA", cfa.name),
            ("UAI du CFA", _text(cfa.uai)),
            ("SIRET du CFA", _text(cfa.siret)),
            ("Adresse du CFA", _join(cfa.address, cfa.postcode, cfa.city)),
            ("Lieu principal de formation", _text(contract.training_place, "le CFA")),
            ("Diplôme ou titre visé", _diploma_code(referentiel.diploma)),
            ("Intitulé précis", f"{referentiel.diploma} {referentiel.title}"),
            ("Code du diplôme", referentiel.code_diplome),
            ("Code RNCP", referentiel.rncp),
            (
                "Début de la formation au CFA",
                _day(contract.training_starts_on or contract.enrolment.starts_on),
            ),
            ("Fin prévue des épreuves", _day(contract.exams_end_on)),
            ("Durée de la formation", _hours(contract.training_hours)),
            ("Dont heures à distance", _hours(contract.distance_hours)),
        ),
    )


def _foot(contract: Contract) -> Section:
    return Section(
        "Pied du contrat",
        (
            ("L'employeur détient les pièces justificatives", _yes(contract.documents_held)),
            ("Fait à", _text(contract.signed_place)),
            ("Formulaire", f"CERFA {contract.cerfa}"),
            ("Numéro de dépôt (DECA)", _text(contract.deca_number, "à la décision de l'OPCO")),
        ),
    )


def code_label(name: str, code: str) -> str:
    """The code of an official list with its French words."""
    return f"{code} · {code_list(name).label(code)}" if code else EMPTY


def _diploma_code(diploma: str) -> str:
    """The CERFA's two-digit code of the diploma that is prepared: 54 for a BTS, never the CFD."""
    labels = code_list("diploma").labels
    return next((f"{code} · {words}" for code, words in labels.items() if words == diploma), EMPTY)


def _department(insee: str) -> str:
    """Three characters, as the form asks: 078, 02A, 974, and 099 abroad."""
    if not insee:
        return EMPTY
    if insee.startswith("99"):
        return "099"
    return insee[:3] if insee.startswith(("97", "98")) else f"0{insee[:2]}"


def _text(value: Any, empty: str = EMPTY) -> str:
    return empty if value in (None, "") else str(value)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else EMPTY


def _yes(value: bool) -> str:
    return "oui" if value else "non"


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part) or EMPTY


def _hours(value: Decimal) -> str:
    return f"{with_comma(value)} h"


def _euros(value: Decimal | None, unit: str) -> str:
    return "non" if value is None else f"{euros(value)} {unit}".strip()
