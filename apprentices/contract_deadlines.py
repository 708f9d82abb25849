"""The deadlines of the recorded contracts, in a constant number of queries.

The dates alone are read first, and contracts of the same dates are worked out together: a centre has
thousands of contracts and few different dates. The contracts themselves are fetched for the lines shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from accounts.models import Cfa
from programmes.calendar_rules import Rhythm

from .course import rhythm_of
from .deadlines import ContractDates, Deadline, deadlines_of
from .enums import ContractKind, ContractState, RuptureMotive
from .models import Cohort, Contract, Funding
from .rules import BINDING

# How far back a contract can still owe something, in days: 45 company days at two a week, and
# the last invoice four months after the end.
TRIAL_DAYS, LAST_INVOICE_DAYS = 300, 140


@dataclass(frozen=True)
class OpenDeadline:
    """A deadline worth saying today, of a contract."""

    contract_id: int
    cfa_id: int
    state: ContractState
    deadline: Deadline
    is_late: bool
    days_left: int


class _Facts(NamedTuple):
    """What is read of a contract: equal facts, equal deadlines."""

    cohort: int
    cfa: int
    kind: str
    state: str
    starts_on: date
    ends_on: date
    practice_starts_on: date | None
    transmitted_on: date | None
    broken_on: date | None
    is_funded: bool
    motive: str | None
    outcome: str | None
    effective_on: date | None
    follow_until: date | None
    opco_told_on: date | None


FIELDS = (
    "enrolment__cohort",
    "enrolment__cohort__cfa",
    "kind",
    "state",
    "starts_on",
    "ends_on",
    "practice_starts_on",
    "transmitted_on",
    "broken_on",
    "is_funded",
    "rupture__motive",
    "rupture__outcome",
    "rupture__effective_on",
    "rupture__follow_until",
    "rupture__opco_told_on",
)


def open_deadlines(today: date, *, cfa: Cfa | None = None) -> list[OpenDeadline]:
    """What is open today in one centre, or in all for the night's task; the most urgent first."""
    contracts = Contract.objects.filter(_may_owe(today))
    if cfa is not None:
        contracts = contracts.filter(enrolment__cohort__cfa=cfa)
    contracts = contracts.annotate(
        is_funded=Exists(Funding.objects.filter(contract=OuterRef("pk"))),
    )
    alike: dict[_Facts, list[int]] = {}
    for pk, *values in contracts.order_by("pk").values_list("pk", *FIELDS):
        alike.setdefault(_Facts(*values), []).append(pk)
    rhythms = _rhythms({facts.cohort for facts in alike})
    found = [
        OpenDeadline(
            pk,
            facts.cfa,
            ContractState(facts.state),
            deadline,
            deadline.is_late(today),
            deadline.days_left(today),
        )
        for facts, pks in alike.items()
        for deadline in deadlines_of(_dates(facts, rhythms[facts.cohort]))
        if deadline.is_open(today)
        for pk in pks
    ]
    return sorted(found, key=lambda row: (row.deadline.due_on, row.contract_id))


def contracts_of(rows: Sequence[OpenDeadline]) -> dict[int, Contract]:
    """The contracts of these lines, with what a page or a message says of them."""
    contracts = Contract.objects.select_related("enrolment__apprentice", "company")
    return contracts.in_bulk({row.contract_id for row in rows})


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


def _dates(facts: _Facts, rhythm: Rhythm | None) -> ContractDates:
    """What the deadlines depend on; a rupture whose outcome is noted owes nothing any more."""
    is_followed = facts.outcome == ""
    is_excluded = is_followed and facts.motive == RuptureMotive.EXCLUSION
    is_untold = is_followed and facts.opco_told_on is None
    return ContractDates(
        kind=ContractKind(facts.kind),
        state=ContractState(facts.state),
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        practice_starts_on=facts.practice_starts_on,
        transmitted_on=facts.transmitted_on,
        broken_on=facts.broken_on,
        rhythm=rhythm,
        follow_until=facts.follow_until if is_followed else None,
        untold_break_on=facts.effective_on if is_untold else None,
        excluded_on=facts.effective_on if is_excluded else None,
        is_funded=facts.is_funded,
    )


def _rhythms(cohorts: set[int]) -> dict[int, Rhythm | None]:
    return {cohort.pk: rhythm_of(cohort) for cohort in Cohort.objects.filter(pk__in=cohorts)}
