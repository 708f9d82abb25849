"""What is left to invoice, and what was invoiced beyond what is due. Pure.

The schedule says what a contract is worth as it stands; a rupture, an amendment or a corrected amount
changes it after instalments were invoiced. Each year of execution is settled apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from .funding import FundingSchedule, FundingYear, InvoiceLine

ZERO = Decimal(0)
COMPLEMENT = "facture complémentaire : ce qui reste dû de l'année"


@dataclass(frozen=True)
class YearAccount:
    """One year of execution, in euros: due, invoiced, credited."""

    year: int
    due: Decimal
    billed: Decimal
    credited: Decimal

    @property
    def net(self) -> Decimal:
        return self.billed - self.credited

    @property
    def left(self) -> Decimal:
        """What may still be invoiced."""
        return max(ZERO, self.due - self.net)

    @property
    def to_credit(self) -> Decimal:
        """What was invoiced too much: an avoir is owed to the OPCO."""
        return max(ZERO, self.net - self.due)


def year_of(code: str) -> int:
    """The year of execution of an instalment's code, « 2-1 »."""
    return int(code.split("-")[0])


def accounts_of(
    schedule: FundingSchedule, billed: Mapping[str, Decimal], credited: Mapping[int, Decimal]
) -> tuple[YearAccount, ...]:
    """The account of each year that is due or was invoiced; `billed` by code, `credited` by year."""
    due = {year.year: year.amount for year in schedule.years}
    invoiced: dict[int, Decimal] = {}
    for code, amount in billed.items():
        invoiced[year_of(code)] = invoiced.get(year_of(code), ZERO) + amount
    years = sorted({*due, *invoiced})
    return tuple(
        YearAccount(y, due.get(y, ZERO), invoiced.get(y, ZERO), credited.get(y, ZERO))
        for y in years
    )


def lines_of(
    schedule: FundingSchedule, billed: Mapping[str, Decimal], credited: Mapping[int, Decimal]
) -> tuple[InvoiceLine, ...]:
    """The lines of the schedule, the open ones for what is left of their year.

    Nothing invoiced yet, or nothing changed since: these are the schedule's own amounts.
    """
    accounts = {a.year: a for a in accounts_of(schedule, billed, credited)}
    out: list[InvoiceLine] = []
    for year in schedule.years:
        out += _year_lines(year, billed, accounts[year.year].left)
    return tuple(out)


def awaited_of(
    unpaid: Mapping[str, Decimal], credited: Mapping[int, Decimal]
) -> dict[str, Decimal]:
    """What is still to be paid of each unpaid invoice, by code, in euros.

    An avoir of the year is deducted from its latest invoices first; an invoice that it covers is no
    longer awaited.
    """
    rest = dict(credited)
    out: dict[str, Decimal] = {}
    for code in sorted(unpaid, reverse=True):
        deducted = min(rest.get(year_of(code), ZERO), unpaid[code])
        rest[year_of(code)] = rest.get(year_of(code), ZERO) - deducted
        if left := unpaid[code] - deducted:
            out[code] = left
    return out


def _year_lines(
    year: FundingYear, billed: Mapping[str, Decimal], left: Decimal
) -> list[InvoiceLine]:
    open_lines = [line for line in year.lines if line.code not in billed]
    done = [replace(line, amount=billed[line.code]) for line in year.lines if line.code in billed]
    out = list(done)
    for line in open_lines:
        share = left if line is open_lines[-1] else min(line.amount, left)
        left -= share
        out.append(replace(line, amount=share))
    if left:
        # Every instalment of the year is invoiced, and the year is now worth more.
        known = [line.code for line in year.lines] + [c for c in billed if year_of(c) == year.year]
        rank = max(int(code.split("-")[1]) for code in known) + 1
        last = year.lines[-1]
        code = f"{year.year}-{rank}"
        out.append(replace(last, code=code, amount=left, join=COMPLEMENT, is_balance=True))
    return sorted(out, key=lambda line: (line.year, line.code))
