import pytest

from .recipes import make_school


@pytest.fixture
def school(cast):
    return make_school(cast)
