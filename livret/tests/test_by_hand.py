"""A text printed, signed with a pen, and kept with its scan: the screen, the document, its proofs."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader, PdfWriter

from documents.freezing import freeze
from documents.kinds import document_kind
from documents.models import Document
from documents.pdf import render_context
from livret import actions
from livret.models import Review
from livret.pdf import period_context, review_context

from .test_tasks import picture

AT = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def scanned_pdf() -> BytesIO:
    out, writer = BytesIO(), PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(out)
    out.seek(0)
    return out


def posted(mark: str, role: str, file: BytesIO, name: str) -> dict:
    file.name = name
    return {
        "role": role,
        "signer_label": "Signé au stylo",
        "signed_on": timezone.localdate().isoformat(),
        "printed": mark,
        "file": file,
    }


def rendered(kind: str, context: dict, cfa) -> PdfReader:
    data, _pages = render_context(
        document_kind(kind), freeze(context, cfa), code="7K3M-PX0A-9QZT", title="x", issued_at=AT
    )
    return PdfReader(BytesIO(data))


def test_a_period_signed_by_hand_is_a_document_with_its_scans(place, signed_in):
    period, client = place.period, signed_in(place.cast.bruno)
    actions.save_section(period=period, values={"apprentice_text": "Vu."}, by=place.cast.aicha)
    values = {"maitre_position": "expected", "maitre_text": "Bien."}
    actions.save_section(period=period, values=values, by=place.cast.chantal)
    url = reverse("livret:period_by_hand", args=[period.uuid])
    assert client.post(url, {"print": "1"}).status_code == 302
    mark = place.period.digest()[:8]
    photo = BytesIO(picture())
    assert client.post(url, posted("0" * 8, "apprentice", photo, "p.jpg")).status_code == 422
    assert Document.objects.count() == 1  # what was refused made no document
    photo.seek(0)
    assert client.post(url, posted(mark, "apprentice", photo, "p.jpg")).status_code == 302
    assert client.post(url, posted(mark, "maitre", scanned_pdf(), "p.pdf")).status_code == 302
    assert place.period.state == "maitre_signed"
    last = Document.objects.latest("pk")
    assert last.readers.get() == place.cast.aicha
    context = period_context(place.period)
    assert last.context["mark"] == context["mark"] == mark
    reader = rendered("livret_periode", context, place.cast.cfa)
    assert 640 in [image.image.width for image in reader.pages[-2].images]
    assert "Le scan est un PDF" in reader.pages[-1].extract_text()
    names = [name for name in reader.attachments if name.endswith(".pdf")]
    assert reader.attachments[names[0]][0].startswith(b"%PDF-")


def test_a_bilan_is_printed_once_frozen_then_with_the_page_signed_by_hand(
    place, signed_in, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    tutor, today = place.cast.bruno, timezone.localdate()
    review = actions.plan_review(livret=place.livret, kind="final", planned_on=today, by=tutor)
    url = reverse("livret:review_by_hand", args=[review.uuid])
    client = signed_in(tutor)
    assert client.post(url, {"print": "1"}).status_code == 422
    review = actions.open_review(review=review, by=tutor)
    texts = {"parcours": "Complet.", "entreprise": "Prête.", "cfa": "Favorable."}
    actions.save_review(review=review, texts=texts, fields={"signers": ["maitre"]}, by=tutor)
    review = actions.submit_review(review=review, by=tutor)
    mark = review.digest()[:8]
    assert mark in client.get(url).content.decode()
    page = client.post(url, posted("autre", "maitre", scanned_pdf(), "s.pdf"))
    assert page.status_code == 422
    assert "Signé au stylo" in page.content.decode()  # what was typed stays
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.pdf"))  # refused: nothing is left
    assert client.post(url, posted(mark, "maitre", scanned_pdf(), "s.pdf")).status_code == 302
    review = Review.objects.get(pk=review.pk)
    assert review.state == "closed"
    text = "\n".join(
        page.extract_text()
        for page in rendered("livret_bilan", review_context(review), place.cast.cfa).pages
    )
    for word in ("Prête.", mark, "Page signée à la main", "Signé au stylo"):
        assert word in text
    assert signed_in(place.cast.chantal).post(url, {"print": "1"}).status_code == 403


@pytest.mark.pdf
def test_a_document_with_both_kinds_of_scan_conforms_to_pdf_a_and_pdf_ua(place, tmp_path, settings):
    from documents.seal import seal
    from documents.tests.vera import check_pdfs

    settings.SEAL_DIR = tmp_path / "seal"
    actions.save_section(
        period=place.period, values={"apprentice_text": "Vu."}, by=place.cast.aicha
    )
    values = {"maitre_position": "expected", "maitre_text": "Bien."}
    actions.save_section(period=place.period, values=values, by=place.cast.chantal)
    for role, file in (("apprentice", BytesIO(picture())), ("maitre", scanned_pdf())):
        scan = actions.record_scan(
            file=file, name="page", size=len(file.getvalue()), signer_label="Signé au stylo",
            signed_on=timezone.localdate(), by=place.cast.bruno,
        )  # fmt: skip
        mark = place.period.digest()[:8]
        actions.sign_period_by_hand(
            period=place.period, role=role, scan=scan, printed=mark, by=place.cast.bruno
        )
    context = freeze(period_context(place.period), place.cast.cfa)
    data, _pages = render_context(
        document_kind("livret_periode"), context, code="7K3M-PX0A-9QZT", title="x", issued_at=AT
    )
    path = tmp_path / "signed.pdf"
    path.write_bytes(seal(data))
    check_pdfs(path)
