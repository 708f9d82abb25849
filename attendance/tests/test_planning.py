"""Generating and editing the half-days of a cohort."""

from datetime import date

import pytest

from accounts.enums import Role
from accounts.errors import DomainError, NotAllowed
from accounts.models import Event
from apprentices.models import Cohort
from attendance.actions import (
    Assignment,
    add_exception,
    generate_sessions,
    open_sheet,
    remove_exception,
    update_session,
)
from attendance.generation import drift_of, planned_on_shut_days
from attendance.models import ClassSession

from .recipes import MONDAY, RHYTHM, add_trainer, at

pytestmark = pytest.mark.django_db


def assign(school, *trainers) -> list[Assignment]:
    people = trainers or (school.cast.bruno,) * 3
    return [Assignment(s, t) for s, t in zip(school.subjects, people, strict=True)]


def generate(school, *trainers, today: date = MONDAY) -> list[ClassSession]:
    return generate_sessions(
        cohort=school.cohort,
        assignments=assign(school, *trainers),
        by=school.cast.elise,
        today=today,
    )


def photo() -> list[tuple]:
    return list(
        ClassSession.objects.order_by("date", "starts_at").values_list(
            "pk", "date", "half", "subject", "trainer", "starts_at", "ends_at", "room"
        )
    )


def test_it_plans_mondays_and_tuesdays_and_leaves_public_holidays_out(school):
    sessions = generate(school)
    days = {session.date for session in sessions}
    assert {day.weekday() for day in days} == {0, 1}
    # 06/04 Easter Monday, 25/05 Whit Monday, 14/07 (a Tuesday) of 2026.
    assert not days & {date(2026, 4, 6), date(2026, 5, 25), date(2026, 7, 14)}
    assert all(sum(s.date == day for s in sessions) == 2 for day in days)
    assert {s.minutes for s in sessions} == {210}


def test_the_subjects_share_the_first_year_in_proportion(school):
    sessions = [s for s in generate(school) if s.date < date(2027, 1, 5)]
    counts = [sum(s.subject_id == subject.pk for s in sessions) for subject in school.subjects]
    total = len(sessions)
    for count, hours in zip(counts, (300, 225, 150), strict=True):
        assert abs(count - total * hours / 675) < 1


def test_generating_again_changes_nothing(school):
    generate(school)
    before = photo()
    generate(school)
    assert photo() == before
    data = Event.objects.about(school.cohort).order_by("-pk")[0].data
    assert (data["created"], data["changed"], data["removed"]) == (0, 0, 0)


def test_what_the_calendar_no_longer_holds_is_told_until_it_is_generated_again(school):
    generate(school)
    assert drift_of(school.cohort, MONDAY) is None
    shut = add_exception(
        cfa=school.cast.cfa, cohort=None, kind="fermeture", by=school.cast.elise,
        starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 6),
    )  # fmt: skip
    found = drift_of(school.cohort, MONDAY)
    assert (found.surplus, found.lacking) == (4, 0)
    assert planned_on_shut_days(MONDAY).count() == 4
    assert not planned_on_shut_days(date(2026, 3, 7)).exists()
    generate(school)
    assert drift_of(school.cohort, MONDAY) is None
    remove_exception(line=shut, by=school.cast.elise)
    found = drift_of(school.cohort, MONDAY)
    assert (found.surplus, found.lacking) == (0, 4)


def test_generating_again_keeps_what_was_held_or_edited(school):
    vera = add_trainer(school.cast, "Vera", "Noël")
    sessions = generate(school)
    held = sessions[0]
    sheet = open_sheet(session=held, by=school.cast.bruno, at=at(9))
    edited = update_session(
        session=sessions[5], by=school.cast.elise, trainer=vera, room=school.room("B2")
    )
    generate(school, vera, vera, vera)
    sheet.refresh_from_db()
    assert sheet.session_id == held.pk
    held.refresh_from_db()
    edited.refresh_from_db()
    assert held.trainer == school.cast.bruno
    assert (edited.trainer, str(edited.room)) == (vera, "B2")
    others = ClassSession.objects.exclude(pk__in=(held.pk, edited.pk))
    assert set(others.values_list("trainer", flat=True)) == {vera.pk}


