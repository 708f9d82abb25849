"""A cohort with the cast, built through the actions, for the tests of this app and of those above."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from apprentices import actions
from apprentices.enums import AmendmentType
from apprentices.models import (
    Apprentice,
    Cohort,
    Company,
    Contract,
    Enrolment,
    MaitreApprentissage,
)
from programmes.models import CfaProgramme, Referentiel

STARTS_ON, ENDS_ON = date(2026, 1, 5), date(2027, 6, 30)
SIRETS = ("12345678200010", "35600000000048", "73282932000074")
RHYTHM = {
    "weekdays": [0, 1],
    "halves": [
        {"half": "matin", "starts": "09:00", "ends": "12:30"},
        {"half": "apres_midi", "starts": "13:30", "ends": "17:00"},
    ],
}


@dataclass
class Class:
    """What `a_class` builds."""

    programme: CfaProgramme
    cohort: Cohort
    company: Company
    maitre: MaitreApprentissage
    apprentice: Apprentice
    enrolment: Enrolment
    contract: Contract


def a_programme(cfa, slug: str = "ndrc-2026", **values: Any) -> CfaProgramme:
    """A bare programme of 18 months; `programmes.tests.recipes` loads the real one."""
    referentiel, _ = Referentiel.objects.get_or_create(
        rncp="RNCP38368",
        session_from=2024,
        defaults={
            "acronym": "NDRC",
            "title": "Négociation et digitalisation de la relation client",
            "diploma": "BTS",
            "certificateur": "Ministère",
            "level": 5,
            "code_diplome": "32031212",
            "nsf": "312",
            "registered_until": date(2028, 12, 31),
            "awarded_until": date(2031, 12, 31),
            "cycle_months": 24,
            "hours_per_year": Decimal(675),
            "hours_source": "Code de l'éducation, D643-8",
            "source": "Fiche RNCP38368",
            "confidence": "found",
        },
    )
    known = {
        "title": f"BTS NDRC {slug}",
        "session": 2027,
        "starts_on": STARTS_ON,
        "ends_on": ENDS_ON,
        "hours_announced": Decimal(1015),
        "group_max": 20,
        "rhythm": RHYTHM,
    }
    return CfaProgramme.objects.create(
        cfa=cfa, slug=slug, referentiel=referentiel, **{**known, **values}
    )


def a_cohort(cast, **values: Any) -> Cohort:
    programme = values.pop("programme", None) or a_programme(cast.cfa)
    known = {
        "name": "NDRC 2026-2027",
        "starts_on": STARTS_ON,
        "ends_on": ENDS_ON,
        "capacity": 20,
        "trainers": [cast.bruno],
        "by": cast.elise,
    }
    return actions.create_cohort(cfa=cast.cfa, programme=programme, **{**known, **values})


def a_company(cast, number: int = 0, **values: Any) -> Company:
    known = {"name": f"Entreprise {number + 1}", "siret": SIRETS[number], "by": cast.elise}
    return actions.create_company(cfa=cast.cfa, **{**known, **values})


def a_contract(cast, enrolment, maitre, **values: Any) -> Contract:
    known = {
        "concluded_on": STARTS_ON,
        "starts_on": STARTS_ON,
        "ends_on": ENDS_ON,
        "training_hours": Decimal(1015),
        "derogation": "21",
        "tripartite_on": STARTS_ON,
        "maitre_competence": "experience",
        "maitre_attested": True,
        "by": cast.elise,
    }
    return actions.create_contract(
        enrolment=enrolment, company=maitre.company, maitre=maitre, **{**known, **values}
    )


def a_class(cast) -> Class:
    """Aïcha in the cohort, at Chantal's company, with Bruno as tutor and a draft contract."""
    cohort = a_cohort(cast)
    company = a_company(cast)
    maitre = actions.create_maitre(
        company=company,
        first_name="Chantal",
        last_name="Dumas",
        email=cast.chantal.email,
        by=cast.elise,
    )
    apprentice = actions.create_apprentice(
        cfa=cast.cfa,
        first_name="Aïcha",
        last_name="Benali",
        born_on=date(2005, 11, 20),
        email=cast.aicha.email,
        by=cast.elise,
    )
    enrolment = actions.enrol_apprentice(
        cohort=cohort, apprentice=apprentice, tutor=cast.bruno, starts_on=STARTS_ON, by=cast.elise
    )
    contract = a_contract(cast, enrolment, maitre)
    return Class(cohort.programme, cohort, company, maitre, apprentice, enrolment, contract)


def fill(cast, cohort: Cohort, count: int) -> list[Enrolment]:
    """`count` more apprentices in the cohort, without contract."""
    enrolments = []
    for n in range(count):
        apprentice = actions.create_apprentice(
            cfa=cast.cfa,
            first_name="Camille",
            last_name=f"Lenoir {chr(65 + n // 26)}{chr(97 + n % 26)}",
            born_on=date(2004, 3, 15),
            by=cast.elise,
        )
        enrolments.append(
            actions.enrol_apprentice(
                cohort=cohort, apprentice=apprentice, tutor=None, starts_on=STARTS_ON, by=cast.elise
            )
        )
    return enrolments


def amend(cast, contract, kind, **changes):
    return actions.create_amendment(
        contract=contract,
        amendment_type=AmendmentType(kind),
        effective_on=date(2026, 9, 1),
        description="Changement",
        changes=changes,
        by=cast.elise,
    )
