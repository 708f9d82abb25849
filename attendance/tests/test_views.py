"""The pages, as each person meets them (the strict client checks each page's accessibility)."""

import json
import uuid

import pytest
import time_machine
from django.urls import reverse

from accounts.errors import DomainError
from attendance.actions import (
    cancel_session,
    countersign_sheet,
    mark_absent,
    open_sheet,
    sign_presence,
)
from attendance.enums import PresenceState, SheetState, SignatureMethod
from attendance.models import AttendanceSheet, ClassSession, Signature

from .recipes import MONDAY, at, own_phone, strokes, trainer_device

pytestmark = pytest.mark.django_db
PEOPLE = ("farid", "elise", "bruno", "auditor", "aicha", "chantal", "denis", "gaelle")


@pytest.fixture(autouse=True)
def clock():
    """Monday 5 January 2026, 9:05 in Paris."""
    with time_machine.travel(at(9, 5), tick=False):
        yield


@pytest.fixture
def session(school):
    return school.session()


@pytest.fixture
def sheet(school, session):
    return open_sheet(session=session, by=school.cast.bruno, at=at(8, 55))


def url(name: str, *args) -> str:
    return reverse(f"attendance:{name}", args=args)


def drawn(seed: int = 0) -> dict:
    return {"strokes": json.dumps(strokes(seed)), "typed_name": ""}


def test_the_sheet_of_a_cancelled_half_day_says_so_and_takes_nothing_more(school, sheet, signed_in):
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha), at=at(9))
    cancel_session(session=sheet.session, reason="Alerte incendie", by=school.cast.elise)
    client = signed_in(school.cast.bruno)
    page = client.get(url("sheet_detail", sheet.uuid)).content.decode()
    assert "Annulée" in page
    assert "Alerte incendie" in page
    assert "Contresigner" not in page
    assert client.get(url("sheet_countersign", sheet.uuid)).status_code == 302
    assert "Annulée" in client.get(url("sheet_list")).content.decode()
    own = signed_in(school.cast.aicha).get(url("sign", sheet.session.uuid))
    assert not own.context["can_sign"]
    with pytest.raises(DomainError, match="annulée"):
        mark_absent(presence=school.presence(sheet), by=school.cast.bruno)


STATUS = {
    #               farid elise bruno audit aicha chant denis gaelle
    "my_sessions": (200, 200, 200, 403, 403, 403, 403, 200),
    "planning": (200, 200, 200, 200, 403, 403, 403, 200),
    "sheet_list": (200, 200, 200, 200, 403, 403, 403, 200),
    "sessions_generate": (200, 200, 403, 403, 403, 403, 403, 404),
    "session_edit": (200, 200, 403, 403, 403, 403, 403, 404),
    "session_detail": (302, 302, 302, 302, 403, 403, 403, 404),
    "sheet_detail": (200, 200, 200, 200, 403, 403, 403, 404),
    "presence_list": (200, 200, 200, 403, 403, 403, 403, 404),
    "sheet_countersign": (403, 403, 200, 403, 403, 403, 403, 404),
    "presence_sign": (200, 200, 200, 403, 403, 403, 403, 404),
    "sign": (403, 403, 403, 403, 200, 403, 403, 403),
    "my_attendance": (403, 403, 403, 403, 200, 403, 403, 403),
    "enrolment_attendance": (200, 200, 200, 200, 403, 403, 403, 404),
    "session_list": (302, 302, 302, 302, 302, 302, 302, 302),
}


@pytest.mark.parametrize("name", STATUS)
def test_each_role_gets_its_pages_and_no_other(school, sheet, signed_in, name):
    arguments = {
        "sessions_generate": [school.cohort.uuid],
        "session_edit": [sheet.session.uuid],
        "session_detail": [sheet.session.uuid],
        "sheet_detail": [sheet.uuid],
        "presence_list": [sheet.uuid],
        "sheet_countersign": [sheet.uuid],
        "presence_sign": [school.presence(sheet).uuid],
        "sign": [sheet.session.uuid],
        "enrolment_attendance": [school.enrolment.uuid],
    }
    address = url(name, *arguments.get(name, []))
    found = tuple(
        signed_in(getattr(school.cast, person)).get(address).status_code for person in PEOPLE
    )
    assert dict(zip(PEOPLE, found, strict=True)) == dict(zip(PEOPLE, STATUS[name], strict=True))


@pytest.mark.parametrize("name", ["sheet_open", "sheet_pdf", "presence_mark"])
def test_deeds_are_posted_never_followed(school, sheet, signed_in, name):
    subject = {
        "sheet_open": sheet.session,
        "sheet_pdf": sheet,
        "presence_mark": school.presence(sheet),
    }[name]
    address = url(name, subject.uuid)
    assert signed_in(school.cast.bruno).get(address).status_code == 405
    assert signed_in(school.cast.gaelle).post(address).status_code == 404
    assert signed_in(school.cast.aicha).post(address).status_code == 403


def test_unknown_addresses_are_404(school, signed_in):
    for name in ("sheet_detail", "presence_sign", "session_edit", "session_detail"):
        assert signed_in(school.cast.elise).get(url(name, uuid.uuid4())).status_code == 404


