"""Each URL of the project answers each role as tests/permission_matrix.py says; none is forgotten."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ndrc_cfa.testing import StrictClient

from .permission_matrix import MATRIX, ROLES

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


def project_names() -> set[str]:
    return {name for name in names_of(get_resolver()) if not name.startswith(NOT_OURS)}


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_it_answers_each_role_as_the_matrix_says(name, cast):
    if name not in project_names():
        pytest.fail(f"{name} is in the matrix but not in the project: remove its row")
    row = MATRIX[name]
    answers = {}
    for role in ROLES:
        client = StrictClient()
        if role in PEOPLE:
            client.force_login(
                getattr(cast, PEOPLE[role]),
                backend="allauth.account.auth_backends.AuthenticationBackend",
            )
        answers[role] = getattr(client, row.method)(reverse(name, kwargs=row.args)).status_code
    assert answers == row.codes


def test_it_names_every_address():
    """A view without a name would escape the matrix."""
    assert not [name for name in project_names() if "<" in name or name.endswith("/")]


def test_no_url_is_missing_from_the_matrix():
    missing = sorted(project_names() - set(MATRIX))
    assert not missing, "add a row in tests/permission_matrix.py for: " + ", ".join(missing)
