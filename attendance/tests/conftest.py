import pytest
from django.utils import timezone

from attendance.actions import countersign_sheet, open_sheet
from attendance.models import Absence

from .recipes import at, make_school, trainer_device


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


@pytest.fixture
def missed(school, settings, tmp_path):
    """Monday morning closed without Aïcha."""
    settings.MEDIA_ROOT = tmp_path
    sheet = open_sheet(session=school.session(), by=school.cast.bruno, at=at(9))
    sheet = countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(12, 31))
    return Absence.objects.get(presence__sheet=sheet)
