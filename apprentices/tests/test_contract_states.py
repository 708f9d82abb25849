"""From the signature to the end: what each state asks, refuses and keeps."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import Event
from apprentices import actions

from .recipes import STARTS_ON, a_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(cast):
    return a_class(cast)


@pytest.fixture
def transmitted(cast, group):
    contract = actions.sign_contract(contract=group.contract, by=cast.elise)
    return actions.transmit_contract(contract=contract, by=cast.elise, on=STARTS_ON)


def test_an_accepted_contract_already_begun_is_running(cast, transmitted):
    contract = actions.accept_contract(
        contract=transmitted,
        by=cast.elise,
        on=date(2026, 1, 20),
        deca_number="078 2026 01 00 0001",
        opco_file="A1",
    )
    assert contract.state == "running"
    assert contract.deca_number == "078202601000001"


def test_a_contract_number_that_cannot_be_one_is_told_beside_its_field(cast, transmitted):
    day = date(2026, 1, 20)
    with pytest.raises(DomainError, match="15 caractères") as refused:
        actions.accept_contract(contract=transmitted, by=cast.elise, on=day, deca_number="12345")
    assert refused.value.field == "deca_number"


def test_a_refusal_keeps_its_reason_and_opens_two_ways(cast, transmitted):
    with pytest.raises(DomainError, match="motif"):
        actions.refuse_contract(
            contract=transmitted, by=cast.elise, on=date(2026, 1, 20), reason=" "
        )
    refused = actions.refuse_contract(
        contract=transmitted, by=cast.elise, on=date(2026, 1, 20), reason="Pièce manquante"
    )
    assert (refused.state, refused.refusal_reason) == ("refused", "Pièce manquante")
    again = actions.transmit_contract(contract=refused, by=cast.elise, on=date(2026, 1, 22))
    assert (again.state, again.refusal_reason) == ("transmitted", "")
    refused = actions.refuse_contract(
        contract=again, by=cast.elise, on=date(2026, 1, 30), reason="Rémunération"
    )
    reopened = actions.reopen_contract(contract=refused, by=cast.elise)
    assert reopened.state == "complete"
    assert reopened.signed_at is None
    actions.update_contract(contract=reopened, by=cast.elise, retirement_fund="Caisse A")
    assert Event.objects.about(reopened).filter(reason="Rémunération").count() == 2


@pytest.mark.parametrize("day", [date(2026, 1, 4), timezone.localdate() + timedelta(days=1)])
def test_it_refuses_a_decision_before_the_transmission_or_to_come(cast, transmitted, day):
    with pytest.raises(DomainError):
        actions.accept_contract(contract=transmitted, by=cast.elise, on=day)


def test_the_night_starts_and_ends_the_contracts_once(cast, transmitted):
    contract = actions.accept_contract(contract=transmitted, by=cast.elise, on=date(2026, 1, 20))
    assert actions.follow_calendar(date(2027, 6, 30)) == 0
    assert actions.follow_calendar(date(2027, 7, 1)) == 1
    contract.refresh_from_db()
    assert contract.state == "ended"
    assert actions.follow_calendar(date(2027, 7, 2)) == 0


def test_the_page_records_a_refusal_with_its_reason(cast, transmitted, signed_in):
    client = signed_in(cast.elise)
    url = reverse("apprentices:contract_refuse", args=[transmitted.uuid])
    empty = client.post(url, {"refuse-on": "2026-01-20", "refuse-reason": ""})
    assert empty.status_code == 422
    data = {"refuse-on": "2026-01-20", "refuse-reason": "Diplôme du maître"}
    assert client.post(url, data).status_code == 302
    page = client.get(reverse("apprentices:contract_detail", args=[transmitted.uuid]))
    assert "Diplôme du maître" in page.content.decode()
    assert "Rouvrir pour corriger" in page.content.decode()
    reopen = reverse("apprentices:contract_reopen", args=[transmitted.uuid])
    assert client.post(reopen).status_code == 302
    transmitted.refresh_from_db()
    assert transmitted.state == "complete"
