"""A half-day signed in a real browser: by the finger, by the keyboard, on the device passed round."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from attendance.actions import sign_presence
from tests.browser.checks import assert_sound, draw_signature, sign_in

from .recipes import own_phone, presence_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign(page):
    page.get_by_role("button", name="Signer", exact=True).dblclick()


def test_the_apprentice_signs_in_two_taps_from_the_home(phone_page, live_server, school, sheet):
    page = phone_page
    sign_in(page, live_server, school.cast.aicha)
    page.goto("/")
    assert_sound(page)
    page.get_by_role("link", name="Signer ma présence").tap()
    page.locator("canvas").wait_for()
    assert_sound(page)
    page.get_by_role("button", name="Signer", exact=True).tap()  # an empty box is not a signature
    page.get_by_text("La signature est trop courte").wait_for()
    draw_signature(page)
    sign(page)  # a double click
    page.get_by_role("heading", name="Présence signée").wait_for()
    assert_sound(page)
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
    sheet.presences.create(enrolment=school.enrol("Léa", "Petit"))
    page = phone_page
    sign_in(page, live_server, school.cast.bruno)
    page.goto(reverse("attendance:sheet_detail", args=[sheet.uuid]))
    assert_sound(page)
    page.get_by_role("link", name="Faire signer sur cet appareil").tap()
    page.get_by_role("link", name="Aïcha Benali").wait_for()
    assert_sound(page)
    page.get_by_role("link", name="Aïcha Benali").tap()
    draw_signature(page)
    sign(page)
    page.get_by_text("Aïcha Benali a signé").wait_for()
    page.get_by_role("link", name="Léa Petit").tap()  # the same page, the next person
    draw_signature(page)
    sign(page)
    page.get_by_text("Léa Petit a signé").wait_for()
    page.get_by_text("2 / 2").wait_for()
    assert presence_of(school).signature.method == "trainer_device"
    page.go_back()  # the sheet as it is now, once and whole
    page.get_by_text("2 / 2").wait_for()
    assert page.locator("h1").count() == 1
    assert page.locator("#contenu h1").inner_text() == "Feuille d'émargement"
    page.get_by_role("row", name="Léa Petit").get_by_text("Noter").tap()
    assert_sound(page)
    page.goto(reverse("attendance:sheet_countersign", args=[sheet.uuid]))
    assert_sound(page)
    draw_signature(page)
    page.get_by_role("button", name="Contresigner et clore").dblclick()
    page.wait_for_url(re.compile(r"/feuilles/[0-9a-f-]+/$"))
    page.get_by_text("Contresignée et close").first.wait_for()
    sheet.refresh_from_db()
    assert sheet.state == "closed"


def test_a_signature_drawn_before_signing_in_elsewhere_comes_back(page, live_server, school, sheet):
    sign_presence(presence=presence_of(school), **own_phone(school.cast.aicha))
    sign_in(page, live_server, school.cast.bruno)
    countersign = reverse("attendance:sheet_countersign", args=[sheet.uuid])
    page.goto(countersign)
    draw_signature(page)
    drawn = page.locator("[data-signature-value]").input_value()
    # Signing in in another tab changes the key of every form of this browser.
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    other = page.context.new_page()
    other.goto(countersign)
    other.close()

    page.get_by_role("button", name="Contresigner et clore").click()
    page.get_by_text("ce que vous aviez écrit est revenu").wait_for()
    assert page.locator("[data-signature-value]").input_value() == drawn
    page.get_by_role("button", name="Contresigner et clore").click()
    page.get_by_text("Contresignée et close").first.wait_for()
