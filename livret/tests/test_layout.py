"""Periods laid by month, block or quarter, and laid again over periods that hold something."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livret.enums import Cadence
from livret.rules import layout, spans
from livret.rules.layout import Held

FIRST, LAST = date(2026, 1, 5), date(2027, 6, 30)
DAY = timedelta(days=1)


def test_it_lays_a_period_each_month_or_quarter_from_the_first_day():
    months = layout.starts(Cadence.MONTHLY, FIRST, LAST)
    assert (months[0], months[1], len(months)) == (FIRST, date(2026, 2, 5), 18)
    quarters = layout.starts(Cadence.QUARTERLY, FIRST, LAST)
    assert quarters == [span.starts_on for span in spans(FIRST, LAST)]


def test_it_lays_a_period_from_one_block_at_the_cfa_to_the_next():
    # One week at the CFA out of three, and a short week: two days a week would be one single block.
    weeks = [FIRST + timedelta(weeks=3 * n) for n in range(10)]
    days = [monday + timedelta(days=n) for monday in weeks for n in range(5)]
    assert layout.starts(Cadence.BLOCK, FIRST, LAST, days) == weeks
    weekly = [FIRST + timedelta(weeks=n, days=d) for n in range(70) for d in (0, 1)]
    assert layout.starts(Cadence.BLOCK, FIRST, LAST, weekly) == [FIRST]


@pytest.mark.parametrize(
    ("begins", "word"),
    [
        ([], "commence avec la promotion"),
        ([FIRST + DAY], "commence avec la promotion"),
        ([FIRST, FIRST], "se suivent"),
        ([FIRST, FIRST + 3 * DAY], "moins de 7 jours"),
        ([FIRST, LAST + DAY], "après la fin"),
        ([FIRST, FIRST + timedelta(days=40)], ""),
    ],
)
def test_it_says_why_the_days_cannot_be_taken(begins, word):
    refused = layout.refusal(begins, FIRST, LAST)
    assert word in refused
    assert bool(refused) == bool(word)


def test_a_written_quarter_keeps_its_days_when_the_months_come():
    held = [
        Held(1, 1, FIRST, date(2026, 4, 4), is_signed=True, is_written=True),
        Held(2, 2, date(2026, 4, 5), date(2026, 7, 4), is_written=True),
        Held(3, 3, date(2026, 7, 5), LAST),
    ]
    laid = layout.relay(held, layout.starts(Cadence.MONTHLY, FIRST, LAST), FIRST, LAST)
    assert [(p.key, p.number) for p in laid[:3]] == [(1, 1), (2, 2), (3, 3)]
    assert (laid[1].ends_on, laid[2].ends_on) == (date(2026, 7, 4), date(2026, 8, 4))


def test_a_written_month_follows_a_boundary_that_moves_by_some_days():
    held = [
        Held(1, 1, FIRST, date(2026, 2, 4), is_written=True),
        Held(2, 2, date(2026, 2, 5), LAST),
    ]
    laid = layout.relay(held, [FIRST, date(2026, 2, 12)], FIRST, LAST)
    assert [(p.key, p.ends_on) for p in laid] == [(1, date(2026, 2, 11)), (2, LAST)]


@st.composite
def layouts(draw):
    """Periods as they may be, some signed, some written with dated tasks, and any new first days."""
    lengths = draw(st.lists(st.integers(7, 100), min_size=1, max_size=9))
    held, day = [], FIRST
    for n, length in enumerate(lengths, start=1):
        end = day + timedelta(days=length - 1)
        is_signed = draw(st.integers(0, 5)) == 0
        is_written = is_signed or draw(st.booleans())
        done = [day + timedelta(days=draw(st.integers(0, length - 1)))] if is_written else []
        held.append(Held(n, n, day, end, is_signed, is_written, tuple(done)))
        day = end + DAY
    last = day + timedelta(days=draw(st.integers(-60, 60)))
    begins = {FIRST + timedelta(days=n) for n in draw(st.sets(st.integers(1, 600), max_size=12))}
    return held, [FIRST, *sorted(begins)], max(last, FIRST)


@given(layouts())
def test_however_it_is_laid_again_nothing_written_is_lost_and_no_day_is_left_out(case):
    held, begins, last = case
    laid = layout.relay(held, begins, FIRST, last)
    assert laid[0].starts_on == FIRST
    assert laid[-1].ends_on >= last
    for one, two in pairwise(laid):
        assert two.starts_on == one.ends_on + DAY
        assert two.number == one.number + 1
    by_key = {period.key: period for period in laid if period.key}
    assert len(by_key) == sum(period.key is not None for period in laid)
    for period in held:
        now = by_key.get(period.key)
        assert now or not period.is_written
        if period.is_signed:
            assert (now.number, now.starts_on, now.ends_on) == (
                period.number,
                period.starts_on,
                period.ends_on,
            )
        for day in period.done_on:
            assert now.starts_on <= day <= now.ends_on
