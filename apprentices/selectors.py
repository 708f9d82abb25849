"""What the rules need to know of a contract, fetched from the database; and figures for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from programmes.calendar_rules import public_holidays
from programmes.rules import minimum_hours

from .deadlines import add_working_days, transmission_due_on, working_days_until
from .enums import ContractState, PayBase
from .models import Contract, Enrolment, MaitreApprentissage
from .pay import PayLine
from .rules import ContractFacts
from .tables import rule_table

# Contracts that no longer, or never, bind the maître d'apprentissage.
CLOSED_STATES = (ContractState.ENDED, ContractState.BROKEN)


def contract_facts(
    *,
    enrolment: Enrolment,
    maitre: MaitreApprentissage | None,
    concluded_on: date,
    starts_on: date,
    ends_on: date,
    training_hours: Decimal,
    practice_starts_on: date | None = None,
    derogation: str = "",
    smc: Decimal | None = None,
    pay_lines: Sequence[PayLine] = (),
) -> ContractFacts:
    """Gather the facts of a contract to be."""
    apprentice, cohort = enrolment.apprentice, enrolment.cohort
    referentiel = cohort.programme.referentiel
    return ContractFacts(
        born_on=apprentice.born_on,
        concluded_on=concluded_on,
        starts_on=starts_on,
        ends_on=ends_on,
        training_starts_on=enrolment.starts_on,
        training_ends_on=cohort.ends_on,
        cycle_months=referentiel.cycle_months,
        training_hours=training_hours,
        minimum_hours=legal_hours(enrolment, starts_on, ends_on),
        practice_starts_on=practice_starts_on,
        derogation=derogation,
        rqth=apprentice.rqth,
        has_legal_representative=bool(apprentice.legal_representative),
        is_emancipated=apprentice.is_emancipated,
        maitre_other_apprentices=(
            other_apprentices(maitre, enrolment, starts_on, ends_on) if maitre else 0
        ),
        smc=smc,
        pay_lines=tuple(pay_lines),
    )


def legal_hours(enrolment: Enrolment, starts_on: date, ends_on: date) -> Decimal:
    """The diploma's minimum for a contract of these dates (CE D643-8)."""
    referentiel = enrolment.cohort.programme.referentiel
    if ends_on <= starts_on:
        return Decimal(0)
    return minimum_hours(starts_on, ends_on, referentiel.hours_per_year, referentiel.cycle_months)


def other_apprentices(
    maitre: MaitreApprentissage, enrolment: Enrolment, starts_on: date, ends_on: date
) -> int:
    """Other apprentices that this maître follows at some moment between the two dates (V12)."""
    overlapping = Contract.objects.filter(
        maitre=maitre, starts_on__lte=ends_on, ends_on__gte=starts_on
    ).exclude(state__in=CLOSED_STATES)
    others = overlapping.exclude(enrolment__apprentice_id=enrolment.apprentice_id)
    return others.values("enrolment__apprentice").distinct().count()


def facts_of(contract: Contract) -> ContractFacts:
    """The facts of a contract as it is recorded."""
    return contract_facts(
        enrolment=contract.enrolment,
        maitre=contract.maitre,
        concluded_on=contract.concluded_on,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        training_hours=contract.training_hours,
        practice_starts_on=contract.practice_starts_on,
        derogation=contract.derogation,
        smc=contract.smc,
        pay_lines=pay_lines_of(contract),
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
    is_done: bool
    is_late: bool
    is_urgent: bool


def transmission_of(contract: Contract, today: date) -> Transmission:
    """The deadline in working days; urgent from the alert day on, late after the last one."""
    text = rule_table().on("V20", contract.concluded_on)
    first, last = sorted((contract.starts_on, today))
    off = public_holidays(first, date(last.year + 1, 1, 31))
    due_on = transmission_due_on(contract.starts_on, off)
    alert_on = add_working_days(contract.starts_on, text.values["alert_days"], off)
    done_on = contract.transmitted_on
    is_done = done_on is not None
    return Transmission(
        due_on=due_on,
        days_left=working_days_until(today, due_on, off),
        is_done=is_done,
        is_late=(done_on or today) > due_on,
        is_urgent=not is_done and today >= alert_on,
    )
