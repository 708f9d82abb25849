"""Certificate of enrolment, card of 86 x 54 mm, calendar of the alternation."""

from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.errors import DomainError, NotAllowed
from apprentices import actions, certificates
from apprentices.course import course_of, from_rhythm
from apprentices.enums import CertificateKind, ContractState
from apprentices.models import Contract, EnrolmentDocument
from documents.freezing import cfa_facts
from documents.kinds import document_kind
from documents.pdf import render_context

from .recipes import a_class, a_company, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(cast):
    group = a_class(cast)
    actions.update_apprentice(
        apprentice=group.apprentice, by=cast.elise, sex="F", birth_insee="78172", rqth=True
    )
    actions.record_nir(apprentice=group.apprentice, number="2051178172123", by=cast.elise)
    group.enrolment.refresh_from_db()
    return group


def pdf(cast, kind: CertificateKind, context: dict) -> PdfReader:
    data, _ = render_context(
        document_kind(kind.value),
        {"cfa": cfa_facts(cast.cfa), **context},
        code="ABCD-EFGH-JKLM",
        title=kind.label,
        issued_at=timezone.now(),
    )
    return PdfReader(BytesIO(data))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_certificate_names_the_person_the_diploma_and_the_employer(cast, group):
    before = pdf(cast, CertificateKind.ENROLMENT, certificates.certificate(group.enrolment))
    text = before.pages[0].extract_text()
    assert "née le 20\u00a0novembre 2005 à Conflans-Sainte-Honorine" in text
    assert "sans contrat à ce jour" in text
    assert "Entreprise 1" not in text
    actions.sign_contract(contract=group.contract, by=cast.elise)
    after = pdf(cast, CertificateKind.ENROLMENT, certificates.certificate(group.enrolment))
    text = after.pages[0].extract_text()
    assert len(after.pages) == 1
    assert "Entreprise 1" in text
    assert "RNCP38368" in text


def test_the_certificate_names_each_employer_with_its_dates(cast, group):
    """Two contracts in a row: the first ends on the day of its rupture; the calendar names both."""
    actions.sign_contract(contract=group.contract, by=cast.elise)
    group.contract.refresh_from_db()
    Contract.objects.filter(pk=group.contract.pk).update(
        state=ContractState.BROKEN, broken_on=date(2026, 4, 23)
    )
    alone = pdf(cast, CertificateKind.ENROLMENT, certificates.certificate(group.enrolment))
    text = words(alone)
    assert "Entreprise 1, du 5 janvier 2026 au 23 avril 2026 Stagiaire de la formation" in text
    second = group.contract
    second.pk, second.uuid, second.company = None, uuid4(), a_company(cast, 1)
    second.state, second.broken_on, second.starts_on = "running", None, date(2026, 5, 18)
    second.save()
    both = pdf(cast, CertificateKind.ENROLMENT, certificates.certificate(group.enrolment))
    assert len(both.pages) == 1
    text = words(both)
    assert "Entreprise 1, du 5 janvier 2026 au 23 avril 2026" in text
    assert "Entreprise 2, du 18 mai 2026 au 30 juin 2027" in text
    assert "Stagiaire" not in text
    assert certificates.calendar(group.enrolment)["employer"] == "Entreprise 1 puis Entreprise 2"
    assert certificates.card(group.enrolment)["employer"] == "Entreprise 2"


def test_the_card_is_a_card_of_two_sides_and_only_under_a_signed_contract(cast, group):
    with pytest.raises(DomainError, match="Aïcha Benali n'a pas de contrat"):
        actions.issue_certificates(
            kind="carte_etudiant_metiers", enrolments=[group.enrolment], by=cast.elise
        )
    actions.sign_contract(contract=group.contract, by=cast.elise)
    context = certificates.card(group.enrolment)
    assert (context["valid_from"], context["valid_to"]) == ("05/01/2026", "30/06/2027")
    context["person"] |= {"first_name": "Anne-Françoise " * 6, "last_name": "De La Tour " * 8}
    reader = pdf(cast, CertificateKind.CARD, context)
    sizes = [[round(float(v) * 25.4 / 72, 1) for v in page.mediabox[2:]] for page in reader.pages]
    assert sizes == [[86.0, 54.0]] * 2


def test_the_calendar_holds_each_day_of_the_enrolment_and_the_same_hours_as_the_rhythm(cast, group):
    context = certificates.calendar(group.enrolment)
    days = [c for page in context["pages"] for row in page["rows"] for c in row["cells"] if c]
    assert len(days) == (date(2027, 6, 30) - date(2026, 1, 5)).days + 1
    assert [len(page["months"]) for page in context["pages"]] == [12, 6]
    kinds = {d.day: d.kind for d in course_of(group.cohort)}
    assert kinds[date(2026, 1, 5)] == "cfa"
    assert kinds[date(2026, 5, 1)] == "holiday"
    assert kinds[date(2026, 1, 7)] == "company"
    plain = from_rhythm(group.cohort)
    assert {d.day: (d.kind, d.minutes) for d in plain} == {
        d.day: (d.kind, d.minutes) for d in course_of(group.cohort)
    }
    assert context["hours"] == f"{sum(d.minutes for d in plain) / 60:g}"
    reader = pdf(cast, CertificateKind.CALENDAR, context)
    assert len(reader.pages) == 2


def test_no_document_holds_the_nir_or_what_concerns_health(cast, group):
    actions.sign_contract(contract=group.contract, by=cast.elise)
    for make in certificates.CONTEXTS.values():
        text = str(make(group.enrolment))
        assert "2051178172123" not in text
        assert "rqth" not in text.lower()


def test_the_page_asks_for_them_and_the_file_of_the_person_lists_them(cast, group, signed_in):
    fill(cast, group.cohort, 1)
    client = signed_in(cast.elise)
    url = reverse("apprentices:certificates_issue", args=[group.cohort.uuid])
    assert client.get(url).status_code == 200
    one = {"inscription": [str(group.enrolment.uuid)]}
    assert client.post(url, {**one, "nature": "autre"}).status_code == 422
    assert client.post(url, {"nature": "certificat_inscription"}).status_code == 422
    assert client.post(url, {**one, "nature": "carte_etudiant_metiers"}).status_code == 422
    assert not EnrolmentDocument.objects.exists()
    answer = client.post(url, {**one, "nature": "certificat_inscription"})
    assert answer.status_code == 302
    page = client.get(reverse("apprentices:apprentice_detail", args=[group.apprentice.uuid]))
    assert "Certificat d&#x27;inscription" in page.content.decode()
    with pytest.raises(NotAllowed):
        actions.issue_certificates(
            kind="calendrier_alternance", enrolments=[group.enrolment], by=cast.gaelle
        )
