"""The exam in a real browser: marks by keyboard and paste, the simulator on a phone."""

import pytest
from django.urls import reverse

from evaluations.samples import small_pdf
from tests.browser.checks import faults, sign_in

from .exam_recipes import exam_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db):
    return exam_world()


def saved(page, name):
    page.locator(f'[data-state-of="{name}"]').filter(has_text="✓").wait_for()


def test_a_mark_is_typed_by_keyboard_and_a_column_pasted_with_a_preview(page, live_server, world):
    sign_in(page, live_server, world.elise)
    url = reverse("evaluations:exam_marks", args=[world.session.uuid])
    page.goto(f"{url}?etape=proposed")
    first = f"{world.one.pk}-U1"
    page.fill(f'[name="{first}"]', "12.5")
    page.keyboard.press("Enter")
    saved(page, first)
    assert page.evaluate("document.activeElement.name") == f"{world.two.pk}-U1"
    page.keyboard.type("21")
    page.keyboard.press("Enter")
    page.locator("#marks-told").filter(has_text="va de 0 à 20").wait_for()
    page.get_by_text("Importer des notes d'un tableur").click()
    page.fill("#import-text", "Petit Zoé;13\nInconnu;9\nMartin;AB")
    page.select_option("#import-first", "U2")
    page.get_by_role("button", name="Voir l'aperçu").click()
    page.get_by_text("2 notes reconnues, 1 ligne inconnue").wait_for()
    page.get_by_role("button", name="Écrire 2 notes").click()
    page.get_by_text("2 notes changées sur 2").wait_for()
    assert page.input_value(f'[name="{world.three.pk}-U2"]') == "13"
    assert page.input_value(f'[name="{world.two.pk}-U2"]') == "AB"
    assert page.input_value(f'[name="{first}"]') == "12,5"


def test_a_dispense_is_asked_with_its_file_in_one_go(page, live_server, world):
    sign_in(page, live_server, world.elise)
    page.goto(reverse("evaluations:exam_registration_detail", args=[world.one.uuid]))
    for code in ("U1", "U2"):
        page.select_option(f"[name={code}-plan]", "dispensed")
    page.fill("[name=proof_title]", "BTS MCO, 2024")
    file = {"name": "diplome.pdf", "mimeType": "application/pdf", "buffer": small_pdf("diplôme")}
    page.set_input_files("[name=proof_file]", file)
    assert not faults(page)
    page.get_by_role("button", name="Enregistrer la demande").click()
    page.get_by_text("Dispense U1 (BTS MCO, 2024)").wait_for()
    page.get_by_text("Dispense U2 (BTS MCO, 2024)").wait_for()


def test_anybody_simulates_on_a_phone(phone_page, live_server, world):
    page, problems = phone_page, []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(reverse("evaluations:exam_simulator") + "?session=2027")
    for code, mark in zip(("U1", "U2", "U3", "U4", "U5"), ("8", "9,5", "8,5", "11", "9/11"), strict=True):  # fmt: skip
        page.fill(f"#champ-{code}", mark)
    page.get_by_role("button", name="Simuler").click()
    page.get_by_text("il faut au moins 12,5 à U6").wait_for()
    page.fill("#champ-U6", "11")
    page.get_by_role("button", name="Simuler").click()
    page.get_by_role("heading", name="Ce que demande la seconde chance").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not problems
