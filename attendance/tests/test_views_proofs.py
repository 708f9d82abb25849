"""The pages of the proof, of a reopening and of another group's apprentice."""

import re

import pytest
from django.urls import reverse

from apprentices.models import Cohort
from attendance.actions import countersign_sheet, open_sheet, sign_presence
from attendance.enums import SheetState
from attendance.models import ProofCheck, Signature
from attendance.proofs.verify import verify_and_note

from .recipes import at, own_phone, trainer_device


@pytest.fixture
def sheet(school):
    sheet = open_sheet(session=school.session(), by=school.cast.bruno, at=at(8, 55))
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha), at=at(9, 22))
    return sheet


@pytest.fixture
def closed(school, sheet):
    return countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(12, 30))


def url(name, *args):
    return reverse(f"attendance:{name}", args=args)


def test_the_clock_proposes_the_arrival_of_who_signed_late(school, sheet, signed_in):
    page = signed_in(school.cast.bruno).get(url("sheet_detail", sheet.uuid)).content.decode()
    assert re.search(r'name="arrived_at" type="time"\s+value="09:22"', page)


def test_staff_reopen_with_a_reason_and_the_proofs_keep_the_closing(school, closed, signed_in):
    client = signed_in(school.cast.elise)
    assert "Rouvrir" in client.get(url("sheet_detail", closed.uuid)).content.decode()
    assert client.post(url("sheet_reopen", closed.uuid), {"reason": ""}).status_code == 422
    client.post(url("sheet_reopen", closed.uuid), {"reason": "<i>Oubli</i>"})
    closed.refresh_from_db()
    assert closed.state == SheetState.OPEN
    page = client.get(url("sheet_proofs", closed.uuid)).content.decode()
    assert "Clôture 1" in page
    assert "&lt;i&gt;Oubli&lt;/i&gt;" in page
    again = client.post(url("sheet_reopen", closed.uuid), {"reason": "Encore"}, follow=True)
    assert "déjà ouverte" in again.content.decode()
    assert signed_in(school.cast.bruno).get(url("sheet_reopen", closed.uuid)).status_code == 403


def test_the_proof_of_a_signature_shows_its_hashes_to_the_team_only(school, closed, signed_in):
    signature = Signature.objects.get(presence__sheet=closed)
    address = url("signature_proof", signature.uuid)
    page = signed_in(school.cast.bruno).get(address).content.decode()
    event = closed.proof_events.get(kind="sign")
    for text in (signature.sha256, event.hash, event.previous, "Aïcha Benali", "<path"):
        assert text in page
    assert signed_in(school.cast.gaelle).get(address).status_code == 404
    assert signed_in(school.cast.aicha).get(address).status_code == 403


def test_the_trainer_adds_an_apprentice_of_another_group(school, sheet, signed_in):
    other = Cohort.objects.create(
        cfa=school.cohort.cfa,
        programme=school.cohort.programme,
        name="NDRC bis",
        starts_on=school.cohort.starts_on,
        ends_on=school.cohort.ends_on,
        rhythm=school.cohort.rhythm,
    )
    guest = school.enrol("Yanis", "Roche")
    guest.cohort = other
    guest.save()
    client = signed_in(school.cast.bruno)
    address = url("guest_add", sheet.uuid)
    assert "Yanis Roche · NDRC bis" in client.get(address).content.decode()
    assert client.post(address, {"enrolment": guest.pk}).status_code == 422
    client.post(address, {"enrolment": guest.pk, "reason": "Rattrapage"})
    assert "Rattrapage" in client.get(url("sheet_detail", sheet.uuid)).content.decode()
    mine = signed_in(school.cast.elise).get(url("enrolment_attendance", guest.uuid))
    assert "5 janvier 2026" in mine.content.decode()


def test_the_page_of_the_proofs_names_the_first_broken_event(school, closed, signed_in):
    client = signed_in(school.cast.elise)
    assert "pas encore été vérifiée" in client.get(url("proof_list")).content.decode()
    assert verify_and_note(school.cast.cfa).problem_count == 0
    assert "Chaîne entière" in client.get(url("proof_list")).content.decode()
    Signature.objects.filter(presence__sheet=closed).update(signer_label="Quelqu'un d'autre")
    verify_and_note(school.cast.cfa)
    page = client.get(url("proof_list")).content.decode()
    assert "Chaîne rompue" in page
    assert "Événement n° 2 :" in page
    assert ProofCheck.objects.count() == 2


def test_verification_is_asked_for_as_background_work(school, closed, signed_in):
    answer = signed_in(school.cast.farid).post(url("proof_verify"))
    assert answer.status_code == 302
    assert "/documents/" in answer["Location"]
