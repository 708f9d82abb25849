"""The main path, from sign-in to PDF, walked in a browser by the four people of the demo.

With CAPTURES=1 the pictures go to docs/captures, where README shows them.
"""

import os
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts.models import User
from apprentices.models import Apprentice
from attendance.enums import SheetState
from attendance.models import AttendanceSheet, ClassSession
from evaluations.models import CcfEvaluation
from livret.enums import PeriodState
from livret.models import LivretPeriod
from ndrc_cfa.demo import cast

from .path import Walker

pytestmark = [pytest.mark.browser, pytest.mark.worker]
KEPT = Path(__file__).resolve().parent.parent.parent / "docs" / "captures"


@pytest.fixture(scope="module")
def kept_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "demo.sqlite3"


@pytest.fixture
def demo(worker, kept_demo):
    """Built for the first test; the others find a copy of its database."""
    connection.ensure_connection()
    if kept_demo.exists():
        with closing(sqlite3.connect(kept_demo)) as kept:
            kept.backup(connection.connection)
        return
    full = bool(os.environ.get("CAPTURES"))
    call_command(
        "seed_demo",
        apprentices=15 if full else 5,
        demi_journees=None if full else 24,
        sans_documents=True,
        verbosity=0,
    )
    with closing(sqlite3.connect(kept_demo)) as kept:
        connection.connection.backup(kept)


@pytest.fixture
def captures(tmp_path) -> Path:
    if os.environ.get("CAPTURES"):
        KEPT.mkdir(exist_ok=True)
        return KEPT
    return tmp_path


@pytest.fixture
def walk(demo, live_server, browser, captures, settings):
    """`walk(person, phone=True)`: this person in front of a browser."""
    settings.PUBLIC_URL = live_server.url  # the links of the e-mails lead to this server
    walkers = []

    def make(person: cast.Person | None, *, phone: bool = False) -> Walker:
        walker = Walker(browser, live_server.url, person, phone=phone, captures=captures)
        walkers.append(walker)
        return walker

    yield make
    for walker in walkers:
        walker.close()


@pytest.fixture
def class_day(demo):
    """Ten minutes into the next half-day that Bruno teaches: the browser and the server are there."""
    bruno = User.objects.get(email=cast.BRUNO.email)
    session = ClassSession.objects.filter(
        trainer=bruno,
        date__gt=timezone.localdate(),
        sheet__isnull=True,
        cohort__cfa__slug="lz-formation",
    ).first()
    start = timezone.make_aware(datetime.combine(session.date, session.starts_at))
    with time_machine.travel(start + timedelta(minutes=1), tick=True):
        yield session


def test_a_half_day_is_signed_on_the_phone_and_countersigned(walk, class_day):
    trainer = walk(cast.BRUNO)
    page = trainer.sign_in()
    trainer.look("accueil-formateur")
    page.get_by_role("link", name=class_day.subject.title).first.click()
    page.get_by_role("button", name="Ouvrir l'émargement").click()
    expect(page.get_by_text("Émargement ouvert").first).to_be_visible()

    apprentice = walk(cast.AICHA, phone=True)
    phone = apprentice.sign_in()
    apprentice.look("accueil-apprenti")
    phone.get_by_role("link", name="Signer ma présence").click()
    expect(phone.locator("canvas").first).to_be_visible()
    phone.wait_for_load_state()
    phone.get_by_role("button", name="Signer", exact=True).click()  # nothing drawn yet
    expect(phone.get_by_role("alert").first).to_be_visible()
    apprentice.draw_signature()
    apprentice.look("signer")
    phone.get_by_role("button", name="Signer", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Présence signée")
    apprentice.look("signee")

    # The live sheet shows it by itself; the others sign on the trainer's device or are missing.
    expect(page.get_by_text("Appareil de la personne").first).to_be_visible(timeout=8000)
    trainer.look("feuille")
    page.get_by_role("link", name="Faire signer sur cet appareil").click()
    trainer.look("appareil-qui-passe")
    page.get_by_role("link", name="Tom Aubert").click()
    page.get_by_role("button", name="Signer au clavier").click()
    page.get_by_label("Vos prénom et nom").fill("Tom Aubert")
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.get_by_text("Tom Aubert").first).to_be_visible()
    sheet = AttendanceSheet.objects.get(session=class_day)
    page.goto(f"{trainer.base}/emargement/feuilles/{sheet.uuid}/contresigner/")
    trainer.draw_signature()
    trainer.look("contresigner")
    page.get_by_role("button", name="Contresigner et clore").click()
    expect(page.get_by_text("Contresignée et close").first).to_be_visible()
    trainer.look("feuille-close")
    sheet.refresh_from_db()
    assert sheet.state == SheetState.CLOSED
    assert sheet.presences.filter(signature__isnull=False).count() == 2


