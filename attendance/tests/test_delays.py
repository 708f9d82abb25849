"""The delays that a centre sets: to justify an absence, and to keep what justifies it."""

from datetime import date

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from accounts.errors import DomainError
from accounts.models import Event
from attendance.actions import (
    countersign_sheet,
    decide_justification,
    open_sheet,
    purge_justifications,
    update_doors,
)
from attendance.actions.notices import write_notice
from attendance.delivery import deliver
from attendance.enums import AbsenceState, NoticeKind
from attendance.models import Absence

from .files import pdf
from .recipes import ILLNESS, at, justify, trainer_device

pytestmark = pytest.mark.django_db


def test_the_centre_sets_its_own_delay(school):
    update_doors(cfa=school.cast.cfa, by=school.cast.elise, justify_days=10)
    with pytest.raises(DomainError, match="1 à 60 jours"):
        update_doors(cfa=school.cast.cfa, by=school.cast.elise, justify_days=0)
    sheet = open_sheet(session=school.session(), by=school.cast.bruno, at=at(9))
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(12, 31))
    assert Absence.objects.get().justify_by == date(2026, 1, 15)


def test_files_are_erased_after_their_time_and_the_fact_stays(school, missed, tmp_path):
    justification = justify(school, data=pdf(), file_name="mon arrêt.pdf", comment="grippe")
    decide_justification(justification=justification, accept=True, by=school.cast.elise)
    kept = tmp_path / str(justification.file)
    assert purge_justifications(today=date(2027, 1, 4)) == 0
    assert kept.exists()
    assert purge_justifications(today=date(2027, 1, 5)) == 1
    assert purge_justifications(today=date(2027, 1, 5)) == 0
    assert not kept.exists()
    justification.refresh_from_db()
    assert (justification.file_name, justification.comment) == ("", "")
    assert justification.category == ILLNESS
    assert len(justification.sha256) == 64
    assert Event.objects.about(justification).filter(verb="purge_justification").count() == 1
    missed.refresh_from_db()
    assert missed.state == AbsenceState.JUSTIFIED


def test_a_message_that_half_left_is_not_sent_twice_to_the_first(school, monkeypatch):
    notice = write_notice(
        cfa=school.cast.cfa,
        kind=NoticeKind.MOVED,
        recipients=["un@example.org", "deux@example.org"],
        subject="Déplacée",
        text="Au 6 janvier",
    )
    whole, send = EmailMessage.send, []

    def half(self, *args):
        if self.to == ["deux@example.org"] and not send:
            send.append("failed")
            raise OSError("le serveur ne répond plus")
        return whole(self, *args)

    monkeypatch.setattr(EmailMessage, "send", half)
    assert not deliver(notice=notice)
    assert deliver(notice=notice)
    assert [message.to for message in mail.outbox] == [["un@example.org"], ["deux@example.org"]]
