"""The life of a signed contract: rupture, what follows it, amendments, documents."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Request
from accounts.permissions import staff_required, team_reader_required

from .. import actions
from ..actions.contract_documents import RUPTURE_TITLES
from ..actions.ruptures import days_in_company, rupture_facts
from ..enums import RuptureMotive, RuptureOutcome
from ..forms import show_error
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
from ..rupture import MOTIVES, check_rupture, propose
from .contracts import contracts_here


def _contract(request: Request, uuid) -> Contract:
    return get_object_or_404(contracts_here(request), uuid=uuid)


@staff_required
def contract_break(request: Request, uuid) -> HttpResponse:
    """Choose the motive, read its calendar, record the rupture."""
    contract = _contract(request, uuid)
    today = timezone.localdate()
    form = RuptureForm(request.POST or None, initial={"written_on": today, "effective_on": today})
    is_valid = form.is_bound and form.is_valid()
    if is_valid and "check" not in request.POST:
        try:
            actions.break_contract(contract=contract, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(
                request, "La rupture est enregistrée : voici ce que le CFA doit encore."
            )
            return redirect("apprentices:rupture_detail", contract.uuid)
    context = {"contract": contract, "form": form, **_rupture_panel(contract, form)}
    if "check" in request.POST:
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
        "motive": motive,
        "rule": MOTIVES[motive],
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


def _rupture_page(request: Request, rupture: Rupture, status: int = 200, **forms):
    today = timezone.localdate()
    names = FollowForm.base_fields
    context = {
        "rupture": rupture,
        "today": today,
        "contract": rupture.contract,
        "rule": MOTIVES[RuptureMotive(rupture.motive)],
        "days_left": (rupture.follow_until - today).days if rupture.follow_until else None,
        "follow_form": FollowForm(initial={name: getattr(rupture, name) for name in names}),
        "cancel_form": CancelForm(prefix="annulation"),
        "outcome_form": OutcomeForm(initial={"on": today}, prefix="issue"),
        "documents": rupture.contract.documents.filter(
            document__kind__in=RUPTURE_TITLES
        ).select_related("document"),
        "papers": RUPTURE_TITLES.items(),
        "done": sum(1 for name in names if getattr(rupture, name)),
        "count": len(names),
        **forms,
    }
    return render(request, "apprentices/rupture_detail.html", context, status=status)


@require_POST
@staff_required
def rupture_follow(request: Request, uuid) -> HttpResponse:
    rupture = _rupture(request, uuid)
    form = FollowForm(request.POST)
    if form.is_valid():
        try:
            actions.follow_rupture(rupture=rupture, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, "Le suivi de la rupture est noté.")
            return redirect("apprentices:rupture_detail", uuid)
    return _rupture_page(request, rupture, 422, follow_form=form)


@require_POST
@staff_required
def rupture_close(request: Request, uuid) -> HttpResponse:
    rupture = _rupture(request, uuid)
    form = OutcomeForm(request.POST, prefix="issue")
    if form.is_valid():
        try:
            actions.close_rupture(
                rupture=rupture,
                outcome=RuptureOutcome(form.cleaned_data["outcome"]),
                on=form.cleaned_data["on"],
                by=request.user,
            )
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, "L'issue est notée : la rupture est traitée.")
            return redirect("apprentices:rupture_detail", uuid)
    return _rupture_page(request, rupture, 422, outcome_form=form)


@staff_required
def amendment_create(request: Request, uuid) -> HttpResponse:
    contract = _contract(request, uuid)
    form = AmendmentForm(request.POST or None, cfa=request.membership.cfa, contract=contract)
    if form.is_bound and form.is_valid():
        try:
            actions.create_amendment(contract=contract, by=request.user, **form.deed())
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, "L'avenant est prêt : faites-le signer.")
            return redirect("apprentices:contract_detail", uuid)
    context = {"contract": contract, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "apprentices/amendment_form.html", context, status=status)


@require_POST
@staff_required
def amendment_move(request: Request, uuid, deed: str) -> HttpResponse:
    rows = Amendment.objects.filter(contract__in=contracts_here(request)).select_related("contract")
    amendment = get_object_or_404(rows, uuid=uuid)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Indiquez la date.")
        return redirect("apprentices:contract_detail", amendment.contract.uuid)
    values = form.cleaned_data
    try:
        if deed == "sign":
            actions.sign_amendment(amendment=amendment, on=values["on"], by=request.user)
        else:
            actions.move_amendment(amendment=amendment, deed=deed, by=request.user, **values)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "L'avenant est à jour.")
    return redirect("apprentices:contract_detail", amendment.contract.uuid)


@require_POST
@staff_required
def contract_document(request: Request, uuid, kind: str) -> HttpResponse:
    contract = _contract(request, uuid)
    try:
        document = actions.request_contract_document(contract=contract, kind=kind, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("apprentices:contract_detail", uuid)
    return redirect("documents:document_detail", document.uuid)


@require_POST
@staff_required
def rupture_cancel(request: Request, uuid) -> HttpResponse:
    rupture = _rupture(request, uuid)
    form = CancelForm(request.POST, prefix="annulation")
    if form.is_valid():
        try:
            actions.cancel_rupture(
                rupture=rupture, reason=form.cleaned_data["reason"], by=request.user
            )
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, "La rupture est annulée : le contrat court de nouveau.")
            return redirect("apprentices:contract_detail", uuid)
    return _rupture_page(request, rupture, 422, cancel_form=form)


@require_POST
@staff_required
def rupture_document(request: Request, uuid, kind: str) -> HttpResponse:
    rupture = _rupture(request, uuid)
    try:
        document = actions.request_rupture_document(rupture=rupture, kind=kind, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("apprentices:rupture_detail", uuid)
    return redirect("documents:document_detail", document.uuid)


@require_POST
@staff_required
def amendment_document(request: Request, uuid) -> HttpResponse:
    rows = Amendment.objects.filter(contract__in=contracts_here(request)).select_related("contract")
    amendment = get_object_or_404(rows, uuid=uuid)
    try:
        document = actions.request_amendment_document(amendment=amendment, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("apprentices:contract_detail", amendment.contract.uuid)
    return redirect("documents:document_detail", document.uuid)
