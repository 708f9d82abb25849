"""Signatures made without network: late, twice, forged, in conflict, with a wrong clock."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from attendance.actions import (
    accept_queued,
    countersign_sheet,
    open_sheet,
    reopen_sheet,
    sign_presence,
    update_doors,
)
from attendance.doors import code_key
from attendance.enums import SignatureMethod
from attendance.models import QueuedSignature, Signature
from attendance.proofs.verify import verify
from attendance.rules import codes

from .recipes import at, own_phone, strokes, trainer_device

TUESDAY = date(2026, 1, 6)


@pytest.fixture
def clock():
    with time_machine.travel(at(9, 30), tick=False) as traveller:
        yield traveller


@pytest.fixture
def sheet(school, clock):
    return open_sheet(session=school.session(), by=school.cast.bruno, at=at(8, 55))


def url(name, *args):
    return reverse(f"attendance:{name}", args=args)


def parcel(presence, *, signed=None, seed=0, **changes) -> dict:
    return {
        "id": str(uuid4()),
        "presence": str(presence.uuid),
        "signed_at": (signed or at(9, 2)).isoformat(),
        "strokes": strokes(seed),
        "typed_name": "",
    } | changes


def send(client, *parcels, sent=None) -> list[dict]:
    body = {"sent_at": (sent or at(9, 30)).isoformat(), "signatures": list(parcels)}
    answer = client.post(
        url("signatures_receive"), json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_a_signature_that_waited_keeps_both_of_its_moments(school, sheet, signed_in):
    presence = school.presence(sheet)
    (result,) = send(signed_in(school.cast.aicha), parcel(presence))
    assert result["state"] == "done"
    signature = school.presence(sheet).signature
    assert (signature.signed_at, signature.received_at) == (at(9, 2), at(9, 30))
    assert verify(school.cast.cfa).problems == []


@pytest.mark.parametrize(("claimed", "kept"), [((9, 3), (9, 3)), ((8, 57), (9, 2))])
def test_the_code_of_the_room_read_before_the_network_went_still_counts(
    school, sheet, signed_in, clock, claimed, kept
):
    update_doors(cfa=school.cast.cfa, by=school.cast.elise, own_phone=False)
    client = signed_in(school.cast.aicha)
    clock.move_to(at(9, 2))
    token = codes.make_token(code_key(), codes.WALL, sheet.session.uuid, at(9, 2).timestamp())
    client.get(url("wall_scan", token))
    clock.move_to(at(9, 30))
    (result,) = send(client, parcel(school.presence(sheet), signed=at(*claimed)))
    assert result["state"] == "done"
    signature = school.presence(sheet).signature
    assert (signature.method, signature.signed_at) == (SignatureMethod.WALL_CODE, at(*kept))


def test_the_same_signature_sent_again_counts_once(school, sheet, signed_in):
    client, one = signed_in(school.cast.aicha), parcel(school.presence(sheet))
    for _ in range(3):
        assert [r["state"] for r in send(client, one, one)] == ["done", "done"]
    assert Signature.objects.count() == 1
    assert not QueuedSignature.objects.exists()


@pytest.mark.parametrize("shift", [timedelta(hours=1), timedelta(hours=-1)], ids=["fast", "slow"])
def test_a_clock_an_hour_off_is_put_right(school, sheet, signed_in, shift):
    one = parcel(school.presence(sheet), signed=at(9, 2) + shift)
    (result,) = send(signed_in(school.cast.aicha), one, sent=at(9, 30) + shift)
    assert result["state"] == "done"
    assert school.presence(sheet).signature.signed_at == at(9, 2)


def test_the_trainers_device_sends_a_whole_class_and_each_is_answered(school, sheet, signed_in):
    lea = school.enrol("Léa", "Petit")
    open_sheet(session=sheet.session, by=school.cast.bruno, at=at(9))
    one = parcel(school.presence(sheet), seed=1)
    two = parcel(sheet.presences.get(enrolment=lea), seed=2)
    empty = parcel(sheet.presences.get(enrolment=lea), strokes=[])
    nobody = parcel(school.presence(sheet)) | {"presence": str(uuid4())}
    broken = {"id": "x"}
    results = send(signed_in(school.cast.bruno), one, empty, nobody, broken, two)
    assert [r["state"] for r in results] == ["done", "refused", "refused", "refused", "done"]
    assert "vide" in results[1]["message"]
    assert Signature.objects.count() == 2


def test_what_arrives_after_the_closing_is_shown_to_the_trainer(school, sheet, signed_in, clock):
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno, 3), at=at(9, 20))
    one = parcel(school.presence(sheet), seed=5)
    client = signed_in(school.cast.aicha)
    (result,) = send(client, one)
    assert result["state"] == "queued"
    assert send(client, one)[0]["state"] == "queued"
    queued = QueuedSignature.objects.get()
    trainer = signed_in(school.cast.bruno)
    assert (
        "1 signature reçue plus tard"
        in trainer.get(url("sheet_detail", sheet.uuid)).content.decode()
    )
    decide = url("queued_decide", queued.uuid)
    assert "rouvrir" in trainer.post(decide, {"deed": "accept"}, follow=True).content.decode()
    reopen_sheet(sheet=sheet, by=school.cast.elise, reason="Réseau coupé")
    assert trainer.post(decide, {"deed": "steal"}).status_code == 400
    trainer.post(decide, {"deed": "accept"})
    assert school.presence(sheet).signature.signed_at == at(9, 2)
    assert "déjà été décidée" in (
        trainer.post(decide, {"deed": "dismiss", "reason": "x"}, follow=True).content.decode()
    )
    assert send(client, one)[0]["state"] == "done"
    assert verify(school.cast.cfa).problems == []
    assert signed_in(school.cast.gaelle).post(decide, {"deed": "accept"}).status_code == 404


def test_a_second_signature_of_the_same_person_is_a_conflict(school, sheet, signed_in):
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha, 1), at=at(9, 5))
    (result,) = send(signed_in(school.cast.bruno), parcel(school.presence(sheet), seed=2))
    assert result["state"] == "queued"
    assert "déjà signé" in result["message"]
    trainer = signed_in(school.cast.bruno)
    queued = QueuedSignature.objects.get()
    decide = url("queued_decide", queued.uuid)
    assert "Indiquez pourquoi" in (
        trainer.post(decide, {"deed": "dismiss", "reason": " "}, follow=True).content.decode()
    )
    trainer.post(decide, {"deed": "dismiss", "reason": "Signée deux fois"})
    page = trainer.get(url("queued_list", sheet.uuid)).content.decode()
    assert "Signée deux fois" in page
    assert Signature.objects.count() == 1


def test_the_next_day_an_apprentices_own_phone_needs_the_trainer(school, sheet, signed_in, clock):
    clock.move_to(at(8, 0, TUESDAY))
    (result,) = send(
        signed_in(school.cast.aicha), parcel(school.presence(sheet)), sent=at(8, 0, TUESDAY)
    )
    assert result["state"] == "queued"
    accept_queued(queued=QueuedSignature.objects.get(), by=school.cast.bruno)
    assert school.presence(sheet).signature.signed_at == at(9, 2)


def test_the_trainers_own_device_may_come_back_the_next_day(school, sheet, signed_in, clock):
    clock.move_to(at(8, 0, TUESDAY))
    (result,) = send(
        signed_in(school.cast.bruno), parcel(school.presence(sheet)), sent=at(8, 0, TUESDAY)
    )
    assert result["state"] == "done"


def test_a_signature_claimed_before_the_opening_waits_for_the_trainer(school, sheet, signed_in):
    early = parcel(school.presence(sheet), signed=at(8, 0))
    (result,) = send(signed_in(school.cast.aicha), early)
    assert result["state"] == "queued"
    assert "avant l'ouverture" in result["message"]


def test_nobody_sends_for_somebody_else_nor_with_somebodys_number(school, sheet, signed_in):
    lea = school.enrol("Léa", "Petit")
    open_sheet(session=sheet.session, by=school.cast.bruno, at=at(9))
    other = sheet.presences.get(enrolment=lea)
    client = signed_in(school.cast.aicha)
    assert send(client, parcel(other))[0]["state"] == "refused"
    one = parcel(school.presence(sheet))
    send(client, one)
    stolen = parcel(other, seed=3) | {"id": one["id"]}
    assert send(signed_in(school.cast.bruno), stolen)[0]["state"] == "refused"
    copied = parcel(other)  # the very trace of Aïcha
    assert send(signed_in(school.cast.bruno), copied)[0]["state"] == "refused"
    assert Signature.objects.count() == 1


BAD_BODIES = {
    "not json": "{",
    "a list": "[]",
    "no zone": json.dumps({"sent_at": "2026-01-05T09:00:00", "signatures": []}),
    "too many": json.dumps({"sent_at": "2026-01-05T09:00:00Z", "signatures": [{}] * 61}),
    "no list": json.dumps({"sent_at": "2026-01-05T09:00:00Z", "signatures": 3}),
    "five megabytes": "x" * (5 * 1024 * 1024 + 10),
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=list(BAD_BODIES))
def test_a_malformed_sending_is_refused_whole(school, sheet, signed_in, body):
    client = signed_in(school.cast.aicha)
    answer = client.post(url("signatures_receive"), body, content_type="application/json")
    assert answer.status_code in (400, 413)
    assert not Signature.objects.exists()


def test_a_sending_too_heavy_to_be_read_says_so(school, sheet, signed_in, settings):
    """The device then sends its signatures one by one; only the heavy one is refused."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 500
    answer = signed_in(school.cast.aicha).post(
        url("signatures_receive"), "x" * 501, content_type="application/json"
    )
    assert answer.status_code == 413
    assert "trop lourde" in answer.json()["message"]


def test_a_huge_or_strange_signature_harms_none_of_the_others(school, sheet, signed_in):
    presence = school.presence(sheet)
    huge = parcel(presence, strokes=[[[1, 1, 1]] * 6000])
    script = parcel(presence, strokes=None, typed_name="<script>alert(1)</script>")
    numbers = parcel(presence, strokes=[[["a", None, {}]]])
    good = parcel(presence)
    results = send(signed_in(school.cast.aicha), huge, script, numbers, good)
    assert [r["state"] for r in results] == ["refused", "refused", "refused", "done"]


def test_the_service_worker_is_served_beside_the_pages_it_keeps(client):
    answer = client.get(url("service_worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert b"SIGNING" in answer.content
