"""The life of a signed contract: rupture, what follows it, amendments, documents."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import Request
from accounts.permissions import staff_required, team_reader_required

from .. import actions
from ..actions.contract_documents import RUPTURE_TITLES, rupture_papers
from ..actions.ruptures import days_in_company, rupture_facts
from ..enums import RuptureMotive
from ..life_forms import (
    AmendmentForm,
    CancelForm,
    DecisionForm,
    FollowForm,
    OutcomeForm,
    RuptureForm,
)
from ..models import Amendment, Contract, Rupture
from ..rules.facts import Finding
from ..rupture import check_rupture, motive_words, propose, rule_of
from .contracts import contracts_here
from .deeds import attempt, document_made, done


def _contract(request: Request, uuid) -> Contract:
    return get_object_or_404(contracts_here(request), uuid=uuid)


@staff_required
def contract_break(request: Request, uuid) -> HttpResponse:
    """Choose the motive, read its calendar, record the rupture."""
    contract = _contract(request, uuid)
    today = timezone.localdate()
    is_preview = "check" in request.POST
    initial = {"written_on": today, "effective_on": today}
    form = RuptureForm(request.POST or None, initial=initial, contract=contract)
    deed = partial(actions.break_contract, contract=contract)
    told = "La rupture est enregistrée : voici ce que le CFA doit encore."
    if not is_preview and done(request, form, deed, told):
        return redirect("apprentices:rupture_detail", contract.uuid)
    if is_preview:
        form.is_valid()
    context = {"contract": contract, "form": form, **_rupture_panel(contract, form)}
    if is_preview:
        return render(request, "apprentices/_rupture_panel.html", context)
    status = 422 if form.is_bound else 200
    return render(request, "apprentices/rupture_form.html", context, status=status)


def _rupture_panel(contract: Contract, form: RuptureForm) -> dict:
    values = form.cleaned_data if form.is_bound else {}
    motive = values.get("motive")
    if not motive:
        return {"days": days_in_company(contract, timezone.localdate())}
    motive = RuptureMotive(motive)
    written, effective = values.get("written_on"), values.get("effective_on")
    first = values.get("mediator_on") or written or timezone.localdate()
    proposal = propose(
        motive,
        first=first,
        mediator_on=values.get("mediator_on"),
        employer_informed_on=values.get("employer_informed_on"),
        is_apprenticeship=contract.is_apprenticeship,
    )
    found: tuple[Finding, ...] = ()
    if written and effective:
        found = check_rupture(
            rupture_facts(
                contract,
                motive=motive,
                written_on=written,
                effective_on=effective,
                days=values.get("company_days"),
                mediator_on=values.get("mediator_on"),
                employer_informed_on=values.get("employer_informed_on"),
            )
        )
    return {
        "motive_words": motive_words(motive, is_apprenticeship=contract.is_apprenticeship),
        "rule": rule_of(motive, is_apprenticeship=contract.is_apprenticeship),
        "proposal": proposal,
        "findings": found,
        "days": days_in_company(contract, effective) if effective else None,
    }


@team_reader_required
def rupture_detail(request: Request, uuid) -> HttpResponse:
    return _rupture_page(request, _rupture(request, uuid))


def _rupture(request: Request, uuid) -> Rupture:
    rows = Rupture.objects.filter(contract__in=contracts_here(request))
    rows = rows.select_related(
        "contract__enrolment__apprentice", "contract__company", "recorded_by"
    )
    return get_object_or_404(rows, contract__uuid=uuid)


def _rupture_page(request: Request, rupture: Rupture, **forms) -> HttpResponse:
    """The page of a rupture; with a form that was refused, as it was typed."""
    today, contract = timezone.localdate(), rupture.contract
    follow_form = FollowForm(
        initial={name: getattr(rupture, name) for name in FollowForm.base_fields}, contract=contract
    )
    names = follow_form.fields
    context = {
        "rupture": rupture,
        "today": today,
        "contract": contract,
        "rule": rule_of(
            RuptureMotive(rupture.motive), is_apprenticeship=contract.is_apprenticeship
        ),
        "days_left": (rupture.follow_until - today).days if rupture.follow_until else None,
        "follow_form": follow_form,
        "cancel_form": CancelForm(prefix="annulation"),
        "outcome_form": OutcomeForm(initial={"on": today}, prefix="issue"),
        "documents": contract.documents.filter(document__kind__in=RUPTURE_TITLES).select_related(
            "document"
        ),
        "papers": rupture_papers(contract).items(),
        "done": sum(1 for name in names if getattr(rupture, name)),
        "count": len(names),
        **forms,
    }
    status = 422 if forms else 200
    return render(request, "apprentices/rupture_detail.html", context, status=status)


@require_POST
@staff_required
def rupture_follow(request: Request, uuid) -> HttpResponse:
    rupture = _rupture(request, uuid)
    form = FollowForm(request.POST, contract=rupture.contract)
    deed = partial(actions.follow_rupture, rupture=rupture)
    if done(request, form, deed, "Le suivi de la rupture est noté."):
        return redirect("apprentices:rupture_detail", uuid)
    return _rupture_page(request, rupture, follow_form=form)


@require_POST
@staff_required
def rupture_close(request: Request, uuid) -> HttpResponse:
    rupture = _rupture(request, uuid)
    form = OutcomeForm(request.POST, prefix="issue")
    deed = partial(actions.close_rupture, rupture=rupture)
    if done(request, form, deed, "L'issue est notée : la rupture est traitée."):
        return redirect("apprentices:rupture_detail", uuid)
    return _rupture_page(request, rupture, outcome_form=form)


@require_POST
@staff_required
def rupture_cancel(request: Request, uuid) -> HttpResponse:
    rupture = _rupture(request, uuid)
    form = CancelForm(request.POST, prefix="annulation")
    deed = partial(actions.cancel_rupture, rupture=rupture)
    if done(request, form, deed, "La rupture est annulée : le contrat court de nouveau."):
        return redirect("apprentices:contract_detail", uuid)
    return _rupture_page(request, rupture, cancel_form=form)


@staff_required
def amendment_create(request: Request, uuid) -> HttpResponse:
    contract = _contract(request, uuid)
    # The type and the new employer say which fields follow; what is typed comes back with them.
    form = AmendmentForm(
        request.POST or None,
        cfa=request.membership.cfa,
        contract=contract,
        initial=request.GET.dict(),
    )
    deed = partial(actions.create_amendment, contract=contract)
    if done(request, form, deed, "L'avenant est prêt : faites-le signer."):
        return redirect("apprentices:contract_detail", uuid)
    context = {"contract": contract, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "apprentices/amendment_form.html", context, status=status)


def _amendment(request: Request, uuid) -> Amendment:
    rows = Amendment.objects.filter(contract__in=contracts_here(request)).select_related("contract")
    return get_object_or_404(rows, uuid=uuid)


@require_POST
@staff_required
def amendment_move(request: Request, uuid, deed: str) -> HttpResponse:
    amendment = _amendment(request, uuid)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Indiquez la date.")
    elif deed == "sign":
        sign = partial(actions.sign_amendment, amendment=amendment, on=form.cleaned_data["on"])
        attempt(request, sign, "L'avenant est signé.")
    else:
        move = partial(actions.move_amendment, amendment=amendment, deed=deed, **form.cleaned_data)
        attempt(request, move, "L'avenant est à jour.")
    return redirect("apprentices:contract_detail", amendment.contract.uuid)


@require_POST
@staff_required
def contract_document(request: Request, uuid, kind: str) -> HttpResponse:
    deed = partial(actions.request_contract_document, contract=_contract(request, uuid), kind=kind)
    return document_made(request, deed, "apprentices:contract_detail", uuid)


@require_POST
@staff_required
def rupture_document(request: Request, uuid, kind: str) -> HttpResponse:
    deed = partial(actions.request_rupture_document, rupture=_rupture(request, uuid), kind=kind)
    return document_made(request, deed, "apprentices:rupture_detail", uuid)


@require_POST
@staff_required
def amendment_document(request: Request, uuid) -> HttpResponse:
    amendment = _amendment(request, uuid)
    deed = partial(actions.request_amendment_document, amendment=amendment)
    return document_made(request, deed, "apprentices:contract_detail", amendment.contract.uuid)