def test_a_trainer_grades_e4_and_the_apprentice_sees_nothing(walk):
    evaluation = CcfEvaluation.objects.drafts().get(situations__held_on__lt=timezone.localdate())
    candidate = evaluation.enrolment.apprentice
    trainer = walk(cast.BRUNO, phone=True)
    page = trainer.sign_in()
    page.get_by_role("link", name=f"{candidate} · E4").click()
    page.locator("[id='B-choice-C2']").or_(
        page.get_by_label("Négocier et accompagner la relation client")
    ).first.check()
    expect(page.locator(".ccf-line").nth(7)).to_be_attached()
    for line in page.locator(".ccf-line").all():
        line.get_by_label("Satisfaisant", exact=False).first.check()
    page.get_by_label("Date de la situation B").fill(
        (timezone.localdate() - timedelta(days=1)).isoformat()
    )
    page.get_by_label("Commission de la situation B (noms)").fill("Bruno Caron, Inès Marchand")
    page.get_by_label("Appréciation de la situation B").fill("Écoute réelle, marge défendue.")
    page.get_by_label("Note sur 20").fill("12,5")
    page.get_by_label("Note sur 20").blur()
    expect(page.locator("#ccf-manque li")).to_have_count(0, timeout=15_000)
    trainer.look("ccf")
    page.goto(f"{trainer.base}/evaluations/ccf/{evaluation.uuid}/verrouiller/")
    trainer.look("ccf-verrouiller")
    page.get_by_role("button", name="Verrouiller l'évaluation").click()
    expect(page.get_by_text("Verrouillée").first).to_be_visible()
    evaluation.refresh_from_db()
    assert str(evaluation.mark) == "12.5"

    apprentice = walk(cast.AICHA, phone=True)
    phone = apprentice.sign_in()
    mark = CcfEvaluation.objects.get(enrolment__apprentice__user__email=cast.AICHA.email).mark
    for address in ("/", "/livret/mon-livret/", "/documents/"):
        phone.goto(apprentice.base + address)
        assert str(mark).replace(".", ",") not in phone.content()
    answer = phone.goto(f"{apprentice.base}/evaluations/ccf/{evaluation.uuid}/")
    assert answer.status in (403, 404)


def test_the_livret_is_written_and_signed_by_the_three(walk):
    aicha = Apprentice.objects.get(user__email=cast.AICHA.email)
    period = LivretPeriod.objects.filter(
        livret__enrolment__apprentice=aicha,
        starts_on__lte=timezone.localdate(),
        state=PeriodState.DRAFT,
    ).first()
    apprentice = walk(cast.AICHA, phone=True)
    page = apprentice.sign_in()
    page.goto(f"{apprentice.base}/livret/mon-livret/")
    apprentice.look("mon-livret")
    page.get_by_role("link", name=f"Période {period.number}").first.click()
    page.locator("[name=apprentice_text]").fill("Vingt relances, deux ventes signées.")
    apprentice.look("periode")
    page.get_by_role("button", name="Enregistrer et signer").click()
    apprentice.draw_signature()
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.get_by_text("À signer par le maître").first).to_be_visible()

    staff = walk(cast.ELISE)
    page = staff.sign_in()
    contract = aicha.enrolments.get().contracts.get()
    page.goto(f"{staff.base}/livret/maitres/{contract.maitre.uuid}/lien/")
    page.get_by_role("button", name="Envoyer un lien").click()
    expect(page.get_by_text("Valable", exact=True).first).to_be_visible()
    link = next(word for word in mail.outbox[-1].body.split() if "/livret/lien/" in word)

    maitre = walk(None, phone=True)  # no account: the link of the e-mail
    page = maitre.page
    page.goto(link)
    maitre.look("maitre-lien")
    page.get_by_role("link", name="Donner mon avis sur Aïcha Benali").click()
    page.get_by_label("Au niveau attendu", exact=True).check()
    page.locator("[name=maitre_text]").fill("Très bon trimestre.")
    maitre.look("maitre-avis")
    page.get_by_role("button", name="Enregistrer et signer").click()
    maitre.draw_signature()
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.get_by_text("Merci, votre signature est enregistrée").first).to_be_visible()
    expect(page.get_by_role("link", name="Donner mon avis sur Tom Aubert")).to_be_visible()  # next
    period.refresh_from_db()
    assert period.state == PeriodState.MAITRE_SIGNED

    tutor = walk(cast.BRUNO)
    page = tutor.sign_in()
    page.goto(f"{tutor.base}/livret/periodes/{period.uuid}/")
    page.locator("[name=tutor_text]").fill("Objectifs tenus.")
    page.get_by_role("button", name="Enregistrer et signer").click()
    tutor.draw_signature()
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.get_by_text("Signée par les trois").first).to_be_visible()
    period.refresh_from_db()
    assert period.state == PeriodState.CLOSED


def test_documents_are_issued_followed_downloaded_and_verified(walk, tmp_path):
    staff = walk(cast.ELISE)
    page = staff.sign_in()
    staff.look("accueil-equipe")
    for name, address in {
        "programme": "/programmes/",
        "promotions": "/apprentis/promotions/",
        "apprentis": "/apprentis/",
        "planning": "/emargement/planning/",
        "livrets": "/livret/",
        "emettre": "/livret/documents/",
    }.items():
        page.goto(staff.base + address)
        staff.look(name)
    page.get_by_role("button", name="Émettre").click()
    expect(page.get_by_role("link", name="Télécharger le ZIP", exact=False)).to_be_visible(
        timeout=60_000
    )
    expect(page.get_by_text("Terminé", exact=True).first).to_be_visible(timeout=60_000)
    staff.look("lot")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le PDF").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    reader = PdfReader(path)
    text = reader.pages[0].extract_text()
    assert len(reader.pages) == 1
    assert "RNCP38368" in text
    assert "LZ Formation" in text

    public = walk(None)
    page.get_by_role("link", name="page publique").get_attribute("href")
    public.page.goto(
        staff.base + page.get_by_role("link", name="page publique").get_attribute("href")
    )
    expect(public.page.get_by_role("heading", level=1)).to_be_visible()
    public.look("verifier")
    public.page.goto(f"{staff.base}/verifier/AAAA-AAAA-AAAA/")
    expect(public.page.get_by_role("heading", level=1)).to_be_visible()
    public.look("verifier-inconnu")
