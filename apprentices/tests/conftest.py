"""A class, and its contract once it runs."""

from datetime import date

import pytest

from apprentices import actions

from .recipes import STARTS_ON, a_class


@pytest.fixture
def group(cast):
    return a_class(cast)


@pytest.fixture
def running(cast, group):
    contract = actions.sign_contract(contract=group.contract, by=cast.elise)
    contract = actions.transmit_contract(contract=contract, by=cast.elise, on=STARTS_ON)
    return actions.accept_contract(
        contract=contract, by=cast.elise, on=date(2026, 1, 20), deca_number="078202601000001"
    )
