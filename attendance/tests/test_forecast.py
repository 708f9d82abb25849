"""The forecast of the hours: pure rule, each row a situation."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.rules.forecast import Coming, forecast, spread_places

DAY = date(2026, 1, 5)


def weeks(count: int) -> list[Coming]:
    return [Coming(DAY + timedelta(days=7 * n), 210) for n in range(count)]


ROWS = {
    "reached-already": ((1000, 1000, 1000, 0, 0), ("done", None, 0, "Minimum atteint")),
    "reached-later": ((630, 210, 210, 3, 0), ("run", DAY + timedelta(days=7), 0, "le 12/01/2026")),
    "some-to-make-up": ((1050, 210, 210, 3, 840), ("todo", None, 1, "1 demi-journée à rattraper")),
    "half-absent-so-far": ((1785, 1155, 2310, 3, 999), ("todo", None, 2, "2 demi-journées")),
    "one-absence-is-no-trend": (
        (840, 210, 420, 3, 999),
        ("run", DAY + timedelta(days=14), 0, "le"),
    ),
    "out-of-reach": ((5000, 210, 210, 3, 420), ("stop", None, 20, "hors d'atteinte")),
    "not-begun": ((630, 0, 0, 3, 0), ("run", DAY + timedelta(days=14), 0, "19/01/2026")),
}


@pytest.mark.parametrize("name", ROWS)
def test_it_says_when_the_minimum_is_reached_or_what_is_missing(name):
    (minimum, done, held, coming, free), (kind, reached, half_days, word) = ROWS[name]
    result = forecast(
        minimum=minimum, done=done, held=held, coming=weeks(coming), free_minutes=free
    )
    assert (result.kind, result.reached_on, result.half_days) == (kind, reached, half_days)
    assert word in result.word


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 90000),
    st.integers(0, 60000),
    st.integers(0, 60000),
    st.integers(0, 60),
    st.integers(0, 30000),
)
def test_a_forecast_never_contradicts_itself(minimum, done, extra, coming, free):
    result = forecast(
        minimum=minimum, done=done, held=done + extra, coming=weeks(coming), free_minutes=free
    )
    assert result.expected >= done
    assert (result.half_days > 0) == (result.lacking > 0) or result.lacking == 0
    if result.reached_on:
        assert result.lacking == 0
    if result.is_out_of_reach:
        assert result.lacking > 0
        assert not result.is_reached


def test_make_ups_are_proposed_by_whole_days_in_different_weeks():
    free = [
        (DAY + timedelta(days=d), half) for d in (2, 3, 9, 10) for half in ("matin", "apres_midi")
    ]
    chosen = spread_places(free, 4)
    assert {day for day, _ in chosen} == {DAY + timedelta(days=2), DAY + timedelta(days=9)}
    assert len(spread_places(free, 3)) == 3
    assert spread_places(free, 99) == free
    assert spread_places([], 3) == []
