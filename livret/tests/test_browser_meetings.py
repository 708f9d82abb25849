"""A period in a place without network; a bilan signed by three people on three devices."""

from datetime import timedelta
from io import BytesIO
from time import sleep

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from livret import actions
from livret.models import Review
from livret.views import periods
from tests.browser.checks import assert_sound, draw_signature, sign_in, wait_until

from .test_browser import detail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


KEPT = """async address => {
    for (const name of await caches.keys()) {
        const found = await (await caches.open(name)).match(address);
        if (name.startsWith("pages:") && found) return true;
    }
    return false;
}"""


def test_it_loses_nothing_without_network_on_a_phone(
    phone_page, live_server, place, settings, tmp_path, monkeypatch
):
    settings.MEDIA_ROOT = tmp_path
    page = phone_page
    sign_in(page, live_server, place.cast.aicha)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(detail(place.period))
    page.locator("[data-task-form]").wait_for()
    assert_sound(page)
    page.wait_for_load_state("networkidle")
    page.evaluate("navigator.serviceWorker.ready")
    wait_until(page, KEPT, detail(place.period))
    page.context.set_offline(True)
    page.reload()
    page.get_by_text("cette page est celle du").wait_for()
    assert_sound(page)
    page.get_by_role("button", name="Enregistrer et signer").click()
    page.get_by_text("rien n'est parti, rien n'est perdu").wait_for()
    page.fill("#tache-titre", "Stand du salon")
    page.select_option("#tache-nature", "evenement")
    page.get_by_role("button", name="Ajouter la mission").click()
    page.locator("[data-waiting]").filter(has_text="Gardé sur cet appareil").wait_for()
    page.get_by_text("Joindre une photo ou un PDF").click()
    photo = BytesIO()
    Image.new("RGB", (1200, 900), "teal").save(photo, "JPEG")
    file = {"name": "stand.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    page.set_input_files("#preuve-fichier", file)
    page.locator("[data-waiting]").nth(1).wait_for()
    page.fill("[name=apprentice_text]", "Écrit dans le métro.")
    page.locator("[name=apprentice_text]").blur()
    page.locator("[data-autosave-banner]").filter(has_text="Pas de réseau").wait_for()
    assert not place.period.tasks.exists()
    # The text is saved slowly: a page read again before, and shown after, would be empty of it.
    save_section, show = actions.save_section, periods.render
    monkeypatch.setattr(actions, "save_section", lambda **say: sleep(0.8) or save_section(**say))
    monkeypatch.setattr(periods, "render", lambda *say, **more: (show(*say, **more), sleep(1))[0])
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.get_by_role("button", name="Retirer le fichier stand.jpg").wait_for()
    page.get_by_role("button", name="Retirer la mission Stand du salon").wait_for()
    expect(page.locator("[name=apprentice_text]")).to_have_value("Écrit dans le métro.")
    task = place.period.tasks.get()
    assert (task.title, task.kind) == ("Stand du salon", "evenement")
    assert place.period.proofs.count() == 1
    page.get_by_text("Ajouter une mission").click()
    page.fill("#tache-titre", "Écrite et pas ajoutée")
    page.get_by_role("button", name="Enregistrer et signer").click()
    page.get_by_text("Cette mission n'est pas encore ajoutée").wait_for()
    page.fill("#tache-titre", "")
    page.get_by_text("Joindre une photo ou un PDF").click()
    heic = b"\x00\x00\x00\x18ftypheic" + b"\x00" * 90
    file = {"name": "IMG_1.HEIC", "mimeType": "image/heic", "buffer": heic}
    page.set_input_files("#preuve-fichier", file)
    refusal = page.locator("[data-proof-form] [role=alert]").filter(has_text="Le plus compatible")
    refusal.wait_for()  # beside the button, with what to do
    # What is kept belongs to her: it leaves the device with her.
    page.goto(reverse("account_logout"))
    page.get_by_role("button", name="Se déconnecter").last.click()
    page.wait_for_url("**/login/**")
    wait_until(page, "caches.keys().then(names => !names.some(name => name.startsWith('pages:')))")


def test_the_bilan_is_signed_by_three_people_on_three_devices(browser, live_server, place):
    tutor = place.cast.bruno
    review = actions.plan_review(
        livret=place.livret, kind="quarterly", planned_on=timezone.localdate(), by=tutor
    )
    review = actions.open_review(review=review, by=tutor)
    actions.save_review(
        review=review,
        texts={"cfa": "Assidue.", "competences": "Progrès nets."},
        fields={"next_on": timezone.localdate() + timedelta(days=80)},
        by=tutor,
    )
    url = reverse("livret:review_detail", args=[review.uuid])

    def device(user, width):
        context = browser.new_context(
            base_url=live_server.url, locale="fr-FR", viewport={"width": width, "height": 800}
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        sign_in(page, live_server, user)
        page.goto(url)
        return page

    laptop = device(tutor, 1280)
    assert_sound(laptop)
    laptop.get_by_role("button", name="Figer et mettre à la signature").click()
    laptop.get_by_text("mis à la signature").wait_for()
    for user, width in ((place.cast.aicha, 360), (place.cast.chantal, 390)):
        page = device(user, width)
        assert_sound(page)
        draw_signature(page)
        page.get_by_role("button", name="Signer", exact=True).click()
        page.get_by_text("votre signature est enregistrée").wait_for()
        page.context.close()
    laptop.goto(url)
    laptop.get_by_role("button", name="Signer au clavier").focus()
    laptop.keyboard.press("Enter")
    laptop.keyboard.type("Bruno Caron")
    laptop.keyboard.press("Enter")
    laptop.get_by_text("Signé par tous").first.wait_for()
    laptop.context.close()
    assert Review.objects.get(pk=review.pk).state == "closed"


def test_axe_finds_nothing_on_the_other_pages(page, live_server, place):
    tutor, livret = place.cast.bruno, place.livret
    review = actions.plan_review(
        livret=livret, kind="visit", planned_on=timezone.localdate(), by=tutor
    )
    actions.open_review(review=review, by=tutor)
    actions.correct_company(maitre=place.maitre, values={"company.phone": "0102030405"})
    period, cohort = place.period.uuid, place.cohort.uuid
    walks = {
        place.cast.elise: [
            *((f"livret:{name}", livret.uuid) for name in ("plan_detail", "livret_follow", "livret_detail")),
            ("livret:livret_list",), ("livret:documents_issue",), ("livret:correction_list",),
            ("livret:period_calendar", cohort), ("livret:maitre_invite", place.maitre.uuid),
            ("livret:period_by_hand", period), ("livret:review_detail", review.uuid),
            ("livret:review_by_hand", review.uuid),
        ],
        place.cast.aicha: [("livret:my_livret",), ("home",), ("livret:period_correction", period)],
        place.cast.chantal: [("livret:maitre_home",), ("livret:maitre_company",)],
    }  # fmt: skip
    for user, pages in walks.items():
        sign_in(page, live_server, user)
        for name, *args in pages:
            page.goto(reverse(name, args=args))
            assert_sound(page)
    page.goto(reverse("livret:link_access", args=["faux"]))
    assert_sound(page)
