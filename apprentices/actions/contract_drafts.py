"""A contract being typed: saved as it is typed, resumed later, finished into a contract."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User
from accounts.rules import compact, siret_problem

from ..contract_draft import (
    NEEDED,
    deed_of,
    read_entry,
    read_pay,
    start_values,
    values_of,
)
from ..enums import ContractState
from ..models import Company, Contract, ContractDraft, Enrolment, MaitreApprentissage
from ..permissions import must_run_cfa
from .contracts import create_contract, locked_enrolment, update_contract
from .people import create_company, create_maitre


class DraftChanged(DomainError):
    """Somebody else saved the draft since this page was read; `draft` is what it is now."""

    def __init__(self, draft: ContractDraft, fields: Mapping[str, str]):
        at = timezone.localtime(draft.saved_at)
        super().__init__(
            f"{draft.saved_by} a enregistré ce contrat le {at:%d/%m/%Y à %H:%M} pendant que vous le "
            "remplissiez. Votre saisie n'est pas perdue : elle est encore à l'écran."
        )
        self.draft = draft
        # Field -> what the other person wrote there, where it differs from what is typed here.
        self.fields = dict(fields)


@transaction.atomic
def save_draft(
    *,
    enrolment: Enrolment,
    values: Mapping[str, str],
    step: str,
    version: int,
    by: User,
    contract: Contract | None = None,
) -> ContractDraft:
    """Keep what is typed on one step. `version` is that of the page: 0 when there was no draft."""
    enrolment = locked_enrolment(enrolment)
    must_run_cfa(by, enrolment.cohort.cfa)
    draft = (
        ContractDraft.objects.select_for_update(of=("self",))
        .select_related("saved_by")
        .filter(enrolment=enrolment)
        .first()
    )
    now = timezone.now()
    if draft is None:
        first = values_of(contract) if contract else start_values(enrolment)
        draft = ContractDraft.objects.create(
            enrolment=enrolment,
            contract=contract,
            contract_version=contract.version if contract else 0,
            values={**first, **values},
            step=step,
            saved_by=by,
            saved_at=now,
        )
        record("contract.draft_begun", draft, cfa=enrolment.cohort.cfa, actor=by)
        return draft
    if draft.version != version:
        others = {
            name: draft.values.get(name, "")
            for name, value in values.items()
            if draft.values.get(name, "") != value
        }
        if others:
            raise DraftChanged(draft, others)
    merged = {**draft.values, **values}
    if merged != draft.values or step != draft.step:
        draft.values = merged
        draft.step = step
        draft.version += 1
        draft.saved_by = by
        draft.saved_at = now
        draft.save()
    return draft


@transaction.atomic
def correct_contract(*, contract: Contract, by: User) -> ContractDraft:
    """Open the entry of a complete contract again, with what it says."""
    enrolment = locked_enrolment(contract.enrolment)
    must_run_cfa(by, enrolment.cohort.cfa)
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    if contract.state != ContractState.COMPLETE:
        raise DomainError("Ce contrat est signé : il ne se corrige plus ici, il faut un avenant.")
    existing = ContractDraft.objects.filter(enrolment=enrolment).first()
    if existing and existing.contract_id == contract.pk:
        return existing
    if existing:
        raise DomainError("Un autre contrat de cet apprenti est en cours de saisie : finissez-le.")
    return save_draft(
        enrolment=enrolment, values={}, step="employeur", version=0, by=by, contract=contract
    )


@transaction.atomic
def finish_draft(*, draft: ContractDraft, by: User) -> Contract:
    """Make the contract that the draft describes; refused with every blocking finding otherwise."""
    enrolment = locked_enrolment(draft.enrolment)
    must_run_cfa(by, enrolment.cohort.cfa)
    draft = ContractDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    entry = read_entry(enrolment, draft.values)
    if wrong := entry.wrong_steps():
        form = entry.forms[wrong[0]]
        name, messages = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else "Saisie"
        raise DomainError(f"Étape « {form.title} », {label} : {messages[0]}", field=name)
    for name in NEEDED:
        if entry.cleaned.get(name) in (None, ""):
            raise DomainError("Il manque encore une donnée.", field=name)
    deed, lines = deed_of(entry), read_pay(entry)
    if draft.contract_id:
        contract = update_contract(
            contract=Contract(pk=draft.contract_id),
            by=by,
            pay_lines=lines,
            expected_version=draft.contract_version,
            **deed,
        )
    else:
        contract = create_contract(enrolment=enrolment, by=by, pay_lines=lines, **deed)
    draft.delete()
    return contract


@transaction.atomic
def drop_draft(*, draft: ContractDraft, by: User) -> None:
    """Give up an entry; its last values stay in the history."""
    enrolment = locked_enrolment(draft.enrolment)
    must_run_cfa(by, enrolment.cohort.cfa)
    record(
        "contract.draft_abandoned",
        draft,
        cfa=enrolment.cohort.cfa,
        actor=by,
        data={"saisie": draft.values},
    )
    ContractDraft.objects.filter(pk=draft.pk).delete()


@transaction.atomic
def add_employer(
    *,
    enrolment: Enrolment,
    version: int,
    by: User,
    siret: str,
    name: str,
    first_name: str,
    last_name: str,
    born_on: date,
    job_title: str = "",
    maitre_email: str = "",
    **company_fields: Any,
) -> MaitreApprentissage:
    """A company (the one of that SIRET if it is known) and its maître, chosen in the draft."""
    enrolment = locked_enrolment(enrolment)
    cfa = enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    if problem := siret_problem(siret):
        raise DomainError(problem, field="siret")
    known = Company.objects.filter(cfa=cfa, siret=compact(siret)).first()
    company = known or create_company(cfa=cfa, name=name, siret=siret, by=by, **company_fields)
    maitre = create_maitre(
        company=company,
        first_name=first_name,
        last_name=last_name,
        born_on=born_on,
        job_title=job_title,
        email=maitre_email,
        by=by,
    )
    save_draft(
        enrolment=enrolment,
        values={"maitre": str(maitre.pk)},
        step="employeur",
        version=version,
        by=by,
    )
    return maitre
