"""What a centre may invoice today to the OPCOs, over all its contracts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models.functions import Coalesce

from accounts.errors import DomainError
from accounts.models import Cfa

from .actions.funding import AGREED, billing_of
from .contract_deadlines import LAST_INVOICE_DAYS
from .funding import InvoiceLine
from .models import Contract, Funding


@dataclass(frozen=True)
class InvoiceDue:
    """An instalment whose day has come and that nobody has invoiced."""

    contract: Contract
    line: InvoiceLine


def invoices_due(cfa: Cfa, today: date) -> list[InvoiceDue]:
    """The oldest first, in three queries; a contract whose last invoice is lost is left out."""
    fundings = (
        Funding.objects.filter(contract__enrolment__cohort__cfa=cfa, contract__state__in=AGREED)
        .alias(stops_on=Coalesce("contract__broken_on", "contract__ends_on"))
        .filter(stops_on__gt=today - timedelta(days=LAST_INVOICE_DAYS))
        .select_related("contract__enrolment__apprentice", "contract__company")
        .prefetch_related("instalments", "credit_notes")
    )
    found = [due for funding in fundings for due in _due_of(funding, today)]
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
