"""What the rules need to know of a contract, fetched from the database; and figures for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from programmes.rules import minimum_hours

from .deadlines import transmission_days
from .enums import ContractKind, ContractState, ContractType, DurationReason, PayBase
from .models import Contract, Enrolment, MaitreApprentissage
from .pay import PayLine, PayTerms
from .rules import CLOSED, ContractFacts


def legal_hours(enrolment: Enrolment, starts_on: date, ends_on: date) -> Decimal:
    """The diploma's minimum for a contract of these dates (CE D643-8)."""
    referentiel = enrolment.cohort.programme.referentiel
    if ends_on <= starts_on:
        return Decimal(0)
    return minimum_hours(starts_on, ends_on, referentiel.hours_per_year, referentiel.cycle_months)


def others_of_maitre(contract: Contract, maitre: MaitreApprentissage) -> tuple[int, int]:
    """Other apprentices whom this maître follows over the contract, and those prolonged (V12)."""
    overlapping = Contract.objects.filter(
        Q(maitre=maitre) | Q(maitre2=maitre),
        starts_on__lte=contract.ends_on,
        ends_on__gte=contract.starts_on,
    ).exclude(state__in=CLOSED)
    others = overlapping.exclude(enrolment__apprentice_id=contract.enrolment.apprentice_id)
    prolonged: dict[int, bool] = {}
    for apprentice, reason, prolonged_on in others.values_list(
        "enrolment__apprentice", "duration_reason", "prolonged_on"
    ):
        prolonged[apprentice] = reason == DurationReason.FAILURE or prolonged_on is not None
    return len(prolonged), sum(prolonged.values())


def previous_contract(contract: Contract) -> Contract | None:
    """The apprentice's last contract that began before this one."""
    earlier = Contract.objects.filter(
        enrolment__apprentice_id=contract.enrolment.apprentice_id,
        starts_on__lt=contract.starts_on,
        signed_at__isnull=False,
    )
    earlier = earlier.only("starts_on", "ends_on", "broken_on")
    return earlier.exclude(pk=contract.pk).order_by("-starts_on", "-pk").first()


def facts_of(contract: Contract, pay_lines: Sequence[PayLine] | None = None) -> ContractFacts:
    """The facts of a contract, recorded or about to be; its own lines unless others are given."""
    enrolment, apprentice = contract.enrolment, contract.enrolment.apprentice
    cohort = enrolment.cohort
    referentiel = cohort.programme.referentiel
    previous = previous_contract(contract)
    others = [others_of_maitre(contract, m) for m in (contract.maitre, contract.maitre2) if m]
    other_apprentices, prolonged = max(others, default=(0, 0))
    return ContractFacts(
        born_on=apprentice.born_on,
        concluded_on=contract.concluded_on,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        training_starts_on=contract.training_starts_on or enrolment.starts_on,
        training_ends_on=cohort.ends_on,
        cycle_months=referentiel.cycle_months,
        training_hours=contract.training_hours,
        minimum_hours=legal_hours(enrolment, contract.starts_on, contract.ends_on),
        kind=ContractKind(contract.kind),
        contract_type=contract.contract_type,
        previous_number=contract.previous_number,
        previous_ended_on=contract.previous_ended_on or (previous.last_day if previous else None),
        previous_broken=contract.contract_type == ContractType.AFTER_BREAK
        or bool(previous and previous.broken_on),
        practice_starts_on=contract.practice_starts_on,
        last_exam_on=contract.exams_end_on,
        derogation=contract.derogation,
        over_29_reason=contract.over_29_reason,
        duration_reason=contract.duration_reason,
        tripartite_on=contract.tripartite_on,
        rqth=apprentice.rqth,
        extension_boe=contract.extension_boe,
        dangerous_machines=contract.dangerous_machines,
        has_legal_representative=bool(apprentice.legal_representative),
        is_emancipated=apprentice.is_emancipated,
        maitre_born_on=contract.maitre.born_on,
        maitre_attested=contract.maitre_attested or contract.maitre.attested_on is not None,
        maitre_competence=contract.maitre_competence,
        maitre_other_apprentices=other_apprentices,
        maitre_prolonged_apprentices=prolonged,
        weekly_minutes=contract.weekly_minutes,
        distance_hours=contract.distance_hours,
        rncp_until=referentiel.registered_until,
        code_diplome=referentiel.code_diplome,
        rncp_code_diplome=referentiel.code_diplome,
        smc=contract.smc,
        floor_rate=contract.floor_rate,
        plus_15=contract.plus_15,
        prolonged_on=contract.prolonged_on,
        bac_professionnel=contract.bac_professionnel,
        mayotte=contract.mayotte,
        idcc=contract.company.idcc,
        pay_lines=tuple(pay_lines_of(contract) if pay_lines is None else pay_lines),
    )


def pay_terms_of(contract: Contract) -> PayTerms:
    """What decides the minimum pay of a contract."""
    return PayTerms(
        contract.enrolment.apprentice.born_on,
        contract.starts_on,
        contract.ends_on,
        contract.enrolment.cohort.programme.referentiel.cycle_months,
        contract.smc,
        kind=ContractKind(contract.kind),
        floor_rate=contract.floor_rate,
        plus_15=contract.plus_15,
        rqth=contract.enrolment.apprentice.rqth,
        prolonged_on=contract.prolonged_on,
        idcc=contract.company.idcc,
        bac_professionnel=contract.bac_professionnel,
        mayotte=contract.mayotte,
        weekly_minutes=contract.weekly_minutes,
    )


def pay_lines_of(contract: Contract) -> tuple[PayLine, ...]:
    return tuple(
        PayLine(p.starts_on, p.ends_on, p.year, p.rate, PayBase(p.base))
        for p in contract.pay_periods.all()
    )


@dataclass(frozen=True)
class Transmission:
    """Where a contract stands with its deadline to reach the OPCO (V20)."""

    due_on: date
    days_left: int
    unit: str
    is_done: bool
    is_late: bool
    is_urgent: bool


def transmission_of(contract: Contract, today: date) -> Transmission:
    """The deadline of its kind of contract; urgent from the alert day on, late after the last one."""
    days = transmission_days(contract.starts_on, ContractKind(contract.kind))
    done_on = contract.transmitted_on
    is_done = done_on is not None and contract.state != ContractState.REFUSED
    return Transmission(
        due_on=days.due_on,
        days_left=days.left(today),
        unit="jour ouvrable" if days.in_working_days else "jour",
        is_done=is_done,
        is_late=(done_on or today) > days.due_on,
        is_urgent=not is_done and today >= days.alert_on,
    )
