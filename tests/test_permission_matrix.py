"""Each URL of the project answers each role as tests/permission_matrix.py says; none is forgotten."""

from collections.abc import Iterator
from functools import cache, partial

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ndrc_cfa import urls
from ndrc_cfa.cast import make_cast
from ndrc_cfa.testing import StrictClient

from .permission_matrix import MATRIX, ROLES

pytestmark = pytest.mark.once
NOT_OURS = ("admin:", "account_", "mfa_", "usersessions_", "headless")
PEOPLE = {
    "admin": "farid",
    "staff": "elise",
    "trainer": "bruno",
    "apprentice": "aicha",
    "maitre": "chantal",
    "auditor": "auditor",
    "outsider": "gaelle",
}


def names_of(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names_of(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or pattern.pattern}"


@cache
def project_names() -> set[str]:
    return {name for name in names_of(get_resolver()) if not name.startswith(NOT_OURS)}


@pytest.fixture(scope="module")
def clients(django_db_setup: None, django_db_blocker) -> Iterator[dict[str, StrictClient]]:
    """One signed-in client per role for all the rows; what a row writes is undone by its own transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = make_cast()
        found = {role: StrictClient() for role in ROLES}
        for role, name in PEOPLE.items():
            found[role].force_login(
                getattr(cast, name),
                backend="allauth.account.auth_backends.AuthenticationBackend",
            )
        yield found
        transaction.set_rollback(True)


@pytest.fixture
def _bare_refusals(monkeypatch) -> None:
    """Refusals without their page, two thirds of 2,400 answers; the pages have their own tests."""
    for status in (403, 404):
        answer = partial(refuse, status)
        monkeypatch.setattr(urls, f"handler{status}", answer, raising=False)


def refuse(status: int, request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=status)


@pytest.mark.usefixtures("_bare_refusals")
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_it_answers_each_role_as_the_matrix_says(name, clients, db):
    if name not in project_names():
        pytest.fail(f"{name} is in the matrix but not in the project: remove its row")
    row = MATRIX[name]
    address = reverse(name, kwargs=row.args)
    answers = {
        role: getattr(client, row.method)(address).status_code for role, client in clients.items()
    }
    assert answers == row.codes


def test_it_names_every_address():
    """A view without a name would escape the matrix."""
    assert not [name for name in project_names() if "<" in name or name.endswith("/")]


def test_no_url_is_missing_from_the_matrix():
    missing = sorted(project_names() - set(MATRIX))
    assert not missing, "add a row in tests/permission_matrix.py for: " + ", ".join(missing)
