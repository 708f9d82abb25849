"""The pure rules, as rows whose identifiers name their source."""

import contextlib
import json
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import signatures
from attendance.enums import PresenceState, SheetState
from attendance.rules import calendar, hours, spreading, windows, workflow

LINE = [[10, 100, 0], [300, 100, 90]]


@pytest.mark.parametrize(
    ("strokes", "message"),
    [
        (None, signatures.UNREADABLE),
        ({}, signatures.UNREADABLE),
        ("text", signatures.UNREADABLE),
        ([], signatures.EMPTY),
        ([[]], signatures.UNREADABLE),
        ([LINE, []], signatures.UNREADABLE),
        ([[[10, 10]]], signatures.UNREADABLE),
        ([[[10, 10, 0, 0]]], signatures.UNREADABLE),
        ([[["10", 10, 0]]], signatures.UNREADABLE),
        ([[[True, 10, 0]]], signatures.UNREADABLE),
        ([[[float("nan"), 10, 0]]], signatures.UNREADABLE),
        ([[[float("inf"), 10, 0]]], signatures.UNREADABLE),
        ([[[10**400, 10, 0]]], signatures.UNREADABLE),
        ([[[-1, 10, 0]]], signatures.UNREADABLE),
        ([[[601, 10, 0]]], signatures.UNREADABLE),
        ([[[10, 201, 0]]], signatures.UNREADABLE),
        ([[[10, 10, -5]]], signatures.UNREADABLE),
        ([[[10, 10, 0]]], signatures.TOO_LITTLE),
        ([[[10, 10, 0], [69, 10, 9]]], signatures.TOO_LITTLE),
        ([[[10, 10, 0]]] * 100, signatures.TOO_LITTLE),
        ([LINE] * 201, signatures.TOO_LARGE),
        ([[[1, 1, 0]] * 5001], signatures.TOO_LARGE),
    ],
)
def test_it_refuses_what_is_not_a_signature(strokes, message):
    with pytest.raises(signatures.BadSignature, match=message[:20]):
        signatures.clean_strokes(strokes)


def test_the_same_drawing_has_one_hash():
    one = signatures.clean_strokes([[[10, 100, 0], [300.04, 100, 90.4]]])
    two = signatures.clean_strokes([[[10.0, 100.0, 0.0], [300.0, 100, 90]]])
    assert one == two
    assert signatures.digest(strokes=one) == signatures.digest(strokes=two)
    assert signatures.digest(strokes=one) != signatures.digest(typed_name="Aïcha Benali")


@pytest.mark.parametrize("raw", ["{", "[1,", "nonsense", "[" * 10_000])
def test_it_refuses_text_that_is_not_json(raw):
    with pytest.raises(signatures.BadSignature):
        signatures.parse_strokes(raw)


def test_it_refuses_megabytes_before_reading_them():
    with pytest.raises(signatures.BadSignature, match="trop longue"):
        signatures.parse_strokes("[" + "1," * 2_500_000)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=30))
def test_any_value_is_a_signature_or_a_sentence(value):
    with contextlib.suppress(signatures.BadSignature):
        assert signatures.ink(signatures.clean_strokes(value)) >= signatures.MIN_INK


points = st.tuples(st.floats(0, 600), st.floats(0, 200), st.integers(0, 60_000))


@given(st.lists(st.lists(points, min_size=1, max_size=20), min_size=1, max_size=5))
def test_cleaning_twice_changes_nothing_and_survives_json(strokes):
    try:
        once = signatures.clean_strokes(strokes)
        twice = signatures.clean_strokes(json.loads(json.dumps(once)))
    except signatures.BadSignature:
        return
    assert twice == once
    assert set(signatures.svg_path(once)) <= set("MLh0123456789.e- ")


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("Aïcha Benali", True),
        ("aicha benali", True),
        ("BENALI  Aïcha", True),
        ("Aicha-Benali", True),
        ("Benali", False),
        ("Aïcha Benali Caron", False),
        ("Bruno Caron", False),
        (".", False),
        ("   ", False),
        ("<script>", False),
    ],
)
def test_the_typed_name_is_the_signers_own(typed, accepted):
    if accepted:
        assert signatures.clean_typed_name(typed, ["Aïcha Benali"])
    else:
        with pytest.raises(signatures.BadSignature):
            signatures.clean_typed_name(typed, ["Aïcha Benali"])


