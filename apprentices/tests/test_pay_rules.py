"""P1 to P16, each as rows in both directions: where the rule speaks, and where it must be silent."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, Decimal

import pytest

from apprentices.enums import ContractKind
from apprentices.pay import (
    PayLine,
    PayTerms,
    amount,
    benefits_in_kind,
    minimum_segments,
    pay_schedule,
    payroll,
)
from apprentices.tables import BranchGrid, pay_tables

# 19 years on the first day, two years for a cycle of two years, in the year of the last SMIC known.
USUAL = PayTerms(date(2007, 8, 31), date(2026, 9, 1), date(2028, 8, 31), 24)
YEAR = {"ends_on": date(2027, 8, 31)}
ADULT = {"born_on": date(2003, 8, 31)}
BRANCHES = replace(
    pay_tables(),
    branches=tuple(
        BranchGrid(idcc, date(2026, 1, 1), "accord", {n: {"18_20": Decimal(rate)} for n in (1, 2)})
        for idcc, rate in (("0001", 50), ("0003", 30))
    ),
)
# (rule and case, what is changed, « first day rate » of each segment, whether the rule is named)
ROWS = [
    ("P1 the second year begins on the anniversary", {"starts_on": date(2026, 1, 5), "ends_on": date(2028, 1, 4)}, ["2026-01-05 43", "2027-01-05 51"], None),
    ("P2 18, 21 and 26: the 1st of the next month", {"born_on": date(2008, 11, 10)}, ["2026-09-01 27", "2026-12-01 43", "2027-09-01 51"], True),
    ("P2 another birthday changes nothing", {"born_on": date(2007, 11, 10)}, ["2026-09-01 43", "2027-09-01 51"], False),
    ("P2 26 years on the way", {"born_on": date(2000, 11, 10)}, ["2026-09-01 53", "2026-12-01 100", "2027-09-01 100"], True),
    ("P4 extension after a failure: the last year's rate", {"prolonged_on": date(2028, 9, 1), "ends_on": date(2029, 8, 31), "born_on": date(2010, 9, 15)}, ["2026-09-01 27", "2027-09-01 39", "2028-09-01 39", "2028-10-01 51"], True),
    ("P4 a longer contract that is no extension", {"ends_on": date(2029, 8, 31), "born_on": date(2010, 9, 15)}, ["2026-09-01 27", "2027-09-01 39", "2028-09-01 55", "2028-10-01 67"], False),
    ("P4 the extension of a shortened contract keeps its years", {"prolonged_on": date(2027, 9, 1), "ends_on": date(2028, 8, 31)}, ["2026-09-01 51", "2027-09-01 51"], True),
    ("P5 a year for a cycle of two: the second year", YEAR, ["2026-09-01 51"], True),
    ("P5 18 months: six of the first year, then the second", {"ends_on": date(2028, 2, 29)}, ["2026-09-01 43", "2027-03-01 51"], True),
    ("P5 21 months and 9 days: the days after the months are no third year", {"starts_on": date(2026, 9, 22), "ends_on": date(2028, 6, 30)}, ["2026-09-22 43", "2027-06-22 51"], True),
    ("P5 as long as the cycle: nothing is deemed done", {}, ["2026-09-01 43", "2027-09-01 51"], False),
    ("P5 a year for a cycle of a year", {**YEAR, "cycle_months": 12}, ["2026-09-01 43"], False),
    ("P6 the last rate of the former contract", {"floor_rate": Decimal(67)}, ["2026-09-01 67", "2027-09-01 67"], True),
    ("P6 a former rate under the grid", {"floor_rate": Decimal(40)}, ["2026-09-01 43", "2027-09-01 51"], False),
    ("P7 a year, same level: 15 points", {**YEAR, "plus_15": True}, ["2026-09-01 66"], True),
    ("P7 more than a year: nothing", {"plus_15": True}, ["2026-09-01 43", "2027-09-01 51"], False),
    ("P7 never above 100 %", {**YEAR, **ADULT, "plus_15": True, "floor_rate": Decimal(95)}, ["2026-09-01 95"], True),
    ("P8 RQTH, fourth year: 15 points more than the third", {**ADULT, "rqth": True, "cycle_months": 36, "ends_on": date(2030, 8, 31), "born_on": date(2005, 8, 1)}, ["2026-09-01 53", "2027-09-01 61", "2028-09-01 78", "2029-09-01 93"], True),
    ("P8 RQTH, three years: the grid alone", {"rqth": True, "cycle_months": 36, "ends_on": date(2029, 8, 31), "born_on": date(2005, 8, 1)}, ["2026-09-01 53", "2027-09-01 61", "2028-09-01 78"], False),
    ("P8 fourth year without RQTH", {"cycle_months": 36, "ends_on": date(2030, 8, 31), "born_on": date(2005, 8, 1)}, ["2026-09-01 53", "2027-09-01 61", "2028-09-01 78", "2029-09-01 78"], False),
    ("P9 licence professionnelle: the second year's rate", {**YEAR, "cycle_months": 12, "licence_professionnelle": True}, ["2026-09-01 51"], True),
    ("P9 another diploma", {**YEAR, "cycle_months": 12}, ["2026-09-01 43"], False),
    ("P11 a branch above the code", {"idcc": "0001"}, ["2026-09-01 50", "2027-09-01 51"], True),
    ("P11 a branch under the code", {"idcc": "0003"}, ["2026-09-01 43", "2027-09-01 51"], False),
    ("P12 from 21 years, a SMC above the SMIC is the base", {**ADULT, "smc": Decimal("1867.03")}, ["2026-09-01 53", "2027-09-01 61"], True),
    ("P12 a SMC equal to the SMIC", {**ADULT, "smc": Decimal("1867.02")}, ["2026-09-01 53", "2027-09-01 61"], False),
    ("P12 under 21 years", {"smc": Decimal(2000)}, ["2026-09-01 43", "2027-09-01 51"], False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "changes", "expected", "speaks"),
    [pytest.param(row[0][:3].strip(), *row[1:], id=row[0]) for row in ROWS],
)
def test_each_rule_speaks_where_it_must_and_only_there(rule, changes, expected, speaks):
    terms = replace(USUAL, **changes)
    segments = minimum_segments(terms, BRANCHES)
    found = [f"{s.starts_on} {s.rate}" for s in segments]
    assert found == expected
    if speaks is not None:
        assert any(rule in s.rules for s in segments) is speaks


def test_every_grid_rule_has_its_rows_in_both_directions():
    for rule in ("P2", "P4", "P5", "P6", "P7", "P8", "P9", "P11", "P12"):
        said = {row[3] for row in ROWS if row[0].split()[0] == rule}
        assert said == {True, False}, rule


@pytest.mark.parametrize(
    ("born_on", "starts_on", "cut"),
    [
        pytest.param(date(2008, 10, 1), date(2026, 9, 1), "2026-11-01", id="P3 born on the 1st: the next month"),
        pytest.param(date(2008, 10, 2), date(2026, 9, 1), "2026-11-01", id="P3 born on the 2nd: the same"),
        pytest.param(date(2008, 9, 30), date(2026, 9, 1), "2026-10-01", id="P3 born on the 30th"),
        pytest.param(date(2008, 9, 1), date(2026, 9, 1), None, id="P3 birthday on the first day: at once"),
        pytest.param(date(2008, 9, 5), date(2026, 9, 10), None, id="P3 birthday earlier in the first month: at once"),
    ],
)  # fmt: skip
def test_a_birthday_changes_the_rate_on_the_first_of_the_next_month_p3(born_on, starts_on, cut):
    segments = minimum_segments(replace(USUAL, born_on=born_on, starts_on=starts_on))
    first = segments[0]
    if cut is None:
        assert str(first.rate) == "43"
    else:
        assert (str(first.rate), str(segments[1].starts_on), str(segments[1].rate)) == ("27", cut, "43")  # fmt: skip


@pytest.mark.parametrize(
    ("value", "pay", "deductible"),
    [
        ("100", "1000", "75.00"),
        ("1000", "1000", "750.00"),
        ("1001", "1000", "750.00"),
        ("0", "1000", "0.00"),
    ],
)
def test_benefits_in_kind_are_deducted_within_both_limits_p10(value, pay, deductible):
    found = benefits_in_kind(Decimal(value), Decimal(pay), date(2026, 9, 1))
    assert str(found.deductible) == deductible


def test_the_percentage_is_frozen_and_the_euros_follow_the_smic_p13():
    lines = (PayLine(date(2026, 1, 1), date(2026, 12, 31), 1, Decimal(43)),)
    found = payroll(lines)
    assert [(str(p.starts_on), str(p.rate), str(p.amount)) for p in found] == [
        ("2026-01-01", "43", "783.90"),
        ("2026-06-01", "43", "802.82"),
    ]
    # No change of the SMIC on the way: one line only.
    assert len(payroll((PayLine(date(2026, 6, 1), date(2026, 12, 31), 1, Decimal(43)),))) == 1


UP = {
    "1801.80": {"39": "702.71", "43": "774.78", "53": "954.96", "78": "1405.41"},
    "1823.03": {"39": "710.99", "43": "783.91", "67": "1221.44", "78": "1421.97"},
    "1867.02": {"55": "1026.87", "51": "952.19", "67": "1250.91", "53": "989.53", "61": "1138.89"},
}
SAME = {"1801.80": ("27", "51"), "1823.03": ("27", "51"), "1867.02": ("27", "43")}


@pytest.mark.parametrize("smic", UP)
def test_a_minimum_is_rounded_up_and_what_is_shown_to_the_nearest_p14(smic):
    base = Decimal(smic)
    for rate, expected in UP[smic].items():
        assert str(amount(Decimal(rate), base, ROUND_CEILING)) == expected
        assert amount(Decimal(rate), base) == Decimal(expected) - Decimal("0.01")
    for rate in SAME[smic]:
        exact = Decimal(rate) * base / 100
        assert amount(Decimal(rate), base) - exact < Decimal("0.01")
    assert str(amount(Decimal("65"), Decimal("1867.02"), ROUND_CEILING)) == "1213.57"


@pytest.mark.parametrize(
    ("minutes", "expected"), [(2100, "802.82"), (2340, "894.57"), (2400, "917.51")]
)
def test_the_euros_are_in_proportion_to_35_hours_p15(minutes, expected):
    assert str(minimum_segments(replace(USUAL, weekly_minutes=minutes))[0].monthly) == expected


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "monthly"),
    [
        pytest.param(date(2026, 12, 31), date(2028, 12, 30), "802.82", id="the last day known"),
        pytest.param(date(2027, 1, 1), date(2028, 12, 31), None, id="the day after"),
    ],
)
def test_a_smic_that_is_not_published_is_said_and_never_guessed_p16(starts_on, ends_on, monthly):
    schedule = pay_schedule(replace(USUAL, starts_on=starts_on, ends_on=ends_on))
    first = schedule.segments[0]
    assert (None if first.monthly is None else str(first.monthly)) == monthly
    assert any("n'est pas encore connu" in r for r in schedule.remarks) is (monthly is None)


@pytest.mark.parametrize(
    ("changes", "year", "euros"),
    [
        pytest.param({"floor_rate": Decimal(67)}, 1, "1250.90", id="E16"),
        pytest.param({**YEAR, "born_on": date(2006, 8, 31)}, 2, "952.18", id="E13"),
        pytest.param({"born_on": date(2000, 8, 31)}, 2, "1867.02", id="E7: the second year too"),
        pytest.param({"born_on": date(2000, 8, 31), "smc": Decimal(2000)}, 2, "2000.00", id="E7: SMC, second year"),
    ],
)  # fmt: skip
def test_the_worked_examples_that_follow_another_contract_or_a_smc(changes, year, euros):
    segments = minimum_segments(replace(USUAL, **changes))
    assert str(next(s for s in segments if s.year == year).monthly) == euros


@pytest.mark.parametrize("age", [20, 25])
def test_a_contrat_de_professionnalisation_keeps_the_class_of_its_first_day(age):
    """Section 2.6: the age at the start; 21 or 26 reached on the way changes nothing."""
    terms = replace(USUAL, born_on=date(2026 - age, 6, 1), kind=ContractKind.PROFESSIONNALISATION)
    rates = {s.rate for s in minimum_segments(terms)}
    assert rates == {Decimal(55) if age == 20 else Decimal(70)}
