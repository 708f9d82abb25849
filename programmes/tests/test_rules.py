from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.enums import Categorie, Difference, EpreuveForm
from programmes.rules import (
    Announced,
    OfficialEpreuve,
    categorie_of,
    compare_epreuves,
    form_differs,
    printed_minutes,
    prorata,
)

ON, UNTIL = date(2024, 9, 1), date(2029, 8, 31)


@pytest.mark.parametrize(
    ("habilite_on", "habilite_until", "day", "expected"),
    [
        pytest.param(None, None, date(2026, 6, 1), Categorie.PONCTUEL, id="jamais habilité"),
        pytest.param(None, UNTIL, date(2026, 6, 1), Categorie.PONCTUEL, id="fin sans début"),
        pytest.param(ON, UNTIL, date(2024, 8, 31), Categorie.PONCTUEL, id="la veille"),
        pytest.param(ON, UNTIL, ON, Categorie.HABILITE, id="premier jour"),
        pytest.param(ON, UNTIL, date(2027, 6, 1), Categorie.HABILITE, id="pendant"),
        pytest.param(ON, UNTIL, UNTIL, Categorie.HABILITE, id="dernier jour"),
        pytest.param(ON, UNTIL, date(2029, 9, 1), Categorie.PONCTUEL, id="le lendemain"),
        pytest.param(ON, None, date(2040, 1, 1), Categorie.HABILITE, id="sans fin"),
    ],
)
def test_the_category_of_a_cfa_follows_its_habilitation(habilite_on, habilite_until, day, expected):
    assert categorie_of(habilite_on, habilite_until, day) is expected


def test_the_school_grid_shared_over_675_hours():
    grid = [60, 90, 120, 30, 180, 150, 120, 120]
    assert prorata(grid, 675) == [47, 70, 93, 23, 140, 116, 93, 93]


@given(st.lists(st.integers(0, 500), min_size=1, max_size=12).filter(any), st.integers(0, 5000))
def test_a_prorata_loses_no_hour_and_stays_within_one_hour(hours, total):
    shares = prorata(hours, total)
    assert sum(shares) == total
    for value, share in zip(hours, shares, strict=True):
        assert abs(share - Decimal(total) * value / sum(hours)) < 1


@pytest.mark.parametrize(("hours", "total"), [([], 1), ([0, 0], 10), ([-1, 3], 10), ([1], -1)])
def test_impossible_proportions_are_refused(hours, total):
    with pytest.raises(ValueError, match="positives"):
        prorata(hours, total)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Écrit 4h (ou CCF)", 240),
        ("Écrit 3 h", 180),
        ("1 h 30", 90),
        ("Oral 20mn (ou CCF)", 20),
        ("Oral de 40 minutes", 40),
        ("Écrit, 2 heures", 120),
        ("Oral – CCF ou ponctuel", None),
        ("", None),
    ],
)
def test_a_printed_duration_is_read(text, minutes):
    assert printed_minutes(text) == minutes


@pytest.mark.parametrize(
    ("text", "form", "minutes", "differs"),
    [
        pytest.param("Écrit 4h (ou CCF)", EpreuveForm.ECRITE, 180, True, id="durée et CCF"),
        pytest.param("Écrit 4h", EpreuveForm.ECRITE, 180, True, id="durée"),
        pytest.param("Écrit 3h", EpreuveForm.ECRITE, 180, False, id="exact"),
        pytest.param("Écrit", EpreuveForm.ECRITE, 180, False, id="sans durée"),
        pytest.param("Écrit 4h (ou CCF)", EpreuveForm.ECRITE, 240, True, id="CCF seulement"),
        pytest.param("Oral 30 min", EpreuveForm.ORALE, 30, False, id="oral"),
        pytest.param("Oral – CCF ou ponctuel", EpreuveForm.CCF, None, False, id="CCF dit"),
        pytest.param("Oral – CCF ou ponctuel", EpreuveForm.ORALE, 60, False, id="ou ponctuel"),
        pytest.param("Oral – CCF", EpreuveForm.ORALE, 60, True, id="CCF impossible"),
        pytest.param("Oral – CCF ou ponctuel", EpreuveForm.ECRITE_PRATIQUE, None, True, id="E5"),
        pytest.param("Écrit et pratique", EpreuveForm.ECRITE_PRATIQUE, None, False, id="E5 exact"),
        pytest.param("", EpreuveForm.PRATIQUE, None, True, id="muet"),
    ],
)
def test_a_printed_form_is_compared_with_the_official_one(text, form, minutes, differs):
    assert form_differs(text, form, minutes) is differs


def test_the_comparison_keeps_the_official_order_and_ends_with_what_does_not_exist():
    official = [
        OfficialEpreuve("E1", "CGE", Decimal(3), False, EpreuveForm.ECRITE, 180),
        OfficialEpreuve("E4", "RCNV", Decimal(5), False, EpreuveForm.CCF, None),
        OfficialEpreuve("E6", "RCAR", Decimal(3), False, EpreuveForm.CCF, None),
        OfficialEpreuve("EF1", "LV2", None, True, EpreuveForm.ORALE, 20),
    ]
    announced = [
        Announced("E7", "Atelier", Decimal(2), "Oral – CCF"),
        Announced("E4", "RCNV", Decimal(4), "Oral"),
        Announced("E1", "CGE", Decimal("3.0"), "Écrit 3h"),
    ]
    rows = compare_epreuves(announced, official)
    assert [(row.code, row.differences) for row in rows] == [
        ("E1", ()),
        ("E4", (Difference.COEFFICIENT, Difference.FORM)),
        ("E6", (Difference.MISSING,)),
        ("EF1", ()),
        ("E7", (Difference.UNKNOWN,)),
    ]
    assert [row.is_same for row in rows] == [True, False, False, True, False]
