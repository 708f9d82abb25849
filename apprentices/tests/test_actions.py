"""The deeds: what they refuse, what they write, what they remember."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.enums import Role
from accounts.errors import DomainError, NotAllowed
from accounts.models import Event, Membership, User
from apprentices import actions
from apprentices.actions.invitations import run_invite_item
from apprentices.models import Apprentice, Contract, Enrolment, PayPeriod
from documents.models import JobItem

from .recipes import STARTS_ON, a_class, a_cohort, a_company, a_contract, a_programme, fill

pytestmark = pytest.mark.django_db


def test_it_refuses_a_programme_of_another_cfa(cast):
    with pytest.raises(DomainError, match="autre CFA"):
        a_cohort(cast, programme=a_programme(cast.other_cfa))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"capacity": 21}, "capacity"),
        ({"capacity": 0}, "capacity"),
        ({"ends_on": STARTS_ON}, "ends_on"),
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
    ],
)
def test_it_refuses_a_wrong_cohort(cast, values, field):
    with pytest.raises(DomainError) as refusal:
        a_cohort(cast, **values)
    assert refusal.value.field == field


def test_it_refuses_a_trainer_of_elsewhere_and_a_deed_of_a_trainer(cast):
    with pytest.raises(DomainError, match="formateurs"):
        a_cohort(cast, trainers=[cast.gaelle], programme=a_programme(cast.cfa, "a"))
    with pytest.raises(NotAllowed):
        a_cohort(cast, by=cast.bruno, programme=a_programme(cast.cfa, "b"))


def test_it_refuses_an_apprentice_beyond_the_capacity(cast):
    cohort = a_cohort(cast, capacity=2)
    fill(cast, cohort, 2)
    apprentice = actions.create_apprentice(
        cfa=cast.cfa,
        first_name="Aïcha",
        last_name="Benali",
        born_on=date(2005, 11, 20),
        by=cast.elise,
    )
    with pytest.raises(DomainError, match="complète"):
        actions.enrol_apprentice(
            cohort=cohort, apprentice=apprentice, tutor=None, starts_on=STARTS_ON, by=cast.elise
        )
    assert Enrolment.objects.count() == 2


def test_it_links_the_accounts_of_the_same_address_and_shows_only_ones_own(cast):
    group = a_class(cast)
    assert group.apprentice.user == cast.aicha
    assert group.maitre.user == cast.chantal
    assert list(Contract.objects.visible_to(cast.chantal)) == [group.contract]
    assert not Contract.objects.visible_to(cast.denis).exists()
    assert not Contract.objects.visible_to(cast.gaelle).exists()


def test_it_links_a_profile_when_its_person_joins(cast):
    company = a_company(cast)
    maitre = actions.create_maitre(
        company=company,
        first_name="Inès",
        last_name="Jourdan",
        email="ines.jourdan@example.org",
        by=cast.elise,
    )
    user = User.objects.create_user("Ines.Jourdan@example.org", first_name="I", last_name="J")
    Membership.objects.create(cfa=cast.other_cfa, user=user, role=Role.MAITRE)
    maitre.refresh_from_db()
    assert maitre.user is None
    Membership.objects.create(cfa=cast.cfa, user=user, role=Role.MAITRE)
    maitre.refresh_from_db()
    assert maitre.user == user


def test_it_writes_the_legal_minimum_by_default_with_one_line_of_history(cast):
    contract = a_class(cast).contract
    found = [(p.starts_on, p.rate) for p in contract.pay_periods.all()]
    assert found == [
        (date(2026, 1, 5), Decimal(43)),
        (date(2026, 7, 5), Decimal(51)),
        (date(2026, 12, 1), Decimal(61)),
    ]
    assert Event.objects.about(contract).count() == 1


def test_it_writes_nothing_of_a_refused_contract(cast):
    group = a_class(cast)
    group.contract.pay_periods.all().delete()
    group.contract.delete()
    with pytest.raises(actions.ContractRefused) as refusal:
        a_contract(cast, group.enrolment, group.maitre, training_hours=Decimal(400))
    assert [f.id for f in refusal.value.findings] == ["V18", "V18"]
    assert not Contract.objects.exists()
    assert not PayPeriod.objects.exists()


def test_it_refuses_a_second_contract_on_the_same_days_and_a_third_apprentice(cast):
    group = a_class(cast)
    with pytest.raises(DomainError, match="déjà un contrat"):
        a_contract(cast, group.enrolment, group.maitre)
    second, third = fill(cast, group.cohort, 2)
    a_contract(cast, second, group.maitre)
    with pytest.raises(actions.ContractRefused, match="V12"):
        a_contract(cast, third, group.maitre)


def test_it_follows_the_states_and_no_other_way(cast):
    contract = a_class(cast).contract
    with pytest.raises(DomainError, match="signature"):
        actions.transmit_contract(contract=contract, by=cast.elise, on=STARTS_ON)
    contract = actions.sign_contract(contract=contract, by=cast.elise)
    with pytest.raises(DomainError, match="déjà signé"):
        actions.sign_contract(contract=contract, by=cast.elise)
    with pytest.raises(DomainError, match="avenant"):
        actions.update_contract(contract=contract, by=cast.elise, derogation="")
    with pytest.raises(DomainError, match="suit la conclusion"):
        actions.transmit_contract(contract=contract, by=cast.elise, on=date(2026, 1, 4))
    with pytest.raises(NotAllowed):
        actions.transmit_contract(contract=contract, by=cast.gaelle, on=STARTS_ON)
    contract = actions.transmit_contract(contract=contract, by=cast.elise, on=STARTS_ON)
    with pytest.raises(DomainError, match="déjà été transmis"):
        actions.transmit_contract(contract=contract, by=cast.elise, on=STARTS_ON)


def test_it_invites_every_apprentice_of_a_cohort_once_and_names_who_cannot_be(
    cast, mailoutbox, django_capture_on_commit_callbacks
):
    group = a_class(cast)
    cohort = group.cohort
    Apprentice.objects.update(user=None, email="")
    with pytest.raises(DomainError, match="Personne à inviter"):
        actions.invite_cohort(cohort=cohort, by=cast.elise)
    Apprentice.objects.filter(pk=group.apprentice.pk).update(email="a.b@exemple.fr")
    item = JobItem.objects.get(job=actions.invite_cohort(cohort=cohort, by=cast.elise))
    for _ in range(2):  # a worker may die between the letter and its note
        with django_capture_on_commit_callbacks(execute=True):
            run_invite_item(item)
    assert [mail.to for mail in mailoutbox] == [["a.b@exemple.fr"]]
    with pytest.raises(DomainError, match="Personne à inviter"):
        actions.invite_cohort(cohort=cohort, by=cast.elise)
    # Somebody who already signs in as an apprentice is linked, not invited.
    Apprentice.objects.filter(pk=group.apprentice.pk).update(email=cast.aicha.email)
    run_invite_item(item)
    group.apprentice.refresh_from_db()
    assert group.apprentice.user == cast.aicha
    assert len(mailoutbox) == 1
