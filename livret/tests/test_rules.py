from datetime import date, timedelta
from itertools import pairwise

import pytest

from livret import rules
from livret.enums import THREE, PeriodState


def test_it_covers_the_course_with_quarters():
    spans = rules.spans(date(2026, 1, 5), date(2027, 6, 30))
    assert [s.starts_on for s in spans] == [
        date(2026, 1, 5), date(2026, 4, 5), date(2026, 7, 5), date(2026, 10, 5),
        date(2027, 1, 5), date(2027, 4, 5),
    ]  # fmt: skip
    assert spans[-1].ends_on == date(2027, 6, 30)


@pytest.mark.parametrize("length", range(1, 800, 13))
def test_it_leaves_no_hole_between_periods(length):
    first = date(2024, 1, 31)
    spans = rules.spans(first, first + timedelta(days=length - 1))
    assert spans[0].starts_on == first
    assert spans[-1].ends_on == first + timedelta(days=length - 1)
    for one, two in pairwise(spans):
        assert two.starts_on == one.ends_on + timedelta(days=1)
    assert len(spans) == 1 or all(
        (s.ends_on - s.starts_on).days + 1 >= rules.SHORTEST_DAYS for s in spans
    )


SIGNATURES = {
    ("draft", "apprentice"): "apprentice_signed",
    ("apprentice_signed", "maitre"): "maitre_signed",
    ("maitre_signed", "tutor"): "closed",
}


@pytest.mark.parametrize("state", PeriodState.values)
@pytest.mark.parametrize("role", [role.value for role in THREE])
def test_it_takes_the_signatures_in_one_order(state, role):
    assert rules.next_state(state, role) == SIGNATURES.get((state, role))


@pytest.mark.parametrize("state", PeriodState.values)
@pytest.mark.parametrize("role", [role.value for role in THREE])
def test_it_lets_nobody_write_after_signing(state, role):
    order = list(PeriodState.values)
    signs_in = {"apprentice": 0, "maitre": 1, "tutor": 2}[role]
    assert rules.can_write(role, state) == (order.index(state) <= signs_in)


def test_it_waits_fifteen_days_before_calling_a_period_late():
    end = date(2026, 4, 4)
    assert not rules.is_late("draft", end, date(2026, 4, 19))
    assert rules.is_late("draft", end, date(2026, 4, 20))
    assert not rules.is_late("closed", end, date(2030, 1, 1))


def test_it_names_what_is_missing_before_signing():
    values = {"maitre_position": "expected", "maitre_text": "  "}
    assert rules.missing("maitre", values) == ["les observations"]


def test_it_hashes_the_same_content_alike_whatever_the_order_of_its_keys():
    assert rules.text_digest({"a": 1, "b": "é"}) == rules.text_digest({"b": "é", "a": 1})
    assert rules.text_digest({"a": 1}) != rules.text_digest({"a": 2})
