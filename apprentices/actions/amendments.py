"""Amendments (avenants, types 31 to 38): prepared, signed, then sent to the OPCO like the contract."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User

from ..amendments import CHANGEABLE, LABELS, apply_changes, changes_of, check_amendment_facts, shown
from ..enums import AmendmentState, AmendmentType
from ..models import Amendment, Contract
from ..pay import PayLine, minimum_lines, minimum_segments
from ..permissions import must_run_cfa
from ..rules import AMENDMENT_TRANSITIONS, BINDING, check_contract
from ..selectors import facts_of, pay_lines_of, pay_terms_of
from .contract_states import deca_read
from .contracts import check_employer, check_no_overlap, locked_contract, refuse, write_pay
from .saving import clean_and_save


@transaction.atomic
def create_amendment(
    *,
    contract: Contract,
    amendment_type: AmendmentType,
    effective_on: date,
    description: str,
    changes: Mapping[str, Any],
    by: User,
    previous_number: str = "",
) -> Amendment:
    """Prepare an amendment; the contract as it would become is checked at once (V15, V16)."""
    contract = locked_contract(contract)
    cfa = contract.enrolment.cohort.cfa
    must_run_cfa(by, cfa)
    if contract.state not in BINDING or contract.broken_on:
        raise DomainError("Seul un contrat signé et non terminé se modifie par avenant.")
    unknown = set(changes) - CHANGEABLE[AmendmentType(amendment_type)]
    if unknown:
        raise DomainError(
            "Cet avenant ne change pas cela : choisissez le bon type.", field="amendment_type"
        )
    if previous_number and not contract.deca_number:
        contract.deca_number = deca_read(previous_number, field="previous_number")
        contract.save(update_fields=["deca_number"])
    amendment = Amendment(
        contract=contract,
        number=(contract.amendments.aggregate(last=Max("number"))["last"] or 0) + 1,
        amendment_type=amendment_type,
        effective_on=effective_on,
        description=description.strip(),
        changes={
            name: _raw(value)
            for name, value in changes.items()
            if value not in (None, "") and value != getattr(contract, name)
        },
        created_by=by,
    )
    if not amendment.changes:
        may = CHANGEABLE[AmendmentType(amendment_type)]
        known = [label.lower().removesuffix(" du") for name, label in LABELS.items() if name in may]
        raise DomainError(
            f"Rien ne change au contrat. Ce type d'avenant modifie : {', '.join(known)}.",
            field="amendment_type",
        )
    amendment.previous = {name: shown(contract, name) for name in amendment.changes}
    _check(amendment, contract)
    clean_and_save(amendment)
    record(
        "amendment.prepared",
        contract,
        cfa=cfa,
        actor=by,
        data={
            "type": amendment.get_amendment_type_display(),
            **{label: [before, after] for label, before, after in changes_of(amendment)},
        },
    )
    return amendment


@transaction.atomic
def sign_amendment(*, amendment: Amendment, on: date, by: User) -> Amendment:
    """Record its signature: the contract becomes what the amendment says."""
    amendment, contract = _locked(amendment, by)
    amendment.state = _next(amendment, "sign")
    if on > timezone.localdate():
        raise DomainError("La date de signature ne peut pas être à venir.", field="on")
    before = {name: shown(contract, name) for name in amendment.changes}
    lines = _check(amendment, contract)
    contract.version += 1
    clean_and_save(contract)
    if lines is not None:
        contract.pay_periods.all().delete()
        write_pay(contract, lines)
    amendment.signed_on = on
    clean_and_save(amendment)
    record(
        "amendment.signed",
        contract,
        cfa=contract.enrolment.cohort.cfa,
        actor=by,
        data={name: [before[name], shown(contract, name)] for name in amendment.changes},
    )
    return amendment


@transaction.atomic
def move_amendment(
    *, amendment: Amendment, deed: str, by: User, on: date | None = None, reason: str = ""
) -> Amendment:
    """Send it to the OPCO, record its decision, or give it up before it is signed."""
    amendment, contract = _locked(amendment, by)
    amendment.state = _next(amendment, deed)
    on = on or timezone.localdate()
    if on > timezone.localdate():
        raise DomainError("La date ne peut pas être à venir.", field="on")
    if deed == "transmit":
        amendment.transmitted_on, amendment.decided_on, amendment.refusal_reason = on, None, ""
    elif deed in ("accept", "refuse"):
        amendment.decided_on = on
        if deed == "refuse" and not reason.strip():
            raise DomainError("Recopiez le motif du refus.", field="reason")
        amendment.refusal_reason = reason.strip() if deed == "refuse" else ""
    clean_and_save(amendment)
    record(
        f"amendment.{amendment.state}",
        contract,
        cfa=contract.enrolment.cohort.cfa,
        actor=by,
        reason=reason.strip(),
        data={"avenant": amendment.number, "le": on.isoformat()},
    )
    return amendment


def _check(amendment: Amendment, contract: Contract):
    """Apply the changes in memory and check the contract that results; the pay lines to write, if any."""
    end = contract.ends_on
    apply_changes(contract, amendment)
    check_employer(contract)
    check_no_overlap(contract)
    lines = None
    if contract.ends_on != end:
        # What was agreed stays agreed: only the days added or taken away follow the law's minimum.
        lines = _kept_lines(contract, end)
    facts = facts_of(contract, lines if lines is not None else pay_lines_of(contract))
    refuse(check_contract(check_amendment_facts(facts, amendment, contract)))
    return lines


def _kept_lines(contract: Contract, old_end: date):
    kept = [line for line in pay_lines_of(contract) if line.starts_on <= contract.ends_on]
    out = []
    for line in minimum_lines(minimum_segments(pay_terms_of(contract))):
        agreed = [
            k.rate for k in kept if k.starts_on <= line.ends_on and k.ends_on >= line.starts_on
        ]
        rate = max([line.rate, *agreed])
        out.append(type(line)(line.starts_on, line.ends_on, line.year, Decimal(rate), line.base))
    return tuple(out)


def resulting_pay(amendment: Amendment) -> tuple[PayLine, ...]:
    """The lines of pay once the amendment is signed; none when it leaves the pay as it is."""
    contract = amendment.contract
    if "ends_on" not in amendment.changes:
        return ()
    if amendment.signed_on:
        return pay_lines_of(contract)
    return _check(amendment, locked_contract(contract)) or ()


def _next(amendment: Amendment, deed: str) -> AmendmentState:
    state = AMENDMENT_TRANSITIONS.get((AmendmentState(amendment.state), deed))
    if state is None:
        raise DomainError(
            f"Cet avenant est « {amendment.get_state_display()} » : cela ne se peut plus."
        )
    return state


def _locked(amendment: Amendment, by: User) -> tuple[Amendment, Contract]:
    contract = locked_contract(Contract(pk=amendment.contract_id))
    must_run_cfa(by, contract.enrolment.cohort.cfa)
    amendment = Amendment.objects.select_for_update(of=("self",)).get(pk=amendment.pk)
    return amendment, contract


def _raw(value: Any) -> str:
    if hasattr(value, "pk"):
        return str(value.pk)
    return value.isoformat() if isinstance(value, date) else str(value)
