"""A half-day signed in a real browser: by the finger, by the keyboard, on the device passed round."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.actions import open_sheet
from attendance.models import Presence

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def sign_in(page, live_server, user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
    )


def draw(page):
    canvas = page.locator("canvas")
    canvas.wait_for()
    canvas.evaluate("node => node.scrollIntoView({block: 'center', behavior: 'instant'})")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 20)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 40 + 15 * step, box["y"] + (20 if step % 2 else 60))
    page.mouse.up()


def check(page):
    from axe_playwright_python.sync_playwright import Axe

    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    found = Axe().run(page, context="#contenu")
    assert found.violations_count == 0, found.generate_report()


def presence_of(school) -> Presence:
    return Presence.objects.select_related("signature").get(enrolment=school.enrolment)


def sign(page):
    page.get_by_role("button", name="Signer", exact=True).dblclick()


def test_the_apprentice_signs_in_two_taps_from_the_home(phone_page, live_server, school, sheet):
    page = phone_page
    sign_in(page, live_server, school.cast.aicha)
    page.goto("/")
    check(page)
    page.get_by_role("link", name="Signer ma présence").tap()
    page.locator("canvas").wait_for()
    check(page)
    page.get_by_role("button", name="Signer", exact=True).tap()  # an empty box is not a signature
    page.get_by_text("La signature est trop courte").wait_for()
    draw(page)
    sign(page)  # a double click
    page.get_by_role("heading", name="Présence signée").wait_for()
    check(page)
    assert presence_of(school).signature.method == "own_phone"
    page.go_back()
    page.reload()
    page.get_by_role("heading", level=1).wait_for()
    assert page.get_by_role("button", name="Signer", exact=True).count() == 0
    page.goto("/")
    assert page.get_by_role("link", name="Signer ma présence").count() == 0


def test_the_apprentice_signs_with_the_keyboard_alone(page, live_server, school, sheet):
    sign_in(page, live_server, school.cast.aicha)
    page.goto(reverse("attendance:sign", args=[sheet.session.uuid]))
    page.get_by_role("button", name="Signer au clavier").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Aïcha Benali")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Signer"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Présence signée").wait_for()
    assert presence_of(school).signature.typed_name == "Aïcha Benali"


def test_the_device_is_passed_round_then_the_sheet_is_countersigned(
    phone_page, live_server, school, sheet
):
    page = phone_page
    sign_in(page, live_server, school.cast.bruno)
    page.goto(reverse("attendance:sheet_detail", args=[sheet.uuid]))
    check(page)
    page.get_by_role("link", name="Faire signer sur cet appareil").tap()
    page.get_by_role("link", name="Aïcha Benali").wait_for()
    check(page)
    page.get_by_role("link", name="Aïcha Benali").tap()
    draw(page)
    sign(page)
    page.get_by_text("Aïcha Benali a signé").wait_for()
    assert presence_of(school).signature.method == "trainer_device"
    page.goto(reverse("attendance:sheet_countersign", args=[sheet.uuid]))
    check(page)
    draw(page)
    page.get_by_role("button", name="Contresigner et clore").dblclick()
    page.wait_for_url(re.compile(r"/feuilles/[0-9a-f-]+/$"))
    page.get_by_text("Contresignée et close").first.wait_for()
    sheet.refresh_from_db()
    assert sheet.state == "closed"
