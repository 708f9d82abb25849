"""Formative marks, without database: cells, averages and semesters."""

import itertools
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from accounts.errors import DomainError
from evaluations.marks.rules import (
    Cell,
    Scale,
    Weighted,
    average,
    on_class_at_10,
    parse_cell,
    semesters,
    show,
    show_cell,
    spread,
    weighted_mean,
)

EXAM = Scale(step=Decimal("0.5"))


@pytest.mark.parametrize(
    ("text", "status", "value"),
    [
        ("12,5", "marked", "12.50"),
        ("12.5", "marked", "12.50"),
        (" 0 ", "marked", "0.00"),
        ("20", "marked", "20.00"),
        ("7.25", "marked", "7.25"),
        ("a", "absent", None),
        ("Abs", "absent", None),
        ("D", "dispensed", None),
        ("dispensé", "dispensed", None),
        ("n", "unmarked", None),
    ],
)
def test_it_reads_a_cell(text, status, value):
    assert parse_cell(text, Scale()) == Cell(status, Decimal(value) if value else None)


def test_it_reads_an_empty_cell_as_nothing():
    assert parse_cell("  ", Scale()) is None


@pytest.mark.parametrize(
    "text", ["20,5", "12/20", "NaN", "-1", "1e1", "12,345", "abc", "١٢", "99999"]
)
def test_it_refuses_what_is_not_a_mark(text):
    with pytest.raises(DomainError):
        parse_cell(text, Scale())


@pytest.mark.parametrize("text", ["7.25", "12,3"])
def test_it_asks_half_points_of_a_blank_exam(text):
    with pytest.raises(DomainError, match="demi-points"):
        parse_cell(text, EXAM)


@pytest.mark.parametrize("text", ["12,5", "0", "20", "A", "D", "N", "7,25"])
def test_it_shows_a_cell_as_it_was_typed(text):
    cell = parse_cell(text, Scale())
    assert cell is not None
    assert show_cell(cell.status, cell.value) == text


def weighted(value, scale=20, coefficient=1):
    return Weighted(Decimal(value), Decimal(scale), Decimal(coefficient))


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], None),
        ([weighted(12)], Fraction(12)),
        ([weighted(10), weighted(16, coefficient=2)], Fraction(14)),
        ([weighted(7, scale=10), weighted(8)], Fraction(11)),
        ([weighted("12.5"), weighted(10), weighted(10)], Fraction(65, 6)),
    ],
)
def test_it_weighs_marks_on_20_exactly(marks, expected):
    assert average(marks) == expected


def test_it_leaves_out_a_unit_without_mark_or_coefficient():
    pairs = [(Fraction(10), Decimal(3)), (None, Decimal(5)), (Fraction(20), None)]
    assert weighted_mean(pairs) == 10


def test_it_shows_two_decimals_rounded_half_up():
    assert show(Fraction(65, 6)) == "10,83"
    assert show(Fraction(2001, 200)) == "10,01"
    assert show(Fraction(10)) == "10"


def test_it_gives_the_class_as_mean_lowest_and_highest():
    found = spread([Fraction(8), None, Fraction(14)])
    assert (found.mean, found.low, found.high) == (11, 8, 14)
    assert spread([None]).mean is None


@pytest.mark.parametrize(
    ("value", "klass", "expected"), [(12, 11, 11), (8, 11, 7), (20, 5, 20), (0, 15, 0)]
)
def test_it_brings_the_class_average_to_10(value, klass, expected):
    assert on_class_at_10(Fraction(value), Fraction(klass)) == expected


def test_it_cuts_the_training_in_four_semesters_without_hole():
    found = semesters(date(2026, 9, 1), date(2028, 6, 30))
    assert [one.number for one in found] == [1, 2, 3, 4]
    assert (found[0].starts_on, found[-1].ends_on) == (date(2026, 9, 1), date(2028, 6, 30))
    assert all((b.starts_on - a.ends_on).days == 1 for a, b in itertools.pairwise(found))
