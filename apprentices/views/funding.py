"""What the OPCO pays for a contract: its agreement, the instalments invoiced and paid, the avoirs."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import Request
from accounts.permissions import staff_required

from .. import actions
from ..actions.funding import AGREED, PAID_BY_THE_HOUR, billing_of
from ..funding import annex_fees, payment_rule
from ..invoices import billed_contracts, invoices_due, totals_by_opco, unpaid_invoices
from ..life_forms import CreditForm, FundingForm, InvoiceForm, PaidForm
from ..models import Funding, Instalment
from .contracts import contracts_here
from .deeds import attempt, done
from .lists import paged

# The part of the page of invoices that lists what is not paid.
UNPAID = "impayees"


@staff_required
def contract_funding(request: Request, uuid) -> HttpResponse:
    contract = get_object_or_404(contracts_here(request), uuid=uuid)
    if not contract.is_apprenticeship:
        messages.warning(request, PAID_BY_THE_HOUR)
        return redirect("apprentices:contract_detail", uuid)
    funding = Funding.objects.filter(contract=contract).first()
    names = FundingForm.base_fields
    initial = {name: getattr(funding, name) for name in names} if funding else {}
    form = FundingForm(request.POST or None, initial=initial)
    deed = partial(actions.set_funding, contract=contract)
    if done(request, form, deed, "La prise en charge est enregistrée."):
        return redirect("apprentices:contract_funding", uuid)
    return _funding_page(request, contract, funding, form, 422 if form.is_bound else 200)


def _funding_page(request, contract, funding, form, status=200) -> HttpResponse:
    context = {"contract": contract, "funding": funding, "form": form}
    if funding:
        today = timezone.localdate()
        billing = billing_of(funding)
        invoiced = {line.code: line for line in funding.instalments.all()}
        context |= {
            "billing": billing,
            "schedule": billing.schedule,
            "lines": [
                (line, invoiced.get(line.code), line.due_on <= today) for line in billing.lines
            ],
            "credits": [account for account in billing.accounts if account.to_credit],
            "credit_notes": funding.credit_notes.all(),
            "fees": annex_fees(
                funding.night_count,
                funding.meal_count,
                funding.first_equipment,
                contract.concluded_on,
            ),
            "is_agreed": contract.state in AGREED,
            "today": today,
        }
    return render(request, "apprentices/contract_funding.html", context, status=status)


@staff_required
def invoice_list(request: Request) -> HttpResponse:
    """Over all the contracts of the centre: what may be invoiced today, what is not paid yet."""
    cfa, today = request.membership.cfa, timezone.localdate()
    billed = billed_contracts(cfa, today)
    rows, unpaid = invoices_due(billed, today), unpaid_invoices(billed, today)
    shown = unpaid if request.GET.get("vue") == UNPAID else rows
    context = {
        "count": len(rows),
        "total": sum(row.line.amount for row in rows),
        "unpaid_count": len(unpaid),
        "unpaid_total": sum(row.awaited for row in unpaid),
        "opcos": totals_by_opco(unpaid),
        "is_unpaid": shown is unpaid,
        "today": today,
        "rule": payment_rule(),
    }
    return render(request, "apprentices/invoice_list.html", context | paged(request, shown))


@require_POST
@staff_required
def instalment_invoice(request: Request, uuid) -> HttpResponse:
    deed = partial(actions.invoice_instalment, funding=_funding(request, uuid))
    missing = "Indiquez le numéro et la date de la facture."
    return _noted(request, uuid, InvoiceForm, deed, "L'échéance est facturée.", missing)


@require_POST
@staff_required
def instalment_pay(request: Request, uuid) -> HttpResponse:
    rows = Instalment.objects.filter(funding__contract__in=contracts_here(request))
    instalment = get_object_or_404(rows.select_related("funding__contract"), uuid=uuid)
    contract = instalment.funding.contract
    deed = partial(actions.pay_instalment, instalment=instalment)
    missing, told = "Indiquez la date du paiement.", f"Le paiement de la {instalment} est noté."
    page = _noted(request, contract.uuid, PaidForm, deed, told, missing)
    if request.POST.get("vue") == UNPAID:  # noted on the list: one after the other
        return redirect(reverse("apprentices:invoice_list") + f"?vue={UNPAID}")
    return page


@require_POST
@staff_required
def funding_credit(request: Request, uuid) -> HttpResponse:
    deed = partial(actions.credit_year, funding=_funding(request, uuid))
    told, missing = (
        "L'avoir est noté : envoyez-le à l'OPCO.",
        "Indiquez le numéro et la date de l'avoir.",
    )
    return _noted(request, uuid, CreditForm, deed, told, missing)


def _funding(request: Request, uuid) -> Funding:
    contract = get_object_or_404(contracts_here(request), uuid=uuid)
    return get_object_or_404(Funding, contract=contract)


def _noted(
    request: Request, contract_uuid, form_class: Any, deed: Any, told: str, missing: str
) -> HttpResponse:
    """One line of the table typed and written, or why it is not; back to the table."""
    form = form_class(request.POST)
    if form.is_valid():
        attempt(request, partial(deed, **form.cleaned_data), told)
    else:
        messages.error(request, missing)
    return redirect("apprentices:contract_funding", contract_uuid)
