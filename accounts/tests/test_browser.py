"""A session that ends while somebody writes: the form comes back with its words."""

import pytest
from django.urls import reverse

from accounts.models import Invitation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page, user) -> None:
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill("mot-de-passe-essai-1")
    page.get_by_role("button", name="Se connecter").click()


def test_a_half_filled_form_survives_an_expired_session(page, cast):
    cast.elise.set_password("mot-de-passe-essai-1")
    cast.elise.save()
    form = reverse("accounts:member_invite")
    page.goto(form)
    sign_in(page, cast.elise)
    page.wait_for_url(f"**{form}")
    page.get_by_label("Prénom").fill("Paul")
    page.locator("[name=last_name]").fill("Wagner")
    page.get_by_label("Adresse e-mail").fill("paul.wagner@example.org")
    page.get_by_label("Rôle").select_option("trainer")

    page.context.clear_cookies(name="sessionid")
    page.locator("main form button[type=submit]").click()
    page.get_by_text("Votre session a expiré avant l'envoi").wait_for()
    assert not Invitation.objects.exists()
    sign_in(page, cast.elise)

    page.get_by_text("ce que vous aviez écrit est revenu").wait_for()
    assert page.get_by_label("Adresse e-mail").input_value() == "paul.wagner@example.org"
    assert page.get_by_label("Rôle").input_value() == "trainer"
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda address: not address.endswith(form))
    assert Invitation.objects.get().first_name == "Paul"
    page.goto(form)
    assert page.get_by_label("Prénom").input_value() == ""


def test_a_passkey_is_added_then_opens_the_account_alone(page, cast):
    cast.elise.set_password("mot-de-passe-essai-1")
    cast.elise.save()
    chrome = page.context.new_cdp_session(page)
    chrome.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    chrome.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    page.goto(reverse("mfa_add_webauthn"))
    sign_in(page, cast.elise)
    page.get_by_role("heading", name="Confirmer que c'est vous").wait_for()
    page.locator("[name=password]").fill("mot-de-passe-essai-1")
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_label("Nom de la clé").fill("Mon téléphone")
    page.get_by_label("Me connecter avec elle seule").check()
    page.get_by_role("button", name="Ajouter la clé").click()
    page.get_by_role("heading", name="Codes de récupération").wait_for()

    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Utiliser une clé d'accès").click()
    page.get_by_text("À traiter aujourd'hui").first.wait_for()
    assert page.get_by_role("heading", name=f"Bonjour {cast.elise.first_name}").is_visible()
