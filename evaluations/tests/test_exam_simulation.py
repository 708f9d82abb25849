"""What if: minimums, kept marks, second chance; and the public page."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from evaluations.exam.enums import Decision
from evaluations.exam.presenters import rules_of
from evaluations.exam.rules import decide
from evaluations.exam.rules.hypotheses import answer, read_hypotheses
from evaluations.exam.rules.simulation import least_mark, with_marks
from evaluations.exam.shipped import shipped_reglement

REGLEMENT = shipped_reglement(2027)


def told(marks: str, **more: str):
    cells = dict(zip(("U1", "U2", "U3", "U4", "U5", "U6"), marks.replace("-", "").split(" "), strict=True))  # fmt: skip
    return answer(read_hypotheses({**cells, **more}, REGLEMENT), REGLEMENT)


def test_it_finds_the_least_mark_of_each_unit():
    simulation = told("8 9.5 8.5 11 10 11").simulation
    # 206 points: 4 are missing; 4 / 3 = 1,33 so one point and a half more at U1.
    assert simulation.minimums == {"U1": 19, "U2": 22, "U3": 20, "U4": 24, "U5": 22, "U6": 25}
    for code, mark in simulation.minimums.items():
        enough = with_marks(simulation.candidate, {code: mark})
        short = with_marks(simulation.candidate, {code: mark - 1})
        assert decide(enough, REGLEMENT).decision == Decision.ADMIS
        assert decide(short, REGLEMENT).decision != Decision.ADMIS


def test_it_says_what_the_units_that_remain_must_bring():
    simulation = told("8 9.5 8.5 11 - -").simulation
    # 36 + 28,5 + 25,5 ... 24 + 28.5 + 25.5 + 55 = 133; (210 - 133) / 7 = 11.
    assert (simulation.missing, simulation.common) == (("U5", "U6"), 22)


def test_it_says_when_even_twenty_is_not_enough():
    assert told("0 0 0 0 - 0").simulation.common is None


def test_an_absence_bars_whatever_the_other_marks():
    simulation = told("20 - 20 20 20 20", **{"U2-statut": "absent"}).simulation
    assert simulation.verdict.decision == Decision.NON_DELIVRABLE
    assert simulation.minimums == {}


def test_it_says_what_the_second_chance_needs():
    needs = {need.units: need.mark for need in told("8 9.5 8.5 11 10 11").simulation.orals}
    assert needs[("U1",)] == 19
    assert needs[("U1", "U3")] == 18  # 9 + 9: three points at U1, one and a half at U3
    assert len(needs) == 6


def test_it_says_which_kept_marks_are_worth_keeping():
    result = told(
        "8 12 9 11 10 11",
        **{"U1-avant": "10,5", "U1-session": "2026", "U2-avant": "11", "U2-session": "2025"},
    )
    assert {one.unit: one.is_worth for one in result.advice} == {"U1": True, "U2": False}
    assert result.best.decision == Decision.ADMIS


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"U1-avant": "10,5", "U1-session": "2021"}, "U1-avant"),
        ({"U1-avant": "9", "U1-session": "2026"}, "U1-avant"),
        ({"U1-avant": "12", "U1-session": "hier"}, "U1-session"),
        ({"U1-statut": "dispensed"}, "U1"),
        ({"U4-statut": "dispensed"}, "U4"),
        ({"UF1": "20,5"}, "UF1"),
        ({"R1": "x"}, "R1"),
    ],
)
def test_it_puts_each_problem_beside_its_field(more, field):
    assert field in told("8 9.5 8.5 11 10 11", **more).errors


def test_the_least_mark_leaves_the_orals_aside():
    candidate = read_hypotheses({"U1": "8", "U2": "9,5", "U3": "8,5", "U4": "11", "U5": "10", "U6": "11", "R1": "20"}, REGLEMENT).candidate  # fmt: skip
    assert least_mark(candidate, REGLEMENT, ["U6"]) == 25


@pytest.mark.django_db
def test_anybody_simulates_without_an_account(client, django_assert_max_num_queries):
    call_command("load_programmes", "programmes/data/ndrc-sessions-2025.toml", verbosity=0)
    marks = {"U1": "8", "U2": "9,5", "U3": "8,5", "U4": "11", "U5": "9/11", "U6": "11"}
    with django_assert_max_num_queries(5):
        page = client.get(reverse("evaluations:exam_simulator"), marks)
    text = page.content.decode()
    assert "Autorisé aux épreuves de contrôle" in text
    assert "9,81" in text
    assert "simulation" in text
    assert "D643-22" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ({}, 200, "Tapez les notes"),
        ({"U1": "<script>"}, 422, "n&#x27;est pas une note"),
        ({"U1": "8", "session": "1789", "forme": "x", "U1-statut": "y"}, 200, "pour être admis"),
        ({"U1": "9" * 500}, 422, "n&#x27;est pas une note"),
    ],
)
def test_the_page_bears_what_anybody_types(client, query, status, words):
    page = client.get(reverse("evaluations:exam_simulator"), query)
    assert page.status_code == status
    assert words in page.content.decode()


def test_every_rule_shown_names_its_text():
    rules = rules_of(REGLEMENT)
    assert all(source for _, source in rules)
    said = " ".join(sentence for sentence, _ in rules)
    for words in (
        "21",
        "U5 se calcule",
        "Dispense de U1 et U2",
        "U4, U5 et U6",
        "2 oraux de contrôle",
    ):
        assert words in said
