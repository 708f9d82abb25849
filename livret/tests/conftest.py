import pytest

from .recipes import make_place


@pytest.fixture
def place(cast):
    return make_place(cast)
