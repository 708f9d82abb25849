"""Rows of the lists, in a constant number of queries."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from .admission.rules import WithoutContract, without_contract
from .enums import ApplicationState, ContractState
from .models import Apprentice, Contract, Enrolment

# Component, kind of status: what an eye sees first.
STATUS_KINDS = {
    ContractState.COMPLETE: "todo",
    ContractState.SIGNED: "todo",
    ContractState.TRANSMITTED: "run",
    ContractState.ACCEPTED: "done",
    ContractState.REFUSED: "stop",
    ContractState.RUNNING: "run",
    ContractState.ENDED: "done",
    ContractState.BROKEN: "stop",
}
# The same for an application, with its word.
APPLICATION_STATUS = {
    ApplicationState.RECEIVED: ("todo", ApplicationState.RECEIVED.label),
    ApplicationState.WAITING: ("none", ApplicationState.WAITING.label),
    ApplicationState.ADMITTED: ("run", ApplicationState.ADMITTED.label),
    ApplicationState.ENROLLED: ("done", ApplicationState.ENROLLED.label),
    ApplicationState.REFUSED: ("stop", ApplicationState.REFUSED.label),
    ApplicationState.WITHDRAWN: ("none", ApplicationState.WITHDRAWN.label),
}


@dataclass(frozen=True)
class EnrolmentRow:
    """An apprentice in a cohort with the contract that counts: the most recent."""

    apprentice: Apprentice
    enrolment: Enrolment | None
    contract: Contract | None
    status_kind: str
    status_word: str
    # V06, while no contract is concluded.
    countdown: WithoutContract | None = None


def status_of(contract: Contract | None) -> tuple[str, str]:
    if contract is None:
        return "stop", "Sans contrat"
    if contract.broken_on and contract.broken_on > timezone.localdate():
        return "todo", f"Rupture le {contract.broken_on:%d/%m/%Y}"
    return STATUS_KINDS[ContractState(contract.state)], contract.get_state_display()


def _row(apprentice: Apprentice, enrolment: Enrolment | None) -> EnrolmentRow:
    contracts = list(enrolment.contracts.all()) if enrolment else []
    contract = contracts[0] if contracts else None
    kind, word = status_of(contract) if enrolment else ("none", "Non inscrit")
    countdown = None
    # Once the course is over, nothing can be mended any more.
    if enrolment and not enrolment.ends_on and enrolment.cohort.ends_on >= timezone.localdate():
        concluded = any(c.state != ContractState.COMPLETE for c in contracts)
        if not concluded and enrolment.starts_on <= timezone.localdate():
            countdown = without_contract(enrolment.starts_on, timezone.localdate())
    return EnrolmentRow(apprentice, enrolment, contract, kind, word, countdown)


def _contracts() -> Prefetch:
    return Prefetch("contracts", Contract.objects.select_related("company", "maitre"))


def enrolment_rows(enrolments) -> list[EnrolmentRow]:
    found = enrolments.select_related("apprentice", "tutor").prefetch_related(_contracts())
    return [_row(enrolment.apprentice, enrolment) for enrolment in found]


def with_enrolments(apprentices):
    """Prefetch what `apprentice_rows` reads."""
    enrolments = Enrolment.objects.select_related("cohort", "tutor").prefetch_related(_contracts())
    return apprentices.prefetch_related(
        Prefetch("enrolments", enrolments.order_by("-starts_on", "-pk"))
    )


def apprentice_rows(apprentices) -> list[EnrolmentRow]:
    """One row per apprentice, with the most recent enrolment."""
    rows = []
    for apprentice in apprentices:
        enrolments = list(apprentice.enrolments.all())
        rows.append(_row(apprentice, enrolments[0] if enrolments else None))
    return rows
