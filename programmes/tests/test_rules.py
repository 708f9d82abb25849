from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.enums import Categorie
from programmes.rules import categorie_of, prorata

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
