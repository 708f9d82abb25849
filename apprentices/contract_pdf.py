"""The frozen contexts of a contract's documents: conventions and data sheet in CERFA order."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.french import long_date, with_comma
from programmes.calendar_rules import months_between

from .amendments import changes_of
from .contract_sheet import EMPTY, sheet_of
from .models import Amendment, Contract, Funding
from .pay import PayLine

CONVENTION, TRIPARTITE, SHEET = "convention_formation", "convention_tripartite", "fiche_contrat"
AMENDMENT = "avenant_contrat"


def contract_context(contract: Contract, signed_on: date | None = None) -> dict[str, Any]:
    """What the three documents say of the contract; amounts only where they are recorded.

    `signed_on`: the day of this paper when it is not the contract's own: who is an adult that day signs
    alone.
    """
    enrolment = contract.enrolment
    apprentice, cohort = enrolment.apprentice, enrolment.cohort
    referentiel = cohort.programme.referentiel
    months = months_between(contract.starts_on, contract.ends_on)
    funding = Funding.objects.filter(contract=contract).first()
    return {
        "apprentice": {
            "name": f"{apprentice.first_name} {apprentice.last_name}",
            "born_on": _day(apprentice.born_on),
            "sex": apprentice.sex,
            "address": _join(apprentice.address, apprentice.postcode, apprentice.city),
            "representative": apprentice.representative_on(signed_on or contract.concluded_on),
        },
        "company": {
            "name": contract.company.name,
            "siret": contract.company.siret,
            "address": _join(
                contract.company.address, contract.company.postcode, contract.company.city
            ),
            "opco": contract.company.opco,
            "idcc": contract.company.idcc,
        },
        "maitre": str(contract.maitre),
        "contract": {
            "kind": contract.get_kind_display(),
            "cerfa": contract.cerfa,
            "is_apprenticeship": contract.is_apprenticeship,
            "starts_on": _day(contract.starts_on),
            "ends_on": _day(contract.ends_on),
            "months": months,
            "training_starts_on": _day(contract.training_starts_on or enrolment.starts_on),
            "training_ends_on": _day(cohort.ends_on),
            "hours": with_comma(contract.training_hours),
            "distance_hours": with_comma(contract.distance_hours),
            "place": contract.training_place,
            "tripartite_on": _day(contract.tripartite_on),
            "reason": contract.tripartite_reason,
            "cycle_months": referentiel.cycle_months,
            "is_shorter": months < referentiel.cycle_months,
        },
        "certification": {
            "title": f"{referentiel.diploma} {referentiel.title}",
            "rncp": referentiel.rncp,
            "code": referentiel.code_diplome,
            "level": referentiel.level,
            "objective": f"Préparer l'examen du {referentiel.diploma} {referentiel.acronym}, "
            f"inscrit au RNCP ({referentiel.rncp}), niveau {referentiel.level}.",
        },
        "cohort": cohort.name,
        # Said beside the hours by subject when the contract does not follow the whole programme.
        "programme_hours": with_comma(cohort.programme.hours_announced)
        if cohort.programme.hours_announced != contract.training_hours
        else "",
        "subjects": [
            {"title": subject.title, "hours": with_comma(subject.hours)}
            for subject in cohort.programme.subjects.all()
            if getattr(subject, "hours", None)
        ],
        "funding": _funding(funding),
        "sections": [
            {"title": section.title, "rows": [list(row) for row in section.rows]}
            for section in sheet_of(contract)
        ],
    }


def amendment_context(amendment: Amendment, lines: Sequence[PayLine]) -> dict[str, Any]:
    """What an amendment says: the contract it changes, each change with what it replaces, the new pay."""
    contract = amendment.contract
    context = contract_context(contract, amendment.signed_on or timezone.localdate())
    del context["sections"], context["funding"], context["subjects"]
    return {
        **context,
        "amendment": {
            "number": amendment.number,
            "kind": amendment.get_amendment_type_display(),
            "effective_on": _day(amendment.effective_on),
            "description": amendment.description,
            "signed_on": long_date(amendment.signed_on),
            "deca_number": contract.deca_number,
            "changes": [list(row) for row in changes_of(amendment)],
            "pay": [
                [
                    f"{_day(line.starts_on)} au {_day(line.ends_on)}",
                    f"{with_comma(line.rate)} % du {line.base.upper()}",
                ]
                for line in lines
            ],
        },
    }


def _funding(funding: Funding | None) -> dict[str, Any]:
    if funding is None:
        return {}
    return {
        "npec": f"{funding.npec_annual:,.2f} €".replace(",", "\u202f").replace(".", ","),
        "source": funding.source,
        "nights": funding.night_count,
        "meals": funding.meal_count,
        "equipment": with_comma(funding.first_equipment),
    }


def sample() -> dict[str, Any]:
    """For the preview of development."""
    return {
        "apprentice": {
            "name": "Aïcha Benali",
            "born_on": "20 novembre 2005",
            "sex": "F",
            "address": "1 rue des Lilas 78700 Conflans",
            "representative": "",
        },
        "company": {
            "name": "Entreprise 1",
            "siret": "12345678200010",
            "address": "2 rue du Port 78700 Conflans",
            "opco": "OPCO EP",
            "idcc": "0044",
        },
        "maitre": "Chantal Dumas",
        "contract": {
            "kind": "Contrat d'apprentissage",
            "cerfa": "10103*14",
            "is_apprenticeship": True,
            "starts_on": "5 janvier 2026",
            "ends_on": "30 juin 2027",
            "months": 18,
            "training_starts_on": "5 janvier 2026",
            "training_ends_on": "30 juin 2027",
            "hours": "1015",
            "distance_hours": "0",
            "place": "",
            "tripartite_on": "5 janvier 2026",
            "reason": "Un an d'activité commerciale, acquis de communication vérifiés.",
            "cycle_months": 24,
            "is_shorter": True,
        },
        "certification": {
            "title": "BTS Négociation et digitalisation de la relation client",
            "rncp": "RNCP38368",
            "code": "32031212",
            "level": 5,
            "objective": "Préparer l'examen du BTS NDRC, inscrit au RNCP (RNCP38368), niveau 5.",
        },
        "cohort": "NDRC 2026-2027",
        "subjects": [{"title": "Relation client", "hours": "300"}],
        "funding": {},
        "sections": [{"title": "L'employeur", "rows": [["Dénomination", "Entreprise 1"]]}],
    }


def sample_amendment() -> dict[str, Any]:
    return {
        **sample(),
        "amendment": {
            "number": 1,
            "kind": "33 · Prolongation après un échec à l'examen",
            "effective_on": "1er juillet 2027",
            "description": "Prolongation d'un an après l'échec à la session 2027.",
            "signed_on": "",
            "deca_number": "078202601000001",
            "changes": [["Fin du contrat", "30/06/2027", "30/06/2028"]],
            "pay": [["1er juillet 2027 au 30 juin 2028", "61 % du SMIC"]],
        },
    }


def _day(day: date | None) -> str:
    return long_date(day) or EMPTY


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
