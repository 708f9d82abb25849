"""Each door on a screen of 360 pixels, without network, and the proofs verified without a server."""

import re
import zipfile
from datetime import time, timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from attendance.actions import (
    attach_scan,
    countersign_sheet,
    open_sheet,
    send_links,
    sign_presence,
    update_doors,
)
from attendance.doors import code_key
from attendance.models import ClassSession, Signature
from attendance.proofs.export import Scope, write_zip
from attendance.rules import codes
from tests.browser.checks import assert_sound, draw_signature, sign_in, wait_until

from .files import photo
from .recipes import own_phone, presence_of, received, trainer_device

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def url(name, *args):
    return reverse(f"attendance:{name}", args=args)


def button(page):
    return page.get_by_role("button", name="Signer", exact=True)


def now() -> float:
    return timezone.now().timestamp()


def test_the_code_on_the_wall_is_scanned_or_typed_and_seen_live(
    phone_page,
    live_server,
    school,
    sheet,
):
    page = phone_page
    update_doors(cfa=school.cast.cfa, by=school.cast.elise, own_phone=False)
    sign_in(page, live_server, school.cast.bruno)
    page.goto(url("wall_code", sheet.session.uuid))
    page.get_by_text("0 / 1").wait_for()
    assert_sound(page)
    page.context.clear_cookies()
    sign_in(page, live_server, school.cast.aicha)
    page.goto(url("sign", sheet.session.uuid))
    assert_sound(page)
    page.get_by_label("Code à six caractères").fill("ZZZZZZ")
    page.get_by_role("button", name="Valider le code").tap()
    page.get_by_text("il a changé").first.wait_for()
    assert_sound(page)
    page.goto(url("wall_scan", "forge-1-AAAA"))
    page.get_by_text("pas reconnu").wait_for()
    assert_sound(page)
    page.goto(url("wall_scan", codes.make_token(code_key(), codes.WALL, sheet.session.uuid, now())))
    draw_signature(page)
    button(page).dblclick()
    page.get_by_role("heading", name="Présence signée").wait_for()
    assert presence_of(school).signature.method == "wall_code"


def test_the_personal_link_signs_without_an_account(phone_page, live_server, school, sheet):
    send_links(sheet=sheet, by=school.cast.bruno)
    token = re.search(r"/lien/([^/\s]+)/", mail.outbox[-1].body).group(1)
    page = phone_page
    page.goto(url("link_sign", token))
    assert_sound(page)
    draw_signature(page)
    drawn = page.locator("[data-signature-value]").input_value()
    page.context.set_offline(True)
    button(page).tap()
    page.get_by_text("rien n'est parti, rien n'est perdu").wait_for()
    page.context.set_offline(False)
    page.route(
        "**/lien/**", lambda route: route.abort()
    )  # the network says it is there, and is not
    with page.expect_event("requestfailed"):
        button(page).tap()
    wait_until(page, "location.protocol === 'chrome-error:'")
    page.unroute_all()
    page.goto(url("link_sign", token))
    page.get_by_text("ce que vous aviez écrit est revenu").wait_for()
    assert page.locator("[data-signature-value]").input_value() == drawn
    button(page).dblclick()
    page.get_by_role("heading", name="Présence signée").wait_for()
    assert_sound(page)
    assert presence_of(school).signature.method == "personal_link"


def test_the_apprentices_own_qr_is_read_by_the_trainer(phone_page, live_server, school, sheet):
    page = phone_page
    sign_in(page, live_server, school.cast.aicha)
    page.goto(url("own_qr"))
    page.get_by_alt_text("Mon QR code").wait_for()
    assert_sound(page)
    page.context.set_offline(True)
    renew = "htmx.ajax('GET', location.pathname, {target: '#mon-qr', swap: 'outerHTML'}).catch(() => {})"
    page.evaluate(renew)
    page.get_by_text("ce code n'est plus valable").wait_for()
    page.context.set_offline(False)
    page.evaluate(renew)
    page.get_by_text("ce code n'est plus valable").wait_for(state="hidden")
    page.context.clear_cookies()
    sign_in(page, live_server, school.cast.bruno)
    page.goto(url("qr_read", sheet.uuid))
    assert_sound(page)
    page.goto(
        url("own_qr_scan", codes.make_token(code_key(), codes.OWN, school.enrolment.uuid, now()))
    )
    page.get_by_text("QR lu").wait_for()
    draw_signature(page)
    button(page).tap()
    page.get_by_text("Aïcha Benali a signé").wait_for()
    assert presence_of(school).signature.method == "own_qr"


