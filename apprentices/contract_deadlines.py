"""The deadlines of the recorded contracts, in a constant number of queries."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import Cfa
from programmes.calendar_rules import Rhythm

from .deadlines import ContractDates, Deadline, deadlines_of
from .enums import ContractState, RuptureMotive
from .models import Contract, Funding
from .rules import BINDING

# How far back a contract can still owe something, in days: 45 company days at two a week, and
# the last invoice four months after the end.
TRIAL_DAYS, LAST_INVOICE_DAYS = 300, 140


@dataclass(frozen=True)
class OpenDeadline:
    """A deadline worth saying today, of a contract."""

    contract: Contract
    deadline: Deadline
    is_late: bool
    days_left: int


def open_deadlines(today: date, *, cfa: Cfa | None = None) -> list[OpenDeadline]:
    """What is open today in one centre, or in all for the night's task; the most urgent first."""
    contracts = Contract.objects.filter(_may_owe(today)).select_related(
        "enrolment__apprentice", "enrolment__cohort__cfa", "company", "rupture"
    )
    if cfa is not None:
        contracts = contracts.filter(enrolment__cohort__cfa=cfa)
    contracts = contracts.annotate(
        is_funded=Exists(Funding.objects.filter(contract=OuterRef("pk"))),
    )
    found = []
    rhythms: dict[int, Rhythm | None] = {}
    for contract in contracts.order_by("pk"):
        for deadline in deadlines_of(dates_of(contract, rhythms)):
            if deadline.is_open(today):
                found.append(
                    OpenDeadline(
                        contract, deadline, deadline.is_late(today), deadline.days_left(today)
                    )
                )
    return sorted(found, key=lambda row: (row.deadline.due_on, row.contract.pk))


def _may_owe(today: date) -> Q:
    return (
        Q(state__in=(ContractState.SIGNED, ContractState.REFUSED), starts_on__lte=today)
        | Q(state=ContractState.TRANSMITTED)
        | Q(state__in=BINDING, starts_on__gt=today - timedelta(days=TRIAL_DAYS))
        | Q(rupture__isnull=False, rupture__outcome="")
        | Q(
            funding__isnull=False,
            state__in=(ContractState.ENDED, ContractState.BROKEN),
            ends_on__gt=today - timedelta(days=LAST_INVOICE_DAYS),
        )
        | Q(
            funding__isnull=False,
            state=ContractState.BROKEN,
            broken_on__gt=today - timedelta(days=LAST_INVOICE_DAYS),
        )
    )


def dates_of(contract: Contract, rhythms: dict[int, Rhythm | None] | None = None) -> ContractDates:
    """What the deadlines depend on; `contract.is_funded` is annotated by the caller."""
    rupture: Any = getattr(contract, "rupture", None)
    is_followed = rupture is not None and rupture.outcome == ""
    excluded = rupture is not None and rupture.motive == RuptureMotive.EXCLUSION
    return ContractDates(
        state=ContractState(contract.state),
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        practice_starts_on=contract.practice_starts_on,
        transmitted_on=contract.transmitted_on,
        broken_on=contract.broken_on,
        rhythm=rhythm_of(contract, rhythms),
        follow_until=rupture.follow_until if is_followed else None,
        untold_break_on=rupture.effective_on
        if is_followed and rupture.opco_told_on is None
        else None,
        excluded_on=rupture.effective_on if excluded and is_followed else None,
        is_funded=getattr(contract, "is_funded", False),
    )


def rhythm_of(contract: Contract, known: dict[int, Rhythm | None] | None = None) -> Rhythm | None:
    """The days at the CFA of the contract's cohort; None when they cannot be read."""
    cohort = contract.enrolment.cohort
    known = {} if known is None else known
    if cohort.pk not in known:
        try:
            known[cohort.pk] = Rhythm.from_json(cohort.rhythm)
        except ValueError:
            known[cohort.pk] = None
    return known[cohort.pk]
