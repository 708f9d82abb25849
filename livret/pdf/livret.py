"""The frozen contexts of the livret, and of one period or review alone."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.french import long_date
from apprentices.models import Contract, Enrolment
from evaluations.ccf.concerned import categorie_of_candidate
from programmes.enums import EpreuveForm
from programmes.models import Competence

from .. import drawing
from ..calendar import attendance_months, calendar_of, number
from ..enums import THREE, CompetenceLevel
from ..marks import CohortMarks
from ..models import LivretPeriod, Review
from ..selectors import taught_in
from .facts import (
    address_of,
    assessed_competences,
    certification_of,
    contact_of,
    contract_of,
    counters,
    duration,
    official_blocs,
    person_of,
    results_of,
    short,
)
from .meetings import (
    REVIEW_PREFETCH,
    all_signatures,
    fiches,
    plan_rows,
    review_rows,
    reviews,
)
from .signing import by_hand, proof, signature

PERIOD_PREFETCH = (
    "positions__competence",
    "signatures__signature",
    "signatures__scan__recorded_by",
    "tasks__competences",
    "proofs",
)
RANK = {level: n for n, level in enumerate(CompetenceLevel.values)}


def livret_context(enrolment: Enrolment) -> dict[str, Any]:
    """Everything that the livret gathers; CCF marks are never part of it."""
    cohort = enrolment.cohort
    marks = CohortMarks(cohort)
    contract = contract_of(enrolment)
    competences = assessed_competences(enrolment)
    periods = list(enrolment.livret.periods.prefetch_related(*PERIOD_PREFETCH))
    tutor = enrolment.tutor
    signed = [
        *((_named(period, row), row) for period in periods for row in period.signatures.all()),
        *all_signatures(enrolment.livret),
    ]
    blocs = _blocs(enrolment)
    return {
        "person": person_of(enrolment),
        "certification": certification_of(enrolment),
        "programme": {
            "place": cohort.programme.place,
            "subjects": [
                {"title": s.title, "unite": s.unite_code, "hours": number(s.hours)}
                for s in cohort.programme.subjects.all()
            ],
        },
        "cohort": {
            "name": cohort.name,
            "starts_on": long_date(cohort.starts_on),
            "ends_on": long_date(cohort.ends_on),
        },
        "tutor": {"name": str(tutor), "email": tutor.email} if tutor else {},
        "contract": _contract(contract) if contract else {},
        "blocs": blocs,
        "has_ccf": any(bloc["form"] == EpreuveForm.CCF.label for bloc in blocs),
        "calendar": calendar_of(enrolment),
        "hours": counters(enrolment),
        "attendance": attendance_months(enrolment),
        "results": results_of(enrolment)[0],
        "plan": plan_rows(
            enrolment.livret, {c.pk: f"C{n}" for n, c in enumerate(competences, start=1)}
        ),
        "codes": [{"code": f"C{n}", "title": c.title} for n, c in enumerate(competences, start=1)],
        "reviews": reviews(enrolment.livret),
        "fiches": fiches(enrolment),
        "average": marks.average(enrolment),
        "semesters": marks.semesters(enrolment),
        "periods": [_period(period, competences) for period in periods if not period.is_coming],
        "coming": [
            {
                "number": p.number,
                "starts_on": long_date(p.starts_on),
                "ends_on": long_date(p.ends_on),
            }
            for p in periods
            if p.is_coming
        ],
        "proofs": [proof(of, row) for of, row in signed],
        **by_hand(signed),
    }


def _contract(contract: Contract) -> dict[str, Any]:
    company, maitre = contract.company, contract.maitre
    return {
        "kind": contract.get_kind_display(),
        "state": contract.get_state_display(),
        "concluded_on": long_date(contract.concluded_on),
        "starts_on": long_date(contract.starts_on),
        "ends_on": long_date(contract.ends_on),
        "training_hours": number(contract.training_hours),
        "weekly": number(Decimal(contract.weekly_minutes) / 60),
        "company": company.name,
        "siret": company.siret,
        "naf": company.naf,
        "company_address": address_of(company),
        "maitre": str(maitre),
        "maitre_title": maitre.job_title,
        "maitre_contact": contact_of(maitre),
        "pay": [
            {
                "year": line.year,
                "starts_on": short(line.starts_on),
                "ends_on": short(line.ends_on),
                "rate": number(line.rate),
                "base": line.get_base_display(),
            }
            for line in contract.pay_periods.all()
        ],
    }


def _blocs(enrolment: Enrolment) -> list[dict[str, Any]]:
    categorie = categorie_of_candidate(enrolment)
    result = []
    for bloc in official_blocs(enrolment):
        unite = getattr(bloc, "unite", None)
        epreuve = getattr(unite, "epreuve", None)
        rule = (
            next((r for r in epreuve.rules.all() if r.categorie == categorie), None)
            if epreuve
            else None
        )
        result.append(
            {
                "code": bloc.code,
                "title": bloc.title,
                "is_optional": bloc.is_optional,
                "unite": unite.code if unite else "",
                "epreuve": f"{epreuve.code} {epreuve.title}" if epreuve else "",
                "coefficient": number(epreuve.coefficient) if epreuve else "",
                "form": rule.get_form_display() if rule else "",
                "duration": duration(rule.duration_minutes) if rule else "",
                "competences": [
                    {
                        "title": c.title,
                        "has_criteres": any(line.criteres for line in c.lines.all()),
                        "lines": [
                            {"title": line.title, "criteres": line.criteres}
                            for line in c.lines.all()
                        ],
                    }
                    for c in bloc.competences.all()
                ],
            }
        )
    return result


def _period(period: LivretPeriod, competences: list[Competence]) -> dict[str, Any]:
    rows = {row.competence_id: row for row in period.positions.all()}

    def rank(pk: int, name: str) -> int:
        return RANK.get(getattr(rows.get(pk), name, ""), 0)

    def label(pk: int, name: str) -> str:
        level = getattr(rows.get(pk), name, "")
        return CompetenceLevel(level).label.removesuffix(" d'acquisition") if level else "–"

    codes = {c.pk: f"C{n}" for n, c in enumerate(competences, start=1)}
    radar = ""
    if rows and len(competences) > 2:
        names = [f"C{n}" for n in range(1, len(competences) + 1)]
        mine = [rank(c.pk, "apprentice_level") for c in competences]
        theirs = [rank(c.pk, "maitre_level") for c in competences]
        radar = drawing.radar(names, [(mine, drawing.AMBER), (theirs, drawing.ACCENT)])
    signed = {row.role: row for row in period.current_signatures}
    return {
        "number": period.number,
        "starts_on": long_date(period.starts_on),
        "ends_on": long_date(period.ends_on),
        "state": period.get_state_display(),
        "version": period.round,
        "taught": [
            {"subject": row.subject, "hours": number(row.hours)}
            for row in taught_in(period.livret.enrolment, period.starts_on, period.ends_on)
        ],
        "tasks": [
            {
                "done_on": short(task.done_on),
                "title": task.title,
                "details": task.details,
                "kind": task.get_network_display() or task.get_kind_display(),
                "codes": sorted(codes[c.pk] for c in task.competences.all() if c.pk in codes),
            }
            for task in period.kept_tasks
        ],
        "proofs": [
            {"name": p.name, "added_at": short(timezone.localdate(p.added_at)), "sha256": p.sha256}
            for p in period.kept_proofs
        ],
        "maitre_excuse": period.maitre_excuse,
        "apprentice_text": period.apprentice_text,
        "maitre_position": period.get_maitre_position_display(),
        "maitre_text": period.maitre_text,
        "maitre_goals": period.maitre_goals,
        "tutor_text": period.tutor_text,
        "radar": radar,
        "positions": [
            {
                "code": f"C{n}",
                "title": c.title,
                "apprentice": label(c.pk, "apprentice_level"),
                "maitre": label(c.pk, "maitre_level"),
            }
            for n, c in enumerate(competences, start=1)
        ],
        "signatures": [signature(role, signed.get(role.value)) for role in THREE],
    }


def _named(period: LivretPeriod, row: Any) -> str:
    return f"Période {period.number}" + (f", version {row.round}" if row.round > 1 else "")


def _parties(enrolment: Enrolment) -> dict[str, Any]:
    """Who is concerned, on top of a text of the livret printed alone."""
    contract = contract_of(enrolment)
    return {
        "person": person_of(enrolment),
        "certification": certification_of(enrolment),
        "cohort": {"name": enrolment.cohort.name},
        "contract": _contract(contract) if contract else {},
        "tutor": {"name": str(enrolment.tutor)} if enrolment.tutor else {},
    }


def period_context(period: LivretPeriod) -> dict[str, Any]:
    """One period alone: to be read, or printed and signed by hand with the mark at its foot."""
    enrolment = period.livret.enrolment
    fresh = LivretPeriod.objects.prefetch_related(*PERIOD_PREFETCH).get(pk=period.pk)
    signed = [(_named(fresh, row), row) for row in fresh.current_signatures]
    return {
        **_parties(enrolment),
        "period": _period(fresh, assessed_competences(enrolment)),
        "mark": fresh.digest()[:8],
        **by_hand(signed),
    }


def review_context(review: Review) -> dict[str, Any]:
    """One visit or bilan alone: read, or printed and signed by hand with the mark at its foot."""
    fresh = Review.objects.prefetch_related(*REVIEW_PREFETCH).get(pk=review.pk)
    name = str(fresh).split(" · ")[0]
    return {
        **_parties(review.livret.enrolment),
        "review": review_rows(fresh),
        "mark": fresh.digest()[:8],
        **by_hand([(name, row) for row in fresh.signatures.all()]),
    }
