import html
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import actions
from accounts.enums import Role
from accounts.models import Invitation, Membership
from ndrc_cfa.testing import StrictClient

NEW = {
    "first_name": "Inès",
    "last_name": "Marchand",
    "email": "ines@example.org",
    "role": "trainer",
}


def token_in(mail):
    return next(w for w in mail.body.split() if w.startswith("http")).strip("/").split("/")[-1]


def test_a_person_enters_from_the_letter_to_home(
    cast, signed_in, client, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = signed_in(cast.elise).post(reverse("accounts:member_invite"), NEW)
    assert response.url == reverse("accounts:member_list")
    page = reverse("accounts:invitation_accept", args=[token_in(mailoutbox[0])])
    assert client.get(page).status_code == 200
    passwords = {"password": "une-phrase-longue-2026", "password_again": "une-phrase-longue-2027"}
    response = client.post(page, passwords)
    assert response.status_code == 422
    assert "diffèrent" in response.content.decode()
    passwords["password_again"] = passwords["password"]
    assert client.post(page, passwords).url == reverse("home")
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert "déjà servi" in client.get(page).content.decode()


def test_a_known_person_signs_in_then_takes_the_role(
    cast, signed_in, client, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        actions.invite_person(cfa=cast.cfa, by=cast.elise, **{**NEW, "email": cast.gaelle.email})
    page = reverse("accounts:invitation_accept", args=[token_in(mailoutbox[0])])
    assert f"login/?next={page}" in client.get(page).content.decode()
    password = {"password": "motdepasse-de-demo-2026"}
    assert client.post(page, password).status_code == 422
    assert "changez de compte" in signed_in(cast.denis).get(page).content.decode()
    assert signed_in(cast.denis).post(page, password).status_code == 422
    assert cast.gaelle.memberships.count() == 1
    gaelle = signed_in(cast.gaelle)
    assert "Ajouter ce rôle" in gaelle.get(page).content.decode()
    assert gaelle.post(page).url == reverse("home")
    assert cast.gaelle.memberships.count() == 2


@pytest.mark.django_db
def test_a_forged_link_is_a_clear_page(client):
    response = client.get(reverse("accounts:invitation_accept", args=["faux"]))
    assert response.status_code == 404
    assert "demandez un nouveau lien" in response.content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"email": "pas une adresse"}, "adresse"),
        ({"role": "admin"}, "choix"),
        ({"role": "roi"}, "choix"),
        ({"first_name": ""}, "obligatoire"),
        ({"first_name": "x" * 101}, "100"),
        ({"email": "bruno.caron@cfa.example"}, "déjà ce rôle"),
    ],
)
def test_a_wrong_invitation_says_why_and_writes_nothing(cast, signed_in, change, said):
    response = signed_in(cast.elise).post(reverse("accounts:member_invite"), {**NEW, **change})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Invitation.objects.exists()


def test_the_list_shows_this_centre_only(cast, signed_in):
    page = signed_in(cast.farid).get(reverse("accounts:member_list")).content.decode()
    assert "Bruno Caron" in page
    assert "Gaëlle" not in page


def test_the_list_is_filtered_by_name_and_role(cast, signed_in):
    url = reverse("accounts:member_list")
    client = signed_in(cast.farid)
    assert "Bruno" not in client.get(url, {"q": "aïcha"}).content.decode()
    assert "Bruno" in client.get(url, {"role": "trainer"}).content.decode()
    assert "Personne ne correspond" in client.get(url, {"q": "zzz"}).content.decode()
    assert client.get(url, {"page": "x", "role": "roi"}).status_code == 200


def test_the_list_asks_as_many_questions_for_many_members(cast, signed_in):
    client, url = signed_in(cast.farid), reverse("accounts:member_list")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url)
    for number in range(15):
        user = actions.create_person(email=f"p{number}@example.org", first_name="P", last_name="N")
        Membership.objects.create(cfa=cast.cfa, user=user, role=Role.TRAINER)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(few) == len(many)


def test_an_administrator_takes_an_access_away(cast, signed_in):
    member = cast.membership(cast.bruno)
    url = reverse("accounts:member_edit", args=[member.uuid])
    client = signed_in(cast.farid)
    assert client.get(url).status_code == 200
    response = client.post(url, {"deed": "deactivate", "role": "trainer", "reason": "Départ"})
    assert response.status_code == 302
    member.refresh_from_db()
    assert not member.is_active
    assert "Départ" in client.get(url).content.decode()


def test_the_last_administrator_is_told_why(cast, signed_in):
    url = reverse("accounts:member_edit", args=[cast.membership(cast.farid).uuid])
    response = signed_in(cast.farid).post(url, {"deed": "deactivate", "role": "admin"})
    assert response.status_code == 422
    assert "dernière personne" in response.content.decode()


def test_a_member_of_another_centre_does_not_exist(cast, signed_in):
    url = reverse("accounts:member_edit", args=[cast.membership(cast.gaelle).uuid])
    assert signed_in(cast.farid).get(url).status_code == 404


def test_an_invitation_of_another_centre_does_not_exist(cast, signed_in):
    invitation = actions.invite_person(cfa=cast.cfa, by=cast.elise, **NEW)
    for name in ("accounts:invitation_cancel", "accounts:invitation_resend"):
        assert signed_in(cast.gaelle).post(reverse(name, args=[invitation.uuid])).status_code == 404
    assert Invitation.objects.pending().count() == 1


