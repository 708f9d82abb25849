"""The deeds on half-days and sheets."""

from datetime import date, time

import pytest

from accounts.errors import DomainError, NotAllowed
from accounts.models import Event
from attendance.actions import (
    countersign_sheet,
    expect_again,
    mark_absent,
    note_times,
    open_sheet,
    sign_presence,
)
from attendance.enums import PresenceState, SheetState, SignatureKind, SignatureMethod
from attendance.models import AttendanceSheet, CalendarException, Presence, Signature

from .recipes import MONDAY, at, own_phone, strokes, trainer_device

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(school):
    return open_sheet(session=school.session(), by=school.cast.bruno, at=at(8, 55))


def events(subject) -> list[str]:
    return list(Event.objects.about(subject).order_by("pk").values_list("verb", flat=True))


def test_it_opens_with_everyone_enrolled_that_day_and_nobody_else(school):
    school.enrol("Parti", "Avant", starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 4))
    school.enrol("Pas", "Encore", starts_on=date(2026, 2, 1))
    stays = school.enrol("Léa", "Petit", ends_on=MONDAY)
    sheet = open_sheet(session=school.session(), by=school.cast.bruno, at=at(8, 55))
    assert {p.enrolment_id for p in sheet.presences.all()} == {school.enrolment.pk, stays.pk}
    assert events(sheet) == ["open_sheet"]
    assert sheet.opened_at == at(8, 55)


def test_opening_twice_gives_the_same_sheet_and_adds_only_newcomers(school, sheet):
    again = open_sheet(session=sheet.session, by=school.cast.bruno, at=at(8, 56))
    assert again.pk == sheet.pk
    assert events(sheet) == ["open_sheet"]
    school.enrol("Léa", "Petit")
    open_sheet(session=sheet.session, by=school.cast.bruno, at=at(9, 30))
    assert sheet.presences.count() == 2
    assert events(sheet) == ["open_sheet", "complete_sheet"]
    assert AttendanceSheet.objects.get().opened_at == at(8, 55)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(8, 49), "ouvre le 05/01/2026 à 8 h 50"),
        (at(9, 0, date(2026, 1, 6)), "est passée"),
    ],
    ids=["too early", "the day after"],
)
def test_it_does_not_open_outside_its_window(school, moment, words):
    with pytest.raises(DomainError, match=words):
        open_sheet(session=school.session(), by=school.cast.bruno, at=moment)
    assert not AttendanceSheet.objects.exists()


def test_it_does_not_open_on_a_public_holiday(school):
    # CAA Nantes 2021: a signature of 14 July discredits the whole file.
    session = school.session(date(2026, 7, 14))
    with pytest.raises(DomainError, match="férié"):
        open_sheet(session=session, by=school.cast.bruno, at=at(9, 0, date(2026, 7, 14)))


def test_it_does_not_open_without_apprentices(school):
    school.enrolment.ends_on = school.enrolment.starts_on
    school.enrolment.save()
    session = school.session(date(2026, 1, 6))
    with pytest.raises(DomainError, match="Aucun apprenti"):
        open_sheet(session=session, by=school.cast.bruno, at=at(9, 0, date(2026, 1, 6)))


@pytest.mark.parametrize("who", ["aicha", "chantal", "denis", "gaelle", "auditor"])
def test_only_the_trainer_and_the_staff_open(school, who):
    with pytest.raises(NotAllowed):
        open_sheet(session=school.session(), by=getattr(school.cast, who), at=at(9))


def test_the_apprentice_signs_and_the_trace_is_kept(school, sheet):
    presence = sign_presence(
        presence=school.presence(sheet),
        **own_phone(school.cast.aicha),
        user_agent="Téléphone " * 50,
        ip="192.0.2.7",
        at=at(9, 2),
    )
    signature = Signature.objects.get()
    assert presence.state == PresenceState.PRESENT
    assert (signature.kind, signature.signer) == (SignatureKind.DRAWN, school.cast.aicha)
    assert signature.signed_at == at(9, 2)
    assert len(signature.sha256) == 64
    assert len(signature.user_agent) == 300
    event = Event.objects.about(presence).get()
    assert event.happened_at == at(9, 2)
    assert event.data["sha256"] == signature.sha256


