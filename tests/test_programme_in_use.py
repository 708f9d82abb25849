"""What a data file may not take away once the apps above use it."""

from datetime import date, time

import pytest

from accounts.models import User
from apprentices.models import Cohort
from attendance.models import ClassSession
from programmes.models import CfaProgramme
from programmes.tests.test_load_programmes import everything, load, refused
from programmes.tests.test_loader import LZ, folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db


def test_a_line_in_use_cannot_be_taken_out(folder):
    load(folder)
    programme = CfaProgramme.objects.get(slug="lz-formation-ndrc-2027")
    Cohort.objects.create(
        cfa=programme.cfa,
        programme=programme,
        name="Promotion",
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        rhythm=programme.rhythm,
    )
    subject = programme.subjects.get(code="atelier")
    session = _session(programme, subject)
    text = (folder / LZ).read_text()
    start = text.index('[[subjects]]\ncode = "atelier"')
    end = text.index("# --- épreuves annoncées")
    (folder / LZ).write_text(text[:start] + text[end:])
    before = everything()
    message = refused(folder)
    assert "une ligne qui sert encore (demi-journées)" in message
    assert everything() == before
    assert "sert encore" in refused(folder, dry_run=True)
    session.delete()
    assert "- subjects.atelier.title" in load(folder)


def _session(programme, subject):
    return ClassSession.objects.create(
        cohort=programme.cohorts.get(),
        subject=subject,
        trainer=User.objects.create_user(
            "bruno@example.test", first_name="Bruno", last_name="Caron"
        ),
        date=date(2026, 1, 5),
        half="matin",
        starts_at=time(9),
        ends_at=time(12, 30),
    )
