import uuid

import pytest
from django.urls import reverse

from programmes.models import Referentiel, Subject
from programmes.tests.recipes import load_ndrc

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(cast):
    return load_ndrc(cast.cfa.slug)


def test_every_role_of_the_centre_reads_the_pages(cast, programme, signed_in):
    for user in (cast.elise, cast.farid, cast.bruno):
        client = signed_in(user)
        for name in ("programme_list", "referentiel_list"):
            assert client.get(reverse(f"programmes:{name}")).status_code == 200


def test_the_programme_is_set_beside_the_reglement(cast, programme, signed_in):
    page = signed_in(cast.elise).get(reverse("programmes:programme_detail", args=[programme.uuid]))
    text = page.content.decode()
    assert "D1402" in text
    assert "Coefficient différent" in text
    assert "existe pas au règlement" in text
    assert "répartition à valider par le CFA" in text


def test_another_centre_does_not_see_the_programme(cast, programme, signed_in):
    url = reverse("programmes:programme_detail", args=[programme.uuid])
    assert signed_in(cast.gaelle).get(url).status_code == 404


def test_the_versions_and_their_differences_are_shown(cast, programme, signed_in):
    client = signed_in(cast.bruno)
    for row in Referentiel.objects.all():
        page = client.get(reverse("programmes:referentiel_detail", args=[row.uuid]))
        assert ("Ponctuelle écrite, 240 min" in page.content.decode()) is True
    unknown = client.get(reverse("programmes:referentiel_detail", args=[uuid.uuid4()]))
    assert unknown.status_code == 404


def test_the_programme_page_asks_the_same_number_of_queries_at_any_size(
    cast, programme, signed_in, django_assert_max_num_queries
):
    client = signed_in(cast.elise)
    url = reverse("programmes:programme_detail", args=[programme.uuid])
    with django_assert_max_num_queries(40) as small:
        client.get(url)
    for number in range(20):
        Subject.objects.create(
            programme=programme,
            title=f"Matière {number}",
            short_title="M",
            hours_year_1=1,
            hours_year_2=1,
            source="s",
            position=20 + number,
        )
    with django_assert_max_num_queries(len(small)):
        client.get(url)


def test_a_sum_of_hours_that_is_wrong_leads_to_the_hours(cast, programme, signed_in):
    subject = programme.subjects.first()
    subject.hours_year_1 += 400
    subject.save()
    programme.assumed = []
    programme.save()
    page = reverse("programmes:programme_conformity", args=[programme.uuid])
    html = signed_in(cast.elise).get(page).content.decode()
    assert reverse("programmes:programme_hours", args=[programme.uuid]) in html
    assert "Retirez les heures en trop" in html
