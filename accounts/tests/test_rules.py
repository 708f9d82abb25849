"""Vectors of the reference on apprenticeship rules, section 1.4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules import UAI_LETTERS, nda_problem, siret_problem, uai_problem


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        pytest.param("12345678200010", True, id="1.4 valid by Luhn"),
        pytest.param("12345678200011", False, id="1.4 wrong key"),
        pytest.param("35600000000048", True, id="1.4 La Poste, by Luhn"),
        pytest.param("35600000049837", True, id="1.4 La Poste, sum 45"),
        pytest.param("35600000049838", False, id="La Poste, sum 46"),
        pytest.param("123 456 782 00010", True, id="with spaces"),
        pytest.param("1234567820001", False, id="13 digits"),
        pytest.param("1234567820001A", False, id="a letter"),
        pytest.param("١٢٣٤٥٦٧٨٢٠٠٠١٠", False, id="digits of another script"),
        pytest.param("", False, id="empty"),
    ],
)
def test_it_checks_a_siret(number, valid):
    assert (siret_problem(number) == "") is valid


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        pytest.param("0789999V", True, id="1.4 vector"),
        pytest.param("0750001U", True, id="1.4 vector"),
        pytest.param("0750001u", True, id="lower case"),
        pytest.param("0750001V", False, id="wrong letter"),
        pytest.param("0750001O", False, id="no O"),
        pytest.param("750001U", False, id="6 digits"),
    ],
)
def test_it_checks_a_uai(number, valid):
    assert (uai_problem(number) == "") is valid


@pytest.mark.parametrize(
    ("number", "valid"),
    [("11755555575", True), ("1175555557", False), ("00755555575", False), ("1175555557A", False)],
)
def test_it_checks_a_declaration_number(number, valid):
    assert (nda_problem(number) == "") is valid


@given(st.integers(min_value=0, max_value=9_999_999))
def test_it_accepts_exactly_one_letter_for_each_uai(digits):
    accepted = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if not uai_problem(f"{digits:07d}{c}")]
    assert len(accepted) == 1
    assert accepted[0] in UAI_LETTERS
