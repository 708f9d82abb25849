"""Moving, cancelling, making up: signatures stay, people are told, nobody is in two places."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.errors import DomainError, NotAllowed
from accounts.models import Event
from apprentices.models import Cohort
from attendance.actions import (
    add_exception,
    add_makeup,
    cancel_session,
    countersign_sheet,
    generate_sessions,
    move_session,
    open_sheet,
    reopen_sheet,
    save_room,
    sign_presence,
    update_session,
)
from attendance.actions.planning import Assignment
from attendance.counters import cohort_free_half_days
from attendance.enums import ExceptionKind, NoticeKind, SessionState
from attendance.models import Absence, ClassSession, Notice
from attendance.selectors import hours_of

from .recipes import MONDAY, RHYTHM, add_trainer, at, own_phone, trainer_device

pytestmark = pytest.mark.django_db
THURSDAY = MONDAY + timedelta(days=3)


def move(school, session, **fields):
    values = {"date": THURSDAY, "half": "matin", "reason": "Formatrice malade", "today": MONDAY}
    return move_session(session=session, by=school.cast.elise, **values | fields)


def other_cohort(school) -> Cohort:
    return Cohort.objects.create(
        cfa=school.cast.cfa,
        programme=school.cohort.programme,
        name="Autre",
        starts_on=MONDAY,
        ends_on=date(2027, 6, 30),
        rhythm=RHYTHM,
    )


def assign(school, **rooms):
    return [Assignment(s, school.cast.bruno, rooms.get(s.title)) for s in school.subjects]


def test_a_move_tells_the_trainer_and_the_apprentices(school):
    session = move(school, school.session())
    assert (session.date, session.origin_date) == (THURSDAY, MONDAY)
    notice = Notice.objects.get(kind=NoticeKind.MOVED)
    assert set(notice.recipients) == {school.cast.bruno.email, school.cast.aicha.email}
    assert "Formatrice malade" in notice.text
    assert "jeudi 8 janvier 2026" in notice.text
    assert Event.objects.about(session).get().reason == "Formatrice malade"


def test_a_move_to_another_day_keeps_the_signatures_where_they_were_given(school):
    session = school.session()
    sheet = open_sheet(session=session, by=school.cast.bruno, at=at(9))
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha), at=at(9, 1))
    moved = move(school, session)
    session.refresh_from_db()
    sheet.refresh_from_db()
    assert moved.pk != session.pk
    assert moved.state == SessionState.PLANNED
    assert session.state == SessionState.CANCELLED
    assert "Déplacée au 08/01/2026" in session.cancel_reason
    assert sheet.session_id == session.pk
    assert sheet.presences.filter(signature__isnull=False).count() == 1
    assert hours_of([school.enrolment], THURSDAY)[school.enrolment.pk].held == 0


def test_a_move_on_the_same_day_takes_the_sheet_along(school):
    session = school.session()
    sheet = open_sheet(session=session, by=school.cast.bruno, at=at(9))
    moved = move(school, session, date=MONDAY, starts_at=time(10), ends_at=time(13))
    sheet.refresh_from_db()
    assert moved.pk == session.pk == sheet.session_id
    assert (moved.starts_at, moved.ends_at) == (time(10), time(13))


@pytest.mark.parametrize(
    "hours",
    [
        {"half": "apres_midi"},  # the same day, another half-day
        {"starts_at": time(11), "ends_at": time(13)},  # signed two hours before
    ],
)
def test_a_sheet_signed_at_other_hours_stays_where_it_was_signed(school, hours):
    session = school.session()
    sheet = open_sheet(session=session, by=school.cast.bruno, at=at(9))
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha), at=at(9, 1))
    moved = move(school, session, **{"date": MONDAY} | hours)
    session.refresh_from_db()
    assert moved.pk != session.pk
    assert session.state == SessionState.CANCELLED
    assert not hasattr(moved, "sheet")


def test_a_reopened_half_day_that_is_moved_leaves_no_absence(school):
    session = school.session()
    sheet = open_sheet(session=session, by=school.cast.bruno, at=at(9))
    sheet = countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(12, 31))
    assert Absence.objects.exists()
    reopen_sheet(sheet=sheet, by=school.cast.elise, reason="Mauvais jour")
    move(school, session)
    assert not Absence.objects.exists()


@time_machine.travel(at(9))
def test_the_two_trainers_hear_of_a_half_day_that_changes_hands(school):
    vera = add_trainer(school.cast, "Vera", "Noël")
    session = school.session(date(2027, 6, 30))
    update_session(session=session, by=school.cast.elise, trainer=vera)
    assert Notice.objects.get().recipients == [vera.email, school.cast.bruno.email]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"starts_at": time(0), "ends_at": time(23, 59)}, "ends_at", "six heures"),
        ({"reason": "  "}, "reason", "motif"),
        ({"date": date(2026, 4, 6)}, "date", "férié"),
        ({"date": date(2027, 7, 1)}, "date", "entre ces dates"),
        ({"date": MONDAY - timedelta(days=1)}, "date", "entre ces dates"),
        ({"today": date(2026, 2, 1)}, "date", "passé"),
        ({"starts_at": time(12), "ends_at": time(11)}, "ends_at", "suivre"),
        ({"half": "nuit"}, "half", "matin"),
    ],
)
def test_an_impossible_move_is_said_beside_its_field(school, fields, field, words):
    session = school.session()
    with pytest.raises(DomainError, match=words) as caught:
        move(school, session, **fields)
    assert caught.value.field == field
    session.refresh_from_db()
    assert session.date == MONDAY
    assert not Notice.objects.exists()


def test_a_closure_takes_no_session(school):
    add_exception(
        cfa=school.cast.cfa,
        cohort=None,
        kind=ExceptionKind.CLOSURE,
        starts_on=THURSDAY,
        label="Inventaire",
        by=school.cast.elise,
    )
    with pytest.raises(DomainError, match=r"fermé le 08/01/2026 .Inventaire"):
        move(school, school.session())


@pytest.mark.parametrize(
    ("kind", "words"),
    [(ExceptionKind.CLOSURE, "fermé le 08/01"), (ExceptionKind.EXAM, "épreuves le 08/01")],
)
def test_a_morning_closed_leaves_its_afternoon(school, kind, words):
    line = {"cfa": school.cast.cfa, "cohort": school.cohort, "kind": kind, "half": "matin"}
    once = add_exception(**line, starts_on=THURSDAY, by=school.cast.elise)
    assert add_exception(**line, starts_on=THURSDAY, by=school.cast.elise) == once
    free = cohort_free_half_days(school.cohort, MONDAY - timedelta(days=30))
    assert (THURSDAY, "matin") not in free
    assert (THURSDAY, "apres_midi") in free
    with pytest.raises(DomainError, match=words):
        move(school, school.session(), half="matin")
    assert move(school, school.session(MONDAY, "apres_midi"), half="apres_midi").date == THURSDAY


def test_hours_that_overlap_are_refused_even_across_noon(school):
    school.session(THURSDAY, "apres_midi", cohort=other_cohort(school))
    with pytest.raises(DomainError, match="Bruno Caron a déjà une séance") as caught:
        move(school, school.session(), starts_at=time(11), ends_at=time(14))
    assert caught.value.field == "trainer"


def test_a_room_is_never_taken_twice(school):
    vera = add_trainer(school.cast, "Vera", "Noël")
    room = school.room("B2")
    school.session(cohort=other_cohort(school), trainer=vera, room=room)
    session = school.session()
    with pytest.raises(DomainError, match="B2 est déjà prise") as caught:
        update_session(session=session, by=school.cast.elise, room=room)
    assert caught.value.field == "room"


@pytest.mark.services
@pytest.mark.parametrize("what", ["trainer", "room", "cohort"])
def test_the_database_itself_refuses_two_places(school, what):
    vera, other = add_trainer(school.cast, "Vera", "Noël"), other_cohort(school)
    room, spare = school.room("B2"), school.room("B3")
    school.session(room=room)
    fields = {"trainer": vera, "room": spare, "cohort": other}
    fields[what] = {"trainer": school.cast.bruno, "room": room, "cohort": school.cohort}[what]
    refused = pytest.raises(IntegrityError, match=f"attendance_session_{what}_one_place")
    with refused, transaction.atomic():
        # Another name of half-day, so that only the hours can tell.
        school.session(half="apres_midi", starts_at=time(12), ends_at=time(15), **fields)


def test_a_cancelled_half_day_leaves_its_place_and_its_hours(school):
    generate_sessions(cohort=school.cohort, assignments=assign(school), by=school.cast.elise)
    session = ClassSession.objects.earliest("date", "starts_at")
    before = hours_of([school.enrolment], MONDAY)[school.enrolment.pk].planned
    cancel_session(session=session, reason="Grève des transports", by=school.cast.elise)
    after = hours_of([school.enrolment], MONDAY)[school.enrolment.pk].planned
    assert before - after == session.minutes / 60
    generate_sessions(cohort=school.cohort, assignments=assign(school), by=school.cast.elise)
    assert not ClassSession.objects.planned().filter(date=session.date, half=session.half).exists()
    with pytest.raises(DomainError, match="annulée"):
        update_session(session=session, by=school.cast.elise, trainer=school.cast.bruno)


def test_a_moved_half_day_is_kept_and_its_old_place_stays_empty(school):
    generate_sessions(cohort=school.cohort, assignments=assign(school), by=school.cast.elise)
    first = ClassSession.objects.earliest("date", "starts_at")
    count = ClassSession.objects.planned().count()
    moved = move(school, first)
    generate_sessions(cohort=school.cohort, assignments=assign(school), by=school.cast.elise)
    assert ClassSession.objects.planned().count() == count
    assert ClassSession.objects.get(pk=moved.pk).date == THURSDAY
    assert not ClassSession.objects.planned().filter(date=MONDAY, half="matin").exists()


def test_rooms_are_given_with_the_planning(school):
    small, large, media = school.room("A1", 1), school.room("B1", 20), school.room("Multimédia", 12)
    school.enrol("Léa", "Petit")
    vera = add_trainer(school.cast, "Vera", "Noël")
    busy = school.session(cohort=other_cohort(school), trainer=vera, room=media)
    sessions = generate_sessions(
        cohort=school.cohort,
        assignments=assign(school, Digital=media),
        by=school.cast.elise,
    )
    digital = [s for s in sessions if s.subject.title == "Digital"]
    assert {s.room for s in digital if (s.date, s.half) != (busy.date, busy.half)} == {media}
    assert {s.room for s in sessions} <= {large, media}
    assert small not in {s.room for s in sessions}
    first = next(s for s in sessions if (s.date, s.half) == (busy.date, busy.half))
    assert first.room == large


def test_make_up_half_days_are_kept_and_told(school):
    vera = add_trainer(school.cast, "Vera", "Noël")
    cohort = school.cohort
    cohort.ends_on = date(2099, 6, 30)
    cohort.save()
    day = date(2098, 1, 8)
    [session] = add_makeup(
        cohort=cohort,
        places=[(day, "matin")],
        subject=school.subjects[0],
        trainer=vera,
        by=school.cast.elise,
    )
    assert session.is_makeup
    assert session.edited_at
    assert vera.email in Notice.objects.get(kind=NoticeKind.ADDED).recipients
    with pytest.raises(DomainError, match="a déjà"):
        add_makeup(
            cohort=cohort,
            places=[(day, "matin")],
            subject=school.subjects[0],
            trainer=vera,
            by=school.cast.elise,
        )


@pytest.mark.parametrize("who", ["bruno", "aicha", "chantal", "gaelle", "auditor"])
def test_only_the_staff_moves_cancels_and_adds(school, who):
    session, by = school.session(), getattr(school.cast, who)
    with pytest.raises(NotAllowed):
        move_session(session=session, date=THURSDAY, half="matin", reason="x", by=by)
    with pytest.raises(NotAllowed):
        cancel_session(session=session, reason="x", by=by)
    with pytest.raises(NotAllowed):
        save_room(cfa=school.cast.cfa, name="A1", capacity=10, by=by)
