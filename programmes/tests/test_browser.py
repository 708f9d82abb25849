"""The grid of hours as staff type in it; the public programme on a phone."""

import pytest
from playwright.sync_api import expect

from programmes import actions
from programmes.models import CfaProgramme
from programmes.tests.recipes import load_ndrc
from tests.browser.checks import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def programme(cast) -> CfaProgramme:
    return load_ndrc(cast.cfa.slug)


def test_totals_and_gaps_follow_what_is_typed(page, live_server, cast, programme):
    sign_in(page, live_server, cast.elise)
    page.goto(f"/programmes/{programme.uuid}/heures/")
    gap, announced = page.locator("[data-gap-minimum]"), page.locator("[data-gap-announced]")
    expect(gap).to_have_text("337,5 h de plus que le minimum")
    expect(announced).to_have_text("égal à la somme des matières")
    first = page.locator("#id_form-0-hours_year_1")
    first.fill("40,5")
    expect(page.locator("[data-total]")).to_have_text("1 343,5")
    expect(announced).to_contain_text("6,5 h de moins")
    first.press("Enter")
    expect(page.locator("#id_form-1-hours_year_1")).to_be_focused()
    page.locator("#id_form-4-DELETE").check()
    page.locator("#id_form-5-DELETE").check()
    expect(gap).to_have_text("181 h de moins que le minimum")
    page.locator("#id_form-5-DELETE").uncheck()
    page.locator("#id_form-4-DELETE").uncheck()
    page.locator("#id_hours_announced").fill("1343,5")
    page.get_by_role("button", name="Enregistrer les heures").click()
    expect(page.get_by_text("Les heures sont enregistrées.")).to_be_visible()
    programme.refresh_from_db()
    assert programme.hours_announced == 1343.5


def test_the_public_programme_fits_a_phone_without_signing_in(phone_page, cast, programme):
    for finding in ("HEURES-RYTHME", "DUREE-DATES"):
        actions.accept_finding(
            programme=programme, finding=finding, reason="Planning joint au contrat", by=cast.elise
        )
    actions.publish_programme(programme=programme, reason="Première", by=cast.elise)
    phone_page.goto(f"/programmes/public/{cast.cfa.slug}/{programme.slug}/")
    expect(phone_page.get_by_role("heading", name="Épreuves")).to_be_visible()
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 360
