"""The frozen contexts of the attestation and of the livret: plain values, dates already in French."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify

from apprentices.enums import ContractState
from apprentices.models import Contract, Enrolment
from attendance.selectors import hours_of
from programmes.enums import Categorie
from programmes.models import Bloc, Competence

from .. import drawing
from ..calendar import attendance_months, calendar_months, number
from ..enums import CompetenceLevel, PeriodRole
from ..models import CompetencePosition, LivretPeriod, Review
from ..prefill import average
from ..selectors import taught_in
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


def file_name(enrolment: Enrolment, kind: str) -> str:
    person = enrolment.apprentice
    name = f"{slugify(person.last_name).upper()}_{slugify(person.first_name)}"
    return f"{name}_{kind}_{timezone.localdate():%Y-%m-%d}.pdf"


def day(value: date | None) -> str:
    return date_format(value, "j F Y") if value else ""


def short(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def moment(value: datetime) -> str:
    return f"{timezone.localtime(value):%d/%m/%Y à %H:%M:%S}"


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


def _certification(enrolment: Enrolment) -> dict[str, Any]:
    """The official values, never those of the CFA's own document."""
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


def _person(enrolment: Enrolment) -> dict[str, str]:
    a = enrolment.apprentice
    return {
        "name": str(a),
        "first_name": a.first_name,
        "last_name": a.last_name,
        "born_on": day(a.born_on),
        "birth_place": a.birth_place,
        "ine": a.ine,
        "email": a.email,
        "phone": a.phone,
        "address": f"{a.address} {a.postcode} {a.city}".strip(),
    }


def _hours(enrolment: Enrolment) -> dict[str, str]:
    counters = hours_of([enrolment], timezone.localdate())[enrolment.pk]
    names = ("planned", "held", "present", "absent", "excused", "minimum")
    return {name: number(getattr(counters, name)) for name in names} | {
        "gauge": drawing.gauge(
            float(counters.present), float(counters.planned), float(counters.minimum)
        )
    }


def _results(enrolment: Enrolment) -> tuple[list[dict[str, Any]], int]:
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


def attestation_context(enrolment: Enrolment) -> dict[str, Any]:
    """Objectives, nature, duration and results (Qualiopi 11; former CT L6353-1)."""
    contract = contract_of(enrolment)
    results, closed_periods = _results(enrolment)
    end = enrolment.ends_on or enrolment.cohort.ends_on
    return {
        "person": _person(enrolment),
        "certification": _certification(enrolment),
        "cohort": enrolment.cohort.name,
        "starts_on": day(enrolment.starts_on),
        "ends_on": day(end),
        "is_over": end <= timezone.localdate(),
        "as_of": day(timezone.localdate()),
        "employer": contract.company.name if contract else "",
        "employer_siret": contract.company.siret if contract else "",
        "contract_kind": contract.get_kind_display() if contract else "",
        "hours": _hours(enrolment),
        "blocs": results,
        "closed_periods": closed_periods,
    }


def livret_context(enrolment: Enrolment) -> dict[str, Any]:
    """Everything that the livret gathers; CCF marks are never part of it."""
    cohort = enrolment.cohort
    contract = contract_of(enrolment)
    competences = assessed_competences(enrolment)
    periods = list(enrolment.livret.periods.prefetch_related(*PERIOD_PREFETCH))
    tutor = enrolment.tutor
    signed = [
        *((_named(period, row), row) for period in periods for row in period.signatures.all()),
        *all_signatures(enrolment.livret),
    ]
    return {
        "person": _person(enrolment),
        "certification": _certification(enrolment),
        "programme": {
            "place": cohort.programme.place,
            "subjects": [
                {"title": s.title, "unite": s.unite_code, "hours": number(s.hours)}
                for s in cohort.programme.subjects.all()
            ],
        },
        "cohort": {
            "name": cohort.name,
            "starts_on": day(cohort.starts_on),
            "ends_on": day(cohort.ends_on),
        },
        "tutor": {"name": str(tutor), "email": tutor.email} if tutor else {},
        "contract": _contract(contract) if contract else {},
        "blocs": _blocs(enrolment),
        "calendar": calendar_months(enrolment),
        "hours": _hours(enrolment),
        "attendance": attendance_months(enrolment),
        "results": _results(enrolment)[0],
        "plan": plan_rows(
            enrolment.livret, {c.pk: f"C{n}" for n, c in enumerate(competences, start=1)}
        ),
        "codes": [{"code": f"C{n}", "title": c.title} for n, c in enumerate(competences, start=1)],
        "reviews": reviews(enrolment.livret),
        "fiches": fiches(enrolment),
        "files": [
            {"period": period.number, "name": p.name, "sha256": p.sha256}
            for period in periods
            for p in period.kept_proofs
        ],
        "average": average(enrolment),
        "periods": [_period(period, competences) for period in periods],
        "proofs": [proof(of, row) for of, row in signed],
        **by_hand(signed),
    }


def _contract(contract: Contract) -> dict[str, Any]:
    company, maitre = contract.company, contract.maitre
    return {
        "kind": contract.get_kind_display(),
        "state": contract.get_state_display(),
        "concluded_on": day(contract.concluded_on),
        "starts_on": day(contract.starts_on),
        "ends_on": day(contract.ends_on),
        "training_hours": number(contract.training_hours),
        "weekly": number(Decimal(contract.weekly_minutes) / 60),
        "company": company.name,
        "siret": company.siret,
        "naf": company.naf,
        "company_address": f"{company.address} {company.postcode} {company.city}".strip(),
        "maitre": str(maitre),
        "maitre_title": maitre.job_title,
        "maitre_email": maitre.email,
        "maitre_phone": maitre.phone,
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
    cfa = enrolment.cohort.cfa
    categorie = Categorie.HABILITE if cfa.ccf_habilite_on else Categorie.PONCTUEL
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
                "minutes": rule.duration_minutes if rule else None,
                # its grid fills a page of its own
                "is_large": any(
                    line.criteres for c in bloc.competences.all() for line in c.lines.all()
                ),
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
        return CompetenceLevel(level).label if level else "non situé"

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
        "starts_on": day(period.starts_on),
        "ends_on": day(period.ends_on),
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
        "signatures": [signature(role, signed.get(role.value)) for role in PeriodRole],
    }


def _named(period: LivretPeriod, row: Any) -> str:
    return f"Période {period.number}" + (f", version {row.round}" if row.round > 1 else "")


def _parties(enrolment: Enrolment) -> dict[str, Any]:
    """Who is concerned, on top of a text of the livret printed alone."""
    contract = contract_of(enrolment)
    return {
        "person": _person(enrolment),
        "certification": _certification(enrolment),
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
