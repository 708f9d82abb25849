"""Minimum pay of an apprenticeship contract (code du travail, D6222-26 to D6222-31).

Pure functions: the dates, the tables and the SMC are given. Rules P1, P2, P3, P5, P12 and P14 are
explained in French, with worked examples, in docs/rules/remuneration.md.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from .enums import PayBase
from .tables import Grid, PayTables, pay_tables

CENT = Decimal("0.01")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class PayTerms:
    """What decides the minimum: who, when, for which cycle, with which conventional salary."""

    born_on: date
    starts_on: date
    ends_on: date
    cycle_months: int
    smc: Decimal | None = None


@dataclass(frozen=True)
class Segment:
    """A period over which the minimum percentage does not change."""

    starts_on: date
    ends_on: date
    year: int
    age_class: str
    rate: Decimal
    base: PayBase


@dataclass(frozen=True)
class PayLine:
    """What the contract says for a period: a percentage of the SMIC or of the SMC."""

    starts_on: date
    ends_on: date
    year: int
    rate: Decimal
    base: PayBase = PayBase.SMIC


@dataclass(frozen=True)
class PayrollLine:
    """The euros of a period: the percentage applied to the SMIC then in force."""

    starts_on: date
    ends_on: date
    rate: Decimal
    base: PayBase
    base_amount: Decimal
    amount: Decimal


def add_months(day: date, months: int) -> date:
    """The same day some months away; the last day of the month when it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def birthday(born_on: date, age: int) -> date:
    """The day someone reaches an age (28 February for a birth on the 29th, outside leap years)."""
    return add_months(born_on, 12 * age)


def age_on(born_on: date, day: date) -> int:
    """Completed years on that day."""
    age = day.year - born_on.year
    return age if birthday(born_on, age) <= day else age - 1


def months_between(starts_on: date, ends_on: date) -> int:
    """Duration of [starts_on, ends_on] in months, rounded to the nearest whole month."""
    after = ends_on + DAY
    whole = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    if add_months(starts_on, whole) > after:
        whole -= 1
    rest = (after - add_months(starts_on, whole)).days
    return whole + (1 if rest >= 15 else 0)


def offset_months(terms: PayTerms) -> int:
    """P5: months of the cycle deemed already done when the contract is shorter (D6222-28-1)."""
    return max(0, terms.cycle_months - months_between(terms.starts_on, terms.ends_on))


def minimum_segments(terms: PayTerms, tables: PayTables | None = None) -> tuple[Segment, ...]:
    """The legal minimum of each period of the contract, in order and without a gap."""
    tables = tables or pay_tables()
    grid = tables.grid_on(terms.starts_on)
    virtual_start = add_months(terms.starts_on, -offset_months(terms))
    years = [add_months(virtual_start, 12 * n) for n in range(1, 6)]
    ages = _age_changes(terms, grid)
    cuts = sorted({d for d in (*years, *ages) if terms.starts_on < d <= terms.ends_on})
    starts = [terms.starts_on, *cuts]
    ends = [*(d - DAY for d in cuts), terms.ends_on]
    smic = tables.smic_on(terms.starts_on).monthly
    segments = []
    for first, last in zip(starts, ends, strict=True):
        year = 1 + sum(1 for d in years if d <= first)
        age_class = grid.class_of(_pay_age(terms, ages, first))
        # P12: the SMC counts from 21 years only, and only when it is above the SMIC.
        on_smc = age_class.smc and terms.smc is not None and terms.smc > smic
        segments.append(
            Segment(
                first,
                last,
                year,
                age_class.label,
                grid.rate(year, age_class),
                PayBase.SMC if on_smc else PayBase.SMIC,
            )
        )
    return tuple(segments)


def _age_changes(terms: PayTerms, grid: Grid) -> dict[date, int]:
    """P2 and P3: the first day of the month after each birthday that changes the class."""
    changes = {}
    for age in grid.thresholds:
        day = birthday(terms.born_on, age)
        # Already reached on the first day: due from that day, no later cut.
        if day > terms.starts_on:
            changes[add_months(day.replace(day=1), 1)] = age
    return changes


def _pay_age(terms: PayTerms, changes: dict[date, int], day: date) -> int:
    reached = [age for first, age in changes.items() if first <= day]
    return max(age_on(terms.born_on, terms.starts_on), *reached, 0)


def minimum_lines(segments: tuple[Segment, ...]) -> tuple[PayLine, ...]:
    """The pay lines of a contract that gives the legal minimum."""
    return tuple(PayLine(s.starts_on, s.ends_on, s.year, s.rate, s.base) for s in segments)


def base_amount(base: PayBase | str, smc: Decimal | None, smic: Decimal) -> Decimal:
    """The monthly euros of 100 %: never under the SMIC when the contract refers to the SMC."""
    return max(smc or smic, smic) if base == PayBase.SMC else smic


def amount(rate: Decimal, base: Decimal, rounding: str = ROUND_HALF_UP) -> Decimal:
    """P14: nearest cent for what is shown, ROUND_CEILING for the check of a minimum."""
    return (rate * base / 100).quantize(CENT, rounding=rounding)


def minimum_amount(segment: Segment, smc: Decimal | None, smic: Decimal) -> Decimal:
    """The minimum in euros with that SMIC, rounded up (P14)."""
    return amount(segment.rate, base_amount(segment.base, smc, smic), ROUND_CEILING)


def payroll(
    lines: tuple[PayLine, ...], smc: Decimal | None = None, tables: PayTables | None = None
) -> tuple[PayrollLine, ...]:
    """The lines cut again at each change of the SMIC, with their euros (P13)."""
    tables = tables or pay_tables()
    out = []
    for line in lines:
        changes = tables.smic_changes(line.starts_on, line.ends_on)
        starts = [line.starts_on, *changes]
        ends = [*(d - DAY for d in changes), line.ends_on]
        for first, last in zip(starts, ends, strict=True):
            base = base_amount(line.base, smc, tables.smic_on(first).monthly)
            out.append(
                PayrollLine(first, last, line.rate, line.base, base, amount(line.rate, base))
            )
    return tuple(out)
