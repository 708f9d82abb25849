"""Every page, as the people who may and may not see it; the client checks accessibility."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Event
from apprentices import actions
from apprentices.models import Apprentice, Cohort, Company, Contract, Enrolment

from .recipes import a_class, a_cohort, a_programme, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(cast):
    return a_class(cast)


def pages(group):
    """(name, args, is for staff only)"""
    return [
        ("cohort_list", [], False),
        ("cohort_detail", [group.cohort.uuid], False),
        ("apprentice_list", [], False),
        ("apprentice_detail", [group.apprentice.uuid], False),
        ("company_list", [], False),
        ("company_detail", [group.company.uuid], False),
        ("contract_list", [], False),
        ("contract_detail", [group.contract.uuid], False),
        ("cohort_create", [], True),
        ("cohort_edit", [group.cohort.uuid], True),
        ("cohort_enrol", [group.cohort.uuid], True),
        ("apprentice_create", [], True),
        ("apprentice_edit", [group.apprentice.uuid], True),
        ("apprentice_enrol", [group.apprentice.uuid], True),
        ("company_create", [], True),
        ("company_edit", [group.company.uuid], True),
        ("maitre_create", [group.company.uuid], True),
        ("contract_step", [group.enrolment.uuid, "contrat"], True),
        ("contract_employer", [group.enrolment.uuid], True),
        ("deadline_list", [], False),
    ]


def test_it_shows_every_page_to_staff_and_only_reading_pages_to_trainers_and_auditors(
    cast, group, signed_in
):
    staff, readers = signed_in(cast.elise), [signed_in(cast.bruno), signed_in(cast.auditor)]
    for name, args, staff_only in pages(group):
        url = reverse(f"apprentices:{name}", args=args)
        assert staff.get(url).status_code == 200, name
        for reader in readers:
            assert reader.get(url).status_code == (403 if staff_only else 200), name


def test_it_refuses_apprentices_and_maitres_and_hides_everything_from_another_cfa(
    cast, group, signed_in
):
    insiders = [signed_in(cast.aicha), signed_in(cast.chantal), signed_in(cast.denis)]
    stranger = signed_in(cast.gaelle)
    for name, args, _ in pages(group):
        url = reverse(f"apprentices:{name}", args=args)
        for client in insiders:
            assert client.get(url).status_code == 403, name
        answer = stranger.get(url)
        assert answer.status_code == (404 if args else 200), name
        assert "Benali" not in answer.content.decode()


@pytest.mark.parametrize("name", ["contract_sign", "contract_transmit"])
def test_it_accepts_no_get_on_a_deed_and_hides_it_from_others(cast, group, signed_in, name):
    url = reverse(f"apprentices:{name}", args=[group.contract.uuid])
    assert signed_in(cast.elise).get(url).status_code == 405
    assert signed_in(cast.gaelle).post(url).status_code == 404
    assert signed_in(cast.bruno).post(url).status_code == 403


def test_it_opens_a_cohort_from_the_programme(cast, signed_in):
    programme = a_programme(cast.cfa)
    client = signed_in(cast.elise)
    url = reverse("apprentices:cohort_create")
    assert 'value="2026-01-05"' in client.get(url).content.decode()
    data = {
        "programme": programme.pk,
        "name": "NDRC A",
        "starts_on": "2026-01-05",
        "ends_on": "2027-06-30",
        "capacity": 20,
        "trainers": [cast.bruno.pk],
    }
    assert client.post(url, data).status_code == 302
    assert Cohort.objects.get().rhythm == programme.rhythm
    refused = client.post(url, {**data, "name": "NDRC B", "capacity": 21})
    assert refused.status_code == 422
    assert "annonce 20 apprentis au plus" in refused.content.decode()
    assert Cohort.objects.count() == 1


def test_it_creates_an_apprentice_then_enrols_in_a_cohort(cast, signed_in):
    cohort, client = a_cohort(cast), signed_in(cast.elise)
    data = {"first_name": "Aïcha", "last_name": "Benali", "born_on": "2005-11-20"}
    data["email"] = cast.aicha.email
    answer = client.post(reverse("apprentices:apprentice_create"), data)
    apprentice = Apprentice.objects.get()
    assert apprentice.user == cast.aicha
    assert answer.url == reverse("apprentices:apprentice_enrol", args=[apprentice.uuid])
    form = {"cohort": cohort.pk, "tutor": cast.bruno.pk, "starts_on": "2026-01-05"}
    assert client.post(answer.url, form).status_code == 302
    again = client.post(answer.url, form)
    assert again.status_code == 422
    assert "déjà inscrit" in again.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("born_on", "demain"), ("born_on", "2999-01-01"), ("email", "x"), ("first_name", "a" * 101)],
)
def test_it_answers_a_wrong_apprentice_with_a_sentence(cast, signed_in, field, value):
    data = {"first_name": "Aïcha", "last_name": "Benali", "born_on": "2005-11-20", field: value}
    answer = signed_in(cast.elise).post(reverse("apprentices:apprentice_create"), data)
    assert answer.status_code == 422
    assert not Apprentice.objects.exists()


def test_it_refuses_a_wrong_siret_and_accepts_spaces(cast, signed_in):
    client, url = signed_in(cast.elise), reverse("apprentices:company_create")
    wrong = client.post(url, {"name": "Atelier", "siret": "12345678200011"})
    assert wrong.status_code == 422
    assert "SIRET" in wrong.context["form"].errors["siret"][0]
    right = client.post(url, {"name": "Atelier", "siret": "123 456 782 00010"})
    assert right.status_code == 302
    assert Company.objects.get().siret == "12345678200010"


def test_it_signs_then_transmits_and_refuses_the_contrary(cast, group, signed_in):
    client = signed_in(cast.elise)
    sign = reverse("apprentices:contract_sign", args=[group.contract.uuid])
    transmit = reverse("apprentices:contract_transmit", args=[group.contract.uuid])
    early = client.post(transmit, {"transmit-on": "2026-01-06"})
    assert early.status_code == 422
    assert "enregistrez d&#x27;abord sa signature" in early.content.decode()
    assert client.post(sign).status_code == 302
    assert client.post(transmit, {"transmit-on": "hier"}).status_code == 422
    assert client.post(transmit, {"transmit-on": "2026-01-06"}).status_code == 302
    group.contract.refresh_from_db()
    assert group.contract.state == "transmitted"
    assert Event.objects.about(group.contract).count() == 3
    edit = reverse("apprentices:contract_edit", args=[group.contract.uuid])
    assert "avenant" in client.post(edit, follow=True).content.decode()


def test_it_filters_sorts_and_searches_the_apprentices(cast, group, signed_in):
    fill(cast, group.cohort, 3)
    client, url = signed_in(cast.bruno), reverse("apprentices:apprentice_list")

    def shown(**query):
        return [row.apprentice.last_name for row in client.get(url, query).context["rows"]]

    assert shown() == ["Benali", "Lenoir Aa", "Lenoir Ab", "Lenoir Ac"]
    assert shown(sort="-nom")[0] == "Lenoir Ac"
    assert shown(q="entreprise 1") == ["Benali"]
    assert len(shown(contract="none")) == 3
    assert shown(contract="complete") == ["Benali"]
    assert len(shown(cohort=str(group.cohort.uuid))) == 4
    assert client.get(url, {"q": "personne"}).status_code == 200
    wrong = {"cohort": "x", "sort": "?", "page": "x", "size": "-1", "contract": "x"}
    assert client.get(url, wrong).status_code == 200


@pytest.mark.parametrize(
    "name", ["apprentice_list", "cohort_detail", "contract_list", "cohort_list"]
)
def test_it_asks_as_many_queries_at_two_sizes(
    cast, group, signed_in, name, django_assert_max_num_queries
):
    client = signed_in(cast.elise)
    args = [group.cohort.uuid] if name == "cohort_detail" else []
    url = reverse(f"apprentices:{name}", args=args)

    def queries():
        with django_assert_max_num_queries(40) as captured:
            client.get(url)
        return len(captured)

    queries()
    few = queries()
    fill(cast, group.cohort, 15)
    assert queries() == few


def test_it_exports_without_formula(cast, group, signed_in):
    actions.create_apprentice(
        cfa=cast.cfa,
        first_name="Camille",
        last_name="Lenoir",
        city="@Lenoir",
        born_on=group.apprentice.born_on,
        phone="+32470000000",
        by=cast.elise,
    )
    client = signed_in(cast.elise)
    text = client.get(reverse("apprentices:apprentice_export", args=["csv"])).content.decode(
        "utf-8-sig"
    )
    assert "'@Lenoir" in text
    assert "'+32470000000" in text
    content = client.get(reverse("apprentices:apprentice_export", args=["xlsx"])).content
    cells = [c for row in load_workbook(BytesIO(content)).active.iter_rows() for c in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert client.get(reverse("apprentices:apprentice_export", args=["exe"])).status_code == 404


def test_a_list_says_how_many_of_its_filters_are_active(cast, signed_in):
    client = signed_in(cast.elise)
    url = reverse("apprentices:apprentice_list")
    bare = client.get(url, {"q": "", "sort": "nom", "size": "50"}).content.decode()
    assert "list-filter-active" not in bare
    html = client.get(url, {"q": "Zoé", "contract": "none", "sort": "nom"}).content.decode()
    assert "(2 actifs)" in html
    assert f'href="{url}">Tout afficher' in html


def test_the_tutors_of_a_cohort_are_named_and_changed_after_the_enrolment(cast, signed_in):
    group = a_class(cast)
    Enrolment.objects.update(tutor=None)
    client, page = (
        signed_in(cast.elise),
        reverse("apprentices:cohort_tutors", args=[group.cohort.uuid]),
    )
    assert client.post(page, {"everybody": cast.bruno.pk}).status_code == 302
    group.enrolment.refresh_from_db()
    assert group.enrolment.tutor == cast.bruno
    cast.bruno.memberships.update(is_active=False)  # a tutor who left stays shown, until replaced
    assert client.get(page).status_code == 200
    one = str(group.enrolment.uuid)
    assert client.post(page, {one: cast.gaelle.pk}).status_code == 422
    assert client.post(page, {one: cast.elise.pk}).status_code == 302
    group.enrolment.refresh_from_db()
    assert group.enrolment.tutor == cast.elise


def test_somebody_leaves_without_a_contract_and_is_expected_no_more(cast, signed_in):
    group = a_class(cast)
    page = reverse("apprentices:enrolment_end", args=[group.enrolment.uuid])
    client, leaving = signed_in(cast.elise), {"on": "2026-02-02", "reason": "Sans employeur"}
    actions.sign_contract(contract=group.contract, by=cast.elise)
    assert "rompez-le" in client.post(page, leaving).content.decode()
    Contract.objects.all().delete()
    assert client.get(page).status_code == 200
    for wrong in ({"on": "2020-01-01"}, {"reason": ""}):
        assert client.post(page, leaving | wrong).status_code == 422
    assert client.post(page, leaving).status_code == 302
    assert not group.cohort.enrolments.active_on(date(2026, 2, 3)).exists()
    assert client.post(page, leaving).status_code == 422
    assert (
        client.get(
            reverse("apprentices:apprentice_detail", args=[group.apprentice.uuid])
        ).status_code
        == 200
    )
