"""The attestation and the livret: frozen context, text, pages, signatures."""

import re
from base64 import b64decode
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from apprentices import certificates
from apprentices.models import Apprentice, Enrolment
from documents import jobs, pdf
from documents.engine import RenderError
from documents.freezing import cfa_facts, freeze
from documents.kinds import document_kind
from documents.pdf import render_context
from livret import samples
from livret.actions import issue_attestations, issue_livrets
from livret.models import Livret
from livret.pdf import attestation_context, livret_context

from .recipes import fill_and_sign

pytestmark = [pytest.mark.render, pytest.mark.django_db]
AT = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


@pytest.fixture
def signed(place):
    fill_and_sign(place, place.period)
    place.enrolment.refresh_from_db()
    return place


@pytest.fixture
def rendered(monkeypatch):
    """The contexts that came to be laid out, where each fails."""
    contexts = []

    def render(document, *, issued_at):
        contexts.append(document.context)
        raise RenderError("panne")

    monkeypatch.setattr(pdf, "render_document", render)
    return contexts


def render(kind: str, context: dict, cfa) -> tuple[str, int]:
    data, pages = render_context(
        document_kind(kind),
        {"cfa": cfa_facts(cfa), **context},
        code="7K3M-PX0A-9QZT",
        title="Essai",
        issued_at=AT,
    )
    reader = PdfReader(BytesIO(data))
    text = "\n".join(page.extract_text() for page in reader.pages)
    return " ".join(text.split()), pages


def test_the_attestation_freezes_who_what_when_and_how_long(signed):
    context = attestation_context(signed.enrolment)
    hours, blocs = context.pop("hours"), context.pop("blocs")
    person, certification = context.pop("person"), context.pop("certification")
    end = signed.cohort.ends_on
    assert set(hours) == {"planned", "held", "present", "absent", "excused", "minimum", "gauge"}
    assert [len(bloc["competences"]) for bloc in blocs] == [4, 3, 3]
    assert person["name"] == "Aïcha Benali"
    assert (certification["rncp"], certification["level"]) == ("RNCP38368", 5)
    assert context.pop("ends_on").endswith(str(end.year))
    assert str(signed.enrolment.starts_on.year) in context.pop("starts_on")
    context.pop("as_of")
    (employer,) = context.pop("employers")
    assert (employer["name"], employer["siret"]) == ("Atelier Lumen", "73282932000074")
    assert context == {
        "cohort": "NDRC",
        "is_over": False,
        "contract_kind": "Contrat d'apprentissage",
        "closed_periods": 1,
    }


def test_the_attestation_is_one_page_with_every_mention(signed):
    cfa = signed.cast.cfa
    cfa.signatory_name, cfa.signatory_title = "Farid Garnier", "Directeur du CFA"
    text, pages = render("attestation", attestation_context(signed.enrolment), cfa)
    assert pages == 1
    for mention in (
        "Attestation de fin de formation",
        "Aïcha Benali",
        "Atelier Lumen",
        "Objectif",
        "RNCP38368",
        "niveau 5",
        "Nature",
        "Action de formation par apprentissage",
        "heures réellement suivies",
        "Minimum légal",
        "Résultats de l'évaluation des acquis",
        "Farid Garnier",
        "Directeur du CFA",
        "7K3M-PX0A-9QZT",
    ):
        assert mention in text, mention


def test_the_attestation_stays_on_one_page_with_the_longest_names(cast):
    context = samples.attestation()
    context["person"] = {**context["person"], "last_name": "Benali-Œdipe " * 4}
    name = "Société de négoce et de distribution de l'Ouest francilien " * 2
    context["employers"] = [row | {"name": name} for row in certificates.SAMPLE_EMPLOYERS]
    cast.cfa.city = "Conflans-Sainte-Honorine"
    cast.cfa.signatory_name, cast.cfa.signatory_title = "Farid Garnier", "Directeur du CFA"
    text, pages = render("attestation", context, cast.cfa)
    assert pages == 1
    assert "du 5 janvier 2026 au 23 avril 2026, puis Société" in text
    assert "du 18 mai 2026 au 30 juin 2027" in text


