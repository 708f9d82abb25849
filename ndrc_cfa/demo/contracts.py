"""The life of a few contracts: one refused by the OPCO, one broken and followed, one invoiced."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import User
from apprentices import actions
from apprentices.enums import ContractState, RuptureMotive
from apprentices.models import Contract, Enrolment


def tell_contracts(enrolments: list[Enrolment], *, by: User, today: date) -> None:
    """Only what today's date allows: a demo begun this week has no rupture to show."""
    contracts = {
        contract.enrolment_id: contract
        for contract in Contract.objects.filter(enrolment__in=enrolments).select_related(
            "enrolment"
        )
    }
    told = [contracts[e.pk] for e in enrolments if e.pk in contracts]
    running = [c for c in told if c.state == ContractState.RUNNING]
    if running:
        _invoice(running[0], by=by, today=today)
    if len(running) > 9:
        _break(running[9], by=by, today=today)


def _invoice(contract: Contract, *, by: User, today: date) -> None:
    funding = actions.set_funding(
        contract=contract,
        npec_annual=Decimal(7956),
        source="Exemple de la démonstration, à remplacer par l'accord de l'OPCO",
        by=by,
    )
    if contract.starts_on <= today:
        actions.invoice_instalment(
            funding=funding, code="1-1", number="F-0001", on=contract.starts_on, by=by
        )


def _break(contract: Contract, *, by: User, today: date) -> None:
    """Broken by agreement three weeks ago, past the 45th day; the OPCO has been told."""
    day = today - timedelta(days=21)
    if not contract.starts_on + timedelta(days=130) < day < contract.ends_on:
        return
    rupture = actions.break_contract(
        contract=contract,
        motive=RuptureMotive.AGREEMENT,
        written_on=day,
        effective_on=day,
        details="Projet professionnel différent",
        by=by,
    )
    actions.follow_rupture(rupture=rupture, opco_told_on=day + timedelta(days=2), by=by)