def test_a_phone_without_network_keeps_the_signature_and_sends_it_later(
    phone_page,
    live_server,
    school,
    sheet,
):
    page = phone_page
    sign_in(page, live_server, school.cast.aicha)
    page.goto(url("sign", sheet.session.uuid))
    # Signing here for the first time: the page was loaded before its service worker, which keeps it.
    wait_until(page, "caches.match(location.href).then((kept) => Boolean(kept))")
    # A page just loaded again may reach the network before Chromium remembers that there is none.
    page.route("**/hors-ligne/", lambda route: route.abort())
    page.context.set_offline(True)
    draw_signature(page)
    button(page).tap()
    page.get_by_text("gardée sur ce téléphone").wait_for()
    assert_sound(page)
    page.reload()  # without network, the page opens all the same and remembers
    page.get_by_text("gardée sur ce téléphone").wait_for()
    assert not Signature.objects.exists()
    # The session ended meanwhile, then somebody else signed in: it waits for its owner.
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.unroute_all()
    page.context.set_offline(False)
    page.get_by_role("link", name="Me reconnecter").wait_for(timeout=20_000)
    sign_in(page, live_server, school.cast.bruno)
    with page.expect_response("**/hors-ligne/") as answer:
        page.evaluate("window.dispatchEvent(new Event('online'))")
    assert answer.value.status == 403
    sign_in(page, live_server, school.cast.aicha)
    page.get_by_role("link", name="Me reconnecter").tap()
    page.get_by_role("heading", name="Présence signée").wait_for(timeout=20_000)
    signature = presence_of(school).signature
    assert Signature.objects.count() == 1
    assert signature.received_at > signature.signed_at
    # The server may show it before the page hears that it went.
    wait_until(page, "!Object.keys(localStorage).some(key => key.startsWith('emargement'))")


def test_the_trainers_device_goes_on_round_without_network(
    phone_page,
    live_server,
    school,
    sheet,
):
    page = phone_page
    sign_in(page, live_server, school.cast.bruno)
    page.goto(url("presence_list", sheet.uuid))
    page.get_by_role("link", name="Aïcha Benali").wait_for()
    page.context.set_offline(True)
    page.get_by_role("link", name="Aïcha Benali").tap()
    draw_signature(page)
    assert_sound(page)
    button(page).tap()
    page.get_by_text("En attente du réseau").wait_for()
    assert_sound(page)
    # Meanwhile she signs on her own phone: the trainer is asked which one counts.
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha, 90))
    page.context.set_offline(False)
    page.get_by_text("Votre formateur décidera").wait_for(timeout=20_000)
    assert Signature.objects.count() == 1
    page.goto(url("queued_list", sheet.uuid))
    assert_sound(page)
    page.get_by_label("Motif pour l'écarter").fill("Signée deux fois")
    page.get_by_role("button", name="Écarter").tap()
    page.get_by_text("La signature est écartée").wait_for()


def test_the_pages_of_proof_and_paper_fit_a_phone(phone_page, live_server, school, sheet):
    page = phone_page
    sign_in(page, live_server, school.cast.elise)
    page.goto(url("paper_transcribe", sheet.session.uuid))
    assert_sound(page)
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha))
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno))
    signature = presence_of(school).signature
    for address in (
        url("sheet_detail", sheet.uuid),
        url("sheet_proofs", sheet.uuid),
        url("signature_proof", signature.uuid),
        url("proof_list"),
        url("proof_export"),
        url("doors_edit"),
        url("sheet_reopen", sheet.uuid),
    ):
        page.goto(address)
        assert_sound(page)


