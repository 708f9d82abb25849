"""In a browser: a contract typed step by step, checked as it is typed, finished and signed."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apprentices.models import Contract
from tests.browser.checks import sign_in

from .recipes import a_class

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_contract_is_typed_in_steps_checked_live_and_signed(cast, page, live_server):
    group = a_class(cast)
    Contract.objects.all().delete()
    sign_in(page, live_server, cast.elise)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(reverse("apprentices:contract_create", args=[group.enrolment.uuid]))
    page.select_option("#id_maitre", str(group.maitre.pk))
    page.select_option("#id_maitre_competence", "experience")
    page.check("#id_maitre_attested")
    expect(page.locator("#constats")).to_contain_text("Brouillon enregistré")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    # The proposals of the cohort: 18 months of a cycle of 24 ask for a derogation (V09), live.
    expect(page.locator("#constats")).to_contain_text("V09")
    page.select_option("#id_derogation", "21")
    page.fill("#id_tripartite_on", "2026-01-05")
    page.locator("#id_tripartite_on").blur()
    expect(page.locator("#constats")).not_to_contain_text("V09")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.locator("#id_rate_20260105").fill("45")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.locator("main")).to_contain_text("45 % du SMIC")
    page.get_by_role("button", name="Terminer la saisie").click()
    page.get_by_role("button", name="Enregistrer la signature").click()
    expect(page.locator("main")).to_contain_text("Signé")
    assert Contract.objects.get().state == "signed"
    assert problems == []
