"""What several documents say of one apprentice: plain values, dates already in French."""

from datetime import date
from typing import Any

from django.utils import timezone

from accounts.french import long_date
from apprentices.enums import ContractState
from apprentices.models import Contract, Enrolment
from attendance.selectors import hours_of
from programmes.models import Bloc, Competence

from .. import drawing
from ..calendar import hours_in_words
from ..enums import CompetenceLevel
from ..models import CompetencePosition


def short(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def duration(minutes: int | None) -> str:
    """« 3 h », « 1 h 30 », « 20 min »; empty when no duration is set."""
    hours, rest = divmod(minutes or 0, 60)
    if not hours:
        return f"{rest} min" if rest else ""
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def contact_of(person: Any) -> str:
    """E-mail and telephone on one line; the digits of a French number by two."""
    phone = person.phone.replace(" ", "")
    if len(phone) == 10 and phone.isdigit():
        phone = " ".join(phone[n : n + 2] for n in range(0, 10, 2))
    return " · ".join(filter(None, (person.email, phone)))


def address_of(place: Any) -> str:
    """« 4 rue des Lilas, 78700 Conflans »: a part that is not known leaves no hole."""
    town = f"{place.postcode} {place.city}".strip()
    return ", ".join(filter(None, (place.address, town)))


def contract_of(enrolment: Enrolment) -> Contract | None:
    """The contract in force, else the last one; never a draft."""
    contracts = (
        enrolment.contracts.exclude(state=ContractState.COMPLETE)
        .select_related("company", "maitre")
        .order_by("-starts_on", "-pk")
    )
    return contracts.exclude(state=ContractState.BROKEN).first() or contracts.first()


def official_blocs(enrolment: Enrolment) -> list[Bloc]:
    return list(
        Bloc.objects.filter(referentiel=enrolment.cohort.programme.referentiel)
        .select_related("unite__epreuve")
        .prefetch_related("competences__lines", "unite__epreuve__rules")
    )


def assessed_competences(enrolment: Enrolment) -> list[Competence]:
    """The official competences of the professional, compulsory blocs: those seen in a company."""
    return list(
        Competence.objects.filter(
            bloc__referentiel=enrolment.cohort.programme.referentiel_id,
            bloc__is_optional=False,
            bloc__unite__is_professional=True,
        )
        .select_related("bloc")
        .order_by("bloc__position", "position", "pk")
    )


def certification_of(enrolment: Enrolment) -> dict[str, Any]:
    """The diploma as the référentiel names it: the official values, never those of the CFA's own document."""
    ref = enrolment.cohort.programme.referentiel
    return {
        "title": f"{ref.diploma} {ref.acronym} · {ref.title}",
        "diploma": ref.diploma,
        "name": ref.title,
        "rncp": ref.rncp,
        "level": ref.level,
        "certificateur": ref.certificateur,
        "code_diplome": ref.code_diplome,
        "session": enrolment.cohort.programme.session,
    }


def person_of(enrolment: Enrolment) -> dict[str, str]:
    """The apprentice: names, birth, contacts."""
    a = enrolment.apprentice
    return {
        "name": str(a),
        "first_name": a.first_name,
        "last_name": a.last_name,
        "born_on": long_date(a.born_on),
        "sex": a.sex,
        "birth_place": a.birth_place,
        "ine": a.ine,
        "contact": contact_of(a),
        "address": address_of(a),
    }


def counters(enrolment: Enrolment) -> dict[str, str]:
    """Hours followed, held, planned, with their gauge."""
    found = hours_of([enrolment], timezone.localdate())[enrolment.pk]
    return hours_in_words(found) | {
        "gauge": drawing.gauge(float(found.present), float(found.planned), float(found.minimum))
    }


def results_of(enrolment: Enrolment) -> tuple[list[dict[str, Any]], int]:
    """By bloc, the last level that the maître signed; and how many periods all three signed."""
    competences = assessed_competences(enrolment)
    latest: dict[int, str] = {}
    closed_periods = 0
    if hasattr(enrolment, "livret"):
        signed = enrolment.livret.periods.filter(maitre_signed_at__isnull=False)
        closed_periods = signed.filter(closed_at__isnull=False).count()
        rows = CompetencePosition.objects.filter(period__in=signed).exclude(maitre_level="")
        for row in rows.order_by("period__number", "pk"):
            latest[row.competence_id] = row.maitre_level
    blocs: dict[int, dict[str, Any]] = {}
    for competence in competences:
        bloc = blocs.setdefault(
            competence.bloc_id,
            {
                "title": competence.bloc.title,
                "code": competence.bloc.code,
                "competences": [],
            },
        )
        level = latest.get(competence.pk)
        label = CompetenceLevel(level).label if level else "Non évaluée"
        bloc["competences"].append({"title": competence.title, "level": label})
    return list(blocs.values()), closed_periods
