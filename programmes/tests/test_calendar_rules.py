from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.calendar_rules import (
    Rhythm,
    Slot,
    add_months,
    add_working_days,
    half_days,
    holidays_of_year,
    hours_of,
    is_working_day,
    minimum_hours,
    minimum_hours_between,
    months_between,
    public_holidays,
    quarter_of_contract_hours,
    reachable_hours,
    working_days_between,
)
from programmes.enums import Half, Zone

MORNING = Slot(Half.MORNING, time(9), time(12, 30))
AFTERNOON = Slot(Half.AFTERNOON, time(13, 30), time(17))
LZ = Rhythm(weekdays=frozenset({0, 1}), slots=(MORNING, AFTERNOON))
BTS = {"hours_per_year": Decimal(675), "cycle_months": 24}


def fr(text: str) -> date:
    day, month, year = text.split("/")
    return date(int(year), int(month), int(day))


# Reference table, apprenticeship-rules 7.1: Easter, lundi de Pâques, Ascension, lundi de Pentecôte.
EASTER = [
    ("31/03/2024", "01/04/2024", "09/05/2024", "20/05/2024"),
    ("20/04/2025", "21/04/2025", "29/05/2025", "09/06/2025"),
    ("05/04/2026", "06/04/2026", "14/05/2026", "25/05/2026"),
    ("28/03/2027", "29/03/2027", "06/05/2027", "17/05/2027"),
    ("16/04/2028", "17/04/2028", "25/05/2028", "05/06/2028"),
    ("01/04/2029", "02/04/2029", "10/05/2029", "21/05/2029"),
    ("21/04/2030", "22/04/2030", "30/05/2030", "10/06/2030"),
]
FIXED = ["01/01", "01/05", "08/05", "14/07", "15/08", "01/11", "11/11", "25/12"]


@pytest.mark.parametrize(
    ("easter", "monday", "ascension", "pentecote"), EASTER, ids=[row[0][-4:] for row in EASTER]
)
def test_the_public_holidays_of_a_year_are_the_eleven_of_the_law(
    easter, monday, ascension, pentecote
):
    days = holidays_of_year(fr(easter).year)
    by_name = {name: day for day, name in days.items()}

    assert by_name["Lundi de Pâques"] == fr(monday) == fr(easter) + timedelta(days=1)
    assert by_name["Ascension"] == fr(ascension)
    assert by_name["Lundi de Pentecôte"] == fr(pentecote)
    fixed = {fr(f"{day}/{easter[-4:]}") for day in FIXED}
    assert set(days) == fixed | {fr(monday), fr(ascension), fr(pentecote)}


@pytest.mark.parametrize(("easter"), [row[0] for row in EASTER])
def test_alsace_moselle_adds_vendredi_saint_and_the_26th_of_december(easter):
    year = fr(easter).year
    extra = set(holidays_of_year(year, Zone.ALSACE_MOSELLE)) - set(holidays_of_year(year))
    assert extra == {fr(easter) - timedelta(days=2), date(year, 12, 26)}


@pytest.mark.parametrize("year", [2024, 2026, 2030])
@pytest.mark.parametrize(
    ("zone", "day", "month"),
    [
        (Zone.MAYOTTE, 27, 4),
        (Zone.MARTINIQUE, 22, 5),
        (Zone.GUADELOUPE, 27, 5),
        (Zone.GUYANE, 10, 6),
        (Zone.REUNION, 20, 12),
    ],
)
def test_overseas_adds_the_day_of_abolition_and_no_local_custom(zone, day, month, year):
    # In 2030 the day of Guyane is also lundi de Pentecôte.
    assert set(holidays_of_year(year, zone)) == {*holidays_of_year(year), date(year, month, day)}


def test_every_zone_is_known_and_keeps_the_holidays_of_metropole():
    for zone in Zone:
        assert holidays_of_year(2026).items() <= holidays_of_year(2026, zone).items()


def test_the_answer_may_be_changed_without_changing_the_next_one():
    holidays_of_year(2026).clear()
    assert len(holidays_of_year(2026)) == 11


def test_public_holidays_two_dates_cross_the_year_and_include_both_ends():
    found = public_holidays(date(2026, 12, 25), date(2027, 1, 1))
    assert list(found) == [date(2026, 12, 25), date(2027, 1, 1)]
    assert public_holidays(date(2027, 1, 2), date(2027, 1, 1)) == {}


# --- rhythm ----------------------------------------------------------------------------------------


def test_a_week_of_monday_and_tuesday_holds_four_half_days_of_three_and_a_half_hours():
    found = half_days(date(2026, 1, 5), date(2026, 1, 11), LZ)
    assert [(d.date.day, d.half, d.starts, d.hours) for d in found] == [
        (5, Half.MORNING, time(9), Decimal("3.5")),
        (5, Half.AFTERNOON, time(13, 30), Decimal("3.5")),
        (6, Half.MORNING, time(9), Decimal("3.5")),
        (6, Half.AFTERNOON, time(13, 30), Decimal("3.5")),
    ]
    assert LZ.hours_per_day == 7