MORNING = windows.Window(date(2026, 1, 5), time(9), time(12, 30))


@pytest.mark.parametrize(
    ("window", "now", "opens", "signs"),
    [
        (MORNING, datetime(2026, 1, 5, 8, 49, 59), False, False),
        (MORNING, datetime(2026, 1, 5, 8, 50), True, True),
        (MORNING, datetime(2026, 1, 5, 12, 29), True, True),
        (MORNING, datetime(2026, 1, 5, 23, 59), True, True),
        (MORNING, datetime(2026, 1, 6, 0, 0), False, False),
        (MORNING, datetime(2026, 1, 4, 9, 0), False, False),
        (
            windows.Window(date(2026, 7, 14), time(9), time(12, 30), "Fête nationale"),
            datetime(2026, 7, 14, 9, 5),
            False,
            False,
        ),
    ],
    ids=[
        "9 min 59 too early",
        "opening",
        "end",
        "same evening",
        "day after",
        "day before",
        "14 July",
    ],
)
def test_the_window_of_a_half_day(window, now, opens, signs):
    assert (windows.opening_refusal(window, now) == "") is opens
    assert (windows.signing_refusal(window, now, is_closed=False) == "") is signs
    assert windows.signing_refusal(window, now, is_closed=True)


def test_the_trainer_countersigns_after_the_start_only():
    assert windows.countersigning_refusal(MORNING, datetime(2026, 1, 5, 8, 59))
    assert not windows.countersigning_refusal(MORNING, datetime(2026, 1, 5, 9))
    assert not windows.countersigning_refusal(MORNING, datetime(2026, 1, 9, 9))


def test_every_dated_value_has_its_source():
    assert all(row.source for row in windows.OPENING_MINUTES)
    with pytest.raises(LookupError):
        windows.minutes_on(windows.OPENING_MINUTES, date(1999, 1, 1))


def test_a_signed_presence_never_loses_its_signature():
    for (state, _deed), after in workflow.PRESENCE_TRANSITIONS.items():
        if state in workflow.SIGNED:
            assert after in workflow.SIGNED


def test_closing_leaves_nobody_expected_and_only_a_reopening_follows_it():
    for state in PresenceState:
        after = workflow.next_presence_state(state, workflow.PresenceDeed.CLOSE)
        assert after not in (None, PresenceState.EXPECTED)
    deeds = {deed for state, deed in workflow.SHEET_TRANSITIONS if state == SheetState.CLOSED}
    assert deeds == {workflow.SheetDeed.REOPEN}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], ("0.00", "0.00", "0.00", "0.00")),
        ([hours.Counted("present", 210)], ("3.50", "3.50", "0.00", "0.00")),
        ([hours.Counted("late", 210, 20)], ("3.50", "3.17", "0.33", "0.00")),
        ([hours.Counted("late", 210, 900)], ("3.50", "0.00", "3.50", "0.00")),
        ([hours.Counted("absent", 210)], ("3.50", "0.00", "3.50", "0.00")),
        ([hours.Counted("excused", 210)], ("3.50", "0.00", "0.00", "3.50")),
        ([hours.Counted("expected", 210)], ("3.50", "0.00", "0.00", "0.00")),
    ],
    ids=["nothing", "signed", "20 min late", "absurd lateness", "absent", "excused", "undecided"],
)
def test_what_a_half_day_counts(lines, expected):
    counted = hours.count_hours(840, lines, Decimal("1012.5"))
    figures = (counted.held, counted.present, counted.absent, counted.excused)
    assert figures == tuple(map(Decimal, expected))
    assert counted.planned == 14


