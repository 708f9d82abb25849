"""Every motive of a rupture, in both directions, and the dates that follow."""

from dataclasses import replace
from datetime import date

import pytest

from apprentices.deadlines import company_days, trial_ends_on
from apprentices.enums import RuptureMotive
from apprentices.rupture import MOTIVES, RuptureFacts, check_rupture, follow_until, propose
from programmes.calendar_rules import Rhythm

M = RuptureMotive
FACTS = RuptureFacts(
    starts_on=date(2026, 1, 5),
    ends_on=date(2027, 6, 30),
    motive=M.AGREEMENT,
    written_on=date(2026, 9, 1),
    effective_on=date(2026, 9, 1),
    company_days=90,
)
QUIT = {
    "motive": M.RESIGNATION,
    "mediator_on": date(2026, 9, 1),
    "employer_informed_on": date(2026, 9, 6),
    "written_on": date(2026, 9, 6),
    "effective_on": date(2026, 9, 13),
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, set(), id="agreement after 45 days"),
        pytest.param({"effective_on": date(2027, 7, 1)}, {"R01B"}, id="R01 after the term"),
        pytest.param({"effective_on": date(2026, 1, 4), "written_on": date(2026, 1, 4)}, {"R01B"}, id="R01 before the start"),
        pytest.param({"effective_on": date(2026, 8, 31)}, {"R01B"}, id="R01 written after"),
        pytest.param({"motive": M.TRIAL_EMPLOYER, "company_days": 45}, set(), id="R02 the 45th day"),
        pytest.param({"motive": M.TRIAL_EMPLOYER, "company_days": 46}, {"R02B"}, id="R02 the 46th"),
        pytest.param({"motive": M.TRIAL_APPRENTICE, "company_days": 46}, {"R02B"}, id="R02 apprentice"),
        pytest.param({"company_days": 45}, {"R03W"}, id="R03 agreement too early"),
        pytest.param(QUIT, set(), id="R04 five days, then seven"),
        pytest.param({**QUIT, "employer_informed_on": date(2026, 9, 5)}, {"R04B"}, id="R04 informed after four days"),
        pytest.param({**QUIT, "effective_on": date(2026, 9, 12)}, {"R04B"}, id="R04 six days of notice"),
        pytest.param({**QUIT, "mediator_on": None}, {"R04B"}, id="R04 no mediator"),
        pytest.param({"motive": M.DIPLOMA, "effective_on": date(2026, 10, 1)}, set(), id="R05 a month"),
        pytest.param({"motive": M.DIPLOMA, "effective_on": date(2026, 9, 30)}, {"R05B"}, id="R05 a day less"),
        pytest.param({"is_minor": True}, {"R06W"}, id="R06 minor"),
        pytest.param({"is_apprenticeship": False, "motive": M.TRIAL_EMPLOYER}, {"R07W"}, id="R07 professionalisation"),
        pytest.param({"is_apprenticeship": False, "effective_on": date(2027, 7, 1)}, {"R01B", "R07W"}, id="R07 after the term all the same"),
        pytest.param({"is_minor": True, "motive": M.LIQUIDATION}, set(), id="R06 nothing to sign"),
    ],
)  # fmt: skip
def test_it_checks_each_motive(changes, expected):
    assert {f"{f.id}{f.level}" for f in check_rupture(replace(FACTS, **changes))} == expected


@pytest.mark.parametrize("motive", RuptureMotive)
def test_each_motive_has_its_text_its_documents_and_a_sound_calendar(motive):
    assert MOTIVES[motive].article.startswith("art. ")
    proposal = propose(motive, first=date(2026, 9, 1))
    facts = replace(
        FACTS,
        motive=motive,
        effective_on=proposal.effective_on,
        mediator_on=date(2026, 9, 1),
        employer_informed_on=date(2026, 9, 6),
        company_days=45 if motive.startswith("ESSAI") else 90,
    )
    assert check_rupture(facts) == ()
    assert len(proposal.documents) > 1


def test_the_cfa_owes_six_months_except_after_the_diploma():
    assert follow_until(M.AGREEMENT, date(2026, 8, 31)) == date(2027, 2, 28)
    assert follow_until(M.DIPLOMA, date(2026, 8, 31)) is None


def test_it_counts_the_45th_day_in_the_company():
    rhythm = Rhythm.from_json(
        {"weekdays": [0, 1], "halves": [{"half": "matin", "starts": "09:00", "ends": "12:30"}]}
    )
    day = trial_ends_on(date(2026, 1, 5), rhythm, date(2027, 6, 30))
    assert day == date(2026, 4, 17)
    assert company_days(date(2026, 1, 5), day, rhythm) == 45
    assert trial_ends_on(date(2026, 1, 5), rhythm, date(2026, 4, 16)) is None


def test_a_professionalisation_contract_owes_no_six_months_and_is_told_within_thirty_days():
    day = date(2026, 9, 1)
    proposal = propose(RuptureMotive.AGREEMENT, first=day, is_apprenticeship=False)
    assert proposal.follow_until is None
    assert [step.day for step in proposal.steps] == [day, date(2026, 10, 1)]
    assert {step.article for step in proposal.steps} == {"art. D6325-5"}