def test_each_monthly_period_of_a_livret_takes_about_a_page(cast):
    """The densest cadence: eleven pages, and one for each period (eighteen: docs/mesures.md)."""
    context = samples.livret()
    first = context["periods"][0]
    context["periods"] = [{**first, "number": number} for number in range(1, 7)]
    text, pages = render("livret", context, cast.cfa)
    assert 12 <= pages <= 18
    for part in (
        "Identités et contacts",
        "Contrat et rémunération",
        "Règles de l'alternance",
        "Programme et épreuves",
        "Calendrier des demi-journées",
        "Heures et assiduité",
        "Période 6",
        "Périodes à venir",
        "Notes et résultats",
        "Preuves des signatures",
    ):
        assert part in text, part
    assert text.count("7K3M-PX0A-9QZT") >= pages  # each page bears the code


def test_signatures_are_drawn_as_paths(signed):
    first = livret_context(signed.enrolment)["periods"][0]
    for signature in first["signatures"]:
        svg = b64decode(signature["picture"].split(",", 1)[1]).decode()
        assert re.search(r'<path d="M\d+', svg)


@pytest.mark.parametrize(
    ("sample", "real"),
    [(samples.attestation, attestation_context), (samples.livret, livret_context)],
    ids=["attestation", "livret"],
)
def test_the_sample_has_the_keys_of_the_real_context(signed, sample, real):
    assert sample().keys() == real(signed.enrolment).keys()


WRITTEN = ("J'ai prospecté dix clients.", "Bon travail.", "Poursuivre.", "Bruno Caron")


@pytest.mark.parametrize(
    ("kind", "real", "words"),
    [("attestation", attestation_context, ()), ("livret", livret_context, WRITTEN)],
    ids=["attestation", "livret"],
)
def test_it_shows_what_was_signed_and_no_ccf_mark(signed, kind, real, words):
    """Circulaire: a CCF mark is not told before the jury; its frozen data has no place for one."""

    def keys(value) -> set[str]:
        if isinstance(value, dict):
            return set(value) | set().union(*map(keys, value.values()), set())
        if isinstance(value, list):
            return set().union(*map(keys, value), set())
        return set()

    assert not {"mark", "marks", "note", "grade", "evaluation"} & keys(real(signed.enrolment))
    text, _ = render(kind, real(signed.enrolment), signed.cast.cfa)
    assert [word for word in words if word not in text] == []
    text = re.sub(r"Page \d+ / \d+", "", text)
    assert not re.search(r"\d+(,\d+)?\s*/\s*20\b", text)


def test_the_content_is_frozen_when_the_worker_takes_it_then_never_built_again(signed, rendered):
    """What is written between the asking and the making is in; what comes after is not."""
    enrolment = signed.enrolment
    for issue, context in (
        (issue_attestations, attestation_context),
        (issue_livrets, livret_context),
    ):
        job = issue(enrolments=[enrolment], by=signed.cast.elise)
        document = job.items.get().document
        assert not document.is_frozen
        enrolment.apprentice.last_name = f"Benali {job.pk}"
        enrolment.apprentice.save()
        assert jobs.run(job, runner="a") is not None  # the rendering fails, to be tried again
        document.refresh_from_db()
        expected = freeze(context(enrolment), signed.cast.cfa)
        assert document.context == expected
        assert expected["person"]["name"].endswith(str(job.pk))
        enrolment.apprentice.last_name = "Autre"
        enrolment.apprentice.save()
        job.items.update(retry_at=None)
        jobs.run(job, runner="b")
        assert rendered[-2:] == [expected, expected]


def test_it_asks_for_many_with_the_same_few_queries(place):
    def ask(count):
        people = Apprentice.objects.bulk_create(
            Apprentice(
                cfa=place.cast.cfa,
                first_name="Alix",
                last_name=f"N{count} {n}",
                born_on=date(2005, 1, 1),
            )
            for n in range(count)
        )
        enrolments = Enrolment.objects.bulk_create(
            Enrolment(cohort=place.cohort, apprentice=person, starts_on=place.cohort.starts_on)
            for person in people
        )
        Livret.objects.bulk_create(
            Livret(enrolment=e, opened_by=place.cast.elise) for e in enrolments
        )
        chosen = Enrolment.objects.filter(pk__in=[e.pk for e in enrolments])
        with CaptureQueriesContext(connection) as queries:
            job = issue_livrets(enrolments=chosen, by=place.cast.elise)
        assert job.items.count() == count
        return len(queries)

    assert ask(2) == ask(30)
