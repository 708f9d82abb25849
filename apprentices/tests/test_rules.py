"""Each check of a contract, at its limits; sources in data/contract.toml."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from apprentices.deadlines import (
    ContractDates,
    deadlines_of,
    transmission_days,
    working_days_until,
)
from apprentices.enums import ContractAction, ContractKind, ContractState
from apprentices.pay import PayLine, minimum_lines, minimum_segments
from apprentices.rules import ContractFacts, check_contract, next_state
from programmes.calendar_rules import Rhythm, Slot
from programmes.enums import Half

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
    tripartite_on=date(2026, 1, 5),
    maitre_born_on=date(1980, 5, 17),
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


OLD = {"born_on": date(1994, 1, 5), "derogation": "50", "previous_ended_on": date(2025, 1, 5)}
MINOR = {"born_on": date(2008, 6, 1), "has_legal_representative": True}
FAILED = {
    "duration_reason": "echec",
    "derogation": "",
    "ends_on": date(2026, 12, 31),
    "training_ends_on": date(2026, 12, 31),
}
AMENDED = {"contract_type": "36", "previous_number": "078202601000001"}
ROWS = [
        # V01 to V03: the apprentice's age
        ("V01 not born", {"born_on": date(2026, 1, 6)}, {"V01B", "V17B"}),
        ("V01 16 years today", {"born_on": date(2010, 1, 5), "is_emancipated": True}, set()),
        ("V01 29 years, the eve of 30", {"born_on": date(1996, 1, 6)}, set()),
        ("V02 15 years", {"born_on": date(2010, 1, 6), "is_emancipated": True}, {"V02B"}),
        ("V02 14 years: no derogation helps", {"born_on": date(2011, 1, 6), "is_emancipated": True, "derogation": "50"}, {"V02B"}),
        ("V02 15 years, several derogations", {"born_on": date(2010, 1, 6), "is_emancipated": True, "derogation": "50"}, set()),
        ("V03 30 years", {"born_on": date(1996, 1, 5)}, {"V03B"}),
        ("V03 30 years, derogation without reason", {"born_on": date(1996, 1, 5), "derogation": "50"}, {"V03B"}),
        ("V03 a: 35 years, a year after", {**OLD, "born_on": date(1990, 1, 6), "over_29_reason": "a"}, set()),
        ("V03 a: 36 years that day", {**OLD, "born_on": date(1990, 1, 5), "over_29_reason": "a", "concluded_on": date(2026, 1, 5)}, {"V03B"}),
        ("V03 a: 36 completed years", {**OLD, "born_on": date(1989, 1, 5), "over_29_reason": "a"}, {"V03B"}),
        ("V03 b: more than a year after", {**OLD, "over_29_reason": "b", "previous_ended_on": date(2025, 1, 4)}, {"V03B"}),
        ("V03 b: no former contract", {**OLD, "over_29_reason": "b", "previous_ended_on": None}, {"V03B"}),
        ("V03 c: RQTH", {**OLD, "over_29_reason": "c", "rqth": True}, set()),
        ("V03 c: not RQTH", {**OLD, "over_29_reason": "c"}, {"V03B"}),
        ("V03 d: founder, 50 years", {**OLD, "born_on": date(1976, 1, 5), "over_29_reason": "d"}, set()),
        ("V03 e: athlete", {**OLD, "over_29_reason": "e"}, set()),
        ("V03 f: after a failure", {**OLD, "over_29_reason": "f"}, set()),
        # V04 to V09: the dates
        ("V04 concluded after the start", {"concluded_on": date(2026, 1, 6)}, {"V04B"}),
        ("V04 concluded before", {"concluded_on": date(2025, 12, 1)}, set()),
        ("V04 CFA began before the contract", {"concluded_on": date(2026, 1, 20), "starts_on": date(2026, 1, 26)}, {"V04B"}),
        ("V04 CFA began before, executed on the day", {"concluded_on": date(2026, 1, 20), "starts_on": date(2026, 1, 20)}, set()),
        ("V05 three months", {"practice_starts_on": date(2026, 4, 5)}, set()),
        ("V05 a day more", {"practice_starts_on": date(2026, 4, 6)}, {"V05B"}),
        ("V05 before the contract", {"practice_starts_on": date(2026, 1, 4)}, {"V05B"}),
        ("V05 CFA too late", {"training_starts_on": date(2026, 4, 6)}, {"V05B"}),
        ("V06 three months at the CFA before", {"training_starts_on": date(2025, 10, 5)}, set()),
        ("V06 a day more", {"training_starts_on": date(2025, 10, 4)}, {"V06B"}),
        ("V06 six months after a rupture", {"training_starts_on": date(2025, 1, 5), "previous_broken": True, "previous_ended_on": date(2025, 7, 5)}, set()),
        ("V06 more than six months after a rupture", {"training_starts_on": date(2025, 1, 5), "previous_broken": True, "previous_ended_on": date(2025, 7, 4)}, {"V06B"}),
        ("V06 30 years without a contract", {**OLD, "over_29_reason": "d", "training_starts_on": date(2025, 12, 5)}, {"V06B"}),
        ("V07 ends before the training", {"training_ends_on": date(2027, 7, 2)}, {"V07W"}),
        ("V07 ends before the last exam", {"last_exam_on": date(2027, 7, 1)}, {"V07B"}),
        ("V07 on the day of the last exam", {"last_exam_on": date(2027, 6, 30)}, set()),
        ("V07 two months after", {"training_ends_on": date(2027, 4, 30)}, set()),
        ("V07 more than two months", {"training_ends_on": date(2027, 4, 29)}, {"V07W"}),
        ("V07 more than three months", {"training_ends_on": date(2027, 3, 29)}, {"V07B"}),
        ("V08 six months", {"ends_on": date(2026, 7, 4), "training_ends_on": date(2026, 7, 4)}, set()),
        ("V08 a day less", {"ends_on": date(2026, 7, 3), "training_ends_on": date(2026, 7, 3)}, {"V08B"}),
        ("V08 a day less, after a rupture", {"ends_on": date(2026, 7, 3), "training_ends_on": date(2026, 7, 3), "duration_reason": "rupture"}, set()),
        ("V08 no duration", {"ends_on": date(2026, 1, 5)}, {"V08B"}),
        ("V09 reduced without derogation", {"derogation": ""}, {"V09B"}),
        ("V09 reduced with the wrong derogation", {"derogation": "22"}, {"V09B"}),
        ("V09 reduced without convention", {"tripartite_on": None}, {"V09B"}),
        ("V09 after a rupture", {"derogation": "", "tripartite_on": None, "duration_reason": "rupture"}, set()),
        ("V09 training begun before", {"derogation": "", "tripartite_on": None, "duration_reason": "avant_contrat"}, set()),
        ("V09 after a failure, more than a year", {"derogation": "", "duration_reason": "echec"}, {"V09B"}),
        ("V09 longer, with its derogation", {"cycle_months": 12, "derogation": "22", "training_hours": Decimal(1350)}, set()),
        ("V09 longer without", {"cycle_months": 12, "derogation": "21", "training_hours": Decimal(1350)}, {"V09B"}),
        ("V09 the cycle and its margin", {"cycle_months": 15, "derogation": "", "tripartite_on": None}, set()),
        # V10 to V12: the maître d'apprentissage
        ("V10 of age that day", {"maitre_born_on": date(2008, 1, 5)}, set()),
        ("V10 minor", {"maitre_born_on": date(2008, 1, 6)}, {"V10B"}),
        ("V10 birth unknown", {"maitre_born_on": None}, {"V10W"}),
        ("V11 not attested", {"maitre_attested": False}, {"V11B"}),
        ("V11 no condition", {"maitre_competence": ""}, {"V11B"}),
        ("V11 diploma", {"maitre_competence": "diplome"}, set()),
        ("V12 second apprentice", {"maitre_other_apprentices": 1}, set()),
        ("V12 third apprentice", {"maitre_other_apprentices": 2}, {"V12B"}),
        ("V12 third, one of them prolonged", {"maitre_other_apprentices": 2, "maitre_prolonged_apprentices": 1}, set()),
        ("V12 fourth, one prolonged", {"maitre_other_apprentices": 3, "maitre_prolonged_apprentices": 1}, {"V12B"}),
        ("V12 third, prolonged oneself", {"maitre_other_apprentices": 2, **FAILED}, set()),
        ("V12 fourth, prolonged oneself", {"maitre_other_apprentices": 3, **FAILED}, {"V12B"}),
        # V13 to V17
        ("V13 40 hours", {"weekly_minutes": 2400}, set()),
        ("V13 more", {"weekly_minutes": 2401}, {"V13W"}),
        ("V13 minor, 35 hours", {**MINOR}, set()),
        ("V13 minor, more", {**MINOR, "weekly_minutes": 2101}, {"V13W"}),
        ("V15 first contract", {"contract_type": "11"}, set()),
        ("V15 succession without number", {"contract_type": "21"}, {"V15W"}),
        ("V15 succession with number", {"contract_type": "22", "previous_number": "078202601000001"}, set()),
        ("V15 amendment without number", {"contract_type": "36", "amendment_on": date(2026, 6, 1)}, {"V15B"}),
        ("V16 amendment without date", {**AMENDED, "amendment_on": None}, {"V16B"}),
        ("V16 on the first day", {**AMENDED, "amendment_on": date(2026, 1, 5)}, set()),
        ("V16 before", {**AMENDED, "amendment_on": date(2026, 1, 4)}, {"V16B"}),
        ("V16 on the last day", {**AMENDED, "amendment_on": date(2027, 6, 30)}, set()),
        ("V16 after", {**AMENDED, "amendment_on": date(2027, 7, 1)}, {"V16B"}),
        ("V17 minor", {"born_on": date(2008, 1, 6)}, {"V17B"}),
        ("V17 of age that day", {"born_on": date(2008, 1, 5)}, set()),
        ("V17 represented", {"born_on": date(2008, 1, 6), "has_legal_representative": True}, set()),
        ("V17 emancipated", {"born_on": date(2008, 1, 6), "is_emancipated": True}, set()),
        # V18 to V23: the training
        ("V18 the minimum", {"training_hours": Decimal("1012.5")}, set()),
        ("V18 under the diploma's minimum", {"training_hours": Decimal("1012.49")}, {"V18B"}),
        ("V18 under 25 %: 596,57 h", {"training_hours": Decimal("596.56"), "minimum_hours": Decimal(0)}, {"V18B"}),
        ("V18 25 %", {"training_hours": Decimal("596.57"), "minimum_hours": Decimal(0)}, set()),
        ("V18 under 25 % after a rupture (D7)", {"training_hours": Decimal(100), "minimum_hours": Decimal(0), "duration_reason": "rupture"}, set()),
        ("V18 distance: 79 %", {"distance_hours": Decimal(801)}, set()),
        ("V18 distance: 80 %", {"distance_hours": Decimal(812)}, {"V18W"}),
        ("V18 more distance than hours", {"distance_hours": Decimal(1016)}, {"V18B"}),
        ("V19 sheet active that day", {"rncp_until": date(2026, 1, 5)}, set()),
        ("V19 sheet no longer active", {"rncp_until": date(2026, 1, 4)}, {"V19B"}),
        ("V19 another code", {"code_diplome": "32031213", "rncp_code_diplome": "32031212"}, {"V19B"}),
        ("V21 extension without RQTH", {"extension_boe": True}, set()),
        ("V21 extension with RQTH", {"extension_boe": True, "rqth": True}, {"V21B"}),
        ("V22 adult on machines", {"dangerous_machines": True}, set()),
        ("V22 minor on machines", {**MINOR, "dangerous_machines": True}, {"V22W"}),
        ("V23 9 999 hours", {"training_hours": Decimal(9999)}, set()),
        ("V23 more", {"training_hours": Decimal("9999.5")}, {"V23B"}),
        ("V23 training of five months", {"training_ends_on": date(2026, 6, 4), "ends_on": date(2026, 8, 4)}, {"V23B"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"), [pytest.param(row[1], row[2], id=row[0]) for row in ROWS]
)
def test_it_checks_the_limits(changes, expected):
    assert found(paid(**changes)) == expected


def test_every_rule_has_its_rows_in_both_directions():
    """V14 and V20 have tests of their own below."""
    for number in range(1, 24):
        rule = f"V{number:02}"
        rows = [expected for name, _, expected in ROWS if name.startswith(rule)]
        if rule in ("V14", "V20"):
            assert rows == []
            continue
        hits = [any(f.startswith(rule) for f in expected) for expected in rows]
        assert True in hits, rule
        assert False in hits, rule


@pytest.mark.parametrize(
    ("months_ends", "rqth", "expected"),
    [
        (date(2029, 1, 4), False, set()),
        (date(2029, 1, 5), False, {"V08B"}),
        (date(2030, 1, 4), True, set()),
        (date(2030, 1, 5), True, {"V08B", "V14B"}),
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


PRO = {
    "kind": ContractKind.PROFESSIONNALISATION,
    "ends_on": date(2027, 1, 4),
    "training_ends_on": date(2027, 1, 4),
    "training_hours": Decimal(300),
    "derogation": "",
    "tripartite_on": None,
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, set(), id="sound"),
        pytest.param({"born_on": date(2000, 1, 6)}, set(), id="L6325-1: 25 completed years"),
        pytest.param({"born_on": date(2000, 1, 5)}, {"V01W"}, id="L6325-1: 26 years, the public is verified"),
        pytest.param({"born_on": date(2010, 1, 6), "is_emancipated": True}, {"V01B"}, id="L6325-1: 15 years"),
        pytest.param({"training_hours": Decimal(200)}, {"D6B"}, id="L6325-13: under 15 %"),
        pytest.param({"training_hours": Decimal(500)}, {"D6W"}, id="L6325-13: over 25 %"),
        pytest.param({"distance_hours": Decimal(301)}, {"D6B"}, id="more at a distance than in all"),
        pytest.param({"ends_on": date(2027, 2, 4), "training_ends_on": date(2027, 2, 4)}, {"PROW"}, id="L6325-12: 13 months"),
        pytest.param({"ends_on": date(2026, 5, 5), "training_ends_on": date(2026, 5, 5), "training_hours": Decimal(150)}, {"D6W", "PROB"}, id="L6325-11: 4 months"),
        pytest.param({"ends_on": date(2026, 1, 4)}, {"PROB"}, id="the end before the start"),
        pytest.param({"maitre_other_apprentices": 2}, set(), id="D6325-9: a third person"),
        pytest.param({"maitre_other_apprentices": 3}, {"V12B"}, id="D6325-9: a fourth"),
        pytest.param({"maitre_competence": ""}, set(), id="D6325-6: one condition, nothing to choose"),
        pytest.param({"maitre_attested": False}, {"V11B"}, id="D6325-6: not attested"),
        pytest.param({"pay_lines": lines(("2026-01-05", "2027-01-04", "54", "smic"))}, {"V14B"}, id="D6325-15: under 55 %"),
        pytest.param({"born_on": date(1996, 1, 5), "pay_lines": lines(("2026-01-05", "2027-01-04", "85", "smic"))}, {"V01W", "V14B"}, id="D6325-18: 26 years, 85 % of the SMIC"),
    ],
)  # fmt: skip
def test_a_professionalisation_contract_has_its_own_checks(changes, expected):
    facts = paid(**{**PRO, **changes})
    assert found(facts) == expected
    articles = " ".join(f.message for f in check_contract(facts))
    assert "D6222" not in articles
    assert "L6222" not in articles


def test_a_professionalisation_contract_is_sent_within_five_calendar_days():
    start = date(2026, 4, 29)
    days = transmission_days(start, ContractKind.PROFESSIONNALISATION)
    assert (days.alert_on, days.due_on) == (date(2026, 5, 3), date(2026, 5, 4))
    assert days.left(date(2026, 5, 1)) == 3
    assert transmission_days(start).due_on == date(2026, 5, 6)


@pytest.mark.parametrize(
    ("kind", "codes", "silence"),
    [
        pytest.param("apprentissage", {"decision", "visite", "essai_45"}, "refus (art. D6224-2", id="apprenticeship"),
        pytest.param("professionnalisation", {"decision"}, "accord (art. D6325-2", id="professionalisation"),
    ],
)  # fmt: skip
def test_each_kind_of_contract_owes_its_own_deadlines(kind, codes, silence):
    dates = ContractDates(
        kind=ContractKind(kind),
        state=ContractState.TRANSMITTED,
        starts_on=date(2026, 1, 5),
        ends_on=date(2027, 1, 4),
        transmitted_on=date(2026, 1, 6),
        rhythm=Rhythm(frozenset({0, 1}), (Slot(Half.MORNING, time(9), time(12, 30)),)),
    )
    owed = {deadline.code.value: deadline.text for deadline in deadlines_of(dates)}
    assert set(owed) == codes
    assert silence in owed["decision"]


def test_the_cerfa_has_two_lines_a_year_and_four_years():
    cut = lines(
        ("2026-01-05", "2026-03-01", "70", "smic"),
        ("2026-03-02", "2026-06-01", "71", "smic"),
        ("2026-06-02", "2027-06-30", "72", "smic"),
    )
    assert found(paid(pay_lines=cut)) == {"V14B"}


@pytest.mark.parametrize("state", ContractState)
@pytest.mark.parametrize("action", ContractAction)
def test_it_knows_only_these_transitions(state, action):
    expected = {
        ("complete", "sign"): "signed",
        ("signed", "transmit"): "transmitted",
        ("refused", "transmit"): "transmitted",
        ("transmitted", "accept"): "accepted",
        ("transmitted", "refuse"): "refused",
        ("refused", "reopen"): "complete",
        ("accepted", "start"): "running",
        ("running", "end"): "ended",
        **{
            (s, "break"): "broken"
            for s in ("signed", "transmitted", "accepted", "refused", "running")
        },
    }
    assert next_state(state, action) == expected.get((state.value, action.value))


@pytest.mark.parametrize(
    ("start", "due"),
    [
        pytest.param(date(2026, 1, 5), date(2026, 1, 10), id="Monday: the Saturday counts"),
        pytest.param(date(2026, 1, 7), date(2026, 1, 13), id="over a Sunday"),
        pytest.param(date(2026, 4, 27), date(2026, 5, 4), id="over the first of May and a Sunday"),
    ],
)
def test_it_counts_five_working_days_v20(start, due):
    assert transmission_days(start).due_on == due


def test_it_counts_the_working_days_left_and_those_past():
    assert working_days_until(date(2026, 1, 5), date(2026, 1, 10)) == 5
    assert working_days_until(date(2026, 1, 12), date(2026, 1, 10)) == -1