def test_lz_formation_can_reach_1057_hours_from_january_2026_to_june_2027():
    """docs/rules/calendrier.md: 78 Mondays and 78 Tuesdays, five of them public holidays, 7 h each."""
    first, last = date(2026, 1, 5), date(2027, 6, 30)
    off = [day for day in public_holidays(first, last) if day.weekday() in LZ.weekdays]

    assert [f"{day:%d/%m/%Y}" for day in off] == [
        "06/04/2026",
        "25/05/2026",
        "14/07/2026",
        "29/03/2027",
        "17/05/2027",
    ]
    assert len(half_days(first, last, LZ)) == (156 - 5) * 2
    assert reachable_hours(first, last, LZ) == Decimal(1057)
    assert months_between(first, last) == 18
    assert minimum_hours_between(first, last, **BTS) == Decimal("1012.50")


def test_no_half_day_falls_on_a_holiday_of_the_zone():
    monday = date(2026, 12, 21)
    strasbourg = Rhythm(LZ.weekdays | {5}, LZ.slots, Zone.ALSACE_MOSELLE)
    paris = Rhythm(LZ.weekdays | {5}, LZ.slots)
    saint_etienne = date(2026, 12, 26)
    assert saint_etienne in {d.date for d in half_days(monday, date(2026, 12, 27), paris)}
    assert saint_etienne not in {d.date for d in half_days(monday, date(2026, 12, 27), strasbourg)}


def test_closures_take_days_out_even_when_they_overlap_the_period_or_each_other():
    first, last = date(2026, 1, 5), date(2026, 1, 20)
    closures = [(date(2025, 12, 1), date(2026, 1, 5)), (date(2026, 1, 5), date(2026, 1, 6))]
    found = {d.date for d in half_days(first, last, LZ, closures=closures)}
    assert found == {date(2026, 1, 12), date(2026, 1, 13), date(2026, 1, 19), date(2026, 1, 20)}


def test_extra_days_add_whole_days_but_never_a_holiday_nor_a_closed_day():
    first, last = date(2026, 5, 11), date(2026, 5, 17)
    extra = [date(2026, 5, 13), date(2026, 5, 14), date(2026, 5, 15), date(2026, 6, 1)]
    found = {
        d.date
        for d in half_days(
            first, last, LZ, extra_days=extra, closures=[(date(2026, 5, 15), date(2026, 5, 15))]
        )
    }
    assert found == {date(2026, 5, 11), date(2026, 5, 12), date(2026, 5, 13)}


def test_one_week_out_of_three_turns_from_its_first_week():
    rhythm = Rhythm(
        weekdays=frozenset(range(5)),
        slots=(MORNING,),
        cycle_weeks=3,
        cfa_weeks=frozenset({1}),
        anchor=date(2026, 1, 7),
    )
    found = {d.date for d in half_days(date(2025, 12, 22), date(2026, 2, 8), rhythm)}
    weeks = {(day - timedelta(days=day.weekday())).strftime("%d/%m/%Y") for day in found}
    assert weeks == {"22/12/2025", "12/01/2026", "02/02/2026"}


def test_a_period_that_ends_before_it_begins_holds_nothing():
    assert half_days(date(2026, 1, 6), date(2026, 1, 5), LZ) == []
    assert reachable_hours(date(2026, 1, 6), date(2026, 1, 5), LZ) == 0


def test_hours_are_exact_to_the_minute():
    odd = Rhythm(frozenset({0}), (Slot(Half.MORNING, time(9), time(11, 20)),))
    days = half_days(date(2026, 1, 5), date(2026, 1, 25), odd)
    assert hours_of(days) == Decimal("7.00")
    assert hours_of(days[:1]) == Decimal("2.33")


def test_a_rhythm_survives_its_stored_form():
    turning = Rhythm(
        frozenset({0, 4}),
        (MORNING, AFTERNOON),
        Zone.REUNION,
        cycle_weeks=2,
        cfa_weeks=frozenset({1}),
        anchor=date(2026, 1, 5),
    )
    assert Rhythm.from_json(LZ.to_json()) == LZ
    assert Rhythm.from_json(turning.to_json()) == turning


MALFORMED = [
    {},
    None,
    {"weekdays": [], "halves": LZ.to_json()["halves"]},
    {"weekdays": [7], "halves": LZ.to_json()["halves"]},
    {"weekdays": [0], "halves": []},
    {"weekdays": [0], "halves": [{"half": "nuit", "starts": "09:00", "ends": "12:30"}]},
    {"weekdays": [0], "halves": [{"half": "matin", "starts": "12:30", "ends": "09:00"}]},
    {"weekdays": [0], "halves": [{"half": "matin", "starts": 9, "ends": 12}]},
    {"weekdays": [0], "halves": LZ.to_json()["halves"] * 2},
    {
        "weekdays": [0],
        "halves": [
            {"half": "matin", "starts": "09:00", "ends": "14:00"},
            {"half": "apres_midi", "starts": "13:00", "ends": "17:00"},
        ],
    },
    {**LZ.to_json(), "zone": "lune"},
    {**LZ.to_json(), "cycle_weeks": 2},
    {**LZ.to_json(), "cycle_weeks": 2, "cfa_weeks": [5], "anchor": "2026-01-05"},
    {**LZ.to_json(), "cycle_weeks": "deux"},
]


