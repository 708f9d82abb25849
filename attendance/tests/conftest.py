import pytest
from django.utils import timezone

from attendance.actions import open_sheet

from .recipes import make_school


@pytest.fixture
def school(cast):
    return make_school(cast)


@pytest.fixture
def sheet(transactional_db, school):
    """Today's sheet, open, whatever today is: the half-day is around this hour."""
    now = timezone.localtime()
    session = school.session(now.date())
    day = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}
    session.starts_at = now.replace(**day).time()
    session.ends_at = now.replace(hour=23, minute=59, second=0, microsecond=0).time()
    session.save()
    return open_sheet(session=session, by=school.cast.bruno)
