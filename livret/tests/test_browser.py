"""A period on a phone: kept as it is typed, signed by the apprentice and by the maître's link."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from livret.actions import invite_maitre, save_section, sign_period
from livret.models import PersonalLink
from tests.browser.checks import assert_sound, draw_signature, sign_in

from .recipes import strokes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def saved(page, name):
    page.locator(f'[data-state-of="{name}"]').filter(has_text="Enregistré").wait_for()


def token_url(message):
    token = re.search(r"/livret/lien/([^/\s]+)/", message.body).group(1)
    return reverse("livret:link_access", args=[token])


def detail(period):
    return reverse("livret:period_detail", args=[period.uuid])


def signed_by_apprentice(place):
    save_section(
        period=place.period, values={"apprentice_text": "Dix clients vus."}, by=place.cast.aicha
    )
    sign_period(period=place.period, role="apprentice", by=place.cast.aicha, strokes=strokes())


def test_it_keeps_the_period_as_it_is_typed_then_signs_it(phone_page, live_server, place):
    page = phone_page
    sign_in(page, live_server, place.cast.aicha)
    page.goto(detail(place.period))
    assert_sound(page)
    page.fill("[name=apprentice_text]", "J'ai prospecté dix clients.")
    page.locator("[name=apprentice_text]").blur()
    saved(page, "apprentice_text")
    assert place.period.apprentice_text == "J'ai prospecté dix clients."
    page.locator("[data-autosave] details.more > summary").click()
    page.locator("[data-autosave] details .choice-box input").first.check()
    page.locator('.choice .save-state[data-kind="saved"]').wait_for()
    assert place.period.positions.get().apprentice_level == "non_vu"
    assert_sound(page)
    page.get_by_role("button", name="Enregistrer et signer").click()
    page.locator("canvas").wait_for()  # the signature pad is ready
    page.get_by_role("button", name="Signer", exact=True).click()  # nothing drawn
    page.get_by_text("La signature est trop courte").wait_for()
    draw_signature(page)
    page.get_by_role("button", name="Signer", exact=True).dblclick()
    page.get_by_text("À signer par le maître").first.wait_for()
    assert place.period.signatures.count() == 1
    page.go_back()  # to the page to sign: it leads to what is signed
    page.reload()
    page.wait_for_url(re.compile(r"/periodes/[0-9a-f-]+/$"))


def test_it_keeps_what_was_typed_when_the_session_ends(phone_page, live_server, place):
    page = phone_page
    sign_in(page, live_server, place.cast.aicha)
    page.goto(detail(place.period))
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.fill("[name=apprentice_text]", "Écrit trop tard.")
    page.locator("[name=apprentice_text]").blur()
    page.locator("[data-autosave-banner]").filter(has_text="session a expiré").wait_for()
    sign_in(page, live_server, place.cast.bruno)  # another person, in another tab
    with page.expect_response(f"**{detail(place.period)}") as refused:
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    assert refused.value.status == 403
    sign_in(page, live_server, place.cast.aicha)
    page.goto(detail(place.period))
    saved(page, "apprentice_text")
    assert place.period.apprentice_text == "Écrit trop tard."


def test_it_asks_which_of_two_windows_is_right(page, live_server, place):
    sign_in(page, live_server, place.cast.aicha)
    page.goto(detail(place.period))
    save_section(period=place.period, values={"apprentice_text": "L'autre."}, by=place.cast.aicha)
    page.fill("[name=apprentice_text]", "La mienne.")
    page.locator("[name=apprentice_text]").blur()
    page.get_by_text("L'autre : L'autre.").wait_for()
    page.get_by_role("button", name="Garder ma saisie").click()
    saved(page, "apprentice_text")
    assert place.period.apprentice_text == "La mienne."


def test_the_maitre_goes_from_the_mail_to_the_signature_in_six_taps(phone_page, live_server, place):
    signed_by_apprentice(place)
    invite_maitre(maitre=place.maitre, by=place.cast.elise)
    page = phone_page
    page.goto(token_url(mail.outbox[-1]))  # 1: in the message
    page.locator("[name=maitre_text]").wait_for()
    assert (
        page.locator("form[data-autosave] textarea, form[data-autosave] fieldset.choice")
        .filter(visible=True)
        .count()
        <= 5
    )
    assert_sound(page)
    page.get_by_label("Au niveau attendu", exact=True).check()  # 2
    saved(page, "maitre_position")
    page.locator("[name=maitre_text]").tap()  # 3
    page.keyboard.type("Très bon trimestre.")
    page.get_by_role("button", name="Enregistrer et signer").tap()  # 4
    page.locator("canvas").wait_for()
    assert_sound(page)
    draw_signature(page)  # 5
    page.get_by_role("button", name="Signer", exact=True).tap()  # 6
    page.get_by_text("Vous pouvez fermer cette page").wait_for()
    page.evaluate("document.documentElement.style.fontSize = '200%'")  # the phone's own setting
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]
    signature = place.period.signatures.get(role="maitre")
    assert signature.link.maitre == place.maitre
    assert signature.signature.signer is None
    content = page.content()
    for word in ("CCF", "Évaluations", "Escande"):
        assert word not in content


def test_what_the_maitre_types_outlives_the_link(phone_page, live_server, place):
    signed_by_apprentice(place)

    def opened():
        invite_maitre(maitre=place.maitre, by=place.cast.elise)
        phone_page.goto(token_url(mail.outbox[-1]))
        phone_page.locator("[name=maitre_text]").wait_for()

    opened()
    invite_maitre(maitre=place.maitre, by=place.cast.elise)  # it replaces the first
    phone_page.fill("[name=maitre_text]", "Écrit sur un lien remplacé.")
    phone_page.locator("[name=maitre_text]").blur()
    phone_page.locator("[data-autosave-banner]").filter(
        has_text="gardée sur cet appareil"
    ).wait_for()
    opened()
    saved(phone_page, "maitre_text")
    assert place.period.maitre_text == "Écrit sur un lien remplacé."


def test_the_maitre_signs_with_the_keyboard_alone(page, live_server, place):
    signed_by_apprentice(place)
    save_section(
        period=place.period,
        values={"maitre_position": "expected", "maitre_text": "Bien."},
        by=place.cast.chantal,
    )
    sign_in(page, live_server, place.cast.chantal)
    page.goto(reverse("livret:period_sign", args=[place.period.uuid]))
    page.get_by_role("button", name="Signer au clavier").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Chantal Dumas")
    page.keyboard.press("Enter")
    page.get_by_text("votre signature est enregistrée").wait_for()
    assert place.period.state == "maitre_signed"


def test_a_link_that_has_expired_sends_another_one(phone_page, live_server, place):
    signed_by_apprentice(place)
    link = invite_maitre(maitre=place.maitre, by=place.cast.elise)
    sent = timezone.now() - timedelta(days=31)
    PersonalLink.objects.filter(pk=link.pk).update(
        created_at=sent, expires_at=sent + timedelta(days=30)
    )
    expired = token_url(mail.outbox[-1])
    phone_page.goto(expired)
    phone_page.get_by_role("button", name="Recevoir un nouveau lien").tap()
    phone_page.get_by_text("nouveau lien").first.wait_for()
    assert token_url(mail.outbox[-1]) != expired
    phone_page.goto(token_url(mail.outbox[-1]))
    expect(phone_page.locator("[name=maitre_text]")).to_be_editable()
