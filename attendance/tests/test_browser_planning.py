"""The planning edited by the keyboard alone, and its pages on a screen of 360 pixels."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.french import date_format
from attendance.actions import sign_presence
from attendance.enums import NoticeKind, SessionState
from attendance.models import ClassSession, Notice
from attendance.selectors import holidays_of
from attendance.views.planning import planning_url
from tests.browser.checks import assert_sound, sign_in

from .recipes import own_phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def monday(transactional_db, school) -> date:
    """A Monday to come inside the course, in the middle of its month, neither it nor its Tuesday a holiday."""
    today = timezone.localdate()
    cohort = school.cohort
    cohort.starts_on, cohort.ends_on = today - timedelta(days=30), today + timedelta(days=200)
    cohort.save()
    day = today + timedelta(days=14 - today.weekday())
    while day.day > 26 or holidays_of(cohort, day, day + timedelta(days=1)):
        day += timedelta(days=7)
    return day


def tab_to(page, what: str) -> None:
    """Press Tab until the field of that name, or the button of that text, has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        text = "document.activeElement.textContent.trim().replaceAll('\\u00a0', ' ')"
        focus = f"[document.activeElement.name, {text}]"
        if what in page.evaluate(focus):
            return
    pytest.fail(f"Tab never reaches {what}")


def test_half_days_are_edited_moved_and_cancelled_by_the_keyboard(
    page, live_server, school, monday
):
    first = school.session(monday)
    second = school.session(monday + timedelta(days=1), subject=school.subjects[1])
    sign_in(page, live_server, school.cast.elise)
    page.goto(planning_url(school.cohort, monday))
    assert_sound(page)
    tab_to(page, f"Voir {first.subject}, {date_format(monday, 'j F')}, matin")
    page.keyboard.press("ArrowDown")  # from Monday to Tuesday
    page.keyboard.press("e")
    page.get_by_role("heading", name="Modifier").wait_for()
    assert_sound(page)
    tab_to(page, "subject")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Enregistrer")
    page.keyboard.press("Enter")
    page.get_by_text("La demi-journée est modifiée").wait_for()
    second.refresh_from_db()
    assert second.subject == school.subjects[2]
    # In the month, the letter is for the half-day that has the focus.
    page.get_by_role("link", name="Par mois").focus()
    page.keyboard.press("Enter")
    page.locator(".planning-month").wait_for()
    assert_sound(page)
    page.locator(f'[data-d="{reverse("attendance:session_move", args=[first.uuid])}"]').focus()
    page.keyboard.press("d")
    page.get_by_role("heading", name="Déplacer").wait_for()
    tab_to(page, "half")
    page.keyboard.press("ArrowDown")
    tab_to(page, "reason")
    page.keyboard.press("Enter")  # without a reason it stays, and says so
    assert page.evaluate("document.activeElement.name") == "reason"
    page.keyboard.type("Salon de l'étudiant")
    page.keyboard.press("Enter")
    page.get_by_text("La demi-journée est déplacée").wait_for()
    first.refresh_from_db()
    assert (first.date, first.half) == (monday, "apres_midi")
    page.locator("[data-planning] td a").first.focus()
    page.keyboard.press("a")
    page.get_by_role("heading", name="Annuler").wait_for()
    tab_to(page, "reason")
    page.keyboard.type("Formateur malade")
    page.keyboard.press("Enter")
    page.get_by_text("La demi-journée est annulée").wait_for()
    first.refresh_from_db()
    assert first.state == SessionState.CANCELLED
    told = Notice.objects.get(kind=NoticeKind.CANCELLED)
    assert school.cast.bruno.email in told.recipients
    assert school.cast.aicha.email in told.recipients
    assert "Formateur malade" in told.text


def test_a_half_day_moved_on_a_phone_keeps_its_signatures_and_tells(
    phone_page, live_server, school, monday, sheet
):
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha))
    page = phone_page
    sign_in(page, live_server, school.cast.elise)
    page.goto(planning_url(school.cohort, timezone.localdate()))
    assert_sound(page)
    page.get_by_role("link", name="Déplacer").tap()
    page.get_by_role("heading", name="Déplacer").wait_for()
    assert_sound(page)
    page.get_by_label("Nouveau jour").fill(monday.isoformat())
    page.get_by_label("Motif").fill("Panne de chauffage")
    page.get_by_role("button", name="Déplacer").dblclick()
    page.get_by_text("La demi-journée est déplacée").wait_for()
    assert ClassSession.objects.filter(cohort=school.cohort, date=monday).count() == 1
    sheet.session.refresh_from_db()
    assert sheet.session.state == SessionState.CANCELLED
    assert school.presence(sheet).signature is not None
    told = Notice.objects.get(kind=NoticeKind.MOVED)  # a double tap tells once
    assert set(told.recipients) == {school.cast.bruno.email, school.cast.aicha.email}
    assert "Panne de chauffage" in told.text
    for name in ("cohort_calendar", "cohort_gauges", "makeup_add", "papers_issue"):
        page.goto(reverse(f"attendance:{name}", args=[school.cohort.uuid]))
        assert_sound(page)
