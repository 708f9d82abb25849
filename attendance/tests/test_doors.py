"""Each door by which one signs: what it lets in, what it refuses and how it says so."""

import json
import logging
import re
from datetime import date
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from accounts.errors import DomainError, NotAllowed
from attendance.actions import (
    countersign_sheet,
    open_sheet,
    send_links,
    sign_presence,
    update_doors,
)
from attendance.doors import code_key
from attendance.enums import SignatureMethod
from attendance.models import DoorSettings, Presence, Signature, SignatureLink
from attendance.rules import codes

from .recipes import at, strokes, trainer_device

KEY = b"k" * 32
SUBJECT = UUID("11111111-1111-4111-8111-111111111111")
NOON = 1_767_600_000.0  # a multiple of fifteen: the first second of a window


@pytest.fixture
def clock():
    """Monday 5 January 2026, 9:05 in Paris."""
    cache.clear()
    with time_machine.travel(at(9, 5), tick=False) as traveller:
        yield traveller


@pytest.fixture
def sheet(school, clock):
    return open_sheet(session=school.session(), by=school.cast.bruno, at=at(8, 55))


def url(name, *args):
    return reverse(f"attendance:{name}", args=args)


def drawn(seed: int = 0) -> dict:
    return {"strokes": json.dumps(strokes(seed)), "typed_name": ""}


def wall_token(session, moment=None) -> str:
    moment = moment or at(9, 5)
    return codes.make_token(code_key(), codes.WALL, session.uuid, moment.timestamp())


# --- the codes ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("later", "good"), [(0, True), (14, True), (19, True), (20, False), (3600, False), (-1, False)]
)
def test_a_code_lives_fifteen_seconds_and_a_short_grace(later, good):
    token = codes.make_token(KEY, codes.WALL, SUBJECT, NOON)
    if good:
        assert codes.read_token(KEY, codes.WALL, token, NOON + later) == SUBJECT
    else:
        with pytest.raises(codes.BadCode) as caught:
            codes.read_token(KEY, codes.WALL, token, NOON + later)
        assert caught.value.kind == "expired"


@pytest.mark.parametrize(("later", "good"), [(0, True), (34, True), (35, False), (-1, False)])
def test_a_typed_code_leaves_the_time_to_type_it(later, good):
    short = codes.short_code(KEY, codes.WALL, SUBJECT, NOON)
    typed = f" {short[:3].lower()}-{short[3:]} "
    assert codes.is_short_code(KEY, codes.WALL, SUBJECT, typed, NOON + later) is good


def forged_tokens() -> dict[str, str]:
    good = codes.make_token(KEY, codes.WALL, SUBJECT, NOON)
    subject, window, mac = good.split("-")
    return {
        "nonsense": "x",
        "empty parts": "--",
        "other key": codes.make_token(b"z" * 32, codes.WALL, SUBJECT, NOON),
        "other purpose": codes.make_token(KEY, codes.OWN, SUBJECT, NOON),
        "other half-day": f"{uuid4().hex}-{window}-{mac}",
        "other window": f"{subject}-{int(window, 16) + 1:x}-{mac}",
        "letters of another alphabet": f"{subject}-{window}-éééééééééééééééé",
        "longer": good + "-A",
        "negative window": f"{subject}--{window}-{mac}",
    }


@pytest.mark.parametrize("name", forged_tokens())
def test_a_forged_code_is_refused(name):
    with pytest.raises(codes.BadCode) as caught:
        codes.read_token(KEY, codes.WALL, forged_tokens()[name], NOON)
    assert caught.value.kind == "forged"