def test_a_refusal_says_who_may_do_it(cast, signed_in):
    asked = {**NEW, "role": Role.ADMIN}
    invitation = actions.invite_person(cfa=cast.cfa, by=cast.farid, **asked)
    for name in ("accounts:invitation_cancel", "accounts:invitation_resend"):
        response = signed_in(cast.elise).post(reverse(name, args=[invitation.uuid]))
        assert response.status_code == 403
        assert "peut nommer une autre administration" in response.content.decode()


def test_a_person_switches_only_to_their_own_role(cast, signed_in):
    other = actions.add_member(cfa=cast.other_cfa, user=cast.elise, role=Role.TRAINER, by=None)
    client, url = signed_in(cast.elise), reverse("accounts:membership_switch")
    opened = client.get(url)  # the address of a deed, typed or kept: a page says so
    assert (opened.status_code, opened["Allow"]) == (405, "POST")
    assert "rien n'a été fait" in html.unescape(opened.content.decode())
    assert client.post(url, {"membership": other.pk}).url == "/"
    assert "CFA du Littoral" in client.get(reverse("accounts:profile")).content.decode()
    assert client.post(url, {"membership": cast.membership(cast.gaelle).pk}).status_code == 404
    for wrong in ("", "x", "-1", "9" * 40, "²"):
        assert client.post(url, {"membership": wrong}).status_code == 400
    elsewhere = {"membership": other.pk, "next": "https://example.com/"}
    assert client.post(url, elsewhere).url == "/"


def test_a_person_corrects_their_name(cast, signed_in):
    client, url = signed_in(cast.aicha), reverse("accounts:profile")
    assert client.post(url, {"first_name": "", "last_name": "B"}).status_code == 422
    assert client.post(url, {"first_name": "Aïcha", "last_name": "B."}).status_code == 302
    cast.aicha.refresh_from_db()
    assert cast.aicha.last_name == "B."


@pytest.mark.parametrize(
    "name",
    ["account_change_password", "account_email", "mfa_index", "usersessions_list",
     "account_logout", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn"],
)  # fmt: skip
def test_the_pages_of_the_account_are_clean_and_french(cast, client, name):
    response = client.post(
        reverse("account_login"), {"login": cast.elise.email, "password": "motdepasse-de-demo-2026"}
    )
    assert response.status_code == 302
    response = client.get(reverse(name), follow=True)
    assert response.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_signup"])
def test_the_public_pages_of_the_account_are_clean(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert "Courriel" not in response.content.decode()


def test_an_address_changes_only_after_a_new_proof_and_the_person_hears_of_it(
    cast, client, mailoutbox
):
    password, new = "motdepasse-de-demo-2026", "elise.nouvelle@cfa.example"
    client.post(reverse("account_login"), {"login": cast.elise.email, "password": password})
    client.post(reverse("account_email"), {"email": new, "action_add": ""})
    assert not mailoutbox
    proof = reverse("account_reauthenticate") + "?next=" + reverse("account_email")
    assert "À confirmer" in client.post(proof, {"password": password}, follow=True).content.decode()
    link = next(word for word in mailoutbox[-1].body.split() if word.startswith("http"))
    assert mailoutbox[-1].to == [new]
    client.post(urlsplit(link).path)
    cast.elise.refresh_from_db()
    assert cast.elise.email == new
    assert ["elise.faure@cfa.example"] in [mail.to for mail in mailoutbox]


def test_a_mail_server_at_rest_undoes_nothing_and_is_a_clear_page(cast, monkeypatch):
    def fail(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMultiAlternatives, "send", fail)
    client = StrictClient(raise_request_exception=False)
    old, new = "motdepasse-de-demo-2026", "une-phrase-longue-2026"
    response = client.post(reverse("account_reset_password"), {"email": cast.elise.email})
    assert response.status_code == 503
    client.post(reverse("account_login"), {"login": cast.elise.email, "password": old})
    client.post(reverse("account_reauthenticate"), {"password": old})
    asked = {"oldpassword": old, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), asked).status_code == 302
    cast.elise.refresh_from_db()
    assert cast.elise.check_password(new)


def test_too_many_sign_ins_are_a_page_in_french(cast, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    cache.clear()
    asked = {"login": cast.elise.email, "password": "faux"}
    assert client.post(reverse("account_login"), asked).status_code == 200
    response = client.post(reverse("account_login"), asked)
    assert response.status_code == 429
    assert "Attendez cinq minutes" in response.content.decode()
    cache.clear()


def test_a_wrong_password_is_refused_in_french(cast, client):
    response = client.post(
        reverse("account_login"), {"login": cast.elise.email, "password": "faux"}
    )
    assert response.status_code == 200
    assert "incorrect" in response.content.decode()


def test_the_administration_corrects_what_the_documents_print(cast, signed_in):
    page, farid = reverse("accounts:cfa_edit"), signed_in(cast.farid)
    values = {"name": cast.cfa.name, "siret": "12345678200011", "signatory_name": "Farid Garnier"}
    wrong = farid.post(page, values)
    assert (wrong.status_code, "sa clé est fausse" in wrong.content.decode()) == (422, True)
    right = values | {"siret": "123 456 782 00010"}
    refused = farid.post(page, right | {"postcode": "7870"})
    assert list(refused.context["form"].errors) == ["postcode"]
    assert farid.post(page, right).status_code == 302
    cast.cfa.refresh_from_db()
    assert (cast.cfa.siret, cast.cfa.signatory_name) == ("12345678200010", "Farid Garnier")
    assert "signataire des documents" not in cast.cfa.missing
    assert "CFA modifié" in farid.get(page).content.decode()
    assert signed_in(cast.elise).get(page).status_code == 403
