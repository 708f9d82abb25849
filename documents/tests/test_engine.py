"""The PDF itself: what it holds, what it refuses, that it is the same twice."""

import base64
import os
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from pypdf import PdfReader

from documents import checks, engine, pdf
from documents.seal import certificate_pem, seal

from .conftest import MONTHS

AT = datetime(2026, 3, 9, 10, 30, tzinfo=UTC)
CFA = {"name": "CFA des Tilleuls", "city": "Paris"}


def png() -> bytes:
    out = BytesIO()
    Image.new("L", (20, 10), 128).save(out, "PNG")
    return out.getvalue()


def make(neutral, **context):
    context = {"cfa": CFA, "person": "Aïcha Benali", "months": MONTHS, **context}
    return pdf.render_context(
        neutral, context, code="7K3M-PX0A-9QZT", title="Attestation d'essai", issued_at=AT
    )


def text_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)


def test_it_prints_the_content_the_issuer_and_the_code(neutral):
    data, pages = make(neutral)
    text = text_of(data)
    assert pages == 1
    for expected in ("Aïcha Benali", "CFA des Tilleuls", "7K3M-PX0A-9QZT", "Page 1 / 1"):
        assert expected in text
    assert "https://cfa.example/verifier/7K3M-PX0A-9QZT/" in text
    assert "Émis le 9\u00a0mars 2026. Fichier scellé\u00a0: toute" in text


def test_it_numbers_the_pages_of_a_long_document(neutral):
    data, pages = make(neutral, months=[[f"ligne {n}", str(n)] for n in range(200)])
    assert pages > 3
    assert f"Page {pages} / {pages}" in text_of(data)


def test_it_draws_names_of_all_europe_with_its_own_fonts_only(neutral):
    data, _ = make(neutral, person="Łukasz Ÿsaÿe Œdipe Çelik Ștefan Nguyễn")
    assert "Łukasz Ÿsaÿe Œdipe Çelik Ștefan Nguyễn" in text_of(data)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(BytesIO(data)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert all("DocSans" in name or "Inter" in name for name in fonts), fonts


def test_it_carries_its_data_language_title_and_both_conformance_levels(neutral):
    data, _ = make(neutral)
    reader = PdfReader(BytesIO(data))
    attached = reader.attachments["donnees.json"][0].decode()
    assert '"person": "Aïcha Benali"' in attached
    assert reader.metadata.title == "Attestation d'essai"
    assert reader.root_object["/Lang"] == "fr"
    xmp = reader.root_object["/Metadata"].get_object().get_data()
    assert b"pdfuaid:part" in xmp
    assert b"pdfaid:part" in xmp


def test_it_gives_the_same_bytes_twice_and_after_another_document(neutral):
    first, _ = make(neutral)
    make(neutral, person="Bruno Caron")
    assert make(neutral)[0] == first


def test_it_gives_the_same_bytes_in_another_process_with_another_hash_seed(neutral, tmp_path):
    code = (
        "import sys, django; django.setup(); from datetime import *; from documents import engine\n"
        "data = engine.html_to_pdf('<html lang=fr><title>é</title><body><h1>Aïcha</h1>', css=[], data={'b': 1, 'a': 2},"
        " issued_at=datetime(2026, 3, 9, tzinfo=UTC)).data\n"
        "open(sys.argv[1], 'wb').write(data)"
    )
    made = []
    for n, hash_seed in enumerate(("0", "1")):
        out = tmp_path / f"{n}.pdf"
        subprocess.run(
            [sys.executable, "-c", code, str(out)],
            check=True,
            cwd=Path(__file__).parents[2],
            env={
                **os.environ,
                "PYTHONHASHSEED": hash_seed,
                "DJANGO_SETTINGS_MODULE": "ndrc_cfa.settings.test",
            },
        )
        made.append(out.read_bytes())
    assert made[0] == made[1]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/logo.png",
        "https://example.org/logo.png",
        "file:///etc/passwd",
        "ftp://example.org/x.png",
        "static:../ndrc_cfa/settings/base.py",
        "static:/etc/passwd",
        "static:fonts/absent.png",
        "media:documents/other.png",
        "media:../../etc/passwd",
    ],
)
def test_it_refuses_a_file_that_is_not_the_documents_own(neutral, address):
    with pytest.raises(engine.RenderError):
        make(neutral, images=[address])
    assert make(neutral)[1] == 1  # the engine stays usable


