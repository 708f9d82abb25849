"""The attestation and the livret: frozen context, text, pages, signatures."""

import re
from base64 import b64decode
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from documents.actions import cfa_facts
from documents.kinds import document_kind
from documents.pdf import render_context
from livret import samples
from livret.actions import issue_attestations, issue_livrets
from livret.pdf import attestation_context, livret_context

from .recipes import fill_and_sign

pytestmark = [pytest.mark.render, pytest.mark.django_db]
AT = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


@pytest.fixture
def signed(place):
    fill_and_sign(place, place.period)
    place.enrolment.refresh_from_db()
    return place


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
    assert context == {
        "cohort": "NDRC",
        "is_over": False,
        "employer": "Atelier Lumen",
        "employer_siret": "73282932000074",
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
    context["employer"] = "Société de négoce et de distribution de l'Ouest francilien " * 2
    _, pages = render("attestation", context, cast.cfa)
    assert pages == 1


def test_a_livret_of_eighteen_monthly_periods_stays_under_forty_pages(cast):
    """The densest cadence: each period in about a page, whatever the number of the others."""
    context = samples.livret()
    first = context["periods"][0]
    context["periods"] = [{**first, "number": number} for number in range(1, 19)]
    text, pages = render("livret", context, cast.cfa)
    assert 24 <= pages <= 40
    for part in (
        "Identités et contacts",
        "Contrat et rémunération",
        "Règles de l'alternance",
        "Programme et épreuves",
        "Calendrier des demi-journées",
        "Heures et assiduité",
        "Période 18",
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


def test_one_context_per_enrolment_is_frozen_in_its_document(signed):
    for issue, context in (
        (issue_attestations, attestation_context),
        (issue_livrets, livret_context),
    ):
        job = issue(enrolments=[signed.enrolment], by=signed.cast.elise)
        frozen = dict(job.items.get().document.context)
        frozen.pop("cfa")
        assert frozen == context(signed.enrolment)
