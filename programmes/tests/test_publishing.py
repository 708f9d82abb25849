"""Findings accepted or corrected, then the programme published: official values, one address per version."""

import json
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.errors import DomainError, NotAllowed
from documents import jobs
from documents.models import Job
from programmes import actions
from programmes.conformity_selectors import findings_of
from programmes.models import CfaProgramme, ProgrammePublication
from programmes.tests.recipes import load_ndrc

pytestmark = pytest.mark.django_db
REASON = "Séances ajoutées hors du rythme, planning joint"


@pytest.fixture
def programme(cast):
    return load_ndrc(cast.cfa.slug)


def accept_hours(cast, programme):
    for finding in ("HEURES-RYTHME", "DUREE-DATES"):
        actions.accept_finding(programme=programme, finding=finding, reason=REASON, by=cast.elise)


def publish(cast, programme, reason="Première publication") -> ProgrammePublication:
    return actions.publish_programme(programme=programme, reason=reason, by=cast.elise)


def held(programme, finding):
    return next((row for row in findings_of(programme) if row.finding.id == finding), None)


def test_a_wrong_hour_or_date_stops_the_issue(cast, programme, signed_in):
    with pytest.raises(DomainError, match=r"DUREE-DATES.*HEURES-RYTHME"):
        publish(cast, programme)
    assert not ProgrammePublication.objects.exists()
    page = signed_in(cast.elise).get(reverse("programmes:programme_publish", args=[programme.uuid]))
    assert "Publication arrêtée" in page.content.decode()
    accept_hours(cast, programme)
    assert publish(cast, programme).number == 1


def test_an_acceptance_has_a_reason_and_a_name_stays_and_lapses(cast, programme, signed_in):
    client = signed_in(cast.elise)
    url = reverse("programmes:finding_accept", args=[programme.uuid, "HEURES-RYTHME"])
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "court"}).status_code == 422
    assert client.post(url, {"reason": REASON}).status_code == 302
    page = client.get(reverse("programmes:programme_conformity", args=[programme.uuid]))
    text = page.content.decode()
    assert REASON in text
    assert "Faure" in text
    row = held(programme, "HEURES-RYTHME")
    assert (row.blocks, row.finding.blocks) == (False, True)
    CfaProgramme.objects.filter(pk=programme.pk).update(hours_announced=1400)
    programme.refresh_from_db()
    assert held(programme, "HEURES-RYTHME").blocks  # what it says has changed
    with pytest.raises(NotAllowed, match="équipe"):
        actions.accept_finding(programme=programme, finding="ROME", reason=REASON, by=cast.bruno)
    gaelle = signed_in(cast.gaelle)
    assert gaelle.get(url).status_code == 404


def test_the_command_ends_with_0_once_nothing_blocks(cast, programme):
    def run() -> list[dict]:
        out = StringIO()
        call_command("check_programme", programme.slug, format="json", stdout=out)
        return json.loads(out.getvalue())

    with pytest.raises(SystemExit):
        run()
    for row in findings_of(programme):
        if row.blocks:
            actions.accept_finding(
                programme=programme, finding=row.finding.id, reason=REASON, by=cast.elise
            )
    accepted = [row for row in run() if "accepted" in row]
    assert {row["severity"] for row in accepted} == {"blocking"}
    assert accepted[0]["accepted"]["reason"] == REASON


def test_an_acceptance_can_be_taken_back(cast, programme, signed_in):
    actions.accept_finding(programme=programme, finding="ROME", reason=REASON, by=cast.elise)
    url = reverse("programmes:acceptance_withdraw", args=[programme.uuid, "ROME"])
    assert signed_in(cast.elise).post(url).status_code == 302
    assert held(programme, "ROME").acceptance is None


@pytest.mark.parametrize(
    "finding",
    [
        "COEF-E2",
        "FORME-E5",
        "DUREE-E1",
        "EPREUVE-E7",
        "UNITE-cejm",
        "ROME",
        "TEXTE-hours",
        "BLOC-U3",
    ],
)
def test_a_finding_is_corrected_in_one_deed(cast, programme, signed_in, finding):
    assert held(programme, finding)
    url = reverse("programmes:finding_fix", args=[programme.uuid, finding])
    assert signed_in(cast.elise).post(url).status_code == 302
    programme.refresh_from_db()
    assert held(programme, finding) is None


