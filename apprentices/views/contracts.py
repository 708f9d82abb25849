"""Pages of the contracts: the list, the form with its live checks, the sheet of one contract."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.permissions import staff_required, team_reader_required

from .. import actions
from ..contract_pay import preview, read_pay
from ..enums import ContractState
from ..forms import ContractForm, TransmitForm, contract_initial, show_error
from ..models import Contract, Enrolment
from ..pay import payroll
from ..rows import status_of
from ..rules import check_contract
from ..selectors import facts_of, pay_lines_of, transmission_of
from ..tables import pay_tables


def contracts_here(request: HttpRequest):
    """Those of the CFA under which the person works now."""
    contracts = Contract.objects.visible_to(request.user)
    return contracts.filter(enrolment__cohort__cfa=request.membership.cfa).select_related(
        "enrolment__apprentice",
        "enrolment__cohort__cfa",
        "enrolment__cohort__programme__referentiel",
        "company",
        "maitre",
    )


@team_reader_required
def contract_list(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    contracts = contracts_here(request)
    if state in ContractState.values:
        contracts = contracts.filter(state=state)
    page = Paginator(contracts, 25).get_page(request.GET.get("page"))
    today = timezone.localdate()
    rows = [(c, status_of(c), transmission_of(c, today)) for c in page.object_list]
    context = {"page": page, "rows": rows, "states": ContractState.choices, "state": state}
    return render(request, "apprentices/contract_list.html", context)


@staff_required
def contract_create(request: HttpRequest, uuid) -> HttpResponse:
    enrolments = Enrolment.objects.visible_to(request.user).select_related(
        "apprentice", "cohort__programme__referentiel"
    )
    enrolment = get_object_or_404(enrolments.filter(cohort__cfa=request.membership.cfa), uuid=uuid)
    form = ContractForm(
        request.POST or None, cfa=request.membership.cfa, initial=contract_initial(enrolment)
    )
    return _contract_page(request, form, enrolment)


@staff_required
def contract_edit(request: HttpRequest, uuid) -> HttpResponse:
    contract = get_object_or_404(contracts_here(request), uuid=uuid)
    if contract.state != ContractState.DRAFT:
        messages.error(
            request, "Ce contrat est signé : il ne se corrige plus ici, il faut un avenant."
        )
        return redirect("apprentices:contract_detail", contract.uuid)
    initial = {
        "maitre": contract.maitre_id,
        "weekly_hours": contract.weekly_minutes / 60,
        **{
            name: getattr(contract, name)
            for name in ("concluded_on", "starts_on", "practice_starts_on", "ends_on")
        },
        **{name: getattr(contract, name) for name in ("training_hours", "smc", "derogation")},
    }
    form = ContractForm(request.POST or None, cfa=request.membership.cfa, initial=initial)
    return _contract_page(request, form, contract.enrolment, contract)


def _contract_page(
    request: HttpRequest, form: ContractForm, enrolment: Enrolment, contract: Contract | None = None
) -> HttpResponse:
    """The form; with `check` posted by htmx, its panel of findings alone."""
    is_valid = form.is_bound and form.is_valid()
    if is_valid and "check" not in request.POST:
        try:
            saved = _save(request, form, enrolment, contract)
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, f"Le contrat de {enrolment.apprentice} est enregistré.")
            return redirect("apprentices:contract_detail", saved.uuid)
    values = form.cleaned_data if form.is_bound else form.initial
    rates = request.POST if form.is_bound else _rates_of(contract)
    context = {
        "form": form,
        "enrolment": enrolment,
        "contract": contract,
        "preview": preview(enrolment, _with_maitre(form, values), rates),
    }
    if "check" in request.POST:
        return render(request, "apprentices/_contract_findings.html", context)
    status = 422 if form.is_bound else 200
    return render(request, "apprentices/contract_form.html", context, status=status)


def _save(request, form, enrolment, contract) -> Contract:
    values = form.deed()
    lines = read_pay(enrolment, values, request.POST)
    if contract:
        return actions.update_contract(
            contract=contract, by=request.user, pay_lines=lines, **values
        )
    return actions.create_contract(enrolment=enrolment, by=request.user, pay_lines=lines, **values)


def _with_maitre(form: ContractForm, values: dict) -> dict:
    maitre = values.get("maitre")
    if isinstance(maitre, int):
        maitre = form.fields["maitre"].queryset.filter(pk=maitre).first()
    return {**values, "maitre": maitre}


def _rates_of(contract: Contract | None) -> dict[str, str]:
    if contract is None:
        return {}
    return {f"rate_{p.starts_on:%Y%m%d}": str(p.rate) for p in contract.pay_periods.all()}


@team_reader_required
def contract_detail(request: HttpRequest, uuid) -> HttpResponse:
    contract = get_object_or_404(contracts_here(request), uuid=uuid)
    return _detail(request, contract, TransmitForm(initial={"on": timezone.localdate()}))


def _detail(request: HttpRequest, contract: Contract, form: TransmitForm, status: int = 200):
    lines = pay_lines_of(contract)
    tables = pay_tables()
    kind, word = status_of(contract)
    context = {
        "contract": contract,
        "status_kind": kind,
        "status_word": word,
        "lines": lines,
        "payroll": payroll(lines, contract.smc),
        "grid": tables.grid_on(contract.starts_on),
        "smic": tables.smic_on(contract.starts_on),
        "findings": check_contract(facts_of(contract)),
        "transmission": transmission_of(contract, timezone.localdate()),
        "weekly_hours": contract.weekly_minutes / 60,
        "form": form,
    }
    return render(request, "apprentices/contract_detail.html", context, status=status)


@require_POST
@staff_required
def contract_sign(request: HttpRequest, uuid) -> HttpResponse:
    contract = get_object_or_404(contracts_here(request), uuid=uuid)
    try:
        actions.sign_contract(contract=contract, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "La signature est enregistrée : transmettez le contrat à l'OPCO.")
    return redirect("apprentices:contract_detail", contract.uuid)


@require_POST
@staff_required
def contract_transmit(request: HttpRequest, uuid) -> HttpResponse:
    contract = get_object_or_404(contracts_here(request), uuid=uuid)
    form = TransmitForm(request.POST)
    if form.is_valid():
        try:
            actions.transmit_contract(contract=contract, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, "La transmission à l'OPCO est enregistrée.")
            return redirect("apprentices:contract_detail", contract.uuid)
    return _detail(request, contract, form, status=422)
