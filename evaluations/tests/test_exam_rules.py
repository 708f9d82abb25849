"""The decision by rows, each named after its source, and against the naive twin."""

import pytest

from evaluations.exam.rules import Refused, decide, mark_of_parts
from evaluations.exam.rules.reading import read_row
from evaluations.exam.rules.words import as_decimal, average_of
from evaluations.exam.shipped import shipped_reglement

from .exam_candidates import differences, rows
from .naive_exam import judge

REGLEMENTS = {session: shipped_reglement(session) for session in range(2015, 2035)}


def row(marks: str, **more: str) -> dict[str, str]:
    """U1 to U6 in order, separated by spaces; `_` is a space inside a cell, `-` an empty cell."""
    cells = [cell.replace("_", " ").replace("-", "") for cell in marks.split()]
    named = dict(zip(("U1", "U2", "U3", "U4", "U5", "U6"), cells, strict=True))
    return {"candidat": "A", "session": "2027", "categorie": "habilite", **named, **more}


def judged(marks: str, **more: str):
    return decide(*read_row(row(marks, **more), REGLEMENTS.get))


def refusal(marks: str, **more: str) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        judged(marks, **more)
    return dict(caught.value.problems)


WORKED = [
    # id, marks, more, decision, points, coefficients, average, acquired
    ("X1 plain pass", "9,5 12 8 13 9/12 11", {}, "admis", "228.5", 21, "10.88", "U2 U4 U5 U6"),
    ("X2 saved by an option", "8 9.5 8.5 11 10 11", {"UF1": "14.5", "EF2": "9"}, "admis", "210.5", 21, "10.02", "U4 U5 U6"),
    ("X2 without the option", "8 9.5 8.5 11 10 11", {"EF2": "9"}, "controle", "206", 21, "9.81", "U4 U5 U6"),
    ("X4 dispensed U1 and U2", "D D 9,5 10,5 9 11,5", {}, "admis", "151.5", 15, "10.10", "U4 U6"),
    ("X4 dispensed U3 too", "D D D 10,5 9 11,5", {}, "admis", "123", 12, "10.25", "U4 U6"),
    ("X5 force majeure", "11 13 FM 14 12,5 13", {}, "admis", "231", 21, "11.00", "U1 U2 U4 U5 U6"),
    ("X5 absent", "11 13 AB 14 12,5 13", {}, "non_delivrable", None, 21, None, "U1 U2 U4 U5 U6"),
    ("X5 dossier E4 NV", "11 13 11 NV 12,5 13", {}, "non_delivrable", None, 21, None, "U1 U2 U3 U5 U6"),
    ("D643-22 exactly 10", "10 10 10 10 10 10", {}, "admis", "210", 21, "10.00", "U1 U2 U3 U4 U5 U6"),
    ("exam-rules 4.3 half a point under", "9.5 10 10 10 10 10", {"forme": "globale"}, "controle", "208.5", 21, "9.93", "U2 U3 U4 U5 U6"),
    ("4.3 options count once", "9 10 10 10 10 10", {"UF1": "13"}, "admis", "210", 21, "10.00", "U2 U3 U4 U5 U6"),
    ("4.4 exactly 8, pro 10", "4.5 4.5 7 10 10 10", {}, "controle", "168", 21, "8.00", "U4 U5 U6"),
    ("4.4 half a point under 8", "4.5 4.5 6.5 10 10 10", {}, "ajourne", "166.5", 21, "7.93", "U4 U5 U6"),
    ("4.4 pro under 10", "9 9 9 10 9.5 10", {}, "ajourne", "199", 21, "9.48", "U4 U6"),
    ("4.4 the better of the two marks", "8 9.5 8.5 11 10 11", {"R1": "12", "R2": "9"}, "admis_apres_controle", "218", 21, "10.38", "U1 U4 U5 U6"),
    ("4.4 refused after the orals", "8 9.5 8.5 11 10 11", {"R1": "8.5", "R2": "9"}, "refuse", "207.5", 21, "9.88", "U4 U5 U6"),
    ("4.4 none before session 2022", "8 9.5 8.5 11 10 11", {"session": "2021"}, "ajourne", "206", 21, "9.81", "U4 U5 U6"),
    ("4.4 the orals of an admitted one do not count", "12 12 12 12 12 12", {"R1": "20"}, "admis", "252", 21, "12.00", "U1 U2 U3 U4 U5 U6"),
    ("D643-23 kept", "C_13_2024 9 8 10 10 10", {}, "admis", "210", 21, "10.00", "U1 U4 U5 U6"),
    ("D643-23 five years", "C_13_2022 9 8 10 10 10", {}, "admis", "210", 21, "10.00", "U1 U4 U5 U6"),
    ("D643-23 progressive carries a mark under 10", "C_8_2025 12 10 10 10 10", {"forme": "progressive"}, "admis", "210", 21, "10.00", "U2 U3 U4 U5 U6"),
    ("D643-14 progressive, units left", "12 - - - 11 -", {"forme": "progressive"}, "ajourne", "80", 7, None, "U1 U5"),
    ("E5: AB at one part", "11 11 11 11 9/AB 11", {}, "non_delivrable", None, 21, None, "U1 U2 U3 U4 U6"),
    ("E5: force majeure at one part", "11 11 11 11 12/FM 11", {}, "admis", "211", 21, "10.05", "U1 U2 U3 U4 U6"),
    ("1.3 absent at an option", "10 10 10 10 10 10", {"UF1": "AB"}, "admis", "210", 21, "10.00", "U1 U2 U3 U4 U5 U6"),
]  # fmt: skip


