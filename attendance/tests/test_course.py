"""The calendar of a course: rhythms, exceptions, company days; pure rules, no database."""

from datetime import date, time

import pytest

from attendance.calendars import school_breaks
from attendance.enums import ExceptionKind
from attendance.rules.course import (
    Change,
    breaks_between,
    company_days,
    course_days,
    halves_of,
    known_until,
    trial_ends_on,
)
from programmes.calendar_rules import Rhythm, Slot
from programmes.enums import Half, Zone

AM = Slot(Half.MORNING, time(9), time(12, 30))
PM = Slot(Half.AFTERNOON, time(13, 30), time(17))
MON_TUE = Rhythm(weekdays=frozenset({0, 1}), slots=(AM, PM))
FIRST, LAST = date(2026, 1, 5), date(2026, 1, 30)  # four weeks, no holiday


def days_at_cfa(rhythm, *changes, first=FIRST, last=LAST) -> list[str]:
    halves = halves_of(course_days(first, last, rhythm, changes))
    return sorted({f"{half.date:%d/%m}" for half in halves})


RHYTHMS = {
    "weekly-mask": (MON_TUE, "05 06 12 13 19 20 26 27"),
    "one-week-in-two": (
        Rhythm(weekdays=frozenset({0, 4}), slots=(AM, PM), cycle_weeks=2, anchor=FIRST),
        "05 09 19 23",
    ),
    "one-week-in-three": (
        Rhythm(weekdays=frozenset({0}), slots=(AM,), cycle_weeks=3, anchor=date(2026, 1, 7)),
        "05 26",
    ),
    "blocks": (
        Rhythm(
            weekdays=frozenset({0, 1, 2, 3, 4}),
            slots=(AM, PM),
            blocks=((date(2026, 1, 8), date(2026, 1, 13)), (date(2026, 1, 30), LAST)),
        ),
        "08 09 12 13 30",
    ),
}


@pytest.mark.parametrize("name", RHYTHMS)
def test_it_reads_each_pattern(name):
    rhythm, expected = RHYTHMS[name]
    assert days_at_cfa(rhythm) == [f"{day}/01" for day in expected.split()]
    assert Rhythm.from_json(rhythm.to_json()) == rhythm


def test_a_day_may_have_its_morning_only():
    rhythm = Rhythm(
        weekdays=frozenset({0, 1}),
        slots=(AM, Slot(Half.AFTERNOON, time(13, 30), time(17), frozenset({0}))),
    )
    assert Rhythm.from_json(rhythm.to_json()) == rhythm
    week = halves_of(course_days(FIRST, date(2026, 1, 9), rhythm))
    assert [(h.date.day, h.half) for h in week] == [
        (5, "matin"),
        (5, "apres_midi"),
        (6, "matin"),
    ]


def test_a_full_week_at_the_cfa_leaves_its_week_end_out():
    extra = Change(ExceptionKind.CFA, date(2026, 1, 12), date(2026, 1, 18))
    assert days_at_cfa(MON_TUE, extra)[2:7] == ["12/01", "13/01", "14/01", "15/01", "16/01"]


def test_a_saturday_named_alone_is_a_day_at_the_cfa():
    saturday = date(2026, 1, 10)
    assert "10/01" in days_at_cfa(MON_TUE, Change(ExceptionKind.CFA, saturday, saturday))


@pytest.mark.parametrize("kind", [ExceptionKind.CLOSURE, ExceptionKind.COMPANY, ExceptionKind.EXAM])
def test_what_takes_a_day_away_wins_over_extra_days(kind):
    monday = date(2026, 1, 5)
    changes = (Change(ExceptionKind.CFA, FIRST, LAST), Change(kind, monday, monday))
    assert "05/01" not in days_at_cfa(MON_TUE, *changes)


def test_half_a_day_may_leave_the_rhythm():
    change = Change(ExceptionKind.COMPANY, FIRST, FIRST, half="matin")
    assert [h.half for h in course_days(FIRST, FIRST, MON_TUE, [change])[0].halves] == [
        "apres_midi"
    ]


def test_a_public_holiday_is_stronger_than_everything():
    ascension = date(2026, 5, 14)
    extra = Change(ExceptionKind.CFA, ascension, ascension)
    day = course_days(ascension, ascension, MON_TUE, [extra])[0]
    assert (day.kind, day.halves, day.holiday) == ("holiday", (), "Ascension")


def test_alsace_has_a_day_more():
    friday = date(2026, 4, 3)
    local = Rhythm(weekdays=frozenset({4}), slots=(AM,), zone=Zone.ALSACE_MOSELLE)
    assert days_at_cfa(local, first=friday, last=friday) == []
    plain = Rhythm(weekdays=frozenset({4}), slots=(AM,))
    assert days_at_cfa(plain, first=friday, last=friday) == ["03/04"]


def test_company_days_are_working_days_out_of_the_cfa():
    days = course_days(FIRST, LAST, MON_TUE)
    assert company_days(days, FIRST, LAST) == 4 * 3


def test_the_45th_company_day_is_found():
    # Wednesday to Friday: three a week, so the 45th is the Friday of the 15th week, less holidays
    # on those days before it (none: 06/04 and 01/05 fall on a Monday and after it).
    days = course_days(FIRST, date(2026, 12, 31), MON_TUE)
    assert trial_ends_on(days, FIRST) == date(2026, 4, 17)
    assert trial_ends_on(days[:20], FIRST) is None


def test_the_centre_closed_sends_to_the_company():
    closed = Change(ExceptionKind.CLOSURE, FIRST, FIRST)
    days = course_days(FIRST, FIRST, MON_TUE, [closed])
    assert company_days(days, FIRST, FIRST) == 1


def test_school_holidays_are_those_of_the_zone():
    names = {
        zone: [
            b.first
            for b in breaks_between(school_breaks(), zone, date(2026, 2, 1), date(2026, 3, 10))
        ]
        for zone in "ABC"
    }
    assert names == {
        "A": [date(2026, 2, 7)],
        "B": [date(2026, 2, 14)],
        "C": [date(2026, 2, 21)],
    }
    assert known_until(school_breaks()) == date(2027, 5, 2)


def test_blocks_out_of_order_are_refused():
    with pytest.raises(ValueError, match="doit suivre"):
        Rhythm(weekdays=frozenset({0}), slots=(AM,), blocks=((LAST, FIRST),))
