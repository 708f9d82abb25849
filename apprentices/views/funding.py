"""What the OPCO pays for a contract: its agreement, the instalments invoiced and paid, the avoirs."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required

from .. import actions
from ..actions.funding import AGREED, PAID_BY_THE_HOUR, billing_of
from ..funding import annex_fees
from ..life_forms import CreditForm, FundingForm, InvoiceForm, PaidForm
from ..models import Funding, Instalment
from .contracts import contracts_here


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
    if form.is_bound and form.is_valid():
        try:
            actions.set_funding(contract=contract, by=request.user, **form.deed())
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "La prise en charge est enregistrée.")
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


@require_POST
@staff_required
def instalment_invoice(request: Request, uuid) -> HttpResponse:
    contract = get_object_or_404(contracts_here(request), uuid=uuid)
    funding = get_object_or_404(Funding, contract=contract)
    form = InvoiceForm(request.POST)
    if form.is_valid():
        try:
            actions.invoice_instalment(funding=funding, by=request.user, **form.cleaned_data)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "L'échéance est facturée.")
    else:
        messages.error(request, "Indiquez le numéro et la date de la facture.")
    return redirect("apprentices:contract_funding", uuid)


@require_POST
@staff_required
def instalment_pay(request: Request, uuid) -> HttpResponse:
    rows = Instalment.objects.filter(funding__contract__in=contracts_here(request))
    instalment = get_object_or_404(rows.select_related("funding__contract"), uuid=uuid)
    form = PaidForm(request.POST)
    if form.is_valid():
        try:
            actions.pay_instalment(
                instalment=instalment, on=form.cleaned_data["on"], by=request.user
            )
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "Le paiement est noté.")
    else:
        messages.error(request, "Indiquez la date du paiement.")
    return redirect("apprentices:contract_funding", instalment.funding.contract.uuid)


@require_POST
@staff_required
def funding_credit(request: Request, uuid) -> HttpResponse:
    contract = get_object_or_404(contracts_here(request), uuid=uuid)
    funding = get_object_or_404(Funding, contract=contract)
    form = CreditForm(request.POST)
    if form.is_valid():
        try:
            actions.credit_year(funding=funding, by=request.user, **form.cleaned_data)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "L'avoir est noté : envoyez-le à l'OPCO.")
    else:
        messages.error(request, "Indiquez le numéro et la date de l'avoir.")
    return redirect("apprentices:contract_funding", uuid)