def test_it_shows_a_stored_file_named_by_the_context(neutral):
    name = default_storage.save("signatures/a.png", ContentFile(png()))
    data, _ = make(neutral, images=[f"media:{name}"], media_files=[name])
    assert len(PdfReader(BytesIO(data)).pages[0].images) >= 1
    with pytest.raises(engine.RenderError):
        make(neutral, images=[f"media:{name}"])


def test_it_refuses_an_image_without_alternative_text(neutral, monkeypatch):
    uri = "data:image/png;base64," + base64.b64encode(png()).decode()
    with pytest.raises(engine.RenderError):
        engine.html_to_pdf(
            f'<html lang="fr"><title>x</title><body><img src="{uri}">',
            css=[],
            data={},
            issued_at=AT,
        )


def test_it_keeps_one_engine_per_process(neutral):
    make(neutral)
    first = engine.engine()
    make(neutral)
    assert engine.engine() is first
    assert engine._engine_of(1) is not first


def test_it_has_the_fast_font_subsetter():
    from weasyprint.text import ffi

    assert ffi.harfbuzz_subset is not None
    assert checks.check_libraries(None) == []


def test_the_check_names_the_missing_package(monkeypatch):
    monkeypatch.setattr(checks, "_loads", lambda name: "harfbuzz" not in name)
    (error,) = checks.check_libraries(None)
    assert error.hint == "apt-get install libharfbuzz-subset0"


def test_the_web_process_starts_without_the_pdf_libraries():
    code = (
        "import sys, django; django.setup(); import ndrc_cfa.urls, ndrc_cfa.wsgi\n"
        "assert not {'weasyprint', 'pyhanko'} & set(sys.modules), 'imported at start'"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "ndrc_cfa.settings.test"}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2], env=env)


# --- seal ----------------------------------------------------------------------------------------


def validate(data: bytes):
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    roots = list(load_certs_from_pemder_data(certificate_pem()))
    (signature,) = PdfFileReader(BytesIO(data)).embedded_signatures
    return validate_pdf_signature(signature, ValidationContext(trust_roots=roots))


def test_the_seal_covers_the_whole_file_and_leaves_the_bytes_before_it(neutral):
    unsealed, _ = make(neutral)
    sealed = seal(unsealed)
    assert sealed.startswith(unsealed)
    status = validate(sealed)
    assert status.valid
    assert status.intact
    assert status.trusted
    assert status.coverage.name == "ENTIRE_FILE"


def test_one_changed_byte_breaks_the_seal(neutral):
    sealed = bytearray(seal(make(neutral)[0]))
    sealed[len(sealed) // 4] ^= 1
    assert not validate(bytes(sealed)).intact


def test_the_key_is_made_once_and_is_private(neutral, settings):
    unsealed, _ = make(neutral)
    seal(unsealed)
    key = settings.SEAL_DIR / "key.pem"
    before = key.read_bytes()
    assert key.stat().st_mode & 0o077 == 0
    seal(unsealed)
    assert key.read_bytes() == before


def test_it_refuses_a_seal_folder_without_its_key(neutral, settings):
    settings.SEAL_DIR.mkdir()
    (settings.SEAL_DIR / "certificate.pem").write_text("x")
    with pytest.raises(RuntimeError, match=r"key\.pem"):
        certificate_pem()


def test_it_removes_the_font_folders_of_dead_workers_only(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for name, owner in (("dead", dead.pid), ("alive", os.getpid()), ("unknown", None)):
        folder = tmp_path / f"weasyprint-{name}"
        folder.mkdir()
        if owner:
            (folder / engine.OWNER_FILE).write_text(str(owner))
    assert engine.remove_dead_font_folders(tmp_path) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"weasyprint-alive", "weasyprint-unknown"}


def test_its_own_font_folder_names_its_process():
    made = engine._Engine()  # the shared one lost its folder if a test forked
    folder = Path(made.fonts._folder)
    assert (folder / engine.OWNER_FILE).read_text() == str(os.getpid())
