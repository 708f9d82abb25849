"""Two people, or two workers, at the same moment on a real database server."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from accounts.errors import DomainError
from apprentices import actions
from apprentices.enums import AmendmentType, RuptureMotive
from apprentices.models import CreditNote, Instalment, Reminder, Rupture

from .recipes import STARTS_ON, a_class

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def at_once(deed: Callable[[], Any], times: int = 3) -> list:
    """Do the same deed in several connections; what each gave back, or the refusal."""
    barrier = threading.Barrier(times)

    def run(_) -> Any:
        barrier.wait()
        try:
            return deed()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.fixture
def running(cast):
    contract = actions.sign_contract(contract=a_class(cast).contract, by=cast.elise)
    contract = actions.transmit_contract(contract=contract, by=cast.elise, on=STARTS_ON)
    return actions.accept_contract(
        contract=contract, by=cast.elise, on=STARTS_ON, deca_number="078202601000001"
    )


def test_the_night_run_twice_at_once_tells_each_deadline_once(cast, running):
    day = date(2026, 2, 25)
    assert sorted(at_once(lambda: actions.remind_deadlines(day))) == [0, 0, 1]
    assert Reminder.objects.count() == 1
    sent = len(mail.outbox)
    # Amended in between: the deadline is the same, and is not told again.
    amendment = actions.create_amendment(
        contract=running, amendment_type=AmendmentType.OTHER, effective_on=date(2026, 3, 1),
        description="39 heures", changes={"weekly_minutes": 2340}, by=cast.elise,
    )  # fmt: skip
    actions.sign_amendment(amendment=amendment, on=date(2026, 2, 26), by=cast.elise)
    assert at_once(lambda: actions.remind_deadlines(date(2026, 2, 27))) == [0, 0, 0]
    assert len(mail.outbox) == sent


def test_a_double_click_breaks_the_contract_and_credits_it_once(cast, running):
    funding = actions.set_funding(
        contract=running, npec_annual=Decimal(7956), source="Accord", by=cast.elise
    )
    invoiced = at_once(
        lambda: actions.invoice_instalment(
            funding=funding, code="1-1", number="F1", on=STARTS_ON, by=cast.elise
        )
    )
    assert sum(isinstance(found, DomainError) for found in invoiced) == 2
    assert Instalment.objects.count() == 1
    day = date(2026, 4, 1)
    broken = at_once(
        lambda: actions.break_contract(
            contract=running, motive=RuptureMotive.TRIAL_EMPLOYER, written_on=day,
            effective_on=day, by=cast.elise,
        )
    )  # fmt: skip
    assert sum(isinstance(found, DomainError) for found in broken) == 2
    assert Rupture.objects.count() == 1
    at_once(
        lambda: actions.credit_year(funding=funding, year=1, number="A1", on=day, by=cast.elise)
    )
    assert CreditNote.objects.count() == 1


def test_two_contracts_for_one_apprentice_at_once_leave_one(cast):
    group = a_class(cast)
    group.contract.pay_periods.all().delete()
    group.contract.delete()

    def sign_one():
        return actions.create_contract(
            enrolment=group.enrolment, company=group.company, maitre=group.maitre,
            concluded_on=STARTS_ON, starts_on=STARTS_ON, ends_on=date(2027, 6, 30),
            training_hours=Decimal(1015), derogation="21", tripartite_on=STARTS_ON,
            maitre_competence="experience", maitre_attested=True, by=cast.elise,
        )  # fmt: skip

    found = at_once(sign_one)
    assert sum(isinstance(each, DomainError) for each in found) == 2
    assert group.enrolment.contracts.count() == 1