@pytest.mark.parametrize("data", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_rhythm_is_refused(data):
    with pytest.raises(ValueError, match=r".+"):
        Rhythm.from_json(data)


# --- durations -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "hours"),
    [
        pytest.param(24, "1350", id="D2: cycle entier"),
        pytest.param(12, "675", id="D2: ramené à un an"),
        pytest.param(18, "1012.50", id="D3: 18 mois"),
        pytest.param(15, "843.75", id="D3: 15 mois"),
        pytest.param(6, "337.50", id="D2: six mois"),
        pytest.param(36, "1350", id="plus long que le cycle"),
        pytest.param(0, "0", id="rien"),
    ],
)
def test_minimum_hours_follow_the_months(months, hours):
    assert minimum_hours(months, **BTS) == Decimal(hours)


def test_a_negative_duration_is_refused():
    with pytest.raises(ValueError, match="négative"):
        minimum_hours(-1, **BTS)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("01/09/2026", "31/08/2028", 24),
        ("05/01/2026", "30/06/2027", 18),
        ("01/09/2026", "31/08/2027", 12),
        ("31/01/2026", "28/02/2026", 1),
        ("01/02/2026", "14/02/2026", 1),
        ("01/03/2026", "15/03/2026", 0),
        ("01/03/2026", "16/03/2026", 1),
        ("29/02/2024", "28/02/2025", 12),
        ("01/01/2026", "01/01/2026", 0),
    ],
)
def test_months_are_rounded_to_the_nearest_whole_month(first, last, months):
    assert months_between(fr(first), fr(last)) == months


def test_months_of_a_period_that_ends_before_it_begins_are_refused():
    with pytest.raises(ValueError, match="précède"):
        months_between(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [
        pytest.param("01/01/2026", "31/12/2026", "401.75", id="D1: un an"),
        pytest.param("01/01/2026", "31/12/2027", "803.50", id="D1: 24 mois"),
        pytest.param("05/01/2026", "30/06/2027", "596.57", id="542 jours"),
    ],
)
def test_the_labour_code_asks_a_quarter_of_the_contract(first, last, hours):
    assert quarter_of_contract_hours(fr(first), fr(last)) == Decimal(hours)


@given(st.dates(date(1995, 1, 1), date(2095, 1, 1)), st.integers(0, 60))
def test_whole_months_are_counted_back(first, months):
    last = add_months(first, months) - timedelta(days=1)
    if last >= first:
        assert months_between(first, last) == months


# --- working days ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("05/01/2026", True, id="lundi"),
        pytest.param("10/01/2026", True, id="samedi: ouvrable"),
        pytest.param("11/01/2026", False, id="dimanche"),
        pytest.param("01/05/2026", False, id="férié"),
    ],
)
def test_working_days_go_from_monday_to_saturday_without_holidays(day, expected):
    assert is_working_day(fr(day)) is expected


@pytest.mark.parametrize(
    ("start", "zone", "limit"),
    [
        pytest.param("05/01/2026", Zone.METROPOLE, "10/01/2026", id="V20: dans la semaine"),
        pytest.param("07/01/2026", Zone.METROPOLE, "13/01/2026", id="V20: un dimanche"),
        pytest.param("30/04/2026", Zone.METROPOLE, "07/05/2026", id="V20: dimanche et 1er mai"),
        pytest.param("11/05/2026", Zone.METROPOLE, "18/05/2026", id="V20: Ascension et dimanche"),
        pytest.param("21/12/2026", Zone.METROPOLE, "28/12/2026", id="V20: Noël et dimanche"),
        pytest.param("21/12/2026", Zone.ALSACE_MOSELLE, "29/12/2026", id="V20: et 26 décembre"),
        pytest.param("26/12/2026", Zone.METROPOLE, "02/01/2027", id="V20: jour de l'an"),
    ],
)
def test_the_contract_is_sent_within_five_working_days(start, zone, limit):
    assert add_working_days(fr(start), 5, zone) == fr(limit)
    assert working_days_between(fr(start) + timedelta(days=1), fr(limit), zone) == 5


def test_no_working_day_later_is_the_day_itself_and_going_back_is_refused():
    assert add_working_days(date(2026, 1, 11), 0) == date(2026, 1, 11)
    with pytest.raises(ValueError, match="négatif"):
        add_working_days(date(2026, 1, 11), -1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 9, 5), 3, date(2026, 12, 5)),
        (date(2026, 10, 31), 2, date(2026, 12, 31)),
        (date(2008, 2, 29), 216, date(2026, 2, 28)),
    ],
)
def test_it_adds_months_to_the_end_of_short_ones(day, months, expected):
    assert add_months(day, months) == expected
