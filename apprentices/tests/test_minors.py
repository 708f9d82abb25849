"""A minor: who signs with the apprentice, until when."""

from datetime import date, timedelta

import pytest

from accounts.errors import DomainError
from apprentices import actions
from apprentices.actions.ruptures import rupture_facts
from apprentices.contract_pdf import contract_context
from apprentices.enums import RuptureMotive
from apprentices.models import Apprentice, Contract, Rupture
from apprentices.rupture_pdf import rupture_context


@pytest.mark.parametrize(
    ("born_on", "is_emancipated", "expected"),
    [
        pytest.param(date(2008, 1, 6), False, True, id="the eve"),
        pytest.param(date(2008, 1, 5), False, False, id="18 that day"),
        pytest.param(date(2010, 1, 5), True, False, id="emancipated"),
    ],
)
def test_it_says_who_is_a_minor(born_on, is_emancipated, expected):
    person = Apprentice(born_on=born_on, is_emancipated=is_emancipated)
    assert person.is_minor_on(date(2026, 1, 5)) is expected


@pytest.mark.parametrize(
    ("born_on", "adult_on"),
    [(date(2008, 1, 5), date(2026, 1, 5)), (date(2008, 2, 29), date(2026, 2, 28))],
)
def test_one_is_an_adult_from_the_eighteenth_birthday(born_on, adult_on):
    person = Apprentice(born_on=born_on, legal_representative="Nora Benali")
    assert person.adult_on == adult_on
    assert person.representative_on(adult_on - timedelta(days=1)) == "Nora Benali"
    assert person.representative_on(adult_on) == ""


@pytest.mark.django_db
def test_the_representative_signs_what_is_signed_by_a_minor_and_nothing_after(cast, running):
    person = running.enrolment.apprentice
    eighteen = running.concluded_on + timedelta(days=60)
    born = eighteen.replace(year=eighteen.year - 18)
    Apprentice.objects.filter(pk=person.pk).update(
        born_on=born,
        legal_representative="Nora Benali",
        legal_representative_email="n@a.fr",
        user=None,
    )
    contract = Contract.objects.get(pk=running.pk)
    assert contract_context(contract)["apprentice"]["representative"] == "Nora Benali"
    assert contract_context(contract, eighteen)["apprentice"]["representative"] == ""
    for day, signs in ((eighteen - timedelta(days=1), True), (eighteen, False)):
        rupture = Rupture(contract=contract, motive="ACCORD", written_on=day, effective_on=eighteen)
        told = rupture_context(rupture)["rupture"]["signatories"]
        assert any("représentant légal" in who for who in told) is signs
        facts = rupture_facts(
            contract, motive=RuptureMotive.AGREEMENT, written_on=day, effective_on=eighteen
        )
        assert facts.is_minor is signs
    with pytest.raises(DomainError, match="représentant légal"):
        actions.update_apprentice(apprentice=person, email="N@a.fr", by=cast.elise)
