from datetime import date

import pytest
from django.db.models import QuerySet

from accounts.errors import DomainError
from accounts.models import Cfa
from programmes import selectors
from programmes.enums import Categorie
from programmes.models import Referentiel
from programmes.tests.recipes import load_ndrc

pytestmark = pytest.mark.django_db


@pytest.fixture
def epreuves():
    return {e.code: e for e in load_ndrc().referentiel.epreuves.all()}


def codes(lines):
    return [line.code for line in lines]


COMMON = ["C1.1", "C1.2", "C1.3", "C1.4", "C4.1", "C4.2"]


@pytest.mark.parametrize(
    ("choice", "added"),
    [("", []), ("C2", ["C2.1", "C2.2"]), ("C3", ["C3.1", "C3.2", "C3.3"])],
)
def test_the_grid_of_e4_is_the_common_lines_and_those_of_the_choice(epreuves, choice, added):
    lines = codes(selectors.grid_lines(epreuves["E4"], choice))
    assert lines == [*COMMON[:4], *added, *COMMON[4:]]


def test_the_choice_of_e4_is_made_at_situation_b(epreuves):
    assert [c.code for c in selectors.choices(epreuves["E4"])] == ["C2", "C3"]
    assert epreuves["E4"].grid["choice_situation"] == "B"


def test_the_grid_of_e6_is_its_seven_lines_without_choice(epreuves):
    assert codes(selectors.grid_lines(epreuves["E6"])) == [
        "C8.1",
        "C8.2",
        "C9.1",
        "C9.2",
        "C10.1",
        "C10.2",
        "C10.3",
    ]
    assert selectors.choices(epreuves["E6"]) == []
    assert epreuves["E6"].grid["choice_situation"] == ""


@pytest.mark.parametrize("code", ["E1", "E5", "EF1"])
def test_an_epreuve_without_grid_has_no_line(epreuves, code):
    assert selectors.grid_lines(epreuves[code]) == []
    assert selectors.choices(epreuves[code]) == []


@pytest.mark.parametrize(
    ("code", "choice"), [("E4", "C1"), ("E4", "C99"), ("E6", "C8"), ("E1", "C2")]
)
def test_a_choice_that_the_grid_does_not_offer_is_refused(epreuves, code, choice):
    with pytest.raises(DomainError, match=choice):
        selectors.grid_lines(epreuves[code], choice)


def test_the_lines_never_come_from_the_other_version(epreuves, django_assert_num_queries):
    with django_assert_num_queries(1):
        lines = selectors.grid_lines(epreuves["E4"], "C2")
    for line in lines:
        assert line.competence.bloc.referentiel_id == epreuves["E4"].referentiel_id


def test_the_rules_of_a_category_come_in_two_queries(epreuves, django_assert_num_queries):
    referentiel = epreuves["E4"].referentiel
    with django_assert_num_queries(2):
        rows = selectors.epreuves_for(referentiel, Categorie.PONCTUEL)
        assert [(e.code, e.rule.form, e.unite.bloc.code) for e in rows][3] == (
            "E4",
            "ponctuelle_orale",
            "RNCP38368BC01",
        )


def test_the_category_of_a_cfa_is_that_of_the_day():
    cfa = Cfa(ccf_habilite_on=date(2025, 1, 1), ccf_habilite_until=date(2026, 1, 1))
    assert selectors.categorie_of_cfa(cfa, date(2025, 6, 1)) == Categorie.HABILITE
    assert selectors.categorie_of_cfa(cfa, date(2027, 6, 1)) == Categorie.PONCTUEL


def test_an_epreuve_without_rule_for_the_category_says_so(epreuves):
    QuerySet(Referentiel).filter(pk=epreuves["E1"].referentiel_id).update(
        state="draft", published_at=None
    )
    epreuves["E1"].rules.all().delete()
    rows = selectors.epreuves_for(epreuves["E1"].referentiel, Categorie.HABILITE)
    assert rows[0].rule is None
    assert selectors.rule_for(epreuves["E1"], Categorie.HABILITE) is None
