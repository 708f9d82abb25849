"""The schedule of the OPCO's instalments, on the worked example of the reference, and the ruptures."""

from datetime import date
from decimal import Decimal

import pytest

from apprentices.funding import FundingError, annex_fees, funding_schedule

NPEC = Decimal(7956)  # hypothetical: the price of a seed document, not an official amount


def schedule(ends="2027-06-30", starts="2026-01-05", concluded="2026-01-05", broken=None):
    return funding_schedule(
        NPEC,
        concluded_on=date.fromisoformat(concluded),
        starts_on=date.fromisoformat(starts),
        ends_on=date.fromisoformat(ends),
        broken_on=date.fromisoformat(broken) if broken else None,
    )


def test_it_pays_by_day_from_july_2025():
    found = schedule()
    first, second = found.years
    assert [str(line.amount) for line in first.lines] == ["3182.40", "2386.80", "1591.20", "795.60"]
    assert (second.days, str(second.amount)) == (177, "3858.12")
    assert [line.is_balance for line in found.lines] == [False] * 5 + [True]
    assert "certificat" in second.lines[0].join
    assert str(found.total) == "11814.12"
    assert [line.due_on for line in first.lines] == [
        date(2026, 1, 5),
        date(2026, 7, 5),
        date(2026, 10, 5),
        date(2027, 1, 4),
    ]
    assert found.last_invoice_on == date(2027, 10, 30)


@pytest.mark.parametrize(
    ("broken", "total"),
    [
        pytest.param("2026-04-14", "2179.73", id="after 100 days"),
        pytest.param("2026-01-05", "21.80", id="on the first day"),
        pytest.param("2027-06-30", "11814.12", id="on the last day"),
    ],
)
def test_it_stops_at_the_rupture(broken, total):
    found = schedule(broken=broken)
    assert str(found.total) == total
    assert sum(line.amount for line in found.lines) == found.total


def test_it_pays_three_days_more_than_a_year():
    assert str(schedule(ends="2027-01-07").total) == "8021.39"


@pytest.mark.parametrize(
    ("ends", "total", "shares"),
    [
        pytest.param("2025-12-31", "7956.00", ["3182.40", "2386.80", "2386.80"], id="a year: 40, 30, 30"),
        pytest.param("2025-06-30", "3978.00", ["1989.00", "1989.00"], id="six months: 50 and the balance"),
        pytest.param("2025-07-01", "4641.00", ["2320.50", "2320.50"], id="a month begun is due"),
    ],
)  # fmt: skip
def test_it_pays_by_month_before_july_2025(ends, total, shares):
    found = schedule(starts="2025-01-01", concluded="2025-01-01", ends=ends)
    assert str(found.total) == total
    assert [str(line.amount) for line in found.lines] == shares


@pytest.mark.parametrize(
    ("ends", "reduced", "total"),
    [
        pytest.param("2025-06-30", True, "4375.80", id="six months: a tenth more"),
        pytest.param("2025-11-30", True, "7956.00", id="eleven months: within the annual amount"),
        pytest.param("2025-12-31", True, "7956.00", id="a year is not under a year"),
        pytest.param("2025-06-30", False, "3978.00", id="not reduced"),
    ],
)
def test_a_contract_reduced_to_less_than_a_year_is_paid_a_tenth_more(ends, reduced, total):
    """Contracts concluded before 01/07/2025 only."""
    found = funding_schedule(
        NPEC,
        concluded_on=date(2025, 1, 1),
        starts_on=date(2025, 1, 1),
        ends_on=date.fromisoformat(ends),
        is_reduced=reduced,
    )
    assert str(found.total) == total
    new = funding_schedule(
        NPEC,
        concluded_on=date(2026, 1, 5),
        starts_on=date(2026, 1, 5),
        ends_on=date(2026, 7, 4),
        is_reduced=reduced,
    )
    assert str(new.total) == "3945.30"


def test_it_invents_no_amount():
    with pytest.raises(FundingError):
        funding_schedule(
            Decimal(0),
            concluded_on=date(2026, 1, 5),
            starts_on=date(2026, 1, 5),
            ends_on=date(2027, 1, 4),
        )


def test_it_counts_the_annex_fees_on_real_numbers():
    fees = annex_fees(10, 20, Decimal(500), date(2026, 1, 5))
    assert fees.total == Decimal(620)
    with pytest.raises(FundingError):
        annex_fees(0, 0, Decimal("500.01"), date(2026, 1, 5))
