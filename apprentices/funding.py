"""What the OPCO pays and when (section 6.7 of the reference). Pure; the NPEC is given, never guessed."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from programmes.calendar_rules import add_months

from .tables import DATA, NoValueError

CENT = Decimal("0.01")
DAY = timedelta(days=1)
YEAR = 365
FULL = 100
PROOF = "certificat de réalisation de la période précédente"


class FundingError(ValueError):
    """The dates or the amount make no schedule; the message is French."""


@dataclass(frozen=True)
class Part:
    """A share of a year of execution, due with one of its months."""

    percent: int
    month: int
    join: str


@dataclass(frozen=True)
class ScheduleRule:
    """The instalments in force for contracts concluded from one day on."""

    valid_from: date
    source: str
    verified: str
    by_day: bool
    parts: tuple[Part, ...]
    short_parts: tuple[Part, ...]
    # Percent more for a contract reduced to less than a year, within the annual amount.
    reduced_percent: int = 0


@dataclass(frozen=True)
class Fees:
    """Annex fees: euros for a night, a meal, and the most for the first equipment."""

    valid_from: date
    source: str
    night: Decimal
    meal: Decimal
    first_equipment_max: Decimal


@dataclass(frozen=True)
class PaymentRule:
    """Days within which an invoice is paid; past them, it is time to remind the OPCO."""

    days: int
    source: str
    verified: str


@dataclass(frozen=True)
class InvoiceLine:
    """One instalment: its rank, the period it covers, when it may be invoiced, what to join."""

    code: str
    year: int
    percent: int
    starts_on: date
    ends_on: date
    due_on: date
    amount: Decimal
    join: str
    # The rest of a year that the contract does not fill: more than its percentage.
    is_balance: bool = False


@dataclass(frozen=True)
class FundingYear:
    """A year of execution: its days (or months) paid, and its amount."""

    year: int
    starts_on: date
    ends_on: date
    days: int
    amount: Decimal
    lines: tuple[InvoiceLine, ...]


@dataclass(frozen=True)
class FundingSchedule:
    years: tuple[FundingYear, ...]
    total: Decimal
    rule: ScheduleRule
    # The last day to invoice the balance, four months after the end; later is lost.
    last_invoice_on: date

    @property
    def lines(self) -> tuple[InvoiceLine, ...]:
        return tuple(line for year in self.years for line in year.lines)


def funding_schedule(
    npec: Decimal,
    *,
    concluded_on: date,
    starts_on: date,
    ends_on: date,
    broken_on: date | None = None,
    is_reduced: bool = False,
) -> FundingSchedule:
    """The years and instalments of an annual NPEC in euros, stopped at the rupture.

    From 01/07/2025: NPEC / 365 x days, the first day and the last included. Before: NPEC / 12 x
    months begun, and a tenth more for a contract reduced (`is_reduced`, derogation 21) to less than a
    year, within the annual amount. Each year is rounded to the cent and its last instalment takes what
    is left.
    """
    if npec <= 0:
        raise FundingError("Le niveau de prise en charge est un montant positif.")
    last = min(broken_on, ends_on) if broken_on else ends_on
    if last < starts_on:
        raise FundingError("Le contrat finit avant de commencer : rien n'est pris en charge.")
    rule = schedule_rule(concluded_on)
    years = []
    first, number = starts_on, 1
    while first <= last:
        until = min(add_months(starts_on, 12 * number) - DAY, last)
        planned_end = min(add_months(starts_on, 12 * number) - DAY, ends_on)
        years.append(
            _year(npec, rule, number, first, until, planned_end, starts_on, ends_on, is_reduced)
        )
        first, number = until + DAY, number + 1
    total = sum((year.amount for year in years), Decimal(0))
    return FundingSchedule(tuple(years), total, rule, add_months(last, 4))


def _year(
    npec: Decimal,
    rule: ScheduleRule,
    number: int,
    first: date,
    until: date,
    planned_end: date,
    starts_on: date,
    ends_on: date,
    is_reduced: bool,
) -> FundingYear:
    days = (until - first).days + 1
    if rule.by_day:
        # A leap year of execution pays no more than the annual amount.
        full = until == add_months(starts_on, 12 * number) - DAY
        euros = npec if full else npec * days / YEAR
    else:
        euros = npec * _months_begun(first, until) / 12
    short = ends_on < add_months(starts_on, 12) - DAY
    if short and is_reduced:
        euros += euros * rule.reduced_percent / FULL
    amount = min(euros, npec).quantize(CENT, ROUND_HALF_UP)
    parts = rule.short_parts if short and rule.short_parts else rule.parts
    lines: list[InvoiceLine] = []
    reached = [
        part for part in parts if _due(part, first, planned_end) <= until or part.month == -1
    ]
    left = amount
    for rank, part in enumerate(reached, start=1):
        is_last = rank == len(reached)
        share = left if is_last else (amount * part.percent / 100).quantize(CENT, ROUND_HALF_UP)
        share = min(share, left)
        left -= share
        due_on = until if part.month == -1 else _due(part, first, planned_end)
        is_balance = is_last and sum(p.percent for p in reached) != FULL
        # From the second instalment on, the certificate of what came before (vade-mecum CFA).
        join = PROOF if number > 1 and part.month == 0 else part.join
        lines.append(
            InvoiceLine(
                f"{number}-{rank}",
                number,
                part.percent,
                first,
                until,
                due_on,
                share,
                join,
                is_balance,
            )
        )
    return FundingYear(number, first, until, days, amount, tuple(lines))


def _due(part: Part, first: date, planned_end: date) -> date:
    """The first day of the month of execution with which the instalment falls due."""
    if part.month == 0:
        return first
    if part.month == -1:
        return planned_end
    return add_months(first, part.month - 1)


def _months_begun(first: date, until: date) -> int:
    months = (until.year - first.year) * 12 + until.month - first.month
    if add_months(first, months) <= until:
        months += 1
    return months


@dataclass(frozen=True)
class AnnexFees:
    """Real numbers of nights and meals, and the first equipment, in euros."""

    nights: Decimal
    meals: Decimal
    equipment: Decimal

    @property
    def total(self) -> Decimal:
        return self.nights + self.meals + self.equipment


def annex_fees(nights: int, meals: int, equipment: Decimal, day: date) -> AnnexFees:
    """Fees of the convention, at the rates in force that day."""
    fees = _in_force(_tables()[1], day)
    if equipment > fees.first_equipment_max:
        raise FundingError(
            f"Le premier équipement est pris en charge jusqu'à {fees.first_equipment_max} €."
        )
    return AnnexFees(fees.night * nights, fees.meal * meals, equipment)


def schedule_rule(concluded_on: date) -> ScheduleRule:
    """The instalments that hold for a contract concluded on that day."""
    return _in_force(_tables()[0], concluded_on)


def _in_force(rows, day: date):
    found = [row for row in rows if row.valid_from <= day]
    if not found:
        raise NoValueError(f"Aucun échéancier connu pour un contrat conclu le {day:%d/%m/%Y}.")
    return max(found, key=lambda row: row.valid_from)


def payment_rule() -> PaymentRule:
    """The delay of payment of an invoice."""
    return _tables()[2]


@lru_cache(maxsize=1)
def _tables() -> tuple[tuple[ScheduleRule, ...], tuple[Fees, ...], PaymentRule]:
    raw = tomllib.loads((DATA / "funding.toml").read_text(encoding="utf-8"))
    rules = tuple(
        ScheduleRule(
            block["valid_from"],
            block["source"],
            block["verified"],
            block["by_day"],
            tuple(Part(**part) for part in block["parts"]),
            tuple(Part(**part) for part in block.get("short_parts", [])),
            block.get("reduced_percent", 0),
        )
        for block in raw["schedule"]
    )
    fees = tuple(
        Fees(
            b["valid_from"],
            b["source"],
            Decimal(b["night"]),
            Decimal(b["meal"]),
            Decimal(b["first_equipment_max"]),
        )
        for b in raw["fees"]
    )
    return rules, fees, PaymentRule(**raw["payment"])
