"""What is left to invoice and what is to be credited, when the schedule has changed since."""

from datetime import date
from decimal import Decimal

import pytest

from apprentices.billing import accounts_of, awaited_of, lines_of
from apprentices.funding import funding_schedule

FIRST = {"1-1": "3182.40"}
HALF = {"1-1": "3182.40", "1-2": "2386.80"}
YEAR = {**HALF, "1-3": "1591.20", "1-4": "795.60"}


def schedule(broken=None, npec="7956"):
    return funding_schedule(
        Decimal(npec),
        concluded_on=date(2026, 1, 5),
        starts_on=date(2026, 1, 5),
        ends_on=date(2027, 6, 30),
        broken_on=date.fromisoformat(broken) if broken else None,
    )


@pytest.mark.parametrize(
    ("broken", "npec", "billed", "credited", "left", "to_credit"),
    [
        pytest.param(None, "7956", {}, {}, ["7956.00", "3858.12"], ["0", "0"], id="nothing invoiced"),
        pytest.param(None, "7956", FIRST, {}, ["4773.60", "3858.12"], ["0", "0"], id="a first instalment"),
        pytest.param("2026-04-14", "7956", FIRST, {}, ["0"], ["1002.67"], id="broken after 100 days"),
        pytest.param("2026-04-14", "7956", FIRST, {1: "1002.67"}, ["0.00"], ["0.00"], id="credited"),
        pytest.param("2026-04-14", "7956", {}, {}, ["2179.73"], ["0"], id="broken, nothing invoiced"),
        pytest.param("2026-12-31", "7956", HALF, {}, ["2299.61"], ["0"], id="broken, a balance is left"),
        pytest.param(None, "7000", YEAR, {}, ["0", "3394.52"], ["956.00", "0"], id="amount corrected down"),
        pytest.param("2026-12-31", "7956", {**YEAR, "2-1": "1543.25"}, {}, ["0", "0"], ["87.19", "1543.25"], id="a year that never began"),
    ],
)  # fmt: skip
def test_each_year_is_settled_apart(broken, npec, billed, credited, left, to_credit):
    found = schedule(broken, npec)
    billed = {code: Decimal(amount) for code, amount in billed.items()}
    credited = {year: Decimal(amount) for year, amount in credited.items()}
    accounts = accounts_of(found, billed, credited)
    assert [a.left for a in accounts] == [Decimal(x) for x in left]
    assert [a.to_credit for a in accounts] == [Decimal(x) for x in to_credit]
    # The open lines are worth exactly what is left.
    lines = [line for line in lines_of(found, billed, credited) if line.code not in billed]
    assert sum(line.amount for line in lines) == sum(a.left for a in accounts)
    assert all(line.amount >= 0 for line in lines)


def test_the_lines_are_the_schedules_own_while_nothing_changes():
    found = schedule()
    assert lines_of(found, {}, {}) == found.lines
    assert lines_of(found, {"1-1": Decimal("3182.40")}, {}) == found.lines


def test_a_year_worth_more_than_its_invoices_has_a_complement():
    billed = {code: Decimal(amount) for code, amount in YEAR.items()}
    lines = [line for line in lines_of(schedule(npec="8000"), billed, {}) if line.year == 1]
    assert [line.code for line in lines] == ["1-1", "1-2", "1-3", "1-4", "1-5"]
    assert (str(lines[-1].amount), "complémentaire" in lines[-1].join) == ("44.00", True)


@pytest.mark.parametrize(
    ("unpaid", "credited", "awaited"),
    [
        pytest.param(FIRST, {}, FIRST, id="no avoir"),
        pytest.param(FIRST, {1: "1002.67"}, {"1-1": "2179.73"}, id="an avoir is deducted"),
        pytest.param(HALF, {1: "2400"}, {"1-1": "3169.20"}, id="from the latest invoice first"),
        pytest.param(FIRST, {1: "3182.40"}, {}, id="wholly credited"),
        pytest.param(FIRST, {2: "100"}, FIRST, id="another year's avoir"),
        pytest.param({}, {1: "100"}, {}, id="paid, then credited"),
    ],
)
def test_an_avoir_is_deducted_from_what_is_awaited(unpaid, credited, awaited):
    found = awaited_of(
        {code: Decimal(amount) for code, amount in unpaid.items()},
        {year: Decimal(amount) for year, amount in credited.items()},
    )
    assert found == {code: Decimal(amount) for code, amount in awaited.items()}
