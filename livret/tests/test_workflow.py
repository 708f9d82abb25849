"""Whatever several people do to a period and to a bilan in whatever order, what is signed stays what was read."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from . import walks


@pytest.mark.django_db
@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000))
def test_no_order_of_deeds_changes_what_is_signed_or_signs_what_was_not_read(place, seed):
    """`walk` looks at everything after each deed; it must have looked as often as asked."""
    done = walks.walk(place, seed, 14)
    assert sum(count for name, count in done.items() if name.startswith("period ")) == 14
