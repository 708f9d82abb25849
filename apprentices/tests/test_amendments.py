"""Amendments: what each may change, its rules, its document."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.errors import DomainError
from apprentices import actions
from apprentices.models import Amendment

from .recipes import a_company, amend

pytestmark = pytest.mark.django_db


def test_an_amendment_changes_the_contract_when_it_is_signed(cast, running, signed_in):
    amendment = amend(cast, running, "36", weekly_minutes=2340)
    running.refresh_from_db()
    assert running.weekly_minutes == 2100
    client = signed_in(cast.elise)
    sign = reverse("apprentices:amendment_move", args=[amendment.uuid, "sign"])
    client.post(sign, {"on": "2026-08-25"})
    running.refresh_from_db()
    assert running.weekly_minutes == 2340
    for deed, state in (("transmit", "transmitted"), ("refuse", "refused"), ("transmit", "transmitted"), ("accept", "accepted")):  # fmt: skip
        url = reverse("apprentices:amendment_move", args=[amendment.uuid, deed])
        client.post(url, {"on": "2026-09-02", "reason": "Pièce manquante"})
        amendment.refresh_from_db()
        assert amendment.state == state
    assert (
        client.get(reverse("apprentices:contract_detail", args=[running.uuid])).status_code == 200
    )


def test_a_prolongation_after_a_failure_keeps_the_last_years_pay(cast, running):
    amendment = amend(cast, running, "33", ends_on=date(2028, 6, 30), training_hours=Decimal(1690))
    actions.sign_amendment(amendment=amendment, on=date(2026, 8, 25), by=cast.elise)
    running.refresh_from_db()
    assert running.prolonged_on == date(2027, 7, 1)
    last = running.pay_periods.last()
    assert (last.ends_on, str(last.rate)) == (date(2028, 6, 30), "61.00")


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("38", {"weekly_minutes": 2340}, "bon type"),
        ("36", {"ends_on": date(2026, 3, 1)}, "V"),
        ("36", {"ends_on": date(2027, 12, 31)}, "V07"),
        ("33", {"ends_on": date(2027, 3, 1)}, "après le 30/06/2027"),
        ("33", {"training_hours": Decimal(1690)}, "après le 30/06/2027"),
        ("34", {"ends_on": date(2027, 3, 1)}, "après le 30/06/2027"),
        ("36", {}, "Rien ne change"),
        ("36", {"weekly_minutes": 2100}, "Rien ne change"),
    ],
)
def test_it_refuses_an_amendment_against_the_rules(cast, running, kind, changes, said):
    with pytest.raises(DomainError, match=said):
        amend(cast, running, kind, **changes)
    assert not Amendment.objects.exists()


def test_what_is_refused_is_said_beside_its_field(cast, running, signed_in):
    page = reverse("apprentices:amendment_create", args=[running.uuid])
    asked = {"amendment_type": "36", "description": "x", "effective_on": "2026-09-01"}
    for changes, field in (
        ({"weekly_hours": "39", "effective_on": "2025-01-01"}, "effective_on"),
        ({}, "amendment_type"),
        ({"amendment_type": "33", "ends_on": "2027-03-01"}, "ends_on"),
    ):
        answer = signed_in(cast.elise).post(page, asked | changes)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]


def test_the_new_maitre_is_of_the_company_that_employs(cast, running, signed_in):
    other = a_company(cast, 1)
    stranger = actions.create_maitre(
        company=other,
        first_name="Iris",
        last_name="Vasseur",
        born_on=date(1980, 1, 1),
        by=cast.elise,
    )
    # The page offers no other: those of the employer, or of the new one once it is chosen.
    page = reverse("apprentices:amendment_create", args=[running.uuid])
    form = signed_in(cast.elise).get(page).context["form"]
    assert stranger not in form.fields["maitre"].queryset
    chosen = {"amendment_type": "32", "company": other.pk, "description": "Saison"}
    form = signed_in(cast.elise).get(page, chosen).context["form"]
    assert list(form.fields["maitre"].queryset) == [stranger]
    assert form["description"].value() == "Saison"
    assert not {"ends_on", "weekly_hours", "training_place"} & set(form.fields)
    assert signed_in(cast.elise).post(page, {**chosen, "company": "x"}).status_code == 422
    with pytest.raises(DomainError, match="n'est pas de l'entreprise") as refused:
        amend(cast, running, "36", maitre=stranger)
    assert refused.value.field == "maitre"
    amendment = amend(cast, running, "32", company=other, maitre=stranger)
    actions.sign_amendment(amendment=amendment, on=date(2026, 8, 25), by=cast.elise)
    running.refresh_from_db()
    assert (running.company, running.maitre, running.maitre2) == (other, stranger, None)


def test_an_amendment_needs_the_contracts_number_v15(cast, group):
    contract = actions.sign_contract(contract=group.contract, by=cast.elise)
    with pytest.raises(DomainError, match="V15"):
        amend(cast, contract, "36", weekly_minutes=2340)


def test_the_amendment_has_its_document_with_what_it_replaces(cast, running, signed_in):
    amendment = amend(cast, running, "33", ends_on=date(2028, 6, 30), training_hours=Decimal(1690))
    client = signed_in(cast.elise)
    page = client.get(reverse("apprentices:contract_detail", args=[running.uuid])).content.decode()
    assert "30/06/2027 → 30/06/2028" in page
    url = reverse("apprentices:amendment_document", args=[amendment.uuid])
    assert client.post(url).status_code == 302
    said = running.documents.get().document.context["amendment"]
    assert said["changes"] == [
        ["Fin du contrat", "30/06/2027", "30/06/2028"],
        ["Heures de formation", "1015 h", "1690 h"],
    ]
    assert said["pay"] == [
        ["5 janvier 2026 au 4 juillet 2026", "43 % du SMIC"],
        ["5 juillet 2026 au 30 novembre 2026", "51 % du SMIC"],
        ["1er décembre 2026 au 4 juillet 2027", "61 % du SMIC"],
        ["5 juillet 2027 au 30 juin 2028", "61 % du SMIC"],
    ]
    running.refresh_from_db()
    assert running.ends_on == date(2027, 6, 30)
    actions.move_amendment(amendment=amendment, deed="cancel", by=cast.elise)
    client.post(url)
    assert running.documents.count() == 1
