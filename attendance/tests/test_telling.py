"""Who is told of absences: the employer and the maîtres of the day, families, the apprentice."""

from datetime import date, time, timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from apprentices.enums import ContractState
from apprentices.models import Company, Contract, MaitreApprentissage
from attendance.actions import (
    countersign_sheet,
    move_session,
    open_sheet,
    reopen_sheet,
    sign_presence,
    tell_absences,
)
from attendance.delivery import deliver
from attendance.enums import NoticeKind
from attendance.models import Absence, Notice

from .recipes import MONDAY, at, trainer_device, under_contract

pytestmark = pytest.mark.django_db


def test_a_reopened_sheet_takes_back_the_absence_and_tells_who_was_told(school, missed):
    under_contract(school)
    assert tell_absences(day=MONDAY) == 1
    sheet = reopen_sheet(sheet=missed.presence.sheet, by=school.cast.elise, reason="Erreur")
    sign_presence(
        presence=school.presence(sheet), **trainer_device(school.cast.bruno, 5), at=at(12, 40)
    )
    assert tell_absences(day=MONDAY) == 0  # an open sheet tells nobody anything
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno, 9), at=at(12, 45))
    assert not Absence.objects.exists()
    notice = Notice.objects.get(kind=NoticeKind.TAKEN_BACK)
    assert set(notice.recipients) == {
        "rh@entreprise.example",
        school.cast.chantal.email,
        school.cast.aicha.email,
    }
    assert "sa présence est enregistrée" in notice.text


def test_employer_and_maitre_get_one_message_the_same_evening(school, missed):
    under_contract(school)
    afternoon = open_sheet(
        session=school.session(half="apres_midi"), by=school.cast.bruno, at=at(13, 30)
    )
    countersign_sheet(sheet=afternoon, **trainer_device(school.cast.bruno, 7), at=at(17, 1))
    assert tell_absences(day=MONDAY) == 2
    assert tell_absences(day=MONDAY) == 0
    notice = Notice.objects.get(kind=NoticeKind.ABSENCE_COMPANY)
    assert notice.recipients == ["rh@entreprise.example", school.cast.chantal.email]
    assert notice.text.count("Aïcha Benali") == 2
    assert "maladie" not in notice.text.lower()
    assert deliver(notice=notice)
    assert deliver(notice=notice)
    [message] = mail.outbox
    assert message.to == notice.recipients
    assert not Notice.objects.filter(kind=NoticeKind.ABSENCE_FAMILY).exists()


def test_the_representative_of_a_minor_is_told_too(school, missed):
    person = school.enrolment.apprentice
    person.born_on, person.legal_representative_email = date(2009, 1, 1), "parent@famille.example"
    person.save()
    tell_absences(day=MONDAY)
    tell_absences(day=MONDAY)
    assert Notice.objects.get(kind=NoticeKind.ABSENCE_FAMILY).recipients == [
        "parent@famille.example"
    ]


def test_without_an_address_it_is_not_said_to_be_told(school, missed):
    contract = under_contract(school, company_email="")
    contract.maitre.user = None
    contract.maitre.save()
    assert tell_absences(day=MONDAY) == 0
    missed.refresh_from_db()
    assert missed.told_at is None


def test_a_company_with_two_maitres_is_told_once_and_each_maitre_of_their_own(school):
    contract = under_contract(school)
    other = school.enrol("Tom", "Aubert")
    second = MaitreApprentissage.objects.create(
        company=contract.company, first_name="Iris", last_name="Vasseur", email="iris@b.example"
    )
    Contract.objects.create(
        enrolment=other, company=contract.company, maitre=second, state=ContractState.RUNNING,
        concluded_on=MONDAY, starts_on=MONDAY, ends_on=date(2027, 6, 30), training_hours=1012,
        signed_at=at(8),
    )  # fmt: skip
    sheet = open_sheet(session=school.session(), by=school.cast.bruno, at=at(9))
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(12, 31))
    assert tell_absences(day=MONDAY) == 2
    told = {
        tuple(notice.recipients): ("Benali" in notice.text, "Aubert" in notice.text)
        for notice in Notice.objects.filter(kind=NoticeKind.ABSENCE_COMPANY)
    }
    assert told == {
        ("rh@entreprise.example",): (True, True),
        (school.cast.chantal.email,): (True, False),
        ("iris@b.example",): (False, True),
    }


