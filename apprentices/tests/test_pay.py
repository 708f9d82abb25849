"""The minimum pay: worked examples of docs/rules/remuneration.md, and what always holds."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apprentices.enums import ContractKind, PayBase
from apprentices.pay import (
    PayTerms,
    PayTermsError,
    age_on,
    amount,
    base_amount,
    benefits_in_kind,
    minimum_lines,
    minimum_segments,
    pay_schedule,
    payroll,
)
from apprentices.tables import BranchGrid, NoValueError, pay_tables
from programmes.calendar_rules import add_months, months_between

JUNE_2026 = Decimal("1867.02")


def born(age: int) -> date:
    """Someone of that age all along the year from 01/09/2026: no birthday changes the class."""
    return date(2026 - age, 8, 31)


def terms(born_on, starts="2026-09-01", ends="2028-08-31", cycle=24, smc=None) -> PayTerms:
    smc = Decimal(smc) if smc else None
    return PayTerms(born_on, date.fromisoformat(starts), date.fromisoformat(ends), cycle, smc)


def euros(segment, smc=None, smic=JUNE_2026, **kwargs) -> str:
    smc = Decimal(smc) if smc else None
    return str(amount(segment.rate, base_amount(segment.base, smc, smic), **kwargs))


@pytest.mark.parametrize(
    ("age", "year", "smc", "expected"),
    [
        pytest.param(17, 1, None, "504.10", id="E1"),
        pytest.param(19, 1, None, "802.82", id="E2"),
        pytest.param(19, 2, None, "952.18", id="E3: 20 years in year 2"),
        pytest.param(22, 1, None, "989.52", id="E4"),
        pytest.param(22, 1, "1800", "989.52", id="E4: SMC under the SMIC"),
        pytest.param(19, 1, "2000", "802.82", id="E6: SMC ignored under 21"),
        pytest.param(27, 1, None, "1867.02", id="E7"),
        pytest.param(27, 1, "2000", "2000.00", id="E7: SMC"),
    ],
)
def test_it_finds_the_monthly_minimum(age, year, smc, expected):
    segments = minimum_segments(terms(born(age), smc=smc))
    segment = next(s for s in segments if s.year == year)
    assert euros(segment, smc) == expected


def test_it_rounds_up_for_a_check_p14():
    segment = minimum_segments(terms(born(22)))[0]
    assert euros(segment, rounding=ROUND_CEILING) == "989.53"


@pytest.mark.parametrize(
    ("given_terms", "smic", "expected"),
    [
        pytest.param(
            terms(date(2009, 3, 10)),
            JUNE_2026,
            [
                ("2026-09-01", "2027-03-31", 1, "27", "504.10"),
                ("2027-04-01", "2027-08-31", 1, "43", "802.82"),
                ("2027-09-01", "2028-08-31", 2, "51", "952.18"),
            ],
            id="E8",
        ),
        pytest.param(
            terms(date(2005, 11, 20), "2025-09-01", "2027-08-31"),
            Decimal("1801.80"),
            [
                ("2025-09-01", "2026-08-31", 1, "43", "774.77"),
                ("2026-09-01", "2026-11-30", 2, "51", "918.92"),
                ("2026-12-01", "2027-08-31", 2, "61", "1099.10"),
            ],
            id="E10",
        ),
        pytest.param(
            terms(date(2006, 5, 2), "2026-09-01", "2027-08-31"),
            JUNE_2026,
            [
                ("2026-09-01", "2027-05-31", 2, "51", "952.18"),
                ("2027-06-01", "2027-08-31", 2, "61", "1138.88"),
            ],
            id="E13: 12 months for the second year of the cycle (P5), 21 on the way",
        ),
        pytest.param(
            terms(date(2005, 11, 20), "2026-01-05", "2027-06-30"),
            Decimal("1823.03"),
            [
                ("2026-01-05", "2026-07-04", 1, "43", "783.90"),
                ("2026-07-05", "2026-11-30", 2, "51", "929.75"),
                ("2026-12-01", "2027-06-30", 2, "61", "1112.05"),
            ],
            id="P5: 18 months of a cycle of 24",
        ),
        pytest.param(
            terms(date(2008, 10, 1)),
            JUNE_2026,
            [
                ("2026-09-01", "2026-10-31", 1, "27", "504.10"),
                ("2026-11-01", "2027-08-31", 1, "43", "802.82"),
                ("2027-09-01", "2028-08-31", 2, "51", "952.18"),
            ],
            id="P3: born on the 1st, the rate changes on the 1st of the next month",
        ),
        pytest.param(
            terms(date(2008, 9, 1)),
            JUNE_2026,
            [
                ("2026-09-01", "2027-08-31", 1, "43", "802.82"),
                ("2027-09-01", "2028-08-31", 2, "51", "952.18"),
            ],
            id="P3: birthday on the first day of the contract",
        ),
        pytest.param(
            terms(date(2008, 9, 15), "2026-09-10", "2028-09-09"),
            JUNE_2026,
            [
                ("2026-09-10", "2026-09-30", 1, "27", "504.10"),
                ("2026-10-01", "2027-09-09", 1, "43", "802.82"),
                ("2027-09-10", "2028-09-09", 2, "51", "952.18"),
            ],
            id="P2: birthday in the first month, after the start",
        ),
    ],
)
def test_it_cuts_the_contract_where_the_minimum_changes(given_terms, smic, expected):
    found = [
        (s.starts_on.isoformat(), s.ends_on.isoformat(), s.year, str(s.rate), euros(s, smic=smic))
        for s in minimum_segments(given_terms)
    ]
    assert found == expected


def test_it_follows_the_smic_in_the_payroll_view_p13():
    lines = minimum_lines(minimum_segments(terms(date(2005, 11, 20), "2025-09-01", "2027-08-31")))
    found = {line.starts_on.isoformat(): str(line.amount) for line in payroll(lines)}
    assert found == {
        "2025-09-01": "774.77",
        "2026-01-01": "783.90",
        "2026-06-01": "802.82",
        "2026-09-01": "952.18",
        "2026-12-01": "1138.88",
        "2027-01-01": "1138.88",
    }
    assert [line.is_known for line in payroll(lines)] == [True] * 5 + [False]


@pytest.mark.parametrize(
    ("smic", "expected"),
    [
        ("1801.80", "486.49 702.70 990.99 774.77 918.92 1207.21 954.95 1099.10 1405.40 1801.80"),
        ("1823.03", "492.22 710.98 1002.67 783.90 929.75 1221.43 966.21 1112.05 1421.96 1823.03"),
        ("1867.02", "504.10 728.14 1026.86 802.82 952.18 1250.90 989.52 1138.88 1456.28 1867.02"),
    ],
)
def test_it_gives_every_cell_of_the_table_of_ready_amounts(smic, expected):
    grid = pay_tables().grid_on(date(2026, 9, 1))
    cells = [
        amount(grid.rates[year][c.code], Decimal(smic))
        for c in grid.classes
        for year in ((1, 2, 3) if c.code != "26_up" else (1,))
    ]
    assert " ".join(map(str, cells)) == expected


def test_it_says_that_a_day_before_the_tables_has_no_value():
    with pytest.raises(NoValueError, match="grille"):
        minimum_segments(terms(date(1980, 1, 1), "1999-01-01", "2000-12-31"))


def test_it_has_a_smic_that_never_falls_and_follows_from_the_hour():
    smics = pay_tables().smics
    for smic in smics:
        assert (smic.hourly * 1820 / 12).quantize(Decimal("0.01")) - smic.monthly in (
            Decimal("0.00"),
            Decimal("0.01"),
            Decimal("-0.01"),
        )
        assert smic.source
    assert [s.monthly for s in smics] == sorted(s.monthly for s in smics)


days = st.dates(date(2019, 1, 1), date(2035, 12, 31))


@given(
    start=days.filter(lambda d: d >= date(2022, 1, 1)),
    length=st.integers(30, 1400),
    age_days=st.integers(15 * 366, 45 * 366),
    cycle=st.sampled_from([12, 24, 36]),
    smc=st.none() | st.decimals(1500, 4000, places=2),
)
def test_it_covers_the_contract_without_a_gap_and_never_goes_down(
    start, length, age_days, cycle, smc
):
    given_terms = PayTerms(
        start - timedelta(days=age_days), start, start + timedelta(days=length), cycle, smc
    )
    segments = minimum_segments(given_terms)
    assert segments[0].starts_on == given_terms.starts_on
    assert segments[-1].ends_on == given_terms.ends_on
    grid = pay_tables().grid_on(start)
    for before, after in pairwise(segments):
        assert after.starts_on == before.ends_on + timedelta(days=1)
        assert after.rate >= before.rate
        assert after.year >= before.year
    for segment in segments:
        assert segment.starts_on <= segment.ends_on
        # A class is never older than the age, nor a whole month younger.
        younger = grid.class_of(
            max(0, age_on(given_terms.born_on, add_months(segment.starts_on, -1)))
        )
        assert segment.rate >= grid.rate(segment.year, younger)
        assert segment.base in PayBase.values


@given(start=days, months=st.integers(1, 60))
def test_it_counts_whole_months(start, months):
    assert months_between(start, add_months(start, months) - timedelta(days=1)) == months


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"prolonged_on": date(2028, 9, 1), "ends_on": date(2029, 8, 31)}, ["43", "51", "51"], id="P4 prolonged: the last year's rate"),
        pytest.param({"ends_on": date(2029, 8, 31)}, ["43", "51", "67"], id="P4 not prolonged: third year"),
        pytest.param({"floor_rate": Decimal(67)}, ["67", "67"], id="P6 E16: former contract"),
        pytest.param({"floor_rate": Decimal(45)}, ["45", "51"], id="P6 never under the age grid"),
        pytest.param({"plus_15": True, "ends_on": date(2027, 8, 31)}, ["66"], id="P7 a year: second year + 15"),
        pytest.param({"plus_15": True, "ends_on": date(2027, 9, 30)}, ["43", "51"], id="P7 thirteen months: nothing"),
        pytest.param({"licence_professionnelle": True, "cycle_months": 12, "ends_on": date(2027, 8, 31)}, ["51"], id="P9 licence"),
        pytest.param({"cycle_months": 12, "ends_on": date(2027, 8, 31)}, ["43"], id="P9 no licence"),
    ],
)  # fmt: skip
def test_it_applies_the_special_rules(changes, expected):
    given_terms = replace(terms(date(2007, 9, 2)), **changes)
    rates = [str(s.rate) for s in minimum_segments(given_terms)]
    assert _without_repeats(rates, expected) == expected


def _without_repeats(rates, expected):
    """The rates of the years before 21: birthdays of the fixed birth do not matter here."""
    return rates[: len(expected)]


@pytest.mark.parametrize(
    ("rqth", "rate", "monthly"),
    [
        pytest.param(True, "93", "1736.33", id="E19"),
        pytest.param(False, "78", "1456.28", id="not RQTH"),
    ],
)
def test_it_adds_fifteen_points_to_the_fourth_year_p8(rqth, rate, monthly):
    # 21 on the first day, 24 in the fourth year.
    given_terms = terms(date(2005, 8, 1), "2026-09-01", "2030-08-31", cycle=36)
    last = minimum_segments(replace(given_terms, rqth=rqth))[-1]
    assert (last.year, str(last.rate), str(last.monthly)) == (4, rate, monthly)


def test_it_never_passes_a_hundred_percent():
    young = replace(terms(born(23), ends="2027-08-31"), plus_15=True, floor_rate=Decimal(100))
    assert {s.rate for s in minimum_segments(young)} == {Decimal(100)}


@pytest.mark.parametrize(
    ("value", "pay", "deductible"),
    [
        pytest.param("100", "802.82", "75.00", id="P10 75 % of the value"),
        pytest.param("2000", "802.82", "602.12", id="P10 three quarters of the pay"),
    ],
)
def test_it_limits_the_benefits_in_kind_p10(value, pay, deductible):
    found = benefits_in_kind(Decimal(value), Decimal(pay), date(2026, 9, 1))
    assert str(found.deductible) == deductible
    assert found.left == Decimal(pay) - found.deductible


@pytest.mark.parametrize(
    ("idcc", "rate"), [pytest.param("0001", "50", id="P11"), pytest.param("0002", "43", id="P11 other branch"), pytest.param("0003", "43", id="P11 lower agreement")]
)  # fmt: skip
def test_it_keeps_the_higher_of_the_code_and_the_branch(idcc, rate):
    lines = {y: {"18_20": Decimal(50)} for y in (1, 2, 3)}
    low = {y: {"18_20": Decimal(30)} for y in (1, 2, 3)}
    day = date(2026, 1, 1)
    tables = replace(
        pay_tables(),
        branches=(
            BranchGrid("0001", day, "accord", lines),
            BranchGrid("0003", day, "accord", low),
        ),
    )
    first = minimum_segments(replace(terms(born(19)), idcc=idcc), tables)[0]
    assert str(first.rate) == rate


def test_it_pays_in_proportion_to_the_weekly_hours_p15():
    assert str(minimum_segments(terms(born(19)))[0].monthly) == "802.82"
    longer = replace(terms(born(19)), weekly_minutes=39 * 60)
    assert str(minimum_segments(longer)[0].monthly) == "894.57"


@pytest.mark.parametrize(
    ("age", "bac", "smc", "expected"),
    [
        pytest.param(20, True, None, ("65", "smic", "1213.56"), id="E21"),
        pytest.param(20, False, None, ("55", "smic", "1026.86"), id="E22"),
        pytest.param(21, False, None, ("70", "smic", "1306.91"), id="21 years"),
        pytest.param(25, True, None, ("80", "smic", "1493.62"), id="25 years, bac pro"),
        pytest.param(27, True, None, ("100", "smic", "1867.02"), id="26 and more"),
        pytest.param(27, False, "2196.49", ("100", "smic", "1867.02"), id="85 % of the SMC under the SMIC"),
        pytest.param(27, False, "2196.50", ("85", "smc", "1867.03"), id="85 % of the SMC above the SMIC"),
    ],
)  # fmt: skip
def test_it_pays_a_contrat_de_professionnalisation(age, bac, smc, expected):
    given_terms = replace(
        terms(born(age), smc=smc), kind=ContractKind.PROFESSIONNALISATION, bac_professionnel=bac
    )
    found = {(str(s.rate), str(s.base), str(s.monthly)) for s in minimum_segments(given_terms)}
    assert found == {expected}


def test_it_knows_the_smic_of_mayotte():
    adult = replace(terms(born(27)), mayotte=True)
    assert str(minimum_segments(adult)[0].monthly) == "1449.93"


def test_it_says_that_a_smic_to_come_is_not_known_and_guesses_nothing_p16():
    schedule = pay_schedule(terms(date(2008, 1, 1), "2027-09-01", "2029-08-31"))
    assert [s.monthly for s in schedule.segments] == [None] * len(schedule.segments)
    assert "n'est pas encore connu" in schedule.remarks[0]
    with pytest.raises(NoValueError):
        pay_schedule(terms(date(2000, 1, 1), "2021-09-01", "2023-08-31"))


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_on": date(2026, 9, 1)},
        {"born_on": date(2026, 9, 1)},
        {"born_on": date(1900, 1, 1)},
        {"ends_on": date(2040, 1, 1)},
        {"cycle_months": 0},
        {"smc": Decimal(0)},
        {"floor_rate": Decimal(101)},
    ],
)
def test_it_refuses_impossible_terms(changes):
    with pytest.raises(PayTermsError):
        pay_schedule(replace(terms(date(2007, 1, 1)), **changes))
