"""The organisation of a CCF, without database: commission, time, dossier, indicative mark."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from accounts.errors import DomainError
from evaluations.ccf.rules import (
    DossierFacts,
    Member,
    Slot,
    check_commission,
    check_final_year,
    check_within,
    conflicts,
    decide,
    dossier_hints,
    indicative_mark,
    is_named,
    named_in,
    series,
    third_more,
)

BRUNO = Member("Bruno Caron", "teacher", teaches=True)
STRANGER = Member("Karim Lopez", "teacher")
CHANTAL = Member("Chantal Dumas", "maitre")
HALVES = [(time(9), time(12, 30)), (time(13, 30), time(17))]
DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("epreuve", "members"),
    [("E4", [BRUNO]), ("E4", [BRUNO, CHANTAL]), ("E6", [BRUNO])],
    ids=["REF2018 E4 alone", "REF2018 E4 with maître", "REF2018 E6 alone"],
)
def test_it_accepts_a_commission_of_the_reglement(epreuve, members):
    check_commission(epreuve, "bloc", members)


@pytest.mark.parametrize(
    ("epreuve", "members", "field"),
    [
        ("E4", [], "trainers"),
        ("E4", [CHANTAL], "trainers"),
        ("E4", [STRANGER], "trainers"),
        ("E4", [BRUNO, STRANGER], "trainers"),
        ("E6", [BRUNO, CHANTAL], "guest"),
        ("E4", [BRUNO, Member("Bruno Caron", "tutor")], "guest"),
    ],
)
def test_it_refuses_a_commission_without_the_candidates_own_teacher(epreuve, members, field):
    with pytest.raises(DomainError) as refusal:
        check_commission(epreuve, "bloc", members)
    assert refusal.value.field == field


def slot(start, end, candidate=1, room="12", members=("Bruno",)):
    return Slot(
        datetime(2026, 11, 23, *start),
        datetime(2026, 11, 23, *end),
        candidate,
        room,
        frozenset(members),
        "E4 B de Noé",
    )


@pytest.mark.parametrize(
    ("other", "count"),
    [
        (slot((9, 15), (9, 30)), 0),
        (slot((8, 30), (9, 0)), 0),
        (slot((9, 10), (9, 25), candidate=2, room="13", members=("Inès",)), 0),
        (slot((9, 10), (9, 25), candidate=2, room=" 12 ", members=("Inès",)), 1),
        (slot((9, 10), (9, 25), candidate=2, room="13"), 1),
        (slot((9, 10), (9, 25), room="13", members=("Inès",)), 1),
        (slot((8, 50), (9, 40)), 3),
    ],
)
def test_it_finds_who_or_what_is_taken_twice(other, count):
    assert len(conflicts(slot((9, 0), (9, 15)), [other])) == count


@pytest.mark.parametrize(
    ("start", "end", "halves"),
    [((8, 50), (9, 5), HALVES), ((12, 20), (12, 35), HALVES), ((10, 0), (10, 15), [])],
)
def test_it_keeps_a_sitting_within_a_half_day_at_the_cfa(start, end, halves):
    with pytest.raises(DomainError):
        check_within(time(*start), time(*end), halves, DAY)


def test_it_places_a_row_of_candidates_over_the_lunch_break():
    found = series(time(12), [15, 20, 15], 5, HALVES, DAY)
    assert found == [time(12), time(13, 30), time(13, 55)]


def test_it_refuses_a_row_that_does_not_fit_the_day():
    with pytest.raises(DomainError, match="Tous ne passent pas"):
        series(time(16, 30), [15, 15, 15], 0, HALVES, DAY)


def test_a_third_more_is_counted_to_the_minute_above():
    assert [third_more(n) for n in (15, 20, 40)] == [5, 7, 14]


IN = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("facts", "grounds"),
    [
        (DossierFacts(), (0,)),
        (DossierFacts(deposited_on=IN, deadline=date(2026, 11, 1), has_proof=True), (1,)),
        (DossierFacts(deposited_on=IN, deadline=IN, has_proof=True), ()),
        (DossierFacts(deposited_on=IN, deadline=IN), (3,)),
        (DossierFacts(deposited_on=IN, deadline=IN, has_proof=True, expected_fiches=2), ()),
        (DossierFacts(deposited_on=IN, deadline=IN, has_proof=True, needs_study=True), ()),
    ],
    ids=[
        "nothing",
        "late",
        "in time",
        "no proof",
        "fiche missing is no ground",
        "study is no ground",
    ],
)
def test_it_points_to_the_grounds_that_facts_show(facts, grounds):
    assert dossier_hints(facts).grounds == grounds


@pytest.mark.parametrize(
    ("grounds", "doubt", "state"),
    [([], False, "conform"), (["x"], False, "nv"), (["x"], True, "reserved")],
)
def test_a_ground_makes_it_nv_and_a_doubt_reserves_the_mark(grounds, doubt, state):
    assert decide(grounds, doubt) == state


def test_a_doubt_says_on_what():
    with pytest.raises(DomainError):
        decide([], True)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Bruno Caron, Inès Weber", ["Bruno Caron", "Inès Weber"]),
        (" Bruno  Caron et Chantal Dumas ; Bruno Caron", ["Bruno Caron", "Chantal Dumas"]),
        ("", []),
    ],
)
def test_it_reads_the_names_of_the_commission(text, names):
    assert named_in(text) == names


@pytest.mark.parametrize(
    ("levels", "lines", "mark"),
    [
        (["S"] * 8, 8, "15.0"),
        (["TS", "S", "I", "TI"], 4, "12.5"),
        (["S", "S", "I"], 3, "13.5"),
        (["S"], 8, None),
        ([], 0, None),
    ],
)
def test_the_indicative_mark_is_the_mean_to_the_half_point(levels, lines, mark):
    assert indicative_mark(levels, lines) == (Decimal(mark) if mark else None)


@pytest.mark.parametrize(
    ("written", "name", "expected"),
    [
        ("Chantal Dumas", "dumas CHANTAL", True),
        ("Mme Dumas", "Chantal Dumas", True),
        ("C. DUMAS", "Chantal Dumas", True),
        ("Hélène Le Goff", "Helene LE GOFF", True),
        ("J.-P. Morel", "Jean-Pierre Morel", True),
        ("Dumas", "Chantal Dumas", True),
        ("Chantal Dumas", "Dumas", False),  # less than what is written is not enough
        ("Alice Caron", "Bruno Caron", False),
        ("Leroy", "Anne Roy", False),
        ("C. D.", "Chantal Dumas", False),
        ("B. Dumas", "Chantal Dumas", False),
        ("Mme", "Chantal Dumas", False),
        ("", "Chantal Dumas", False),
    ],
)
def test_a_member_is_recognised_however_the_name_is_written(written, name, expected):
    assert is_named(written, name) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Bruno Caron, Inès Weber",
        "Bruno Caron ET Inès Weber",
        "Bruno Caron / Inès Weber",
        "Bruno Caron - Inès Weber\n",
    ],
)
def test_the_members_are_told_apart_however_they_are_listed(text):
    assert named_in(text) == ["Bruno Caron", "Inès Weber"]


@pytest.mark.parametrize(("day", "allowed"), [(date(2026, 8, 31), False), (date(2026, 9, 1), True)])
def test_e6_takes_place_in_the_last_twelve_months(day, allowed):
    dates = (date(2025, 9, 1), date(2027, 8, 31))
    check_final_year("E4", *dates, day)
    check_final_year("E6", date(2026, 8, 1), date(2027, 6, 30), day)  # a training of one year
    if allowed:
        check_final_year("E6", *dates, day)
    else:
        with pytest.raises(DomainError, match="année terminale"):
            check_final_year("E6", *dates, day)
