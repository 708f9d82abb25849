"""The way back of one whose session has ended."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def back(address: str) -> str:
    assert urlsplit(address).path == reverse("account_login")
    return parse_qs(urlsplit(address).query)["next"][0]


def test_it_comes_back_to_the_page_asked(client):
    assert back(client.get("/documents/?q=aicha").url) == "/documents/?q=aicha"


def test_a_form_comes_back_to_the_page_where_it_was_written(client):
    deed = reverse("accounts:member_invite")
    answer = client.post(deed, headers={"referer": "http://testserver/equipe/?page=2"})
    assert back(answer.url) == "/equipe/?page=2"
    assert "session a expiré" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("referer", ["https://ailleurs.example/piege/", "nonsense", ""])
def test_another_site_never_chooses_the_page(client, referer):
    deed = reverse("accounts:member_invite")
    assert back(client.post(deed, headers={"referer": referer}).url) == deed


def test_a_fragment_moves_the_whole_page(client):
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/documents/?page=2"}
    answer = client.get("/documents/", headers=headers)
    assert answer.status_code == 200
    assert back(answer.headers["HX-Redirect"]) == "/documents/?page=2"
    assert not answer.content


def test_a_program_gets_its_redirection_and_no_message(client):
    answer = client.post("/documents/", headers={"accept": "application/json"})
    assert answer.status_code == 302
    assert "expiré" not in client.get(answer.url).content.decode()


def test_a_page_of_somebody_else_writes_nothing_under_ones_name(client, cast):
    client.force_login(cast.elise)
    address = reverse("documents:document_list")
    mine, other = str(cast.elise.pk), str(cast.bruno.pk)
    assert client.get(address, headers={"x-page-person": mine}).status_code == 200
    assert client.get(address, headers={"x-page-person": other}).status_code == 403