def test_a_visitor_is_sent_to_the_sign_in_page(client, session):
    assert client.get(url("sign", session.uuid)).status_code == 302


def test_the_trainer_opens_and_sees_who_is_missing(school, session, signed_in):
    client = signed_in(school.cast.bruno)
    assert "Ouvrir l'émargement" in client.get(url("my_sessions")).content.decode()
    response = client.post(url("sheet_open", session.uuid), follow=True)
    page = response.content.decode()
    assert "0 / 1" in page
    assert "Attendu" in page
    sheet = AttendanceSheet.objects.get()
    fragment = client.get(url("sheet_detail", sheet.uuid), headers={"HX-Request": "true"})
    text = fragment.content.decode()
    assert text.lstrip().startswith('<div id="feuille"')
    assert "every 3s" in text


def test_opening_too_early_is_a_sentence(school, session, signed_in):
    with time_machine.travel(at(8, 30), tick=False):
        response = signed_in(school.cast.bruno).post(url("sheet_open", session.uuid), follow=True)
    assert "ouvre le 05/01/2026 à 8 h 50" in response.content.decode()
    assert not AttendanceSheet.objects.exists()


def test_the_apprentice_waits_signs_and_sees_the_confirmation(school, session, signed_in):
    client = signed_in(school.cast.aicha)
    address = url("sign", session.uuid)
    assert "pas encore ouvert" in client.get(address).content.decode()
    waiting = client.get(address, headers={"HX-Request": "true"})
    assert "HX-Refresh" not in waiting.headers
    sheet = open_sheet(session=session, by=school.cast.bruno, at=at(9))
    assert client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Émargement ouvert" in client.get(address).content.decode()
    response = client.post(address, drawn(), follow=True)
    assert "Votre présence est enregistrée à 9 h 05" in response.content.decode()
    presence = school.presence(sheet)
    assert presence.state == PresenceState.PRESENT
    assert presence.signature.method == SignatureMethod.OWN_PHONE
    assert presence.signature.ip == "127.0.0.1"


def test_a_double_click_counts_once(school, sheet, signed_in):
    client = signed_in(school.cast.aicha)
    for seed in (0, 0, 3):
        assert client.post(url("sign", sheet.session.uuid), drawn(seed)).status_code == 302
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "signature est vide"),
        ({"strokes": "[["}, "pu être lue"),
        ({"strokes": "[[[1,1,0]]]"}, "trop court"),
        ({"strokes": '{"a": 1}'}, "pu être lue"),
        ({"strokes": "[[[1,2]]]"}, "pu être lue"),
        ({"strokes": "9" * 300_000}, "trop longue"),
        ({"typed_name": "Bruno Caron"}, "saisissez le nom inscrit : Aïcha Benali"),
        ({"typed_name": "x" * 300}, "200 caractères"),
    ],
)
def test_a_bad_signature_is_a_sentence_beside_the_pad(school, sheet, signed_in, data, words):
    response = signed_in(school.cast.aicha).post(url("sign", sheet.session.uuid), data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Signature.objects.exists()


def test_who_is_not_on_the_sheet_is_told_what_to_do(school, sheet, signed_in):
    from accounts.enums import Role
    from accounts.models import Membership, User

    lea = User.objects.create_user("lea@example.org", first_name="Léa", last_name="Petit")
    Membership.objects.create(cfa=school.cast.cfa, user=lea, role=Role.APPRENTICE)
    client = signed_in(lea)
    address = url("sign", sheet.session.uuid)
    assert client.get(address).status_code == 404
    school.enrol("Léa", "Petit", lea)
    assert "demandez à votre formateur" in client.get(address).content.decode()
    assert client.post(address, drawn(8)).status_code == 422
    assert not Signature.objects.exists()


def test_the_device_goes_round(school, sheet, signed_in):
    client = signed_in(school.cast.bruno)
    listing = client.get(url("presence_list", sheet.uuid)).content.decode()
    address = url("presence_sign", school.presence(sheet).uuid)
    assert address in listing
    response = client.post(address, drawn(4), follow=True)
    page = response.content.decode()
    assert "Aïcha Benali a signé." in page
    assert "1 / 1" in page
    assert address not in page
    assert school.presence(sheet).signature.method == SignatureMethod.TRAINER_DEVICE
    assert client.get(address).status_code == 302


def test_the_trainer_notes_absences_and_lateness(school, sheet, signed_in):
    client = signed_in(school.cast.bruno)
    address = url("presence_mark", school.presence(sheet).uuid)
    assert client.post(address, {"deed": "steal"}).status_code == 400
    assert client.post(address, {}).status_code == 400
    page = client.post(address, {"deed": "excused"}, follow=True).content.decode()
    assert "Indiquez le motif" in page
    client.post(address, {"deed": "excused", "reason": "<b>Convocation</b>"})
    assert "&lt;b&gt;Convocation" in client.get(url("sheet_detail", sheet.uuid)).content.decode()
    client.post(address, {"deed": "expected"})
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha), at=at(9, 5))
    late = {"deed": "times", "arrived_at": "12:45"}
    assert "après la fin" in client.post(address, late, follow=True).content.decode()
    client.post(address, {"deed": "times", "arrived_at": "09:25", "left_at": ""})
    assert school.presence(sheet).minutes_missed == 25


