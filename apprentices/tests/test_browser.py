"""A person who has never seen the screens: a candidate becomes an apprentice with a signed contract."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from apprentices import actions
from apprentices.models import Apprentice, Contract
from tests.browser.checks import assert_sound, sign_in

from .recipes import a_company, a_programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CLICKS_AT_MOST = 20


@pytest.fixture
def place(cast, live_server, page):
    """A cohort of eighteen months that begins soon, a company with its maître; Élise signed in."""
    today = timezone.localdate()
    starts_on, ends_on = today - timedelta(days=10), today + timedelta(days=538)
    programme = a_programme(cast.cfa, starts_on=starts_on, ends_on=ends_on)
    actions.create_cohort(
        cfa=cast.cfa, programme=programme, name="NDRC en cours", starts_on=starts_on,
        ends_on=ends_on, capacity=20, trainers=[cast.bruno], by=cast.elise,
    )  # fmt: skip
    company = a_company(cast, naf="4719B", idcc="1517", headcount=12, employer_type="12",
                        employer_specific="0", postcode="78700", city="Conflans-Sainte-Honorine",
                        email="rh@exemple.fr")  # fmt: skip
    actions.create_maitre(
        company=company, first_name="Chantal", last_name="Dumas", born_on=date(1980, 5, 17),
        email="chantal@exemple.fr", by=cast.elise,
    )  # fmt: skip
    sign_in(page, live_server, cast.elise)
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def test_a_candidate_becomes_an_apprentice_with_a_signed_contract(place, tmp_path):
    page, clicks = place, 0
    captures = Path(tmp_path)

    def press(name):
        nonlocal clicks
        page.get_by_role("button", name=name, exact=True).first.click()
        clicks += 1

    page.goto(reverse("apprentices:application_create"))
    page.get_by_label("Nom de naissance").fill("Roche")
    page.get_by_label("Prénom").fill("Maya")
    page.get_by_label("Date de naissance").fill("2005-03-03")
    press("Ouvrir le dossier")
    page.get_by_label("Pièce d'identité").check()
    press("Enregistrer les pièces")
    press("Enregistrer l'entretien")
    page.get_by_label("Résultat").fill("14")
    page.get_by_label("Acquis constatés").fill("Bureautique acquise.")
    press("Enregistrer le test")
    assert_sound(page)
    page.screenshot(path=captures / "candidature.png", full_page=True)
    press("Admettre")
    press("Inscrire")
    page.wait_for_url("**/contrat/**")
    steps = 0
    while page.get_by_role("button", name="Enregistrer et continuer").count() and steps < 8:
        page.screenshot(path=captures / f"contrat-{steps}.png", full_page=True)
        fill_step(page)
        press("Enregistrer et continuer")
        steps += 1
    page.screenshot(path=captures / "relecture.png", full_page=True)
    fill_step(page)
    press("Terminer la saisie")
    press("Enregistrer la signature")
    page.screenshot(path=captures / "signe.png", full_page=True)
    contract = Contract.objects.get()
    assert contract.state == "signed"
    assert contract.enrolment.apprentice == Apprentice.objects.get(last_name="Roche")
    assert clicks <= CLICKS_AT_MOST, clicks


def fill_step(page):
    """What a person has to say on each step: the rest is proposed."""
    answers = {
        "maitre": lambda field: field.select_option(index=1),
        "maitre_competence": lambda field: field.select_option("experience"),
        "derogation": lambda field: field.select_option("21"),
        "tripartite_on": lambda field: field.fill(timezone.localdate().isoformat()),
        "concluded_on": lambda field: field.fill(
            page.locator("[name=starts_on]").input_value() or timezone.localdate().isoformat()
        ),
    }
    for name, answer in answers.items():
        if page.locator(f"select[name={name}], input[name={name}]:not([type=hidden])").count():
            answer(page.locator(f"[name={name}]").first)
    for name in ("maitre_attested", "documents_held"):
        if page.locator(f"input[type=checkbox][name={name}]").count():
            page.locator(f"[name={name}]").check()