def test_an_employer_hears_of_a_day_that_changes_and_not_why(school):
    under_contract(school)
    session = school.session(date(2027, 6, 21))
    values = {"session": session, "reason": "Formatrice malade", "by": school.cast.elise}
    day = date(2027, 6, 23)
    move_session(**values, date=day, half="matin", today=MONDAY)
    to_team, to_employer = sorted(
        Notice.objects.filter(kind=NoticeKind.MOVED), key=lambda n: "rh@" in str(n.recipients)
    )
    assert to_employer.recipients == ["rh@entreprise.example", school.cast.chantal.email]
    assert "Aïcha Benali" in to_employer.text
    assert "malade" not in to_employer.text
    assert "malade" in to_team.text
    hours = {"starts_at": time(10), "ends_at": time(13)}
    move_session(**values, date=day, half="matin", today=MONDAY, **hours)
    assert (
        Notice.objects.filter(kind=NoticeKind.MOVED).count() == 3
    )  # hours alone: not the employer


def test_the_second_maitre_of_a_contract_reads_the_same_message(school, missed):
    contract = under_contract(school)
    contract.maitre2 = MaitreApprentissage.objects.create(
        company=contract.company, first_name="Iris", last_name="Vasseur", email="iris@b.example"
    )
    contract.save()
    tell_absences(day=MONDAY)
    notice = Notice.objects.get(kind=NoticeKind.ABSENCE_COMPANY)
    assert notice.recipients == [
        "rh@entreprise.example", school.cast.chantal.email, "iris@b.example",
    ]  # fmt: skip


@pytest.mark.parametrize(("broken_on", "is_told"), [(MONDAY, 1), (MONDAY - timedelta(days=1), 0)])
def test_the_employer_of_the_day_is_told_and_no_other(school, missed, broken_on, is_told):
    contract = under_contract(school)
    before = MONDAY - timedelta(days=9)
    Contract.objects.update(
        state=ContractState.BROKEN, broken_on=broken_on, concluded_on=before, starts_on=before
    )
    company = Company.objects.create(
        cfa=school.cast.cfa, name="Suivante", siret="73282932000074", email="suivante@b.example"
    )
    Contract.objects.create(
        enrolment=school.enrolment, company=company, maitre=contract.maitre,
        state=ContractState.SIGNED, concluded_on=MONDAY, starts_on=MONDAY + timedelta(days=1),
        ends_on=date(2027, 6, 30), training_hours=900, signed_at=at(8),
    )  # fmt: skip
    assert tell_absences(day=MONDAY + timedelta(days=1)) == is_told
    for notice in Notice.objects.filter(kind=NoticeKind.ABSENCE_COMPANY):
        assert "suivante@b.example" not in notice.recipients


def test_an_address_that_is_refused_keeps_nobody_else_from_being_told(school, monkeypatch):
    notice = Notice.objects.create(
        cfa=school.cast.cfa, kind=NoticeKind.MOVED, recipients=["a@x.example", "b@x.example"],
        subject="Déplacée", text="…",
    )  # fmt: skip
    send = EmailMessage.send

    def refuse(message):
        if message.to == ["a@x.example"]:
            raise SMTPException("unknown")
        return send(message)

    monkeypatch.setattr(EmailMessage, "send", refuse)
    assert not deliver(notice=notice)
    assert not deliver(notice=notice)
    assert [message.to for message in mail.outbox] == [["b@x.example"]]
    monkeypatch.setattr(EmailMessage, "send", send)
    assert deliver(notice=notice)
    assert [message.to for message in mail.outbox] == [["b@x.example"], ["a@x.example"]]
