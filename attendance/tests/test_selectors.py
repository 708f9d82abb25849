"""Questions of other pages, in a constant number of queries."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.actions import countersign_sheet, mark_absent, note_times, open_sheet, sign_presence
from attendance.counters import counters_of
from attendance.selectors import (
    hours_of,
    next_session,
    today_sessions,
)

from .recipes import MONDAY, at, own_phone, trainer_device

pytestmark = pytest.mark.django_db


def hold(school, session, seed: int, *, late: int = 0):
    """A half-day at which Aïcha signs, countersigned."""
    day = session.date
    sheet = open_sheet(
        session=session,
        by=school.cast.bruno,
        at=at(session.starts_at.hour, session.starts_at.minute, day),
    )
    presence = school.presence(sheet)
    moment = at(session.starts_at.hour, 45, day)
    sign_presence(presence=presence, **own_phone(school.cast.aicha, seed), at=moment)
    if late:
        left = at(session.ends_at.hour, session.ends_at.minute, day) - timedelta(minutes=late)
        note_times(presence=presence, by=school.cast.bruno, left_at=left.time())
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno, seed + 1), at=at(18, 0, day))
    return sheet


def test_the_forecast_counts_on_today_and_on_what_waits_for_its_countersignature(school):
    """Else a planning that just reaches the minimum would lack a half-day each morning at the CFA."""
    yesterday = open_sheet(session=school.session(), by=school.cast.bruno, at=at(9))
    sign_presence(presence=school.presence(yesterday), **own_phone(school.cast.aicha), at=at(9, 1))
    hold(school, school.session(date(2026, 1, 6)), 3)
    school.session(date(2026, 1, 6), "apres_midi")
    school.session(date(2026, 1, 12))
    counters = counters_of([school.enrolment], date(2026, 1, 6))[school.enrolment.pk]
    assert (counters.countersigned, counters.pending) == (210, 210)
    assert counters.outlook.expected == 4 * 210


def test_the_hours_follow_the_half_days(school):
    hold(school, school.session(), 1)
    hold(school, school.session(half="apres_midi"), 3, late=30)
    absent = open_sheet(
        session=school.session(date(2026, 1, 6)),
        by=school.cast.bruno,
        at=at(9, 0, date(2026, 1, 6)),
    )
    mark_absent(presence=school.presence(absent), by=school.cast.bruno)
    school.session(date(2026, 1, 12))
    school.session(
        date(2026, 1, 13),
        state="cancelled",
        cancelled_at=at(9),
        cancelled_by=school.cast.elise,
        cancel_reason="Grève",
    )
    hours = hours_of([school.enrolment], date(2026, 1, 6))[school.enrolment.pk]
    assert hours.planned == Decimal("14.00")
    assert hours.held == Decimal("10.50")
    assert hours.present == Decimal("6.50")
    assert hours.absent == Decimal("4.00")
    assert hours.excused == 0
    # Eighteen months of a BTS at 675 h a year: 1012.5 h (CE D643-8).
    assert hours.minimum == Decimal("1012.50")
    assert hours_of([school.enrolment], MONDAY)[school.enrolment.pk].held == Decimal("7.00")


def test_who_comes_later_or_leaves_has_fewer_hours_planned(school):
    for day in (5, 6, 12, 13):
        school.session(date(2026, 1, day))
    later = school.enrol("Léa", "Petit", starts_on=date(2026, 1, 6))
    leaver = school.enrol("Yanis", "Roche", ends_on=date(2026, 1, 6))
    found = hours_of([school.enrolment, later, leaver], MONDAY)
    assert [found[e.pk].planned for e in (school.enrolment, later, leaver)] == [
        Decimal("14.00"),
        Decimal("10.50"),
        Decimal("7.00"),
    ]


def test_the_hours_of_many_cost_as_much_as_of_one(school):
    people = [school.enrolment]
    counts = []
    hold(school, school.session(), 1)
    for name in ("Léa", "Yanis", "Zoé"):
        with CaptureQueriesContext(connection) as queries:
            assert len(hours_of(people, MONDAY)) == len(people)
        counts.append(len(queries))
        people.append(school.enrol(name, "Petit"))
    assert set(counts) == {4}
    assert hours_of([], MONDAY) == {}


def test_the_sessions_of_the_day_are_the_centres_or_the_trainers(school):
    school.session(half="apres_midi")
    school.session()
    school.session(date(2026, 1, 6))
    found = today_sessions(school.cast.cfa, MONDAY)
    assert [s.half for s in found] == ["matin", "apres_midi"]
    assert len(today_sessions(school.cast.cfa, MONDAY, trainer=school.cast.bruno)) == 2
    assert not today_sessions(school.cast.cfa, MONDAY, trainer=school.cast.elise)
    assert not today_sessions(school.cast.other_cfa, MONDAY)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(8, 0), (MONDAY, "matin")),
        (at(12, 29), (MONDAY, "matin")),
        (at(12, 30), (MONDAY, "apres_midi")),
        (at(17, 0), (date(2026, 1, 6), "matin")),
        (at(17, 0, date(2026, 1, 6)), None),
    ],
)
def test_the_next_half_day_is_the_one_under_way_or_to_come(school, moment, expected):
    for day, half in ((MONDAY, "matin"), (MONDAY, "apres_midi"), (date(2026, 1, 6), "matin")):
        school.session(day, half)
    found = next_session(school.enrolment, moment)
    assert (found and (found.date, found.half)) == expected


def test_a_half_day_signed_or_closed_is_no_more_the_next_one(school, signed_in):
    morning, afternoon = school.session(), school.session(half="apres_midi")
    sheet = open_sheet(session=morning, by=school.cast.bruno, at=at(9))
    assert next_session(school.enrolment, at(12, 40)) == morning  # over, and still to sign
    with time_machine.travel(at(12, 40), tick=False):
        countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno))
        assert next_session(school.enrolment, at(12, 40)) == afternoon
        home = signed_in(school.cast.aicha).get(reverse("home")).content.decode()
    assert "close sans votre signature" in home
    sheet = open_sheet(session=afternoon, by=school.cast.bruno, at=at(13, 30))
    presence = school.presence(sheet)
    sign_presence(presence=presence, **own_phone(school.cast.aicha), at=at(13, 31))
    assert next_session(school.enrolment, at(13, 32)) is None