def test_once_begun_the_days_gone_by_stay_as_they_were_planned(school):
    vera = add_trainer(school.cast, "Vera", "Noël")
    paper = generate(school)[1]  # Monday afternoon, signed on paper: nothing says so yet
    open_sheet(session=generate(school)[0], by=school.cast.bruno, at=at(9))
    school.cohort.rhythm = RHYTHM | {"weekdays": [2]}
    school.cohort.save()
    sessions = generate(school, vera, vera, vera, today=date(2026, 1, 14))
    paper.refresh_from_db()
    assert paper.trainer == school.cast.bruno
    before = [s.date for s in sessions if s.date < date(2026, 1, 14)]
    assert {day.weekday() for day in before} == {0, 1}
    assert {s.date.weekday() for s in sessions if s.date not in before} == {2}


def test_a_trainer_of_two_centres_is_planned_around_the_other(school):
    school.cast.other_cfa.memberships.create(user=school.cast.bruno, role=Role.TRAINER)
    other = Cohort.objects.create(
        cfa=school.cast.other_cfa, programme=school.cohort.programme, name="Secrète",
        starts_on=MONDAY, ends_on=date(2027, 6, 30), rhythm=RHYTHM,
    )  # fmt: skip
    taken = school.session(cohort=other)
    vera = add_trainer(school.cast, "Vera", "Noël")
    assert generate(school, school.cast.bruno, vera, vera)[0].trainer == vera
    with pytest.raises(DomainError, match="dans un autre CFA") as caught:
        update_session(
            session=ClassSession.objects.get(cohort=school.cohort, date=MONDAY, half="matin"),
            by=school.cast.elise,
            trainer=taken.trainer,
        )
    assert "Secrète" not in caught.value.message


def test_a_new_rhythm_removes_what_was_not_held(school):
    generate(school)
    school.cohort.rhythm = RHYTHM | {"weekdays": [3]}
    school.cohort.save()
    assert {s.date.weekday() for s in generate(school)} == {3}


def test_a_trainer_who_teaches_elsewhere_is_not_planned_twice(school):
    other = Cohort.objects.create(
        cfa=school.cast.cfa,
        programme=school.cohort.programme,
        name="Autre",
        starts_on=MONDAY,
        ends_on=date(2027, 6, 30),
        rhythm=RHYTHM,
    )
    vera = add_trainer(school.cast, "Vera", "Noël")
    school.session(cohort=other)
    sessions = generate(school, school.cast.bruno, vera, vera)
    assert sessions[0].trainer == vera
    with pytest.raises(DomainError, match=r"Aucun formateur n'est libre .* 05/01/2026"):
        generate(school)


def test_it_names_the_subjects_without_trainer(school):
    with pytest.raises(DomainError, match="Digital, Culture générale"):
        generate_sessions(
            cohort=school.cohort, assignments=assign(school)[:1], by=school.cast.elise
        )
    assert not ClassSession.objects.exists()


@pytest.mark.parametrize("who", ["bruno", "aicha", "chantal", "gaelle", "auditor"])
def test_only_the_staff_plans(school, who):
    with pytest.raises(NotAllowed):
        generate_sessions(
            cohort=school.cohort, assignments=assign(school), by=getattr(school.cast, who)
        )


def test_a_person_of_another_centre_is_no_trainer_here(school):
    with pytest.raises(DomainError, match="n'est pas formateur"):
        generate(school, school.cast.gaelle, school.cast.bruno, school.cast.bruno)


def test_an_unreadable_rhythm_is_said(school):
    school.cohort.rhythm = {"weekdays": "lundi"}
    school.cohort.save()
    with pytest.raises(DomainError, match="rythme"):
        generate(school)


def test_an_edition_writes_its_history(school):
    session, room = school.session(), school.room("B2")
    update_session(session=session, by=school.cast.elise, room=room)
    event = Event.objects.about(session).get()
    assert event.data == {"room": ["", "B2"]}
    update_session(session=session, by=school.cast.elise, room=room)
    assert Event.objects.about(session).count() == 1


def test_a_trainer_is_never_in_two_places(school):
    vera = add_trainer(school.cast, "Vera", "Noël")
    other = Cohort.objects.create(
        cfa=school.cast.cfa,
        programme=school.cohort.programme,
        name="Autre",
        starts_on=MONDAY,
        ends_on=date(2027, 6, 30),
        rhythm=RHYTHM,
    )
    school.session(cohort=other, trainer=vera)
    session = school.session()
    with pytest.raises(DomainError) as caught:
        update_session(session=session, by=school.cast.elise, trainer=vera)
    assert caught.value.field == "trainer"
    session.refresh_from_db()
    assert session.trainer == school.cast.bruno


def test_an_opened_half_day_is_not_edited(school):
    session = school.session()
    open_sheet(session=session, by=school.cast.bruno, at=at(9))
    with pytest.raises(DomainError, match="déjà ouvert"):
        update_session(session=session, by=school.cast.elise, room=school.room("B2"))