# --- the code on the wall -----------------------------------------------------------------------
def test_the_wall_shows_the_code_who_signed_and_who_is_missing(school, sheet, signed_in):
    client = signed_in(school.cast.bruno)
    page = client.get(url("wall_code", sheet.session.uuid)).content.decode()
    assert "0 / 1" in page
    assert "Aïcha Benali" in page
    short = codes.short_code(code_key(), codes.WALL, sheet.session.uuid, at(9, 5).timestamp())
    assert short in page
    live = client.get(url("wall_code", sheet.session.uuid), headers={"HX-Request": "true"})
    assert "<html" not in live.content.decode()
    assert (
        signed_in(school.cast.auditor).get(url("wall_code", sheet.session.uuid)).status_code == 403
    )


def test_who_scans_the_wall_signs_with_the_method_named(school, sheet, signed_in):
    client = signed_in(school.cast.aicha)
    page = client.get(url("wall_scan", wall_token(sheet.session)), follow=True)
    assert "Signer ma présence" in page.content.decode()
    client.post(url("sign", sheet.session.uuid), drawn())
    assert school.presence(sheet).signature.method == SignatureMethod.WALL_CODE


def test_who_scans_signed_out_signs_in_then_lands_on_the_signature(school, sheet, client):
    answer = client.get(url("wall_scan", wall_token(sheet.session)))
    assert answer["Location"] == url("sign", sheet.session.uuid)
    login = client.get(answer["Location"])
    assert f"next={url('sign', sheet.session.uuid)}" in login["Location"]
    client.force_login(
        school.cast.aicha, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    client.post(url("sign", sheet.session.uuid), drawn())
    assert school.presence(sheet).signature.method == SignatureMethod.WALL_CODE


def test_without_the_code_one_does_not_sign_from_home_when_the_door_is_closed(
    school, sheet, signed_in
):
    update_doors(cfa=school.cast.cfa, by=school.cast.elise, own_phone=False)
    client = signed_in(school.cast.aicha)
    assert "Scannez le QR" in client.get(url("sign", sheet.session.uuid)).content.decode()
    answer = client.post(url("sign", sheet.session.uuid), drawn())
    assert answer.status_code == 422
    assert "Scannez le code affiché" in answer.content.decode()
    short = codes.short_code(code_key(), codes.WALL, sheet.session.uuid, at(9, 5).timestamp())
    client.post(url("code_enter"), {"code": short.lower()})
    client.post(url("sign", sheet.session.uuid), drawn())
    assert school.presence(sheet).signature.method == SignatureMethod.WALL_CODE


def test_an_expired_or_forged_scan_says_what_to_do_and_is_logged(
    school, sheet, signed_in, clock, caplog
):
    client = signed_in(school.cast.aicha)
    token = wall_token(sheet.session)
    clock.shift(60)
    with caplog.at_level(logging.WARNING, "attendance.refused"):
        answer = client.get(url("wall_scan", token))
        assert answer.status_code == 400
        assert "Ce code a changé" in answer.content.decode()
        forged = token[:-2] + ("AA" if not token.endswith("AA") else "BB")
        assert "pas reconnu" in client.get(url("wall_scan", forged)).content.decode()
    assert [r.args[0] for r in caplog.records if r.name == "attendance.refused"] == [
        "expired",
        "forged",
    ]
    assert not Signature.objects.exists()


def test_a_pass_does_not_outlive_the_lesson(school, sheet, signed_in, clock):
    update_doors(cfa=school.cast.cfa, by=school.cast.elise, own_phone=False)
    client = signed_in(school.cast.aicha)
    client.get(url("wall_scan", wall_token(sheet.session)))
    clock.shift(11 * 60)
    assert client.post(url("sign", sheet.session.uuid), drawn()).status_code == 422
    assert not Signature.objects.exists()


def test_a_code_of_another_group_or_role_opens_nothing(school, sheet, signed_in):
    stranger = school.cast.gaelle
    assert "pour les apprentis" in (
        signed_in(stranger).get(url("wall_scan", wall_token(sheet.session))).content.decode()
    )
    other = school.session(half="apres_midi", date=date(2026, 1, 12))
    client = signed_in(school.cast.aicha)
    client.get(url("wall_scan", wall_token(sheet.session)))
    # The pass is for one half-day: it opens no other day.
    answer = client.post(url("sign", other.uuid), drawn())
    assert not Presence.objects.filter(signature__isnull=False).exists()
    assert answer.status_code == 422


def test_who_scans_too_early_waits_on_a_page_that_opens_by_itself(school, signed_in, clock):
    update_doors(cfa=school.cast.cfa, by=school.cast.elise, own_phone=False)
    session = school.session()
    clock.move_to(at(8, 30))
    wall = signed_in(school.cast.bruno).get(url("wall_code", session.uuid)).content.decode()
    assert "8 h 50" in wall
    client = signed_in(school.cast.aicha)
    page = client.get(url("wall_scan", wall_token(session, at(8, 30))), follow=True)
    assert 'hx-trigger="every 5s"' in page.content.decode()
    clock.move_to(at(8, 58))
    sheet = open_sheet(session=session, by=school.cast.bruno)
    poll = client.get(url("sign", session.uuid), headers={"HX-Request": "true"})
    assert poll["HX-Refresh"] == "true"
    client.post(url("sign", session.uuid), drawn())
    assert school.presence(sheet).signature.method == SignatureMethod.WALL_CODE


def test_guessing_codes_stops_after_ten_tries(school, sheet, signed_in):
    client = signed_in(school.cast.aicha)
    for _ in range(10):
        assert client.post(url("code_enter"), {"code": "AAAAAA"}).status_code == 422
    short = codes.short_code(code_key(), codes.WALL, sheet.session.uuid, at(9, 5).timestamp())
    answer = client.post(url("code_enter"), {"code": short})
    assert "Trop de codes erronés" in answer.content.decode()


# --- the personal link --------------------------------------------------------------------------
@pytest.fixture
def token(school, sheet, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send_links(sheet=sheet, by=school.cast.bruno, at=at(9, 5))
    return re.search(r"/lien/([^/\s]+)/", mail.outbox[-1].body).group(1)


def test_a_personal_link_signs_once_without_an_account(school, sheet, token, client):
    assert mail.outbox[-1].to == [school.cast.aicha.email]
    page = client.get(url("link_sign", token)).content.decode()
    assert "Signer ma présence" in page
    assert str(school.cast.cfa) in page
    assert client.post(url("link_sign", token), {"strokes": ""}).status_code == 422
    done = client.post(url("link_sign", token), drawn(), follow=True)
    assert "Présence signée" in done.content.decode()
    signature = school.presence(sheet).signature
    assert signature.method == SignatureMethod.PERSONAL_LINK
    client.post(url("link_sign", token), drawn(3))
    assert Signature.objects.count() == 1
    assert token not in SignatureLink.objects.get().token_sha256


def test_a_link_dies_with_time_or_when_another_is_sent(school, sheet, token, client, clock):
    send_links(sheet=sheet, by=school.cast.bruno, at=at(9, 6))
    assert client.get(url("link_sign", token)).status_code == 404
    assert client.post(url("link_sign", token), drawn()).status_code == 404
    assert client.get(url("link_sign", "inconnu")).status_code == 404
    SignatureLink.objects.update(revoked_at=None)
    clock.shift(5 * 3600)
    assert "plus valable" in client.get(url("link_sign", token)).content.decode()
    assert not Signature.objects.exists()


def test_links_say_who_has_no_address_and_are_refused_to_others(school, sheet, signed_in):
    school.enrol("Léa", "Petit")
    open_sheet(session=sheet.session, by=school.cast.bruno)
    page = signed_in(school.cast.bruno).post(url("links_send", sheet.uuid), follow=True)
    assert "Sans adresse e-mail : Léa Petit" in page.content.decode()
    with pytest.raises(NotAllowed):
        send_links(sheet=sheet, by=school.cast.gaelle)


# --- the apprentice's own QR --------------------------------------------------------------------
def test_the_trainer_reads_the_apprentices_qr_then_the_apprentice_signs(school, sheet, signed_in):
    phone = signed_in(school.cast.aicha).get(url("own_qr")).content.decode()
    assert "Aïcha Benali" in phone
    token = codes.make_token(code_key(), codes.OWN, school.enrolment.uuid, at(9, 5).timestamp())
    client = signed_in(school.cast.bruno)
    page = client.get(url("own_qr_scan", token), follow=True).content.decode()
    assert "QR lu" in page
    client.post(url("presence_sign", school.presence(sheet).uuid), drawn())
    assert school.presence(sheet).signature.method == SignatureMethod.OWN_QR


def test_a_photo_of_the_qr_serves_nobody_a_minute_later(school, sheet, signed_in, clock):
    token = codes.make_token(code_key(), codes.OWN, school.enrolment.uuid, at(9, 5).timestamp())
    clock.shift(60)
    client = signed_in(school.cast.bruno)
    assert client.get(url("own_qr_scan", token)).status_code == 400
    assert signed_in(school.cast.aicha).get(url("own_qr_scan", token)).status_code == 403


def test_the_six_characters_of_the_qr_are_typed_when_there_is_no_camera(school, sheet, signed_in):
    client = signed_in(school.cast.bruno)
    address = url("qr_read", sheet.uuid)
    assert client.post(address, {"code": "ZZZZZZ"}).status_code == 422
    short = codes.short_code(code_key(), codes.OWN, school.enrolment.uuid, at(9, 5).timestamp())
    answer = client.post(address, {"code": short})
    assert answer["Location"] == url("presence_sign", school.presence(sheet).uuid)


# --- the switches -------------------------------------------------------------------------------
CLOSED_DOORS = [
    (SignatureMethod.OWN_PHONE, "aicha"),
    (SignatureMethod.WALL_CODE, "aicha"),
    (SignatureMethod.TRAINER_DEVICE, "bruno"),
    (SignatureMethod.OWN_QR, "bruno"),
]


@pytest.mark.parametrize(("method", "who"), CLOSED_DOORS, ids=[m for m, _ in CLOSED_DOORS])
def test_a_closed_door_lets_nobody_sign(school, sheet, method, who):
    update_doors(cfa=school.cast.cfa, by=school.cast.elise, **{method: False})
    with pytest.raises(DomainError, match="n'utilise pas ce moyen"):
        sign_presence(
            presence=school.presence(sheet),
            by=getattr(school.cast, who),
            strokes=strokes(),
            method=method,
            presented_at=at(9, 4),
            at=at(9, 5),
        )
    assert not Signature.objects.exists()


def test_staff_switch_the_doors_and_one_stays_open(school, signed_in):
    client = signed_in(school.cast.elise)
    assert "Réglages" in client.get(url("doors_edit")).content.decode()
    delays = {"justify_days": "7", "file_months": "6"}
    answer = client.post(url("doors_edit"), delays | {"link_minutes": "240"})
    assert answer.status_code == 422
    assert "au moins un moyen" in answer.content.decode()
    too_short = delays | {"paper": "on", "link_minutes": "5"}
    assert client.post(url("doors_edit"), too_short).status_code == 422
    client.post(url("doors_edit"), delays | {"wall_code": "on", "link_minutes": "60"})
    doors = DoorSettings.objects.get(cfa=school.cast.cfa)
    assert (doors.wall_code, doors.paper, doors.link_minutes) == (True, False, 60)
    assert (doors.justify_days, doors.file_months) == (7, 6)
    with pytest.raises(NotAllowed):
        update_doors(cfa=school.cast.cfa, by=school.cast.bruno, paper=True)


def test_no_door_opens_a_closed_sheet(school, sheet, token, client, signed_in):
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno, 4), at=at(9, 6))
    assert "close" in client.get(url("link_sign", token)).content.decode()
    assert client.post(url("link_sign", token), drawn()).status_code == 422
    phone = signed_in(school.cast.aicha)
    assert phone.post(url("sign", sheet.session.uuid), drawn()).status_code == 422
    assert Signature.objects.count() == 1
