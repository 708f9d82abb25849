"""The NIR is encrypted, read only on request and with a trace; diplomas, contacts, maîtres."""

import json
import logging
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.actions import confirm_address
from accounts.errors import DomainError, NotAllowed
from accounts.models import Event
from apprentices import actions, encryption
from apprentices.identifiers import full_nir
from apprentices.maitres import MaitreFacts, eligibility_doubts
from apprentices.models import Apprentice, CompanyContact, HeldDiploma

from .recipes import a_class

pytestmark = pytest.mark.django_db
NIR = "205117817212365"


@pytest.fixture
def group(cast):
    return a_class(cast)


@pytest.fixture
def known(cast, group):
    actions.record_nir(apprentice=group.apprentice, number=NIR[:13], by=cast.elise)
    return Apprentice.objects.get(pk=group.apprentice.pk)


def test_it_keeps_the_nir_encrypted_and_tells_nobody(cast, known, signed_in, caplog):
    caplog.set_level(logging.DEBUG)
    number = full_nir(NIR[:13])
    assert NIR[:13] not in known.nir_encrypted
    assert actions.reveal_nir(apprentice=known, by=cast.elise, reason="Dépôt") == number
    told = json.dumps(list(Event.objects.values()), default=str, ensure_ascii=False)
    assert "nir.read" in told
    assert NIR[:10] not in told + caplog.text
    client = signed_in(cast.elise)
    pages = [
        reverse("apprentices:apprentice_detail", args=[known.uuid]),
        reverse("apprentices:apprentice_edit", args=[known.uuid]),
        reverse("apprentices:apprentice_list"),
        reverse("apprentices:apprentice_export", args=["csv"]),
        reverse("apprentices:nir", args=[known.uuid]),
    ]
    for page in pages:
        assert NIR[:10] not in client.get(page).content.decode("utf-8-sig"), page


def test_the_page_shows_the_nir_once_with_a_reason_and_forbids_to_keep_it(cast, known, signed_in):
    client, url = signed_in(cast.elise), reverse("apprentices:nir", args=[known.uuid])
    assert client.post(url, {"reason": " "}).status_code == 422
    shown = client.post(url, {"reason": "Dépôt à l'OPCO"})
    assert NIR[:13] in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    event = Event.objects.about(known).filter(verb="nir.read").get()
    assert (event.actor, event.reason) == (cast.elise, "Dépôt à l'OPCO")
    for stranger in (cast.bruno, cast.auditor, cast.aicha, cast.chantal):
        assert signed_in(stranger).post(url, {"reason": "Curiosité"}).status_code == 403
    assert signed_in(cast.gaelle).post(url, {"reason": "Curiosité"}).status_code == 404
    with pytest.raises(NotAllowed):
        actions.reveal_nir(apprentice=known, by=cast.bruno, reason="Curiosité")


def test_the_page_refuses_a_wrong_key_and_erases(cast, group, signed_in):
    client, url = signed_in(cast.elise), reverse("apprentices:nir", args=[group.apprentice.uuid])
    assert client.post(url, {"nir": NIR[:13] + "00"}).status_code == 422
    saved = client.post(url, {"nir": NIR[:13]}, follow=True)
    assert "enregistré, chiffré" in saved.content.decode()
    assert client.post(url, {"effacer": "1"}).status_code == 302
    assert not Apprentice.objects.get(pk=group.apprentice.pk).has_nir


def test_a_new_key_reads_what_the_old_one_wrote(cast, known, settings):
    old, new = settings.NIR_KEYS[0], "bmV3LWtleS1mb3ItdGhlLXRlc3RzLW9mLXJvdGF0aW8="
    settings.NIR_KEYS = [new, old]
    call_command("rotate_nir_keys", stdout=StringIO())
    settings.NIR_KEYS = [new]
    known.refresh_from_db()
    assert encryption.decrypt(known.nir_encrypted) == full_nir(NIR[:13])
    settings.NIR_KEYS = [old]
    with pytest.raises(DomainError, match="illisible"):
        encryption.decrypt(known.nir_encrypted)


def test_a_correction_says_every_wrong_field_and_hides_what_concerns_health(cast, group):
    with pytest.raises(DomainError) as refused:
        actions.update_apprentice(
            apprentice=group.apprentice,
            by=cast.elise,
            ine="123",
            birth_insee="78700",
            situation_before="99",
        )
    assert {f.field for f in refused.value.findings} == {"ine", "birth_insee", "situation_before"}
    actions.update_apprentice(
        apprentice=group.apprentice,
        by=cast.elise,
        rqth=True,
        adjustments="Tiers temps",
        city="Conflans Ste Honorine",
        postcode="78700",
        birth_insee="78172",
    )
    event = Event.objects.about(group.apprentice).first()
    assert "Tiers temps" not in json.dumps(event.data)
    assert "True" not in json.dumps(event.data["rqth"])
    group.apprentice.refresh_from_db()
    assert group.apprentice.residence_insee == "78172"
    assert group.apprentice.birth_place == "Conflans-Sainte-Honorine"


