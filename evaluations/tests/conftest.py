import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User

from . import exam_recipes, recipes

TODAY = datetime.date(2026, 11, 21)
NOON = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch):
    """The tests live on one day of the cohort's second year."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    """What the tests deposit goes nowhere else."""
    settings.MEDIA_ROOT = tmp_path


@contextmanager
def made_once(make: Callable[[], SimpleNamespace], blocker) -> Iterator[SimpleNamespace]:
    """The rows of a world for all the tests of a file; what one adds is undone by its own transaction."""
    with blocker.unblock(), transaction.atomic():
        with patch.object(timezone, "now", lambda: NOON):
            made = make()
        yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def _world(django_db_setup, django_db_blocker):
    with made_once(recipes.world, django_db_blocker) as made:
        yield made


@pytest.fixture
def world(_world, db):
    """A cohort under way on TODAY, its people and E4; not for a test that commits."""
    return deepcopy(_world)


@pytest.fixture(scope="module")
def _exam_world(django_db_setup, django_db_blocker):
    with made_once(exam_recipes.exam_world, django_db_blocker) as made:
        yield made


@pytest.fixture
def exam_world(_exam_world, db):
    """Three candidates at a session; not for a test that commits."""
    return deepcopy(_exam_world)


@pytest.fixture
def root(db):
    return User.objects.create_superuser(
        "racine@example.org", recipes.PASSWORD, first_name="Farid", last_name="Garnier"
    )