def test_what_only_the_centre_knows_is_not_corrected_for_it(cast, programme):
    with pytest.raises(DomainError, match="Seul le CFA"):
        actions.apply_official(programme=programme, finding="HEURES-RYTHME", by=cast.elise)


def test_the_public_page_prints_official_values_only(cast, programme):
    accept_hours(cast, programme)
    row = publish(cast, programme)
    url = reverse("programmes:programme_public", args=[cast.cfa.slug, programme.slug])
    text = Client().get(url).content.decode()
    exams = {line["code"]: line for line in row.context["epreuves"]}
    assert {code: line["coefficient"] for code, line in exams.items()} == {
        "E1": "3", "E2": "3", "E3": "3", "E4": "5", "E5": "4", "E6": "3", "EF1": "", "EF2": "",
    }  # fmt: skip
    assert row.context["coefficients"] == "21"
    assert "3 h" in exams["E1"]["form"]
    for wrong in (
        "D1402",
        "L.6313-1",
        "L.6222-14",
        "E7",
        "(STMG)",
        "Dès 15 ans",
        "24 mois en contrat",
    ):
        assert wrong not in text, wrong
    for right in ("D1406", "convention tripartite", "Shopify", "Réserve", REASON, "version 1"):
        assert right in text, right


def test_every_subject_of_the_source_document_is_covered(cast, programme):
    accept_hours(cast, programme)
    context = publish(cast, programme).context
    titles = " ".join(section["title"] for section in context["sections"])
    for rubric in (
        "Informations générales", "Objectifs", "Modalités pédagogiques", "Évaluations", "Jury",
        "suivi", "Passerelles", "Poursuite", "Débouchés", "Indicateurs",
    ):  # fmt: skip
        assert rubric in titles, rubric
    assert len(context["blocs"]) == 8
    assert any("U3" in line for line in context["conditions"])


def test_each_version_keeps_its_address_and_its_content(cast, programme):
    accept_hours(cast, programme)
    first = publish(cast, programme)
    with pytest.raises(DomainError, match="Rien n'a changé"):
        publish(cast, programme)
    programme.place = "Nouvelle adresse"
    programme.save()
    second = publish(cast, programme, "Nouvelle adresse")
    assert second.number == 2
    client = Client()

    def page(number):
        args = [cast.cfa.slug, programme.slug, number]
        return client.get(
            reverse("programmes:programme_public_version", args=args)
        ).content.decode()

    assert "Nouvelle adresse" not in page(1).split("Versions")[0]
    assert "Ancienne version" in page(1)
    assert "Nouvelle adresse" in page(2)
    with pytest.raises(DomainError, match="ne change plus"):
        ProgrammePublication.objects.filter(pk=first.pk).update(reason="x")
    listing = client.get(reverse("programmes:programme_public_list", args=[cast.cfa.slug]))
    assert "version 2" in listing.content.decode()


def test_the_pdf_is_issued_and_served_without_signing_in(cast, programme, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    accept_hours(cast, programme)
    row = publish(cast, programme)
    url = reverse(
        "programmes:programme_public_pdf", args=[cast.cfa.slug, programme.slug, row.number]
    )
    assert Client().get(url).status_code == 404
    jobs.run_to_end(Job.objects.get())
    answer = Client().get(url)
    text = "".join(
        page.extract_text() for page in PdfReader(BytesIO(b"".join(answer.streaming_content))).pages
    )
    text = " ".join(text.split())
    for words in ("Relation client et négociation-vente", "3 h + 40 min", "D1406", "version 1"):
        assert words in text, words
    assert "D1402" not in text


def test_the_pages_cost_a_constant_number_of_queries(
    cast, programme, signed_in, django_assert_max_num_queries
):
    client = signed_in(cast.elise)
    for name in ("programme_conformity", "programme_detail", "programme_publish"):
        with django_assert_max_num_queries(40):
            client.get(reverse(f"programmes:{name}", args=[programme.uuid]))
    url = reverse("programmes:referentiel_detail", args=[programme.referentiel.uuid])
    with django_assert_max_num_queries(40):
        client.get(url)
