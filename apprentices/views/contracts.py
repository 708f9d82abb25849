"""Pages of the contracts: the list, and the sheet of one contract with its deeds."""

from collections.abc import Iterable
from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import Request
from accounts.permissions import staff_required, team_reader_required

from .. import actions
from ..contract_draft import missing_of
from ..contract_forms import AcceptForm, RefuseForm, TransmitForm
from ..enums import PayBase
from ..filters import DRAFTS, ContractFilter
from ..models import Contract, ContractDraft
from ..pay import payroll
from ..rows import status_of
from ..rules import BINDING, check_contract
from ..selectors import facts_of, pay_lines_of, transmission_of
from ..tables import pay_tables
from .contract_life_facts import life_of
from .deeds import attempt, done
from .lists import paged


def contracts_here(request: Request):
    """Those of the CFA under which the person works now."""
    contracts = Contract.objects.visible_to(request.user)
    return contracts.filter(enrolment__cohort__cfa=request.membership.cfa).select_related(
        "enrolment__apprentice",
        "enrolment__cohort__cfa",
        "enrolment__cohort__programme__referentiel",
        "company",
        "maitre",
        "maitre2",
    )


def contracts_shown(request: Request) -> ContractFilter:
    """What the list and its export show: search, state, cohort and order of the address."""
    contracts = contracts_here(request).order_by("-starts_on", "pk")
    return ContractFilter(request.GET, queryset=contracts, cfa=request.membership.cfa)


@team_reader_required
def contract_list(request: Request) -> HttpResponse:
    found = contracts_shown(request)
    listed = paged(request, found.qs)
    today = timezone.localdate()
    context = {
        "filter": found,
        "rows": [(c, status_of(c), transmission_of(c, today)) for c in listed["page"].object_list],
        "drafts": _drafts(request),
        **listed,
    }
    return render(request, "apprentices/contract_list.html", context)


def _drafts(request: Request) -> Iterable[ContractDraft]:
    """The entries to resume, on the first view of the list and when they are asked for."""
    if request.GET.get("state", "") not in ("", DRAFTS) or request.GET.get("q", "").strip():
        return []
    drafts = ContractDraft.objects.filter(enrolment__cohort__cfa=request.membership.cfa)
    return drafts.select_related("enrolment__apprentice", "saved_by", "contract")[:50]


@team_reader_required
def contract_detail(request: Request, uuid) -> HttpResponse:
    return _detail(request, get_object_or_404(contracts_here(request), uuid=uuid))


def _detail(request: Request, contract: Contract, status: int = 200, **forms) -> HttpResponse:
    lines, tables, today = pay_lines_of(contract), pay_tables(), timezone.localdate()
    kind, word = status_of(contract)
    amounts = payroll(
        lines, contract.smc, mayotte=contract.mayotte, weekly_minutes=contract.weekly_minutes
    )
    context = {
        "contract": contract,
        "status_kind": kind,
        "status_word": word,
        "lines": lines,
        "payroll": amounts,
        "has_unknown_smic": any(not a.is_known and a.base == PayBase.SMIC for a in amounts),
        "pay_source": (
            tables.grid_on(contract.starts_on)
            if contract.is_apprenticeship
            else tables.pro_grid_on(contract.starts_on)
        ).source,
        "smic_is_known": tables.is_smic_known(contract.starts_on),
        "smic": tables.smic_on(contract.starts_on, mayotte=contract.mayotte),
        "findings": check_contract(facts_of(contract)),
        "representative": contract.enrolment.apprentice.representative_on(contract.concluded_on),
        "missing": missing_of(contract.enrolment, contract.maitre),
        "transmission": transmission_of(contract, today),
        "weekly_hours": contract.weekly_minutes / 60,
        "is_binding": contract.state in BINDING and not contract.broken_on,
        "transmit_form": TransmitForm(initial={"on": today}, prefix="transmit"),
        "accept_form": AcceptForm(initial={"on": today}, prefix="accept"),
        "refuse_form": RefuseForm(initial={"on": today}, prefix="refuse"),
        **life_of(contract),
        **forms,
    }
    return render(request, "apprentices/contract_detail.html", context, status=status)


@require_POST
@staff_required
def contract_edit(request: Request, uuid) -> HttpResponse:
    """Open the entry of a complete contract again."""
    contract = get_object_or_404(contracts_here(request), uuid=uuid)
    draft = attempt(request, partial(actions.correct_contract, contract=contract))
    if draft is None:
        return redirect("apprentices:contract_detail", contract.uuid)
    return redirect("apprentices:contract_step", contract.enrolment.uuid, draft.step)


@require_POST
@staff_required
def contract_sign(request: Request, uuid) -> HttpResponse:
    told = "La signature est enregistrée : transmettez le contrat à l'OPCO."
    return _simple(request, uuid, actions.sign_contract, told)


@require_POST
@staff_required
def contract_reopen(request: Request, uuid) -> HttpResponse:
    told = "Le contrat est rouvert : corrigez-le, faites-le signer et transmettez-le de nouveau."
    return _simple(request, uuid, actions.reopen_contract, told)


def _simple(request: Request, uuid, action, told: str) -> HttpResponse:
    contract = get_object_or_404(contracts_here(request), uuid=uuid)
    attempt(request, partial(action, contract=contract), told)
    return redirect("apprentices:contract_detail", contract.uuid)


@require_POST
@staff_required
def contract_transmit(request: Request, uuid) -> HttpResponse:
    told = "La transmission à l'OPCO est enregistrée : il a vingt jours pour décider."
    return _with_form(request, uuid, TransmitForm, "transmit", actions.transmit_contract, told)


@require_POST
@staff_required
def contract_accept(request: Request, uuid) -> HttpResponse:
    told = "L'accord de l'OPCO est enregistré."
    return _with_form(request, uuid, AcceptForm, "accept", actions.accept_contract, told)


@require_POST
@staff_required
def contract_refuse(request: Request, uuid) -> HttpResponse:
    told = (
        "Le refus est enregistré : corrigez le contrat, ou complétez le dossier et transmettez-le."
    )
    return _with_form(request, uuid, RefuseForm, "refuse", actions.refuse_contract, told)


def _with_form(request: Request, uuid, form_class, name, action, told: str) -> HttpResponse:
    contract = get_object_or_404(contracts_here(request), uuid=uuid)
    form = form_class(request.POST, prefix=name)
    if done(request, form, partial(action, contract=contract), told):
        return redirect("apprentices:contract_detail", contract.uuid)
    return _detail(request, contract, status=422, **{f"{name}_form": form})
