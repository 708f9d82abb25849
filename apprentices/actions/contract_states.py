"""A contract from its signature to its end: signed, sent to the OPCO, decided, running, ended."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User
from accounts.rules import compact

from ..enums import ContractAction, ContractState
from ..identifiers import deca_problem
from ..models import Contract
from ..permissions import must_run_cfa
from ..rules import BINDING, check_contract, next_state
from ..selectors import facts_of
from .contracts import locked_contract, refuse

# What to do instead, when the state does not allow the deed.
ADVICE = {
    ContractAction.SIGN: "il est déjà signé",
    ContractAction.TRANSMIT: "il a déjà été transmis",
    ContractAction.ACCEPT: "enregistrez d'abord sa transmission à l'OPCO",
    ContractAction.REFUSE: "enregistrez d'abord sa transmission à l'OPCO",
    ContractAction.REOPEN: "seul un contrat refusé se rouvre",
    ContractAction.BREAK: "seul un contrat signé et non terminé se rompt",
}


@transaction.atomic
def sign_contract(*, contract: Contract, by: User) -> Contract:
    """Record that everyone has signed; the checks are made again on what is signed."""
    contract = locked_contract(contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    state = advance(contract, ContractAction.SIGN)
    refuse(check_contract(facts_of(contract)))
    contract.state = state
    contract.signed_at = timezone.now()
    contract.save(update_fields=["state", "signed_at"])
    record("contract.signed", contract, cfa=cfa, actor=by)
    return contract


@transaction.atomic
def transmit_contract(*, contract: Contract, by: User, on: date) -> Contract:
    """Record the day on which the contract was sent to the OPCO (V20), or sent again after a refusal."""
    contract = locked_contract(contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    state = advance(contract, ContractAction.TRANSMIT)
    if on < contract.concluded_on:
        raise DomainError(
            f"La transmission suit la conclusion, le {contract.concluded_on:%d/%m/%Y}.", field="on"
        )
    _not_to_come(on, "on", "de transmission")
    contract.state = state
    contract.transmitted_on = on
    contract.decided_on = None
    contract.refusal_reason = ""
    contract.save(update_fields=["state", "transmitted_on", "decided_on", "refusal_reason"])
    record("contract.transmitted", contract, cfa=cfa, actor=by, data={"le": on.isoformat()})
    return contract


def deca_read(typed: str, *, field: str) -> str:
    """A contract number as it is kept; DomainError beside `field` when it cannot be one."""
    number = compact(typed)
    if number and (problem := deca_problem(number)):
        raise DomainError(problem, field=field)
    return number


@transaction.atomic
def accept_contract(
    *, contract: Contract, by: User, on: date, deca_number: str = "", opco_file: str = ""
) -> Contract:
    """Record the OPCO's agreement, with its numbers; a contract already begun is then running."""
    contract = locked_contract(contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    state = advance(contract, ContractAction.ACCEPT)
    _check_decision(contract, on)
    contract.state = state
    contract.decided_on = on
    contract.deca_number = deca_read(deca_number, field="deca_number")
    contract.opco_file = opco_file.strip()
    if contract.starts_on <= timezone.localdate():
        contract.state = advance(contract, ContractAction.START)
    contract.full_clean(validate_constraints=False)
    contract.save(update_fields=["state", "decided_on", "deca_number", "opco_file"])
    record(
        "contract.accepted",
        contract,
        cfa=cfa,
        actor=by,
        data={"le": on.isoformat(), "DECA": contract.deca_number, "dossier": contract.opco_file},
    )
    return contract


@transaction.atomic
def refuse_contract(*, contract: Contract, by: User, on: date, reason: str) -> Contract:
    """Record the OPCO's refusal and its reason; the contract is then corrected or sent again."""
    contract = locked_contract(contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    state = advance(contract, ContractAction.REFUSE)
    _check_decision(contract, on)
    if not reason.strip():
        raise DomainError(
            "Recopiez le motif du refus : il dit ce qu'il faut corriger.", field="reason"
        )
    contract.state = state
    contract.decided_on = on
    contract.refusal_reason = reason.strip()
    contract.save(update_fields=["state", "decided_on", "refusal_reason"])
    record("contract.refused", contract, cfa=cfa, actor=by, reason=contract.refusal_reason)
    return contract


@transaction.atomic
def reopen_contract(*, contract: Contract, by: User) -> Contract:
    """Take back a refused contract to correct it; everybody signs it again."""
    contract = locked_contract(contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    reason = contract.refusal_reason
    contract.state = advance(contract, ContractAction.REOPEN)
    contract.signed_at = contract.transmitted_on = contract.decided_on = None
    contract.refusal_reason = ""
    contract.version += 1
    contract.save(
        update_fields=[
            "state",
            "signed_at",
            "transmitted_on",
            "decided_on",
            "refusal_reason",
            "version",
        ]
    )
    record("contract.reopened", contract, cfa=cfa, actor=by, reason=reason)
    return contract


FOLLOWED = {
    ContractAction.BREAK: "contract.broken",
    ContractAction.START: "contract.started",
    ContractAction.END: "contract.ended",
}


def follow_calendar(today: date) -> int:
    """The night's deed: a rupture takes effect, an accepted contract begins, one past its term is ended."""
    count = 0
    for action, rows in (
        (ContractAction.BREAK, {"state__in": BINDING, "broken_on__lte": today}),
        (ContractAction.START, {"state": ContractState.ACCEPTED, "starts_on__lte": today}),
        (ContractAction.END, {"state": ContractState.RUNNING, "ends_on__lt": today}),
    ):
        for pk in Contract.objects.filter(**rows).values_list("pk", flat=True):
            with transaction.atomic():
                contract = locked_contract(Contract(pk=pk))
                state = next_state(contract.state, action)
                if state is None:
                    continue
                contract.state = state
                contract.save(update_fields=["state"])
                record(FOLLOWED[action], contract, cfa=contract.enrolment.cohort.cfa, actor=None)
                count += 1
    return count


def advance(contract: Contract, action: ContractAction) -> ContractState:
    """The next state, or a sentence that says what to do instead."""
    state = next_state(contract.state, action)
    if state is None:
        advice = ADVICE.get(action, "cela ne se peut pas maintenant")
        if action == ContractAction.TRANSMIT and contract.state == ContractState.COMPLETE:
            advice = "enregistrez d'abord sa signature"
        raise DomainError(
            f"Le contrat de {contract.enrolment.apprentice} est « "
            f"{contract.get_state_display()} » : {advice}."
        )
    return state


def _check_decision(contract: Contract, on: date) -> None:
    sent_on = contract.transmitted_on
    if sent_on and on < sent_on:
        raise DomainError(f"La décision suit la transmission, le {sent_on:%d/%m/%Y}.", field="on")
    _not_to_come(on, "on", "de décision")


def _not_to_come(on: date, field: str, what: str) -> None:
    if on > timezone.localdate():
        raise DomainError(f"La date {what} ne peut pas être à venir.", field=field)
