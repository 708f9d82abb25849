"""Fixtures of the whole suite: the strict client and the fixed cast."""

from collections.abc import Callable

import pytest


@pytest.fixture
def client():
    """Replaces pytest-django's client: every HTML page it receives is checked."""
    from ndrc_cfa.testing import StrictClient

    return StrictClient()


@pytest.fixture
def cast(db):
    """Two centres and their people: cast.cfa, cast.elise, cast.farid, cast.bruno, cast.gaelle..."""
    from ndrc_cfa.cast import make_cast

    return make_cast()


@pytest.fixture
def signed_in(db) -> Callable:
    """`signed_in(user)` is a strict client in which this person is signed in."""
    from ndrc_cfa.testing import StrictClient

    def sign_in(user):
        client = StrictClient()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
