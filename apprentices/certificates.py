"""The frozen contexts of the certificate of enrolment, the card and the calendar of the alternation."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.french import date_format, long_date, with_comma
from programmes.calendar_rules import months_between

from .course import CourseDay, course_of
from .enums import CertificateKind, ContractState
from .models import Contract, Enrolment
from .pay import age_on
from .photos import data_uri
from .tables import rule_table

MONTHS_ON_A_PAGE = 12
WEEKDAYS = "LMMJVSD"
LETTERS = {"cfa": "C", "company": "E", "holiday": "F", "closed": "–", "exam": "X", "weekend": ""}
NOT_IN_FORCE = (ContractState.COMPLETE, ContractState.REFUSED, ContractState.BROKEN)


def contract_in_force(enrolment: Enrolment) -> Contract | None:
    """The last signed contract that was neither refused nor broken."""
    found = enrolment.contracts.exclude(state__in=NOT_IN_FORCE).select_related("company")
    return found.order_by("-starts_on", "-pk").first()


def employers_of(enrolment: Enrolment) -> list[dict[str, str]]:
    """Each contract of the training as a document names it, in their order; none that was refused."""
    found = enrolment.contracts.in_force(
        enrolment.starts_on, enrolment.ends_on or enrolment.cohort.ends_on
    ).exclude(state=ContractState.REFUSED)
    return employers(found.select_related("company").order_by("starts_on", "pk"))


def employers(contracts: Iterable[Contract]) -> list[dict[str, str]]:
    """Employer, kind and dates of each; a rupture ends a contract on its day."""
    return [
        {
            "name": contract.company.name,
            "siret": contract.company.siret,
            "city": contract.company.city,
            "kind": contract.get_kind_display(),
            "from": long_date(contract.starts_on),
            "to": long_date(contract.last_day),
        }
        for contract in contracts
    ]


def _person(enrolment: Enrolment) -> dict[str, str]:
    person = enrolment.apprentice
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "usage_name": person.usage_name,
        "born_on": long_date(person.born_on),
        "birth_place": person.birth_place,
        "ine": person.ine,
        "address": f"{person.address} {person.postcode} {person.city}".strip(),
        "sex": person.sex,
    }


def _training(enrolment: Enrolment) -> dict[str, Any]:
    cohort = enrolment.cohort
    referentiel = cohort.programme.referentiel
    return {
        "title": f"{referentiel.diploma} {referentiel.acronym}",
        "name": referentiel.title,
        "rncp": referentiel.rncp,
        "level": referentiel.level,
        "code_diplome": referentiel.code_diplome,
        "cohort": cohort.name,
        "session": cohort.programme.session,
        "hours": with_comma(cohort.programme.hours_announced),
    }


def certificate(enrolment: Enrolment) -> dict[str, Any]:
    """Certificat d'inscription: who is trained, for what, from when to when, where employed."""
    under_contract = contract_in_force(enrolment) is not None
    today = timezone.localdate()
    return {
        "person": _person(enrolment),
        "training": _training(enrolment),
        "starts_on": long_date(enrolment.starts_on),
        "ends_on": long_date(enrolment.ends_on or enrolment.cohort.ends_on),
        "is_over": (enrolment.ends_on or enrolment.cohort.ends_on) < today,
        "employers": employers_of(enrolment),
        "under_contract": under_contract,
        "after_break": not under_contract
        and enrolment.contracts.filter(state=ContractState.BROKEN).exists(),
    }


def card_problem(enrolment: Enrolment) -> str:
    """Why the card may not be delivered: no signed contract, or outside the conditions of L6325-6-2."""
    contract = contract_in_force(enrolment)
    if contract is None:
        return "n'a pas de contrat signé"
    if contract.is_apprenticeship:
        return ""
    conditions = rule_table().on("L6325-6-2", contract.concluded_on).values
    if age_on(enrolment.apprentice.born_on, contract.starts_on) > conditions["max_age"]:
        return "a plus de 25 ans au début du contrat de professionnalisation"
    if months_between(contract.starts_on, contract.ends_on) < conditions["min_months"]:
        return "a un contrat de professionnalisation de moins de douze mois"
    return ""


def card(enrolment: Enrolment) -> dict[str, Any]:
    """Carte d'étudiant des métiers: valid while the contract runs."""
    contract = contract_in_force(enrolment)
    first = contract.starts_on if contract else enrolment.starts_on
    last = contract.ends_on if contract else enrolment.cohort.ends_on
    return {
        "person": _person(enrolment),
        "training": _training(enrolment),
        "valid_from": f"{first:%d/%m/%Y}",
        "valid_to": f"{last:%d/%m/%Y}",
        "employer": contract.company.name if contract else "",
        "is_apprenticeship": contract is None or contract.is_apprenticeship,
        "photo": _photo(enrolment),
    }


