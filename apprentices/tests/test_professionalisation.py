"""A contrat de professionnalisation on the pages: what apprenticeship alone owes is not offered."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.errors import DomainError
from apprentices import actions
from apprentices.certificates import card_problem
from apprentices.enums import ContractKind, RuptureMotive
from apprentices.models import Contract

pytestmark = pytest.mark.django_db


@pytest.fixture
def pro(running) -> Contract:
    """The running contract, as a contrat de professionnalisation of a year."""
    values = {"kind": ContractKind.PROFESSIONNALISATION, "ends_on": date(2027, 1, 4)}
    Contract.objects.filter(pk=running.pk).update(**values)
    running.refresh_from_db()
    return running


def test_its_page_names_its_own_articles_and_offers_no_instalments(cast, pro, signed_in):
    client = signed_in(cast.elise)
    page = client.get(reverse("apprentices:contract_detail", args=[pro.uuid])).content.decode()
    for words in ("art. D6325-1", "silence vaut accord", "D6325-14 à D6325-18", "Tuteur"):
        assert words in page
    funding = reverse("apprentices:contract_funding", args=[pro.uuid])
    assert funding not in page
    told = client.get(funding, follow=True).content.decode()
    assert "L6332-14" in told
    with pytest.raises(DomainError, match="L6332-14"):
        actions.set_funding(contract=pro, npec_annual=7956, source="Accord", by=cast.elise)


def test_its_rupture_follows_the_common_law(cast, pro, signed_in):
    client = signed_in(cast.elise)
    url = reverse("apprentices:contract_break", args=[pro.uuid])
    form = client.get(url).content.decode()
    assert "Pendant la période d&#x27;essai" in form
    assert "45 premiers jours" not in form
    assert "mediator_on" not in form
    day = date(2026, 6, 1)
    with pytest.raises(DomainError, match="qu'en apprentissage"):
        actions.break_contract(
            contract=pro,
            motive=RuptureMotive.EXCLUSION,
            written_on=day,
            effective_on=day,
            by=cast.elise,
        )
    typed = {"motive": "ACCORD", "written_on": "2026-06-01", "effective_on": "2026-06-01"}
    page = client.post(url, typed, follow=True).content.decode()
    assert pro.rupture.follow_until is None
    assert "les six mois de l'apprentissage ne sont pas dus" in page
    papers = [
        reverse("apprentices:rupture_document", args=[pro.uuid, kind])
        for kind in ("acte_rupture", "information_opco")
    ]
    assert [paper in page for paper in papers] == [False, True]
    with pytest.raises(DomainError):
        actions.request_rupture_document(rupture=pro.rupture, kind="acte_rupture", by=cast.elise)


def test_the_card_has_its_conditions_l6325_6_2(pro):
    enrolment = pro.enrolment
    assert card_problem(enrolment) == ""
    Contract.objects.filter(pk=pro.pk).update(ends_on=date(2026, 11, 4))
    assert "douze mois" in card_problem(enrolment)
    Contract.objects.filter(pk=pro.pk).update(ends_on=date(2027, 1, 4))
    enrolment.apprentice.born_on = date(1999, 1, 5)
    assert "25 ans" in card_problem(enrolment)
