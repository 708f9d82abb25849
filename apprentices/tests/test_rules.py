"""Each check of a contract, at its limits; sources in data/contract.toml."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from apprentices.deadlines import add_working_days, transmission_due_on, working_days_until
from apprentices.enums import ContractAction, ContractState, PayBase
from apprentices.pay import PayLine, minimum_lines, minimum_segments
from apprentices.rules import TRANSITIONS, ContractFacts, check_contract

SOUND = ContractFacts(
    born_on=date(2005, 11, 20),
    concluded_on=date(2026, 1, 5),
    starts_on=date(2026, 1, 5),
    ends_on=date(2027, 6, 30),
    training_starts_on=date(2026, 1, 5),
    training_ends_on=date(2027, 6, 30),
    cycle_months=24,
    training_hours=Decimal(1015),
    minimum_hours=Decimal("1012.5"),
    derogation="21",
)


def paid(**changes) -> ContractFacts:
    """The sound contract with changes, paid the legal minimum unless told."""
    facts = replace(SOUND, **changes)
    if facts.pay_lines:
        return facts
    if facts.pay_terms.problem():
        return replace(facts, pay_lines=(PayLine(facts.starts_on, facts.ends_on, 1, Decimal(100)),))
    return replace(facts, pay_lines=minimum_lines(minimum_segments(facts.pay_terms)))


def found(facts) -> set[str]:
    return {f"{f.id}{f.level}" for f in check_contract(facts)}


def test_it_finds_nothing_against_a_sound_contract():
    assert check_contract(paid()) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"born_on": date(2026, 1, 6)}, {"V01B", "V17B"}, id="V01 not born"),
        pytest.param({"born_on": date(2010, 1, 5), "is_emancipated": True}, set(), id="V01 16 years today"),
        pytest.param({"born_on": date(2010, 1, 6), "is_emancipated": True}, {"V02B"}, id="V02 15 years"),
        pytest.param({"born_on": date(2011, 1, 6), "is_emancipated": True, "derogation": "50"}, {"V02B"}, id="V02 14 years: no derogation helps"),
        pytest.param({"born_on": date(2010, 1, 6), "is_emancipated": True, "derogation": "50"}, set(), id="V02 15 years, several derogations"),
        pytest.param({"born_on": date(1996, 1, 6)}, set(), id="V01 29 years, the eve of 30"),
        pytest.param({"born_on": date(1996, 1, 5)}, {"V03B"}, id="V03 30 years"),
        pytest.param({"born_on": date(1996, 1, 5), "derogation": "50"}, {"V03W"}, id="V03 30 years, derogation"),
        pytest.param({"born_on": date(1980, 1, 5), "derogation": "50", "rqth": True}, set(), id="V03 RQTH"),
        pytest.param({"concluded_on": date(2026, 1, 6)}, {"V04B"}, id="V04 concluded after the start"),
        pytest.param({"concluded_on": date(2025, 12, 1)}, set(), id="V04 concluded before"),
        pytest.param({"concluded_on": date(2026, 1, 20), "starts_on": date(2026, 1, 26)}, {"V04B"}, id="V04 CFA began before the contract"),
        pytest.param({"practice_starts_on": date(2026, 4, 5)}, set(), id="V05 three months"),
        pytest.param({"practice_starts_on": date(2026, 4, 6)}, {"V05B"}, id="V05 a day more"),
        pytest.param({"practice_starts_on": date(2026, 1, 4)}, {"V05B"}, id="V05 before the contract"),
        pytest.param({"training_starts_on": date(2026, 4, 6)}, {"V05B"}, id="V05 CFA too late"),
        pytest.param({"training_ends_on": date(2027, 7, 2)}, {"V07W"}, id="V07 ends before the training"),
        pytest.param({"last_exam_on": date(2027, 7, 1)}, {"V07B"}, id="V07 ends before the last exam"),
        pytest.param({"training_ends_on": date(2027, 4, 30)}, set(), id="V07 two months after"),
        pytest.param({"training_ends_on": date(2027, 4, 29)}, {"V07W"}, id="V07 more than two months"),
        pytest.param({"training_ends_on": date(2027, 3, 29)}, {"V07B"}, id="V07 more than three months"),
        pytest.param({"ends_on": date(2026, 7, 4), "training_ends_on": date(2026, 7, 4)}, set(), id="V08 six months"),
        pytest.param({"ends_on": date(2026, 7, 3), "training_ends_on": date(2026, 7, 3)}, {"V08B"}, id="V08 a day less"),
        pytest.param({"ends_on": date(2026, 1, 5)}, {"V08B"}, id="V08 no duration"),
        pytest.param({"derogation": ""}, {"V09W"}, id="V09 reduced without derogation"),
        pytest.param({"maitre_other_apprentices": 1}, set(), id="V12 second apprentice"),
        pytest.param({"maitre_other_apprentices": 2}, {"V12B"}, id="V12 third apprentice"),
        pytest.param({"born_on": date(2008, 1, 6)}, {"V17B"}, id="V17 minor"),
        pytest.param({"born_on": date(2008, 1, 5)}, set(), id="V17 of age that day"),
        pytest.param({"born_on": date(2008, 1, 6), "has_legal_representative": True}, set(), id="V17 represented"),
        pytest.param({"training_hours": Decimal("1012.5")}, set(), id="V18 the minimum"),
        pytest.param({"training_hours": Decimal("1012.49")}, {"V18B"}, id="V18 under the diploma's minimum"),
        pytest.param({"training_hours": Decimal("596.56"), "minimum_hours": Decimal(0)}, {"V18B"}, id="V18 under 25 %: 596,57 h"),
        pytest.param({"training_hours": Decimal("596.57"), "minimum_hours": Decimal(0)}, set(), id="V18 25 %"),
    ],
)  # fmt: skip
def test_it_checks_the_limits(changes, expected):
    assert found(paid(**changes)) == expected


@pytest.mark.parametrize(
    ("months_ends", "rqth", "expected"),
    [
        (date(2029, 1, 4), False, set()),
        (date(2029, 1, 5), False, {"V08B"}),
        (date(2030, 1, 4), True, set()),
        (date(2030, 1, 5), True, {"V08B"}),
    ],
)
def test_it_allows_three_years_and_four_for_rqth(months_ends, rqth, expected):
    facts = paid(
        ends_on=months_ends,
        training_ends_on=months_ends,
        rqth=rqth,
        cycle_months=48 if rqth else 36,
        training_hours=Decimal(3000),
    )
    assert found(facts) == expected


def lines(*rows) -> tuple[PayLine, ...]:
    return tuple(
        PayLine(date.fromisoformat(a), date.fromisoformat(b), 1, Decimal(rate), base)
        for a, b, rate, base in rows
    )


@pytest.mark.parametrize(
    ("pay", "smc", "expected"),
    [
        pytest.param(lines(("2026-01-05", "2027-06-30", "61", "smic")), None, set(), id="one higher rate"),
        pytest.param(lines(("2026-01-05", "2027-06-30", "60.99", "smic")), None, {"V14B"}, id="one rate, too low at the end"),
        pytest.param(lines(("2026-01-05", "2026-07-04", "43", "smic"), ("2026-07-06", "2027-06-30", "61", "smic")), None, {"V14B"}, id="a day missing"),
        pytest.param(lines(("2026-01-05", "2026-07-04", "61", "smic"), ("2026-07-04", "2027-06-30", "61", "smic")), None, {"V14B"}, id="a day twice"),
        pytest.param(lines(("2026-01-06", "2027-06-30", "61", "smic")), None, {"V14B"}, id="starts late"),
        pytest.param(lines(("2026-01-05", "2027-06-29", "61", "smic")), None, {"V14B"}, id="ends early"),
        pytest.param(lines(("2026-01-05", "2027-06-30", "61", "smic")), "2000", {"V14B"}, id="61 % of the SMIC where the SMC is due"),
        pytest.param(lines(("2026-01-05", "2027-06-30", "66.93", "smic")), "2000", set(), id="enough of the SMIC to reach 61 % of the SMC"),
        pytest.param(lines(("2026-01-05", "2027-06-30", "61", "smc")), "2000", set(), id="61 % of the SMC"),
    ],
)  # fmt: skip
def test_it_compares_the_pay_with_the_minimum(pay, smc, expected):
    facts = paid(pay_lines=pay, smc=Decimal(smc) if smc else None)
    assert found(facts) == expected


def test_it_says_what_to_do_and_cites_the_text():
    (finding,) = check_contract(paid(maitre_other_apprentices=2))
    assert finding.field == "maitre"
    assert "art. R6223-6" in finding.message
    assert "Désignez une autre personne" in finding.message


def test_it_refuses_a_contract_without_pay():
    facts = replace(SOUND, pay_lines=())
    assert found(facts) == {"V14B"}


def test_it_knows_only_these_transitions():
    assert TRANSITIONS == {
        (ContractState.DRAFT, ContractAction.SIGN): ContractState.SIGNED,
        (ContractState.SIGNED, ContractAction.TRANSMIT): ContractState.TRANSMITTED,
    }
    assert PayBase.SMIC == "smic"


HOLIDAYS = {date(2026, 1, 1), date(2026, 5, 1), date(2026, 5, 8)}


@pytest.mark.parametrize(
    ("start", "due"),
    [
        pytest.param(date(2026, 1, 5), date(2026, 1, 10), id="Monday: the Saturday counts"),
        pytest.param(date(2026, 1, 7), date(2026, 1, 13), id="over a Sunday"),
        pytest.param(date(2026, 4, 27), date(2026, 5, 4), id="over the first of May and a Sunday"),
    ],
)
def test_it_counts_five_working_days_v20(start, due):
    assert transmission_due_on(start, HOLIDAYS) == due


def test_it_counts_the_working_days_left_and_those_past():
    assert working_days_until(date(2026, 1, 5), date(2026, 1, 10), HOLIDAYS) == 5
    assert working_days_until(date(2026, 1, 12), date(2026, 1, 10), HOLIDAYS) == -1
    assert add_working_days(date(2026, 1, 10), 1, HOLIDAYS) == date(2026, 1, 12)