def _photo(enrolment: Enrolment) -> str:
    """The photo frozen in the card; "" leaves its place, to be glued."""
    photo = enrolment.apprentice.photo
    if not photo:
        return ""
    with photo.open("rb") as stream:
        return data_uri(stream.read())


def calendar(enrolment: Enrolment) -> dict[str, Any]:
    """Months by twelve on a page: each day with its weekday and what it is; hours at the CFA."""
    first, last = enrolment.starts_on, enrolment.ends_on or enrolment.cohort.ends_on
    days = [d for d in course_of(enrolment.cohort) if first <= d.day <= last]
    months = _months(days)
    total = sum(d.minutes for d in days)
    names = dict.fromkeys(employer["name"] for employer in employers_of(enrolment))
    return {
        "person": _person(enrolment),
        "training": _training(enrolment),
        "employer": " puis ".join(names),
        "starts_on": long_date(first),
        "ends_on": long_date(last),
        "pages": [
            {
                "months": months[n : n + MONTHS_ON_A_PAGE],
                "rows": _rows(months[n : n + MONTHS_ON_A_PAGE]),
            }
            for n in range(0, len(months), MONTHS_ON_A_PAGE)
        ],
        "days_at_cfa": sum(1 for d in days if d.minutes),
        "days_in_company": sum(1 for d in days if d.kind == "company"),
        "hours": _hours(total),
    }


def _months(days: list[CourseDay]) -> list[dict[str, Any]]:
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for each in days:
        month = found.setdefault(
            (each.day.year, each.day.month),
            {"label": date_format(each.day, "F y"), "minutes": 0, "days": {}},
        )
        month["minutes"] += each.minutes
        month["days"][each.day.day] = {
            "weekday": WEEKDAYS[each.day.weekday()],
            "kind": each.kind,
            "letter": LETTERS.get(each.kind, ""),
        }
    return [
        {**month, "hours": _hours(month["minutes"]), "days": month["days"]}
        for month in found.values()
    ]


def _rows(months: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each number of day, one cell for each month."""
    return [
        {"number": n, "cells": [month["days"].get(n) for month in months]} for n in range(1, 32)
    ]


def _hours(minutes: int) -> str:
    return f"{Decimal(minutes) / 60:g}".replace(".", ",")


CONTEXTS = {
    CertificateKind.ENROLMENT: certificate,
    CertificateKind.CARD: card,
    CertificateKind.CALENDAR: calendar,
}


# --- samples for the preview of development and for veraPDF ----------------------------------------


KIND = "Contrat d'apprentissage"
SAMPLE_EMPLOYERS = [
    {"name": "Atelier Ancre", "siret": "44306184100047", "city": "Conflans", "kind": KIND,
     "from": "5 janvier 2026", "to": "23 avril 2026"},
    {"name": "Maison Lumen", "siret": "73282932000074", "city": "Poissy", "kind": KIND,
     "from": "18 mai 2026", "to": "30 juin 2027"},
]  # fmt: skip


def _sample() -> dict[str, Any]:
    person = {
        "first_name": "Aïcha", "last_name": "Benali", "usage_name": "", "born_on": "20 novembre 2005",
        "birth_place": "Poissy", "ine": "123456789AB", "address": "2 rue des Lilas 78700 Conflans",
        "sex": "F",
    }  # fmt: skip
    training = {
        "title": "BTS NDRC", "name": "Négociation et digitalisation de la relation client",
        "rncp": "RNCP38368", "level": 5, "code_diplome": "32031212", "cohort": "NDRC 2026-2027",
        "session": 2027, "hours": "1015",
    }  # fmt: skip
    return {"person": person, "training": training, "employer": "Maison Lumen"}


def sample_certificate() -> dict[str, Any]:
    return {
        **_sample(), "starts_on": "5 janvier 2026", "ends_on": "30 juin 2027", "is_over": False,
        "employers": SAMPLE_EMPLOYERS, "under_contract": True, "after_break": False,
    }  # fmt: skip


def sample_card() -> dict[str, Any]:
    return {**_sample(), "valid_from": "05/01/2026", "valid_to": "30/06/2027", "photo": ""}


def sample_calendar() -> dict[str, Any]:
    first = date(2026, 1, 5)
    kinds = ("cfa", "cfa", "company", "company", "company", "weekend", "weekend")
    days = [
        CourseDay(d, kinds[d.weekday()], 420 if d.weekday() < 2 else 0)
        for d in (first + timedelta(days=n) for n in range(540))
    ]
    months = _months(days)
    return {
        **_sample(), "starts_on": "5 janvier 2026", "ends_on": "28 juin 2027",
        "pages": [{"months": m, "rows": _rows(m)} for m in (months[:12], months[12:])],
        "days_at_cfa": 155, "days_in_company": 232, "hours": "1085",
    }  # fmt: skip
