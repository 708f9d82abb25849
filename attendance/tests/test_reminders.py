"""Sheets that wait for their trainer, and the anchors that keep watch on the chain."""

from datetime import date

import pytest
from django.core import mail

from attendance.actions import (
    cancel_session,
    countersign_sheet,
    flag_forgotten_sheets,
    open_sheet,
    remind_trainers,
    sign_presence,
)
from attendance.enums import SheetState
from attendance.models import ProofEvent, ProofHead
from attendance.proofs.anchors import drop_anchor
from attendance.proofs.verify import verify
from attendance.watch import verify_proofs_task

from .recipes import at, own_phone, trainer_device

TUESDAY = date(2026, 1, 6)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sheet(school):
    return open_sheet(session=school.session(), by=school.cast.bruno, at=at(8, 55))


def test_the_trainer_is_reminded_once_half_an_hour_after(
    school, sheet, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assert remind_trainers(now=at(12, 59)) == 0
        assert remind_trainers(now=at(13, 0)) == 1
        assert remind_trainers(now=at(13, 5)) == 0
    assert [m.to for m in mail.outbox] == [[school.cast.bruno.email]]
    assert f"/feuilles/{sheet.uuid}/contresigner/" in mail.outbox[0].body


def test_the_open_sheet_of_a_cancelled_half_day_waits_for_nobody(school, sheet):
    cancel_session(session=sheet.session, reason="Alerte incendie", by=school.cast.elise)
    assert remind_trainers(now=at(13, 0)) == 0
    assert flag_forgotten_sheets(now=at(9, day=TUESDAY)) == 0


def test_the_centre_is_told_the_next_day_and_nothing_is_closed(
    school, sheet, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assert flag_forgotten_sheets(now=at(23, 30)) == 0
        assert flag_forgotten_sheets(now=at(7, 0, TUESDAY)) == 1
        assert flag_forgotten_sheets(now=at(8, 0, TUESDAY)) == 0
    assert {m.to[0] for m in mail.outbox} == {school.cast.elise.email, school.cast.farid.email}
    sheet.refresh_from_db()
    assert sheet.state == SheetState.OPEN
    assert sheet.flagged_at is not None


def test_a_countersigned_sheet_disturbs_nobody(school, sheet):
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(12, 30))
    assert remind_trainers(now=at(13, 30)) == 0
    assert flag_forgotten_sheets(now=at(7, 0, TUESDAY)) == 0


def test_an_anchor_says_that_the_chain_was_put_back_to_an_older_state(school, sheet):
    older = ProofHead.objects.get()
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha), at=at(9, 2))
    verify_proofs_task()
    assert verify(school.cast.cfa).problems == []
    assert drop_anchor(school.cast.cfa) == drop_anchor(school.cast.cfa)
    presence = school.presence(sheet)
    presence.signature, signature, presence.state = None, presence.signature, "expected"
    presence.save()
    signature.delete()
    ProofEvent.objects.filter(sequence=2).delete()
    older.save()
    first = verify(school.cast.cfa).first
    assert "ancre" in first["message"]
    assert first["event"] == 2