def test_the_trainer_countersigns_and_asks_for_the_pdf(
    school, sheet, signed_in, django_capture_on_commit_callbacks
):
    client = signed_in(school.cast.bruno)
    page = client.get(url("sheet_countersign", sheet.uuid)).content.decode()
    assert "1 apprenti encore attendu sera noté" in page
    assert client.post(url("sheet_countersign", sheet.uuid), {}).status_code == 422
    assert client.post(url("sheet_countersign", sheet.uuid), drawn(2)).status_code == 302
    sheet.refresh_from_db()
    assert sheet.state == SheetState.CLOSED
    assert client.post(url("sheet_countersign", sheet.uuid), drawn(3)).status_code == 302
    assert Signature.objects.count() == 1
    first = client.post(url("sheet_pdf", sheet.uuid))
    again = client.post(url("sheet_pdf", sheet.uuid))
    sheet.refresh_from_db()
    assert (
        first.url == again.url == reverse("documents:document_detail", args=[sheet.document.uuid])
    )


def test_an_open_sheet_has_no_pdf_yet(school, sheet, signed_in):
    response = signed_in(school.cast.bruno).post(url("sheet_pdf", sheet.uuid), follow=True)
    assert "pas encore contresignée : le PDF" in response.content.decode()


def test_another_trainer_of_the_centre_cannot_run_the_sheet(school, sheet, signed_in):
    from .recipes import add_trainer

    vera = add_trainer(school.cast, "Vera", "Noël")
    client = signed_in(vera)
    assert client.get(url("sheet_detail", sheet.uuid)).status_code == 404
    school.cohort.trainers.add(vera)
    assert client.get(url("sheet_detail", sheet.uuid)).status_code == 200
    assert client.get(url("presence_list", sheet.uuid)).status_code == 403
    assert client.get(url("sheet_countersign", sheet.uuid)).status_code == 403
    assert client.post(url("sheet_open", sheet.session.uuid)).status_code == 403


def test_the_list_filters_what_is_not_countersigned(school, sheet, signed_in):
    client = signed_in(school.cast.elise)
    late = url("sheet_list") + "?etat=non-contresignee"
    assert "Aucune feuille ne répond" in client.get(late).content.decode()
    with time_machine.travel(at(8, 0, MONDAY.replace(day=6)), tick=False):
        client = signed_in(school.cast.elise)
        assert "Non contresignée" in client.get(late).content.decode()
        page = client.get(url("sheet_list") + "?du=demain&promotion=x&page=9").content.decode()
        assert "Feuilles d'émargement" in page


def test_the_list_asks_the_same_queries_at_two_sizes(school, sheet, signed_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(school.cast.elise)
    counts = []
    for day in (6, 12, 13):
        session = school.session(MONDAY.replace(day=day))
        open_sheet(session=session, by=school.cast.bruno, at=at(9, 0, session.date))
        with CaptureQueriesContext(connection) as queries:
            client.get(url("sheet_list"))
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_the_staff_generates_then_edits(school, signed_in):
    client = signed_in(school.cast.elise)
    address = url("sessions_generate", school.cohort.uuid)
    page = client.get(address).content.decode()
    assert "300 h en 1re année" in page
    missing = client.post(address, {})
    assert missing.status_code == 422
    data = {f"trainer_{subject.pk}": school.cast.bruno.pk for subject in school.subjects}
    response = client.post(address, data, follow=True)
    assert "demi-journées sont planifiées" in response.content.decode()
    session = ClassSession.objects.first()
    edit = url("session_edit", session.uuid)
    assert client.post(edit, {"subject": "0", "trainer": "x"}).status_code == 422
    subject = school.subjects[2]
    data = {"subject": subject.pk, "trainer": school.cast.bruno.pk, "room": school.room("B2").pk}
    page = client.post(edit, data, follow=True).content.decode()
    assert "B2" in page
    session.refresh_from_db()
    assert session.edited_at is not None


@pytest.mark.parametrize("week", ["", "2026-W02", "n'importe quoi", "9999-W99", "0000-W00"])
def test_the_planning_reads_any_week(school, session, signed_in, week):
    for person in (school.cast.elise, school.cast.bruno):
        response = signed_in(person).get(url("planning"), {"semaine": week, "promotion": "x"})
        assert response.status_code == 200
        if week in ("", "2026-W02"):
            assert "Négociation-vente" in response.content.decode()


def test_the_apprentice_reads_hours_calendar_and_half_days(school, sheet, signed_in):
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha), at=at(9, 2))
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(9, 5))
    school.session(MONDAY, "apres_midi")
    page = signed_in(school.cast.aicha).get(url("my_attendance")).content.decode()
    assert "Calendrier des demi-journées" in page
    assert "lundi 5 janvier 2026, matin : présent" in page
    assert "1 demi-journée à venir" in page
    assert "100 %" in page