def test_the_rates_of_assiduity():
    counted = hours.count_hours(
        0,
        [
            hours.Counted("present", 600),
            hours.Counted("absent", 200),
            hours.Counted("excused", 200),
        ],
        Decimal(20),
    )
    assert (counted.rate, counted.rate_without_excused) == (Decimal("60.0"), Decimal("75.0"))
    assert counted.missing == 10
    assert hours.count_hours(0, [], Decimal(0)).rate is None


@given(st.lists(st.sampled_from(list(PresenceState)), max_size=40), st.integers(0, 300))
def test_no_hour_is_counted_twice(states, missed):
    counted = hours.count_hours(0, [hours.Counted(s, 240, missed) for s in states], Decimal(0))
    assert counted.held == 4 * len(states)
    assert counted.present + counted.absent + counted.excused + counted.pending == counted.held


SHARES = [spreading.Share(key, Decimal(h)) for key, h in ((1, 300), (2, 225), (3, 150))]


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 1, 5), 1), (date(2027, 1, 4), 1), (date(2027, 1, 5), 2), (date(2027, 6, 30), 2)],
)
def test_the_second_year_begins_on_the_anniversary(day, year):
    assert spreading.year_of(day, date(2026, 1, 5)) == year


def test_the_largest_remainder_gives_out_every_half_day():
    assert spreading.quotas(SHARES, 9) == {1: 4, 2: 3, 3: 2}
    assert spreading.quotas(SHARES, 10) == {1: 5, 2: 3, 3: 2}
    assert spreading.quotas(SHARES, 0) == {1: 0, 2: 0, 3: 0}
    assert spreading.spread(SHARES, 9) == [1, 2, 3, 1, 2, 1, 3, 2, 1]


share_lists = st.lists(st.integers(0, 400), min_size=1, max_size=8).filter(any)


@given(share_lists, st.integers(1, 150), st.data())
def test_spreading_respects_the_quotas_and_is_found_again(amounts, total, data):
    shares = [spreading.Share(key, Decimal(h)) for key, h in enumerate(amounts)]
    chosen = spreading.spread(shares, total)
    target = spreading.quotas(shares, total)
    assert {key: chosen.count(key) for key in target} == target
    for key, count in target.items():
        assert abs(count - total * amounts[key] / sum(amounts)) < 1
    held = data.draw(st.sets(st.integers(0, total - 1)))
    assert spreading.spread(shares, total, kept={i: chosen[i] for i in held}) == chosen


@given(share_lists, st.integers(1, 60), st.data())
def test_no_trainer_is_planned_where_he_teaches_elsewhere(amounts, total, data):
    shares = [spreading.Share(key, Decimal(h)) for key, h in enumerate(amounts)]
    keys = st.frozensets(st.integers(0, len(amounts) - 1))
    busy = data.draw(st.dictionaries(st.integers(0, total - 1), keys))
    for slot, key in enumerate(spreading.spread(shares, total, busy=busy)):
        assert key is None or (key not in busy.get(slot, ()) and amounts[key] > 0)


def test_the_calendar_puts_each_half_day_in_its_own_cell():
    entries = [
        calendar.Entry(date(2026, month, day), row, "present", "titre")
        for month, day in ((1, 5), (1, 6), (1, 12), (2, 2))
        for row in (0, 1)
    ]
    drawing = calendar.draw(entries)
    places = {(cell.x, cell.y) for cell in drawing.cells}
    assert len(places) == len(entries)
    assert all(cell.x + drawing.size <= drawing.width for cell in drawing.cells)
    assert all(cell.y + drawing.size <= drawing.height for cell in drawing.cells)
    assert [label.text for label in drawing.months] == ["janv.", "févr."]
    assert [label.text for label in drawing.days] == ["lun.", "mar."]
    assert calendar.draw([]) is None
