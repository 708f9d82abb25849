"""From percentages to euros (P10, P13, P14, P15)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from ..enums import PayBase
from ..tables import PayTables, pay_tables
from .terms import DAY, LEGAL_WEEK, PayLine, Segment

CENT = Decimal("0.01")
FULL = Decimal(100)


@dataclass(frozen=True)
class PayrollLine:
    """The euros of a period: the percentage applied to the SMIC then in force.

    `is_known` is False when that SMIC is not published: the amount is then what the last one gives.
    """

    starts_on: date
    ends_on: date
    rate: Decimal
    base: PayBase
    base_amount: Decimal
    amount: Decimal
    is_known: bool = True


def base_amount(base: PayBase | str, smc: Decimal | None, smic: Decimal) -> Decimal:
    """The monthly euros of 100 %: never under the SMIC when the contract refers to the SMC."""
    if base == PayBase.SMC and smc is not None and smc > smic:
        return smc
    return smic


def amount(
    rate: Decimal,
    base: Decimal,
    rounding: str = ROUND_HALF_UP,
    *,
    weekly_minutes: int = LEGAL_WEEK,
) -> Decimal:
    """P14: nearest cent for what is shown, ROUND_CEILING for a minimum. P15: in proportion to 35 h."""
    euros = rate * base / FULL
    if weekly_minutes != LEGAL_WEEK:
        euros = euros * weekly_minutes / LEGAL_WEEK
    return euros.quantize(CENT, rounding=rounding)


def minimum_amount(
    segment: Segment, smc: Decimal | None, smic: Decimal, *, weekly_minutes: int = LEGAL_WEEK
) -> Decimal:
    """The minimum in euros with that SMIC, rounded up (P14)."""
    base = base_amount(segment.base, smc, smic)
    return amount(segment.rate, base, ROUND_CEILING, weekly_minutes=weekly_minutes)


def payroll(
    lines: tuple[PayLine, ...],
    smc: Decimal | None = None,
    tables: PayTables | None = None,
    *,
    mayotte: bool = False,
    weekly_minutes: int = LEGAL_WEEK,
) -> tuple[PayrollLine, ...]:
    """The lines cut again at each change of the SMIC, with their euros (P13)."""
    tables = tables or pay_tables()
    out = []
    for line in lines:
        unknown_from = tables.smic_known_until + DAY
        changes = {*tables.smic_changes(line.starts_on, line.ends_on, mayotte=mayotte)}
        if line.starts_on < unknown_from <= line.ends_on:
            changes.add(unknown_from)
        starts = [line.starts_on, *sorted(changes)]
        ends = [*(d - DAY for d in starts[1:]), line.ends_on]
        for first, last in zip(starts, ends, strict=True):
            base = base_amount(line.base, smc, tables.smic_on(first, mayotte=mayotte).monthly)
            out.append(
                PayrollLine(
                    first,
                    last,
                    line.rate,
                    line.base,
                    base,
                    amount(line.rate, base, weekly_minutes=weekly_minutes),
                    tables.is_smic_known(first),
                )
            )
    return tuple(out)


@dataclass(frozen=True)
class BenefitsInKind:
    """P10: what may be deducted from the pay for meals and housing, and what is left to pay."""

    asked: Decimal
    deductible: Decimal
    left: Decimal


def benefits_in_kind(
    value: Decimal, pay: Decimal, day: date, tables: PayTables | None = None
) -> BenefitsInKind:
    """At most 75 % of the social-security value, and at most three quarters of the month's pay.

    `value` and `pay` in euros a month (CT D6222-33). The social-security values are not in the
    tables: the company gives them.
    """
    rule = (tables or pay_tables()).benefits_on(day)
    share = (value * rule.share_of_value / FULL).quantize(CENT, ROUND_HALF_UP)
    most = (pay * rule.share_of_pay / FULL).quantize(CENT, ROUND_HALF_UP)
    deductible = min(share, most)
    return BenefitsInKind(value, deductible, pay - deductible)
