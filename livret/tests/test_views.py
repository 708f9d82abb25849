import pytest
from django.urls import reverse

from livret.actions import write_period
from livret.models import LivretPeriod


@pytest.mark.parametrize(
    ("name", "status"),
    [("elise", 200), ("farid", 200), ("bruno", 200), ("aicha", 200), ("chantal", 200),
     ("auditor", 200), ("denis", 404), ("gaelle", 404)],
)  # fmt: skip
def test_it_shows_a_livret_to_its_people_only(place, signed_in, name, status):
    client = signed_in(getattr(place.cast, name))
    for url in (
        reverse("livret:livret_detail", args=[place.livret.uuid]),
        reverse("livret:period_detail", args=[place.period.uuid]),
    ):
        assert client.get(url).status_code == status


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("livret_list", {"elise", "farid", "bruno", "auditor", "gaelle"}),
        ("my_livret", {"aicha"}),
        ("maitre_home", {"chantal", "denis"}),
        ("documents_issue", {"elise", "farid", "gaelle"}),
    ],
)
def test_it_opens_each_page_to_its_roles(place, signed_in, page, names):
    for name in ("elise", "farid", "bruno", "auditor", "aicha", "chantal", "denis", "gaelle"):
        response = signed_in(getattr(place.cast, name)).get(reverse(f"livret:{page}"))
        if page == "livret_list" and name in ("chantal", "denis"):
            assert response.status_code == 302
            continue
        assert response.status_code == (200 if name in names else 403), name
        if name in ("gaelle", "denis"):
            assert "Benali" not in response.content.decode()


def test_it_writes_and_signs_on_the_phone(place, signed_in):
    client = signed_in(place.cast.aicha)
    url = reverse("livret:period_detail", args=[place.period.uuid])
    empty = client.post(url, {"apprentice_text": " ", "sign": "1"})
    assert (empty.status_code, "Avant de signer" in empty.content.decode()) == (422, True)
    response = client.post(url, {"apprentice_text": "J'ai vendu.", "sign": "1"})
    assert response.status_code == 302
    sign = response.headers["Location"]
    seen = client.get(sign).context["seen"]
    assert client.post(sign, {"strokes": "[[", "seen": seen}).status_code == 422
    assert client.post(sign, {"typed_name": "Aïcha Benali", "seen": seen}).status_code == 302
    period = LivretPeriod.objects.get(pk=place.period.pk)
    assert period.state == "apprentice_signed"
    # A form left open in another window, and the back button after the signature: said, nothing written.
    assert client.post(url, {"apprentice_text": "autre"}).status_code == 302
    assert client.post(sign, {"typed_name": "Aïcha Benali", "seen": seen}).status_code == 302
    period.refresh_from_db()
    assert (period.apprentice_text, period.signatures.count()) == ("J'ai vendu.", 1)


def test_it_issues_documents_and_goes_to_the_job(place, signed_in):
    client = signed_in(place.cast.elise)
    data = {
        "nature": "attestation",
        "promotion": place.cohort.uuid,
        "inscription": [place.enrolment.uuid],
    }
    url = reverse("livret:documents_issue")
    assert client.post(url, data).status_code == 302
    assert client.post(url, data | {"nature": "diplome"}).status_code == 422
    assert client.post(url, data | {"inscription": []}).status_code == 422


def test_it_keeps_the_number_of_queries_of_the_list(
    place, signed_in, django_assert_max_num_queries
):
    write_period(period=place.period, field="apprentice_text", text="a", by=place.cast.aicha)
    client = signed_in(place.cast.elise)
    with django_assert_max_num_queries(32):
        client.get(reverse("livret:livret_list"))


def test_only_the_apprentice_s_own_pages_are_kept_on_a_device(place, signed_in, client):
    pages = [reverse("home"), reverse("livret:period_detail", args=[place.period.uuid])]
    for page in [*pages, reverse("livret:my_livret")]:
        kept = signed_in(place.cast.aicha).get(page).headers["X-Garder-Pour"]
        assert kept == str(place.cast.aicha.pk)
    for user in (place.cast.bruno, place.cast.chantal, place.cast.elise):
        for page in pages:
            assert "X-Garder-Pour" not in signed_in(user).get(page, follow=True).headers
    worker = client.get("/sw.js")
    assert worker.headers["Content-Type"] == "text/javascript"
    assert b"X-Garder-Pour" in worker.content