def test_a_typed_name_is_a_signature_too(school, sheet):
    sign_presence(
        presence=school.presence(sheet),
        by=school.cast.aicha,
        typed_name="  benali AICHA ",
        method=SignatureMethod.OWN_PHONE,
        at=at(9, 2),
    )
    signature = Signature.objects.get()
    assert (signature.kind, signature.typed_name) == (SignatureKind.TYPED, "benali AICHA")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"strokes": None}, "strokes"),
        ({"strokes": []}, "strokes"),
        ({"strokes": [[[10, 10, 0], [12, 12, 5]]]}, "strokes"),
        ({"strokes": [[[10, 10, 0], [900, 12, 5]]]}, "strokes"),
        ({"strokes": "<svg onload=alert(1)>"}, "strokes"),
        ({"typed_name": "Quelqu'un d'autre"}, "typed_name"),
        ({"typed_name": "   "}, "strokes"),
    ],
)
def test_a_bad_signature_changes_nothing(school, sheet, given, field):
    with pytest.raises(DomainError) as caught:
        sign_presence(
            presence=school.presence(sheet),
            by=school.cast.aicha,
            method=SignatureMethod.OWN_PHONE,
            at=at(9, 2),
            **given,
        )
    assert caught.value.field == field
    assert not Signature.objects.exists()
    assert school.presence(sheet).state == PresenceState.EXPECTED


def test_it_refuses_a_second_signature(school, sheet):
    presence = school.presence(sheet)  # a stale object, as a double click holds one
    sign_presence(presence=presence, **own_phone(school.cast.aicha), at=at(9, 2))
    with pytest.raises(DomainError, match="déjà signé cette demi-journée à 9 h 02"):
        sign_presence(presence=presence, **own_phone(school.cast.aicha, seed=9), at=at(9, 3))
    assert Signature.objects.count() == 1


def test_it_refuses_the_copy_of_another_signature(school, sheet):
    other = school.enrol("Léa", "Petit")
    open_sheet(session=sheet.session, by=school.cast.bruno, at=at(9))
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha, 5), at=at(9, 2))
    with pytest.raises(DomainError, match="copie"):
        sign_presence(
            presence=sheet.presences.get(enrolment=other),
            **trainer_device(school.cast.bruno, 5),
            at=at(9, 3),
        )
    assert Signature.objects.count() == 1


def test_nobody_signs_for_somebody_else_on_a_phone(school, sheet):
    for who in ("bruno", "elise", "chantal", "denis", "gaelle"):
        with pytest.raises(NotAllowed):
            sign_presence(
                presence=school.presence(sheet),
                **own_phone(getattr(school.cast, who)),
                at=at(9, 2),
            )


@pytest.mark.parametrize("who", ["aicha", "chantal", "denis", "gaelle", "auditor"])
def test_only_the_trainer_and_the_staff_pass_the_device(school, sheet, who):
    with pytest.raises(NotAllowed):
        sign_presence(
            presence=school.presence(sheet),
            **trainer_device(getattr(school.cast, who)),
            at=at(9, 2),
        )


@pytest.mark.parametrize(
    ("moment", "words"),
    [(at(8, 40), "ouvre le"), (at(9, 0, date(2026, 1, 6)), "ne se signe plus")],
)
def test_it_refuses_another_moment(school, sheet, moment, words):
    with pytest.raises(DomainError, match=words):
        sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha), at=moment)


def test_it_refuses_who_left_the_cohort(school, sheet):
    school.enrolment.starts_on = date(2026, 1, 6)
    school.enrolment.save()
    with pytest.raises(DomainError, match="n'est pas inscrit"):
        sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha), at=at(9, 2))


def test_an_excuse_needs_its_reason(school, sheet):
    with pytest.raises(DomainError) as caught:
        mark_absent(presence=school.presence(sheet), by=school.cast.bruno, excused=True)
    assert caught.value.field == "reason"


