"""Dates proposed for the plan, the visits and the bilans, laid on the days of the cohort.

The visit within two months is good practice, no longer a legal deadline since 2019
(apprenticeship-rules, section 5); the quarterly bilan is the CFA's own commitment.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from programmes.calendar_rules import add_months

from ..enums import ReviewKind, ReviewMode
from .periods import spans

PLAN_DAYS = 30
FIRST_VISIT_DAYS = 60
VISIT_MONTHS = 6  # two a year
SEMESTER_MONTHS = 6
FINAL_DAYS = 45  # before the end


@dataclass(frozen=True)
class Proposal:
    """A meeting to be held."""

    kind: str
    number: int
    on: date
    mode: str


def nearest_day(
    wanted: date, *, first: date, last: date, cfa_days: Collection[date], holidays: Collection[date]
) -> date:
    """The nearest working day before `wanted` (else after) when the apprentice is in the company.

    When every day near is a half-day at the CFA, the nearest working day.
    """

    def works(day: date) -> bool:
        return first <= day <= last and day.weekday() < 5 and day not in holidays

    for shift in range(15):
        for day in (wanted - timedelta(days=shift), wanted + timedelta(days=shift)):
            if works(day) and day not in cfa_days:
                return day
    for shift in range(15):
        for day in (wanted - timedelta(days=shift), wanted + timedelta(days=shift)):
            if works(day):
                return day
    return wanted


def propose(
    starts_on: date,
    ends_on: date,
    *,
    cfa_days: Collection[date] = (),
    holidays: Collection[date] = (),
) -> list[Proposal]:
    """The plan in the first month, visits, a bilan at the end of each quarter, the semesters, the end.

    The bilan of the three is quarterly whatever the CFA's periods: it is the commitment of its programme.
    """

    def near(wanted: date) -> date:
        return nearest_day(
            min(wanted, ends_on),
            first=starts_on,
            last=ends_on,
            cfa_days=frozenset(cfa_days),
            holidays=frozenset(holidays),
        )

    found = [
        Proposal(
            ReviewKind.PLAN, 1, near(starts_on + timedelta(days=PLAN_DAYS - 5)), ReviewMode.VIDEO
        )
    ]
    wanted = starts_on + timedelta(days=FIRST_VISIT_DAYS - 7)
    number = 1
    while wanted < ends_on - timedelta(days=30):
        found.append(Proposal(ReviewKind.VISIT, number, near(wanted), ReviewMode.COMPANY))
        number += 1
        wanted = add_months(
            starts_on + timedelta(days=FIRST_VISIT_DAYS - 7), VISIT_MONTHS * (number - 1)
        )
    for span in spans(starts_on, ends_on):
        on = near(span.ends_on - timedelta(days=3))
        found.append(Proposal(ReviewKind.QUARTERLY, span.number, on, ReviewMode.VIDEO))
    number = 1
    while (on := add_months(starts_on, SEMESTER_MONTHS * number)) < ends_on - timedelta(days=30):
        found.append(Proposal(ReviewKind.SEMESTER, number, near(on), ReviewMode.CFA))
        number += 1
    final = max(starts_on, ends_on - timedelta(days=FINAL_DAYS))
    found.append(Proposal(ReviewKind.FINAL, 1, near(final), ReviewMode.CFA))
    return sorted(found, key=lambda proposal: (proposal.on, proposal.kind))