def test_it_notes_diplomas_and_proposes_dispenses_on_the_file(cast, group, signed_in):
    client = signed_in(cast.elise)
    url = reverse("apprentices:diploma_add", args=[group.apprentice.uuid])
    data = {"code": "54", "title": "BTS MCO", "obtained_in": 2025, "is_french": "on"}
    assert client.post(url, {**data, "obtained_in": 1999}).status_code == 422
    assert client.post(url, {**data, "code": ""}).status_code == 422
    page = client.post(url, data, follow=True).content.decode()
    assert "<strong>U1</strong>" in page
    assert "<strong>U3</strong>" not in page
    again = client.post(url, data)
    assert "déjà noté" in again.content.decode()
    diploma = HeldDiploma.objects.get()
    client.post(reverse("apprentices:diploma_remove", args=[diploma.uuid]))
    assert not HeldDiploma.objects.exists()


def test_it_keeps_the_contacts_of_a_company(cast, group, signed_in):
    client = signed_in(cast.elise)
    url = reverse("apprentices:contact_add", args=[group.company.uuid])
    assert client.post(url, {"last_name": ""}).status_code == 422
    page = client.post(url, {"last_name": "Paie", "email": "paie@example.org"}, follow=True)
    assert "paie@example.org" in page.content.decode()
    contact = CompanyContact.objects.get()
    remove = reverse("apprentices:contact_remove", args=[contact.uuid])
    assert signed_in(cast.gaelle).post(remove).status_code == 404
    assert client.post(remove).status_code == 302


TODAY = date(2026, 9, 1)
RIGHT = MaitreFacts(date(1980, 1, 1), "54", True, 12, TODAY)


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        (RIGHT, []),
        (MaitreFacts(date(1980, 1, 1), "", False, 24, TODAY), []),
        (MaitreFacts(date(1980, 1, 1), "54", False, 12, TODAY), ["V11"]),
        (MaitreFacts(date(1980, 1, 1), "42", True, 12, TODAY), ["V11"]),
        (MaitreFacts(date(1980, 1, 1), "54", True, 11, TODAY), ["V11"]),
        (MaitreFacts(date(2008, 9, 2), "54", True, 12, TODAY), ["V10"]),
        (MaitreFacts(None, "", False, None, None), ["V10", "V11", "Attestation"]),
    ],
)
def test_it_says_what_a_maitre_has_still_to_establish(facts, rules):
    found = eligibility_doubts(facts, TODAY)
    assert [text.split(" ")[0] for text in found] == rules


def test_the_page_of_a_company_shows_the_load_of_each_maitre(cast, group, signed_in):
    page = signed_in(cast.elise).get(
        reverse("apprentices:company_detail", args=[group.company.uuid])
    )
    assert "sur 2" in page.content.decode()


def test_the_communes_are_proposed_while_typing(cast, signed_in):
    url = reverse("apprentices:commune_options")
    html = signed_in(cast.elise).get(url, {"birth_insee": "conflans ste"}).content.decode()
    assert 'value="78172"' in html
    assert signed_in(cast.elise).get(url).status_code == 200


def test_the_file_follows_the_address_of_the_account(cast, group):
    apprentice, maitre = group.enrolment.apprentice, group.contract.maitre
    type(apprentice).objects.filter(pk=apprentice.pk).update(user=cast.aicha)
    apprentice.refresh_from_db()
    with pytest.raises(DomainError, match="Mon compte") as refused:
        actions.update_apprentice(apprentice=apprentice, email="autre@a.fr", by=cast.elise)
    assert refused.value.field == "email"
    cast.aicha.email = "nouvelle@apprenti.example"
    cast.aicha.save()
    confirm_address(user=cast.aicha)  # as the page of the account does, and the administration
    apprentice = Apprentice.objects.get(pk=apprentice.pk)
    assert (apprentice.email, apprentice.mailbox) == ("nouvelle@apprenti.example",) * 2
    told = Event.objects.about(apprentice).filter(verb="apprentice.changed").latest("pk")
    assert told.data["email"][1] == "nouvelle@apprenti.example"
    with pytest.raises(DomainError, match="Mon compte"):
        actions.update_maitre(maitre=maitre, email="chantal@b.fr", by=cast.elise)
