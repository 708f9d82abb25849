"""The sealed PDF through veraPDF: PDF/A-3a and PDF/UA-1."""

import base64
import hashlib

import pytest

from documents.actions import request_documents
from documents.jobs import run_to_end
from documents.models import Document

from .conftest import requests
from .test_engine import png
from .vera import check_pdfs

pytestmark = pytest.mark.pdf


def test_sealed_documents_conform_to_pdf_a_3a_and_pdf_ua_1(neutral, cfa, elise, sent, tmp_path):
    picture = "data:image/png;base64," + base64.b64encode(png()).decode()
    asked = [
        *requests("Aïcha Benali"),
        *requests("Łukasz Œdipe", images=[picture]),
        *requests("Liste longue", months=[[f"ligne {n}", str(n)] for n in range(120)]),
    ]
    run_to_end(request_documents(cfa=cfa, label="Essai", requests=asked, by=elise))
    files = []
    for document in Document.objects.all():
        path = tmp_path / f"{document.uuid}.pdf"
        with document.file.open("rb") as file:
            path.write_bytes(file.read())
        assert hashlib.sha256(path.read_bytes()).hexdigest() == document.sha256
        files.append(path)
    assert len(files) == 3
    check_pdfs(*files)


def test_verapdf_refuses_a_file_that_is_no_archive(tmp_path):
    from weasyprint import HTML

    path = tmp_path / "plain.pdf"
    HTML(string="<p>plain</p>").write_pdf(path)
    with pytest.raises(AssertionError, match="FAIL 3a"):
        check_pdfs(path)
