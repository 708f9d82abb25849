"""The rules as tables: (input, expected), each row naming its source."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import DomainError
from evaluations.enums import Deed, EvaluationState
from evaluations.rules import (
    REFUSALS,
    TRANSITIONS,
    Line,
    Sheet,
    SituationFacts,
    missing_lines,
    next_state,
    parse_mark,
    show_mark,
    signature_lines,
    what_is_missing,
    why_no_ccf,
)
from programmes.enums import Categorie

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        pytest.param("12,5", "12.5", id="comma"),
        pytest.param("12.5", "12.5", id="dot"),
        pytest.param(" 12 ", "12", id="blanks"),
        pytest.param("12,50", "12.5", id="two-decimals"),
        pytest.param("0", "0", id="NOTA97-lowest"),
        pytest.param("-0", "0", id="minus-zero"),
        pytest.param("20", "20", id="NOTA97-highest"),
        pytest.param("20,0", "20", id="highest-with-decimal"),
        pytest.param("007", "7", id="leading-zeros"),
        pytest.param(Decimal("9.5"), "9.5", id="decimal"),
        pytest.param(10, "10", id="integer"),
    ],
)
def test_it_reads_a_mark(text, mark):
    assert parse_mark(text) == Decimal(mark)


@pytest.mark.parametrize("text", [None, "", "   "])
def test_it_reads_nothing_as_no_mark_yet(text):
    assert parse_mark(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("7.25", "écrivez 7 ou 7,5", id="NOTA97-quarter"),
        pytest.param("12,7", "écrivez 12,5 ou 13", id="NOTA97-tenth"),
        pytest.param("20,5", "La note va de 0 à 20", id="NOTA97-above"),
        pytest.param("-1", "La note va de 0 à 20", id="NOTA97-below"),
        pytest.param("100000", "La note va de 0 à 20", id="huge"),
        pytest.param("12/20", "sans « /20 »", id="out-of-twenty"),
        pytest.param("12,5 / 20", "sans « /20 »", id="out-of-twenty-spaced"),
        pytest.param("NaN", "n'est pas une note", id="nan"),
        pytest.param("Infinity", "n'est pas une note", id="infinity"),
        pytest.param("1e1", "n'est pas une note", id="exponent"),
        pytest.param("douze", "n'est pas une note", id="word"),
        pytest.param("12,,5", "n'est pas une note", id="two-commas"),
        pytest.param("١٢", "n'est pas une note", id="other-digits"),
        pytest.param("9" * 400, "n'est pas une note", id="very-long"),
    ],
)
def test_it_refuses_a_mark_with_a_sentence(text, words):
    with pytest.raises(DomainError) as refusal:
        parse_mark(text)
    assert words in refusal.value.message
    assert refusal.value.field == "mark"


@given(st.integers(0, 40))
def test_it_reads_back_every_mark_it_shows(halves):
    mark = Decimal(halves) / 2
    assert parse_mark(show_mark(mark)) == mark


@given(st.text(max_size=30))
def test_it_reads_any_text_as_a_valid_mark_or_refuses_it(text):
    try:
        mark = parse_mark(text)
    except DomainError:
        return
    assert mark is None or (0 <= mark <= 20 and mark % Decimal("0.5") == 0)


def test_it_says_why_a_cfa_has_no_ccf_and_from_which_text():
    sentence = why_no_ccf("CFA X", Categorie.PONCTUEL, "E4", "", "", TODAY)
    assert "n'est pas habilité au CCF au 21/11/2026" in sentence
    assert "REF2018" in sentence


@pytest.mark.parametrize("state", EvaluationState)
@pytest.mark.parametrize("deed", Deed)
def test_it_has_an_answer_for_every_state_and_deed(state, deed):
    assert ((state, deed) in TRANSITIONS) != ((state, deed) in REFUSALS)
    if (state, deed) in REFUSALS:
        with pytest.raises(DomainError):
            next_state(state, deed)
    else:
        assert next_state(state, deed) in EvaluationState


LINES = (Line(1, "Un"), Line(2, "Deux"))
DONE = (
    SituationFacts("A", date(2026, 10, 1), "B. Caron", "Bien."),
    SituationFacts("B", date(2026, 10, 2), "B. Caron", "Bien."),
)


def sheet(**changes) -> Sheet:
    facts = {
        "lines": LINES,
        "situations": DONE,
        "levels": {1: "S", 2: "TS"},
        "offers_choice": True,
        "choice": "C2",
        "mark": Decimal(12),
    }
    return Sheet(**{**facts, **changes})


def test_it_misses_nothing_in_a_complete_sheet():
    assert what_is_missing(sheet(), TODAY) == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        pytest.param({"mark": None}, "mark", "Proposez une note", id="AN2025-mark"),
        pytest.param({"levels": {1: "S"}}, "level-2", "« Deux »", id="AN2025-line"),
        pytest.param({"levels": {}}, "level-1", "les 2 lignes", id="AN2025-lines"),
        pytest.param({"choice": ""}, "situation-B-choice", "négociation", id="AN2025-choice"),
        pytest.param(
            {"situations": (SituationFacts("A", None, "x", "y"), DONE[1])},
            "situation-A-held_on",
            "Datez la situation A",
            id="AN2025-date",
        ),
        pytest.param(
            {"situations": (SituationFacts("A", date(2026, 11, 22), "x", "y"), DONE[1])},
            "situation-A-held_on",
            "n'est pas encore passé",
            id="future-date",
        ),
        pytest.param(
            {"situations": (DONE[0], SituationFacts("B", date(2026, 10, 2), " ", "y"))},
            "situation-B-evaluators",
            "Nommez",
            id="AN2025-commission",
        ),
        pytest.param(
            {"situations": (DONE[0], SituationFacts("B", date(2026, 10, 2), "x", "\n "))},
            "situation-B-appreciation",
            "Rédigez",
            id="AN2025-appreciation",
        ),
    ],
)
def test_it_names_what_is_missing(changes, field, words):
    (missing,) = what_is_missing(sheet(**changes), TODAY)
    assert missing.field == field
    assert words in missing.sentence


def test_it_asks_no_choice_where_the_epreuve_offers_none():
    assert what_is_missing(sheet(offers_choice=False, choice=""), TODAY) == []


@given(st.sets(st.integers(1, 9)))
def test_it_misses_exactly_the_lines_without_a_box(ticked):
    lines = [Line(key, str(key)) for key in range(1, 10)]
    missing = missing_lines(lines, dict.fromkeys(ticked, "I"))
    assert {line.key for line in missing} == set(range(1, 10)) - ticked


@pytest.mark.parametrize(("code", "lines"), [("E4", 2), ("E6", 1)])
def test_it_gives_each_form_its_signature_lines(code, lines):
    """exam-rules 3.4 and 3.5: AN2025 annexes V-5 and VII-3."""
    assert signature_lines(code) == lines
