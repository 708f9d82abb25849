"""Every vector of the reference, section 1.4, and what people type wrongly."""

from datetime import date

import pytest

from accounts.rules import postcode_problem, siret_problem, uai_problem
from apprentices import communes, identifiers
from apprentices.identifiers import CivilStatus

RIGHT = [
    ("siret", "12345678200010"),
    ("siret La Poste, Luhn", "35600000000048"),
    ("siret La Poste, sum 45", "35600000049837"),
    ("uai", "0789999V"),
    ("uai", "0750001U"),
    ("nir 13", "1070678172123"),
    ("nir with key", "1 07 06 78 172 123 74"),
    ("nir with key", "207049935212339"),
    ("nir Corse 2A", "207042A12345606"),
    ("nir Corse 2B", "207042B12345633"),
    ("ine RNIE", "123456789AB"),
    ("ine BEA", "1234567890A"),
    ("ine apprentissage", "1234A56789B"),
    ("deca", "02B202212000000"),
    ("deca NC", "078202609NC0001"),
    ("deca outre-mer", "974202512010001"),
    ("naf", "4719B"),
    ("naf", "47.19b"),
    ("idcc", "9999"),
    ("commune", "78172"),
    ("commune Corse", "2A004"),
    ("commune abroad", "99352"),
    ("postcode", "78700"),
    ("name", "Élodie-Anne d'Haÿ"),
]
WRONG = [
    ("siret", "12345678200011"),
    ("siret", "1234567820001"),
    ("uai", "0789999A"),
    ("uai", "0789999"),
    ("nir", "107067817212375"),
    ("nir", "507067817212374"),
    ("nir", "10706781721"),
    ("nir", "207042C123456"),
    ("ine", "12345678AB"),
    ("ine", "ABCDEFGHIJK"),
    ("deca", "078202613000001"),
    ("deca", "0782026090001"),
    ("naf", "4719"),
    ("idcc", "12"),
    ("commune", "78700"),
    ("commune", "78999"),
    ("commune", "7870"),
    ("commune", "99999"),
    ("postcode", "00100"),
    ("name", "=1+1"),
    ("name", "Jean2"),
]
CHECKS = {
    "siret": siret_problem,
    "uai": uai_problem,
    "nir": identifiers.nir_problem,
    "ine": identifiers.ine_problem,
    "deca": identifiers.deca_problem,
    "naf": identifiers.naf_problem,
    "idcc": identifiers.idcc_problem,
    "commune": communes.commune_problem,
    "postcode": postcode_problem,
    "name": identifiers.name_problem,
}


@pytest.mark.parametrize(("kind", "value"), RIGHT)
def test_it_accepts_a_right_number(kind, value):
    assert CHECKS[kind.split()[0]](value) == ""


@pytest.mark.parametrize(("kind", "value"), WRONG)
def test_it_says_what_is_wrong_with_a_number(kind, value):
    sentence = CHECKS[kind](value)
    assert sentence.endswith(".")
    # A refusal may be logged or shown in a list: a NIR is never in it.
    assert kind != "nir" or value not in sentence


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("1070678172123", "74"),
        ("2070499352123", "39"),
        ("207042A123456", "06"),
        ("207042B123456", "33"),
    ],
)
def test_it_computes_the_key_of_a_nir(number, key):
    assert identifiers.nir_key(number) == key
    assert identifiers.full_nir(number) == number + key
    assert identifiers.full_nir(number + key) == number + key


def test_a_single_wrong_digit_of_a_nir_is_always_seen():
    right = "107067817212374"
    for place in range(1, 13):
        for digit in "0123456789":
            if digit != right[place]:
                assert identifiers.nir_problem(right[:place] + digit + right[place + 1 :])


@pytest.mark.parametrize(
    ("person", "count"),
    [
        (CivilStatus("M", date(2007, 6, 3), "78172"), 0),
        (CivilStatus("", date(2007, 6, 3)), 0),
        (CivilStatus("F", date(2007, 6, 3), "78172"), 1),
        (CivilStatus("M", date(2006, 6, 3), "78172"), 1),
        (CivilStatus("M", date(2007, 7, 3), "75101"), 2),
    ],
)
def test_it_warns_when_the_nir_and_the_civil_status_disagree(person, count):
    assert len(identifiers.nir_warnings("107067817212374", person)) == count


def test_it_says_the_insee_code_when_a_postcode_was_typed():
    assert "Conflans-Sainte-Honorine (78172)" in communes.commune_problem("78700")


@pytest.mark.parametrize("text", ["conflans ste hon", "Conflans-Sainte-Honorine", "78700", "78172"])
def test_it_finds_a_commune_by_name_postcode_or_code(text):
    assert "78172" in [c.code for c in communes.search(text)]


@pytest.mark.parametrize(
    ("text", "code"), [("alger", "99352"), ("Côte d'Iv", "99326"), ("mali", "99335")]
)
def test_it_finds_the_country_of_a_birth_abroad(text, code):
    found = communes.search(text)
    assert code in [c.code for c in found]
    assert communes.commune(code).is_abroad


@pytest.mark.parametrize("text", ["", " ", "x", "999999", "%' OR 1=1"])
def test_it_finds_no_commune_for_nonsense(text):
    assert communes.search(text) == []


def test_it_guesses_a_commune_only_when_there_is_no_doubt():
    assert (
        str(communes.guess("CONFLANS STE HONORINE", "78700")) == "Conflans-Sainte-Honorine (78172)"
    )
    assert communes.guess("Autre ville", "78700") is None
    assert communes.postcode_problem("78700", "78172") == ""
    assert "78700" in communes.postcode_problem("75001", "78172")


@pytest.mark.parametrize(
    ("number", "is_right"),
    [
        ("06 12 34 56 78", True),
        ("0612345678", True),
        ("+33 6 12 34 56 78", True),
        ("612345678", True),
        ("+262 692 12 34 56", True),
        ("00 32 470 12 34 56", True),
        ("06 12 34 56", False),
        ("06 12 34 56 78 9", False),
        ("le siège", False),
        ("0612345678 (perso)", False),
        ("3614", False),
    ],
)
def test_a_telephone_is_a_french_number_or_says_its_country(number, is_right):
    assert (identifiers.phone_problem(number) == "") is is_right
