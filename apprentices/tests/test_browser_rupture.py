"""In a browser: a running contract is broken, told, credited and closed."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from apprentices import actions
from apprentices.models import Contract, Rupture
from tests.browser.checks import assert_sound, sign_in

from .recipes import STARTS_ON, a_class

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def running(cast) -> Contract:
    """Aïcha's contract runs since January; its first instalment is invoiced."""
    contract = actions.sign_contract(contract=a_class(cast).contract, by=cast.elise)
    contract = actions.transmit_contract(contract=contract, on=STARTS_ON, by=cast.elise)
    contract = actions.accept_contract(contract=contract, on=STARTS_ON, by=cast.elise)
    funding = actions.set_funding(
        contract=contract, npec_annual=Decimal(7956), source="Accord", by=cast.elise
    )
    actions.invoice_instalment(
        funding=funding, code="1-1", number="F1", on=STARTS_ON, by=cast.elise
    )
    return contract


def test_a_broken_contract_is_handled_to_the_end(cast, running, page, live_server):
    sign_in(page, live_server, cast.elise)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(reverse("apprentices:contract_detail", args=[running.uuid]))
    held = []
    page.route("**/htmx*.js", lambda route: held.append(route), times=1)
    page.get_by_role("link", name="Rompre le contrat").click(no_wait_after=True)
    panel = page.locator("#calendrier")
    # Each choice shows its conditions at once: past the 45th day nobody breaks freely.
    page.fill("[name=written_on]", "2026-04-23")
    page.fill("[name=effective_on]", "2026-04-23")
    page.select_option("[name=motive]", "ESSAI_EMPLOYEUR")
    for route in held:  # even what was chosen before the page's scripts had come
        route.continue_()
    expect(panel).to_contain_text("R02")
    # Nor does a sign-in in another tab, which changes the key that the page was given, stop the checks.
    keys = [one for one in page.context.cookies() if one["name"] == settings.CSRF_COOKIE_NAME]
    page.context.add_cookies([one | {"value": "k" * 32} for one in keys])
    page.select_option("[name=motive]", "DEMISSION")
    expect(panel).to_contain_text("Saisir le médiateur")
    page.context.add_cookies(keys)
    page.get_by_role("button", name="Enregistrer la rupture").click()
    expect(page.locator("main")).to_contain_text("la démission passe par lui")
    assert not Rupture.objects.exists()
    page.select_option("[name=motive]", "ACCORD")
    expect(panel).to_contain_text("23/10/2026")
    assert_sound(page)
    page.get_by_role("button", name="Enregistrer la rupture").click()
    expect(page.locator("main")).to_contain_text("23/10/2026")
    # The OPCO has not been told: the home page says so.
    page.goto(reverse("home"))
    expect(page.locator("main")).to_contain_text("prévenir l'OPCO de la rupture")
    rupture = reverse("apprentices:rupture_detail", args=[running.uuid])
    page.goto(rupture)
    for name in ("Rupture du contrat d'apprentissage", "Information de l'OPCO : contrat rompu"):
        page.get_by_role("button", name=name).click()
        page.wait_for_url("**/documents/**")
        expect(page.locator("h1")).to_contain_text(name)
        page.goto(rupture)
    # 109 days are due of what was invoiced: an avoir.
    page.get_by_role("link", name="Solder la prise en charge").click()
    expect(page.locator("#avoirs")).to_contain_text("806,50")
    page.get_by_label("Numéro d'avoir").fill("A1")
    page.get_by_role("button", name="Noter l'avoir").click()
    expect(page.locator("#avoirs")).to_contain_text("A1, 806,50")
    page.goto(rupture)
    page.fill("[name=opco_told_on]", "2026-04-24")
    page.fill("[name=interview_on]", "2026-05-04")
    page.get_by_role("button", name="Enregistrer le suivi").click()
    expect(page.locator("main")).to_contain_text("2 sur 4")
    page.select_option("[name=issue-outcome]", "six_mois")
    page.fill("[name=issue-on]", "2026-10-22")
    page.get_by_role("button", name="Noter l'issue").click()
    expect(page.locator("main")).to_contain_text("Les six mois courent")
    page.fill("[name=issue-on]", "2026-10-23")
    page.get_by_role("button", name="Noter l'issue").click()
    expect(page.locator("main")).to_contain_text("Traitée")
    assert_sound(page)
    running.refresh_from_db()
    assert (running.state, running.broken_on) == ("broken", date(2026, 4, 23))
    assert running.enrolment.ends_on == date(2026, 10, 23)
    page.goto(reverse("home"))
    expect(page.locator("main")).not_to_contain_text("échéance de contrat")
