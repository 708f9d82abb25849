"""What a centre may invoice today to the OPCOs, and what they have not paid yet, over all its contracts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Coalesce

from accounts.errors import DomainError
from accounts.models import Cfa

from .actions.funding import AGREED, billing_of, credited_of
from .billing import awaited_of
from .contract_deadlines import LAST_INVOICE_DAYS
from .enums import InstalmentState
from .funding import InvoiceLine, payment_rule
from .models import Contract, Funding, Instalment


@dataclass(frozen=True)
class InvoiceDue:
    """An instalment whose day has come and that nobody has invoiced."""

    contract: Contract
    line: InvoiceLine


@dataclass(frozen=True)
class UnpaidInvoice:
    """An invoice that the OPCO has not paid, and what is awaited of it once its avoirs are deducted."""

    contract: Contract
    instalment: Instalment
    awaited: Decimal
    days: int
    is_late: bool


def billed_contracts(cfa: Cfa, today: date) -> list[Funding]:
    """What both lists read, in three queries: contracts that may be invoiced today, or with an unpaid invoice."""
    owed = Instalment.objects.filter(state=InstalmentState.INVOICED)
    fundings = (
        Funding.objects.filter(contract__enrolment__cohort__cfa=cfa)
        .alias(stops_on=Coalesce("contract__broken_on", "contract__ends_on"))
        .annotate(
            may_be_invoiced=ExpressionWrapper(
                Q(contract__state__in=AGREED, stops_on__gt=today - timedelta(LAST_INVOICE_DAYS)),
                output_field=BooleanField(),
            )
        )
        .filter(Q(may_be_invoiced=True) | Q(pk__in=owed.values("funding")))
        .select_related("contract__enrolment__apprentice", "contract__company")
        .prefetch_related("instalments", "credit_notes")
    )
    return list(fundings)


def invoices_due(fundings: Iterable[Funding], today: date) -> list[InvoiceDue]:
    """The oldest first; a contract whose last invoice is lost is left out."""
    running = [one for one in fundings if one.may_be_invoiced]  # type: ignore[attr-defined]  # annotated
    found = [due for funding in running for due in _due_of(funding, today)]
    return sorted(found, key=lambda due: (due.line.due_on, due.contract.pk, due.line.code))


def _due_of(funding: Funding, today: date) -> Iterator[InvoiceDue]:
    try:
        lines = billing_of(funding).lines
    except DomainError:
        return  # dates that make no schedule: the contract's own page says so
    invoiced = {instalment.code for instalment in funding.instalments.all()}
    for line in lines:
        if line.due_on <= today and line.amount and line.code not in invoiced:
            yield InvoiceDue(funding.contract, line)


def unpaid_invoices(fundings: Iterable[Funding], today: date) -> list[UnpaidInvoice]:
    """The oldest first; whatever became of the contract, an invoice is owed."""
    found = [unpaid for funding in fundings for unpaid in _unpaid_of(funding, today)]
    return sorted(found, key=lambda row: (row.instalment.invoiced_on, row.instalment.pk))


def _unpaid_of(funding: Funding, today: date) -> Iterator[UnpaidInvoice]:
    unpaid = {
        line.code: line
        for line in funding.instalments.all()
        if line.state == InstalmentState.INVOICED
    }
    awaited = awaited_of({code: line.amount for code, line in unpaid.items()}, credited_of(funding))
    for code, amount in awaited.items():
        days = (today - unpaid[code].invoiced_on).days
        is_late = days > payment_rule().days
        yield UnpaidInvoice(funding.contract, unpaid[code], amount, days, is_late)


def totals_by_opco(rows: Iterable[UnpaidInvoice]) -> list[tuple[str, int, Decimal]]:
    """Each OPCO, how many invoices it has to pay and how much, the largest amount first."""
    totals: dict[str, tuple[int, Decimal]] = {}
    for row in rows:
        count, amount = totals.get(row.contract.company.opco, (0, Decimal(0)))
        totals[row.contract.company.opco] = (count + 1, amount + row.awaited)
    found = [(opco, count, amount) for opco, (count, amount) in totals.items()]
    return sorted(found, key=lambda total: (-total[2], total[0]))
