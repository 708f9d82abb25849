"""The public page in a browser: the right file, a file changed by one byte, codes as people type them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from documents import jobs
from documents.actions import request_document
from documents.models import Document, Job

from .conftest import values

pytestmark = pytest.mark.browser


@pytest.fixture
def issued(transactional_db, neutral, cfa, elise, sent) -> Document:
    document = request_document(cfa=cfa, by=elise, **values())
    # In a thread: the seal and the browser each run an event loop.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(render, Job.objects.get()).result()
    document.refresh_from_db()
    return document


def render(job: Job) -> None:
    jobs.run_to_end(job)
    connection.close()


def shown(page) -> str:
    """The one result that is not hidden."""
    line = page.locator("[data-verify-results] > :is([data-result=same], [data-result=different])")
    return line.locator("visible=true").inner_text()


def test_it_tells_the_file_of_the_centre_from_one_changed_by_a_byte(
    phone_page, issued, tmp_path: Path
):
    right = tmp_path / "attestation.pdf"
    with issued.file.open() as file:
        right.write_bytes(file.read())
    data = bytearray(right.read_bytes())
    data[len(data) // 2] ^= 1
    tampered = tmp_path / "falsifiée.pdf"
    tampered.write_bytes(bytes(data))

    phone_page.goto("/verifier/")
    phone_page.get_by_label("Code de vérification").fill(issued.code.lower().replace("-", " "))
    phone_page.get_by_role("button", name="Vérifier").click()
    phone_page.get_by_role("heading", name="Document authentique").wait_for()
    chooser = phone_page.locator("input[type=file]")
    chooser.set_input_files(right)
    assert "exactement celui que le CFA a émis" in shown(phone_page)
    chooser.set_input_files(tampered)
    phone_page.get_by_text("il a été modifié").wait_for()
    assert "Identique" not in shown(phone_page)
