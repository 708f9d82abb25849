import datetime

import pytest
from django.utils import timezone

from . import recipes

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch):
    """The tests live on one day of the cohort's second year."""
    noon = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: noon)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    """What the tests deposit goes nowhere else."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world(db):
    return recipes.world()
