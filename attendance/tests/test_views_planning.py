"""The pages of the planning, rendered with real objects under the strict client."""

from datetime import date

import pytest
from django.urls import reverse

from apprentices.models import Cohort
from attendance.models import CalendarException, ClassSession, Notice, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(school, signed_in):
    return signed_in(school.cast.elise)


@pytest.fixture
def ahead(school) -> ClassSession:
    """A half-day far enough to come, in a cohort that lasts as long."""
    Cohort.objects.filter(pk=school.cohort.pk).update(
        starts_on=date(2098, 1, 6), ends_on=date(2099, 6, 30)
    )
    school.enrolment.starts_on = date(2098, 1, 6)
    school.enrolment.save()
    school.cohort.refresh_from_db()
    return school.session(date(2098, 1, 6), room="B2")


def test_the_week_and_the_month_show_the_half_day(school, team, ahead):
    base = f"{reverse('attendance:planning')}?promotion={school.cohort.uuid}"
    for span in ("semaine=2098-W02", "mois=2098-01"):
        page = team.get(f"{base}&{span}").content.decode()
        assert "Négociation-vente" in page
        assert "B2" in page


def test_the_calendar_takes_a_closure_and_gives_it_back(school, team, ahead):
    address = reverse("attendance:cohort_calendar", args=[school.cohort.uuid])
    assert "Minimum" in team.get(address).content.decode()
    add = reverse("attendance:exception_add", args=[school.cohort.uuid])
    assert team.post(add, {"kind": "fermeture", "starts_on": ""}).status_code == 422
    data = {
        "kind": "fermeture",
        "starts_on": "2098-02-03",
        "ends_on": "2098-02-04",
        "label": "Pont",
    }
    assert "ne suit plus" in team.get(address).content.decode()  # one half-day of the whole course
    assert team.post(add, data).status_code == 302
    assert "Pont" in team.get(address).content.decode()
    line = CalendarException.objects.get()
    remove = reverse("attendance:exception_remove", args=[line.uuid])
    assert team.post(remove, {"promotion": school.cohort.uuid}).status_code == 302
    assert not CalendarException.objects.exists()


def test_the_rhythm_is_tried_before_it_is_kept(school, team, ahead):
    address = reverse("attendance:rhythm_edit", args=[school.cohort.uuid])
    assert team.get(address).status_code == 200
    data = {
        "pattern": "2",
        "anchor": "2098-01-06",
        "morning": ["0", "1", "2"],
        "morning_from": "09:00",
        "morning_to": "12:30",
        "afternoon": ["0"],
        "afternoon_from": "13:30",
        "afternoon_to": "17:00",
        "zone": "alsace_moselle",
        "school_zone": "B",
    }
    before = school.cohort.rhythm
    tried = team.post(address, data | {"preview": "1"})
    assert tried.status_code == 200
    assert "Rien n'est encore enregistré" in tried.content.decode().replace("&#x27;", "'")
    school.cohort.refresh_from_db()
    assert school.cohort.rhythm == before
    assert team.post(address, data | {"anchor": ""}).status_code == 422
    assert team.post(address, data).status_code == 302
    school.cohort.refresh_from_db()
    assert school.cohort.rhythm["cycle_weeks"] == 2
    assert school.cohort.rhythm["school_zone"] == "B"
    assert (
        team.get(reverse("attendance:cohort_calendar", args=[school.cohort.uuid])).status_code
        == 200
    )


def test_a_half_day_is_moved_then_cancelled_on_screen(school, team, ahead):
    move = reverse("attendance:session_move", args=[ahead.uuid])
    assert team.get(move).status_code == 200
    data = {"date": "2098-01-09", "half": "matin", "trainer": school.cast.bruno.pk, "reason": ""}
    assert team.post(move, data).status_code == 422
    assert team.post(move, data | {"reason": "Formatrice malade"}).status_code == 302
    cancel = reverse("attendance:session_cancel", args=[ahead.uuid])
    assert team.get(cancel).status_code == 200
    assert team.post(cancel, {"reason": "Grève"}).status_code == 302
    page = team.get(reverse("attendance:session_detail", args=[ahead.uuid])).content.decode()
    assert "Annulée" in page
    assert "Grève" in page
    assert Notice.objects.count() == 2


def test_rooms_are_added_and_put_aside(school, team):
    assert (
        team.post(reverse("attendance:room_list"), {"name": "C3", "capacity": "0"}).status_code
        == 422
    )
    team.post(reverse("attendance:room_list"), {"name": "C3", "capacity": "12", "is_active": "on"})
    room = Room.objects.get(name="C3")
    edit = reverse("attendance:room_edit", args=[room.uuid])
    assert team.get(edit).status_code == 200
    assert team.post(edit, {"name": "C3", "capacity": "12"}).status_code == 302
    room.refresh_from_db()
    assert not room.is_active


def test_a_new_cohort_is_offered_who_teaches_its_subjects_already(school, team):
    school.session()
    new = Cohort.objects.create(
        cfa=school.cohort.cfa,
        programme=school.cohort.programme,
        name="NDRC suivante",
        starts_on=date(2027, 9, 1),
        ends_on=date(2029, 6, 30),
        rhythm=school.cohort.rhythm,
    )
    page = team.get(reverse("attendance:sessions_generate", args=[new.uuid]))
    fields = page.context["form"].fields
    taught, free = school.subjects[:2]
    assert fields[f"trainer_{taught.pk}"].initial == school.cast.bruno.pk
    assert fields[f"trainer_{free.pk}"].initial is None