def test_an_absence_marked_by_mistake_is_undone_by_signing_or_by_hand(school, sheet):
    presence = school.presence(sheet)
    mark_absent(presence=presence, by=school.cast.bruno)
    assert expect_again(presence=presence, by=school.cast.bruno).state == PresenceState.EXPECTED
    mark_absent(presence=presence, by=school.cast.bruno, excused=True, reason="Convocation")
    signed = sign_presence(presence=presence, **own_phone(school.cast.aicha), at=at(9, 2))
    assert (signed.state, signed.reason) == (PresenceState.PRESENT, "")


def test_who_signed_is_not_marked_absent_but_may_be_late(school, sheet):
    presence = school.presence(sheet)
    with pytest.raises(DomainError, match="pas encore signé"):
        note_times(presence=presence, by=school.cast.bruno, arrived_at=time(9, 10))
    sign_presence(presence=presence, **own_phone(school.cast.aicha), at=at(9, 20))
    with pytest.raises(DomainError, match="déjà signé"):
        mark_absent(presence=presence, by=school.cast.bruno)
    with pytest.raises(DomainError, match="après la fin"):
        note_times(presence=presence, by=school.cast.bruno, arrived_at=time(12, 30))
    late = note_times(
        presence=presence, by=school.cast.bruno, arrived_at=time(9, 20), left_at=time(12, 15)
    )
    assert (late.state, late.minutes_missed) == (PresenceState.LATE, 35)
    assert late.signature is not None
    on_time = note_times(presence=presence, by=school.cast.bruno)
    assert (on_time.state, on_time.minutes_missed) == (PresenceState.PRESENT, 0)


def test_countersigning_makes_the_absences_and_locks_the_sheet(school, sheet):
    absent = school.enrol("Léa", "Petit")
    open_sheet(session=sheet.session, by=school.cast.bruno, at=at(9))
    presence = school.presence(sheet)
    sign_presence(presence=presence, **own_phone(school.cast.aicha), at=at(9, 2))
    closed = countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(12, 30))
    assert closed.state == SheetState.CLOSED
    assert closed.closed_at == at(12, 30)
    assert sheet.presences.get(enrolment=absent).state == PresenceState.ABSENT
    late = sheet.presences.get(enrolment=absent)
    for deed in (
        lambda: sign_presence(presence=late, **trainer_device(school.cast.bruno, 7), at=at(12, 31)),
        lambda: mark_absent(presence=late, by=school.cast.bruno, excused=True, reason="x"),
        lambda: expect_again(presence=late, by=school.cast.bruno),
        lambda: note_times(presence=presence, by=school.cast.bruno, left_at=time(12)),
        lambda: open_sheet(session=sheet.session, by=school.cast.bruno, at=at(12, 31)),
        lambda: countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno, 8), at=at(13)),
    ):
        with pytest.raises(DomainError, match="close"):
            deed()
    assert Presence.objects.get(pk=late.pk).state == PresenceState.ABSENT


@pytest.mark.parametrize("who", ["elise", "farid", "aicha", "gaelle", "auditor"])
def test_nobody_countersigns_for_the_trainer(school, sheet, who):
    with pytest.raises(NotAllowed):
        countersign_sheet(sheet=sheet, **trainer_device(getattr(school.cast, who)), at=at(12, 30))


def test_one_does_not_countersign_before_the_start(school, sheet):
    with pytest.raises(DomainError, match="commence à 9 h"):
        countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(8, 58))


def test_an_empty_countersignature_closes_nothing(school, sheet):
    with pytest.raises(DomainError, match="vide"):
        countersign_sheet(
            sheet=sheet,
            by=school.cast.bruno,
            strokes=[],
            method=SignatureMethod.TRAINER_DEVICE,
            at=at(12, 30),
        )
    sheet.refresh_from_db()
    assert sheet.state == SheetState.OPEN
    assert school.presence(sheet).state == PresenceState.EXPECTED


def test_strokes_of_the_recipes_differ():
    assert strokes(1) != strokes(2)


def test_a_closed_day_has_no_sheet(school):
    session = school.session()
    CalendarException.objects.create(
        cfa=school.cast.cfa, kind="fermeture", label="Pont", starts_on=MONDAY, ends_on=MONDAY
    )
    with pytest.raises(DomainError, match=r"fermé le 05/01/2026 \(Pont\)"):
        open_sheet(session=session, by=school.cast.bruno, at=at(9))
