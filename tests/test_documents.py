"""Each kind of document that the apps register, made from its sample."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from documents.freezing import cfa_facts
from documents.kinds import document_kind, document_kinds
from documents.pdf import render_context
from documents.seal import seal
from documents.tests.vera import check_pdfs

pytestmark = pytest.mark.render

AT = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
KINDS = ("attestation", "livret", "feuille_emargement", "fiche_ccf")
# Half of these letters are outside the first Latin block, where a font cut in two prints wrong glyphs.
NAME = "Łukasz Ÿsaÿe Œdipe Çelik"


def make(code: str, cfa, **changes) -> tuple[bytes, int]:
    kind = document_kind(code)
    context = {"cfa": cfa_facts(cfa), **kind.sample(), **changes}
    return render_context(kind, context, code="7K3M-PX0A-9QZT", title=kind.label, issued_at=AT)


def kinds() -> list[str]:
    """The codes that the apps register, without those that the tests make."""
    return [kind.code for kind in document_kinds() if not kind.code.startswith("tests.")]


def test_every_kind_of_the_apps_has_a_sample():
    assert set(kinds()) >= set(KINDS)
    assert [code for code in kinds() if document_kind(code).sample is None] == []


@pytest.mark.parametrize("code", KINDS)
def test_every_page_bears_the_code_and_no_image_lacks_its_alternative(code, cast):
    data, pages = make(code, cast.cfa)
    reader = PdfReader(BytesIO(data))
    assert len(reader.pages) == pages
    for page in reader.pages:
        assert "7K3M-PX0A-9QZT" in page.extract_text()


def test_twenty_people_and_their_trainer_sign_on_one_page(cast):
    assert make("feuille_emargement", cast.cfa)[1] == 1


@pytest.mark.parametrize("code", KINDS)
def test_the_preview_of_development_shows_the_sample(code, cast, client, settings):
    settings.DEBUG = True
    client.force_login(cast.elise, "allauth.account.auth_backends.AuthenticationBackend")
    response = client.get(f"/__debug__/documents/{code}/")
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF")


def test_names_are_drawn_with_the_glyphs_of_their_letters(cast):
    """Read the text of the page through its glyph ids: the outline of each is that of its letter."""
    from fontTools.ttLib import TTFont

    from documents.engine import read_asset

    person = {**document_kind("attestation").sample()["person"], "first_name": NAME}
    data, _ = make("attestation", cast.cfa, person=person)
    whole = TTFont(BytesIO(read_asset("fonts/Inter-Bold.ttf")))
    fonts = PdfReader(BytesIO(data)).pages[0]["/Resources"]["/Font"]
    outlines: dict[str, tuple] = {}
    for reference in fonts.values():
        font = reference.get_object()
        if "Bold" not in font["/BaseFont"] or "Semi" in font["/BaseFont"]:
            continue
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        cut = TTFont(BytesIO(descriptor["/FontFile2"].get_object().get_data()))
        glyphs, order = cut.getGlyphSet(), cut.getGlyphOrder()
        for glyph, letter in to_unicode(font).items():
            outlines[letter] = drawing(glyphs, order[glyph])
    glyphs, names = whole.getGlyphSet(), whole.getBestCmap()
    for letter in set(NAME) - {" "}:
        assert outlines[letter] == drawing(glyphs, names[ord(letter)]), letter


def drawing(glyphs, name):
    """The outline of a glyph, composites resolved: names of parts change when a font is cut."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen

    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    return tuple(pen.value)


def to_unicode(font) -> dict[int, str]:
    import re

    text = font["/ToUnicode"].get_object().get_data().decode()
    return {
        int(glyph, 16): bytes.fromhex(letters).decode("utf-16-be")
        for glyph, letters in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", text)
        if len(letters) % 4 == 0
    }


@pytest.mark.pdf
def test_every_kind_conforms_to_pdf_a_3a_and_pdf_ua_1(cast, settings, tmp_path):
    settings.SEAL_DIR = tmp_path / "seal"
    files = []
    for code in kinds():
        path = tmp_path / f"{code}.pdf"
        path.write_bytes(seal(make(code, cast.cfa)[0]))
        files.append(path)
    check_pdfs(*files)