@pytest.mark.parametrize(("marks", "more", "decision", "points", "weight", "average", "units"), [r[1:] for r in WORKED], ids=[r[0] for r in WORKED])  # fmt: skip
def test_the_worked_examples(marks, more, decision, points, weight, average, units):
    verdict = judged(marks, **more)
    assert verdict.decision == decision
    assert (None if verdict.points is None else str(as_decimal(verdict.points))) == points
    assert verdict.coefficients == weight
    assert (None if verdict.average is None else str(verdict.average)) == average
    assert [one.unit for one in verdict.acquired] == units.split()
    assert all(step.source for step in verdict.steps if "n'a pas d'épreuves" not in step.sentence)
    twin = judge(row(marks, **more))
    assert (twin[0], twin[3]) == (decision, units.split())


BAD = [
    ("over 20", "20,5 10 10 10 10 10", {}, "U1", "va de 0 à 20"),
    ("quarter of a point", "7.25 10 10 10 10 10", {}, "U1", "écrivez 7 ou 7,5"),
    ("out of twenty", "12/20 10 10 10 10 10", {}, "U1", "sans « /20 »"),
    ("a date of a spreadsheet", "10 10 10 10 09/12/2026 10", {}, "U5", "pour une date"),
    ("not a number", "NaN 10 10 10 10 10", {}, "U1", "n'est pas une note"),
    ("a code of another application", "EA 10 10 10 10 10", {}, "U1", "écrivez ce qu'il veut dire"),
    ("a code that says a unit already held", "VA 10 10 10 10 10", {}, "U1", "se déclare à l'inscription"),
    ("negative", "10 10 10 10 10 10", {"UF1": "-1"}, "UF1", "0 à 20"),
    ("mark for a dispensed unit", "D_12 10 10 10 10 10", {}, "U1", "n'est pas une note"),
    ("DISP05 art. 1", "10 10 10 D 10 10", {}, "U4", "seule la VAE"),
    ("kept too old", "C_13_2021 10 10 10 10 10", {}, "U1", "jusqu'à la session 2026"),
    ("kept from the same session", "C_13_2027 10 10 10 10 10", {}, "U1", "session passée"),
    ("kept under 10 in forme globale", "C_9_2025 10 10 10 10 10", {}, "U1", "d'au moins 10"),
    ("kept without its session", "C_13 10 10 10 10 10", {}, "U1", "C 13 2024"),
    ("a mark missing", "- 10 10 10 10 10", {}, "U1", "Il manque la note"),
    ("nothing at all", "- - - - - -", {"forme": "progressive"}, "U1", "Aucune unité"),
    ("three orals", "8 9 8 11 10 11", {"R1": "9", "R2": "9", "R3": "9"}, "U3", "2 au plus"),
    ("oral of a dispensed unit", "D 9 9 10 10 10", {"R1": "12"}, "U1", "dispensée"),
    ("a dispensed option", "10 10 10 10 10 10", {"UF1": "D"}, "UF1", "facultative"),
    ("unknown category", "10 10 10 10 10 10", {"categorie": "x"}, "categorie", "habilite"),
    ("a session before the diploma", "10 10 10 10 10 10", {"session": "2012"}, "session", "2012"),
    ("a session that is no year", "10 10 10 10 10 10", {"session": "juin"}, "session", "année"),
    ("three parts", "10 10 10 10 9/10/11 10", {}, "U5", "E5A / E5B"),
]  # fmt: skip


@pytest.mark.parametrize(("marks", "more", "field", "words"), [r[1:] for r in BAD], ids=[r[0] for r in BAD])  # fmt: skip
def test_it_refuses_with_a_sentence_what_cannot_be_judged(marks, more, field, words):
    problems = refusal(marks, **more)
    assert words in problems[field]


def test_it_tells_every_problem_of_a_row_at_once():
    assert set(refusal("20,5 7.25 10 10 10 10", UF1="NaN")) == {"U1", "U2", "UF1"}


def test_an_option_too_many_is_refused():
    from dataclasses import replace

    candidate, reglement = read_row(row("10 10 10 10 10 10", UF1="12", EF2="12"), REGLEMENTS.get)
    with pytest.raises(Refused, match="1 au plus"):
        decide(candidate, replace(reglement, optional_max=1))


def test_both_decisions_agree_on_random_candidates():
    """The whole count (100,000) is `./run bench exam`."""
    assert not [text for one in rows(600, seed=20) for text in differences(one, REGLEMENTS.get)]


def test_the_twin_sees_a_wrong_threshold():
    """The comparison can fail: a règlement with another pass average is told apart."""
    from dataclasses import replace

    wrong = {s: r and replace(r, pass_average=11) for s, r in REGLEMENTS.items()}
    assert any(differences(one, wrong.get) for one in rows(100, seed=3))


@pytest.mark.parametrize(
    ("parts", "mode", "mark"),
    [((18, 24), "up", 21), ((18, 25), "up", 22), ((18, 25), "down", 21), ((18, 25), "nearest", 22), ((0, 40), "up", 20)],
)  # fmt: skip
def test_the_mark_of_e5_comes_from_its_parts(parts, mode, mark):
    unit = REGLEMENTS[2027].unit("U5")
    assert mark_of_parts(unit, parts, mode) == mark


def test_the_average_shown_never_reaches_a_threshold_that_the_points_miss():
    # 299,9 / 30 = 9,9967 would be shown as 10,00.
    assert str(average_of(5998, 300, 10)) == "9.99"
    assert str(average_of(6000, 300, 10)) == "10.00"


def test_the_steps_say_the_arithmetic():
    steps = " ".join(step.sentence for step in judged("9,5 12 8 13 9/12 11").steps)
    assert "9,5 × 3 = 28,5 points" in steps
    assert "écrite 9 × 2" in steps
    assert "soit 10,5 sur 20" in steps
    assert "228,5 points" in steps