def test_who_scans_too_early_waits_on_a_page_that_opens_by_itself(
    phone_page, live_server, school, transactional_db
):
    page = phone_page
    soon = timezone.localtime() + timedelta(hours=1)
    session = school.session(soon.date(), starts_at=soon.time(), ends_at=time(23, 59))
    page.clock.install()
    sign_in(page, live_server, school.cast.aicha)
    page.goto(url("wall_scan", codes.make_token(code_key(), codes.WALL, session.uuid, now())))
    page.get_by_text("L'émargement ouvre").wait_for()
    assert_sound(page)
    ClassSession.objects.update(
        date=timezone.localdate(), starts_at=time(0, 0)
    )  # the hour has come
    open_sheet(session=ClassSession.objects.get(), by=school.cast.bruno)
    page.clock.fast_forward(5000)  # the page asks every five seconds
    draw_signature(page)  # nobody reloaded the page
    button(page).tap()
    page.get_by_role("heading", name="Présence signée").wait_for()
    assert presence_of(school).signature.method == "wall_code"


def test_a_sheet_signed_on_paper_is_photographed_and_transcribed(
    phone_page, live_server, school, sheet, tmp_path, settings
):
    settings.MEDIA_ROOT = tmp_path / "media"
    lea = sheet.presences.create(enrolment=school.enrol("Léa", "Petit"))
    wrong, scan = tmp_path / "feuille.jpg", tmp_path / "photo.png"
    wrong.write_text("<svg onload=alert(1)>")
    scan.write_bytes(photo())
    page = phone_page
    sign_in(page, live_server, school.cast.bruno)
    page.goto(url("sheet_detail", sheet.uuid))
    page.get_by_text("Autres moyens de signer").tap()
    page.get_by_role("link", name="Transcrire une feuille papier").tap()
    absent = page.get_by_role("group", name="Léa Petit")
    absent.get_by_label("Sur la feuille").select_option("Absence justifiée")
    absent.get_by_label("Motif").fill("Convocation")
    page.get_by_role("button", name="Les autres ont signé").tap()
    page.get_by_label("Scan ou photo").set_input_files(wrong)
    page.get_by_role("button", name="Joindre et transcrire").tap()
    page.get_by_text("ni un PDF ni une photo").first.wait_for()
    assert_sound(page)
    assert absent.get_by_label("Motif").input_value() == "Convocation"
    page.get_by_label("Scan ou photo").set_input_files(scan)
    page.get_by_role("button", name="Joindre et transcrire").dblclick()
    page.wait_for_url(re.compile(r"/feuilles/[0-9a-f-]+/$"))
    assert presence_of(school).signature.method == "paper"
    lea.refresh_from_db()
    assert (lea.state, lea.reason) == ("excused", "Convocation")


def test_the_archive_verifies_itself_without_a_server(page, school, sheet, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    attach_scan(sheet=sheet, by=school.cast.bruno, **received(photo()), file_name="feuille.png")
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha))
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno))
    today, out = timezone.localdate(), BytesIO()
    scope = Scope(cfa=school.cast.cfa, cohort=school.cohort, first=today, last=today)
    data = write_zip(scope, out)
    archive = zipfile.ZipFile(out)
    archive.extractall(tmp_path)
    file = tmp_path / "verification.html"
    page.goto(file.as_uri())
    page.get_by_text("Chaîne entière : 4 événements").wait_for()
    scan = tmp_path / data["files"][0]["name"]
    page.get_by_label("Choisissez les PDF").set_input_files(scan)
    page.get_by_text(f"{scan.name} est intact").wait_for()
    altered = tmp_path / scan.name
    altered.write_bytes(scan.read_bytes() + b" ")
    page.get_by_label("Choisissez les PDF").set_input_files(altered)
    page.get_by_text(f"{scan.name} a changé").wait_for()
    html = file.read_text()
    for old, new, found in (
        ("Aïcha", "Anaïs", "le contenu a changé"),
        (data["after"][:20], "0" * 20, "dernière empreinte"),
    ):
        file.write_text(html.replace(old, new))
        page.goto(file.as_uri())
        page.get_by_text("Chaîne rompue").wait_for()
        assert found in page.locator("#anomalies").inner_text()
