"""The screens: who sees what, what a wrong address or a tired person gets."""

import io
import re
import zipfile

import pytest
from django.urls import reverse

from accounts.enums import Role
from documents import jobs, pdf
from documents.actions import request_document, request_documents
from documents.engine import RenderError
from documents.enums import DocumentState, ItemState, JobState
from documents.models import Document, Job

from .conftest import member, requests, values

_laid_out: list[pdf.Rendered] = []


@pytest.fixture
def issued(neutral, cfa, elise, aicha, sent):
    """Laid out and sealed once for all these tests: none of the pages reads what the file says."""
    document = request_document(cfa=cfa, by=elise, readers=[aicha], **values())
    render = pdf.render_document

    def render_once(document, *, issued_at):
        if not _laid_out:
            _laid_out.append(render(document, issued_at=issued_at))
        return _laid_out[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "render_document", render_once)
        jobs.run_to_end(Job.objects.get())
    document.refresh_from_db()
    return document


@pytest.fixture
def batch(neutral, cfa, elise, sent):
    asked = requests("Aïcha Benali", "Bruno Caron", "Aïcha Benali")
    return request_documents(
        cfa=cfa, label="Attestations, promotion 2026", requests=asked, by=elise
    )


@pytest.fixture
def failed(batch):
    def fail(document, *, issued_at):
        raise RenderError("image absente")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "render_document", fail)
        patch.setattr(jobs, "retry_delay", lambda n: None)
        jobs.run_to_end(batch)
    batch.refresh_from_db()
    return batch


def detail(document):
    return reverse("documents:document_detail", args=[document.uuid])


def download(document):
    return reverse("documents:document_download", args=[document.uuid])


def body(response) -> str:
    return response.content.decode()


# --- documents -----------------------------------------------------------------------------------


def test_it_lists_the_documents_of_the_centre(signed_in, elise, issued):
    page = body(signed_in(elise).get(reverse("documents:document_list")))
    assert issued.code in page
    assert "Aïcha Benali" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=aicha", True),
        ("q=A%C3%AFcha+Benali", True),
        ("q=zorro", False),
        ("state=issued", True),
        ("state=failed", False),
        ("state=nonsense", True),
        ("kind=tests.neutral", True),
        ("since=2999-01-01", False),
        ("since=hier", True),
        ("q=%00", True),
        ("page=999", True),
        ("page=x", True),
    ],
)
def test_it_filters_the_list_and_survives_nonsense(signed_in, elise, issued, query, found):
    response = signed_in(elise).get(f"{reverse('documents:document_list')}?{query}")
    assert response.status_code == 200
    assert (issued.code in body(response)) == found


def test_it_finds_a_document_by_its_code_as_typed(signed_in, elise, issued):
    typed = issued.code.lower().replace("-", " ")
    response = signed_in(elise).get(reverse("documents:document_list"), {"q": typed})
    assert issued.code in body(response)


def test_the_list_asks_the_database_as_often_at_two_sizes(
    signed_in, cfa, elise, neutral, sent, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(elise)
    counts = []
    for _ in range(2):
        request_documents(cfa=cfa, label="x", requests=requests(*["A B"] * 5), by=elise)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("documents:document_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_it_shows_a_document_with_its_print_and_history(signed_in, elise, issued):
    page = body(signed_in(elise).get(detail(issued)))
    assert issued.sha256 in page
    assert "émis" in page


def test_a_reader_downloads_his_document_under_its_name(signed_in, aicha, issued):
    response = signed_in(aicha).get(download(issued))
    data = b"".join(response.streaming_content)
    response.close()
    assert data.startswith(b"%PDF-")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{issued.file_name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_the_proxy_sends_the_file_where_there_is_one(signed_in, aicha, issued, settings):
    settings.X_ACCEL_PREFIX = "/prive/"
    response = signed_in(aicha).get(download(issued))
    assert response["X-Accel-Redirect"] == f"/prive/{issued.file.name}"
    assert response.content == b""
    assert issued.file_name in response["Content-Disposition"]


@pytest.mark.parametrize("name", ["document_detail", "document_download", "document_retry"])
def test_others_find_nothing_of_a_document(signed_in, denis, gaelle, issued, name):
    url = reverse(f"documents:{name}", args=[issued.uuid])
    for person in (denis, gaelle):
        client = signed_in(person)
        response = client.post(url) if name == "document_retry" else client.get(url)
        assert response.status_code == 404, person
    assert issued.code not in body(signed_in(denis).get(reverse("documents:document_list")))


def test_a_stranger_is_sent_to_the_sign_in_page(client, issued):
    for url in (detail(issued), download(issued), reverse("documents:document_list")):
        response = client.get(url)
        assert response.status_code == 302
        assert "/compte/login/" in response["Location"]


def test_a_document_in_preparation_has_no_file_yet(signed_in, elise, batch):
    document = Document.objects.first()
    client = signed_in(elise)
    assert client.get(download(document)).status_code == 404
    assert "en préparation" in body(client.get(detail(document)))


def test_a_vanished_file_is_a_404(signed_in, elise, issued):
    issued.file.storage.delete(issued.file.name)
    assert signed_in(elise).get(download(issued)).status_code == 404


def test_a_failed_document_shows_its_error_and_starts_again(signed_in, elise, failed, sent):
    document = Document.objects.first()
    client = signed_in(elise)
    page = body(client.get(detail(document)))
    assert "image absente" in page
    assert "Relancer" in page
    response = client.post(reverse("documents:document_retry", args=[document.uuid]), follow=True)
    assert "relancé" in body(response)
    document.refresh_from_db()
    assert document.state == DocumentState.QUEUED
    again = client.post(reverse("documents:document_retry", args=[document.uuid]), follow=True)
    assert "rien à relancer" in body(again)


def test_an_auditor_reads_and_starts_nothing_again(signed_in, cfa, failed):
    auditor = member(cfa, "Hugo", "Imbert", Role.AUDITOR)
    document = Document.objects.first()
    client = signed_in(auditor)
    assert "Relancer" not in body(client.get(detail(document)))
    response = client.post(reverse("documents:document_retry", args=[document.uuid]))
    assert response.status_code == 403


# --- jobs ----------------------------------------------------------------------------------------


def job_url(job, name="job_detail"):
    return reverse(f"documents:{name}", args=[job.uuid])


def test_the_page_of_a_job_asks_for_its_progress_until_it_is_over(signed_in, elise, batch):
    client = signed_in(elise)
    page = body(client.get(job_url(batch)))
    assert 'hx-trigger="every 2s"' in page
    assert "0 sur 3" in page
    jobs.run_to_end(batch)
    fragment = body(client.get(job_url(batch), headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    assert "hx-get" not in fragment
    assert "3 sur 3" in fragment
    assert "ZIP (3 documents)" in fragment


def test_it_gives_the_batch_as_a_zip_even_for_people_of_one_name(signed_in, elise, batch):
    jobs.run_to_end(batch)
    response = signed_in(elise).get(job_url(batch, "job_download"))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    response.close()
    assert (
        response["Content-Disposition"] == 'attachment; filename="Attestations-promotion-2026.zip"'
    )
    assert archive.testzip() is None
    names = archive.namelist()
    assert len(names) == len(set(names)) == 3
    assert {"Aicha-Benali.pdf", "Bruno-Caron.pdf"} < set(names)
    assert all(archive.read(name).startswith(b"%PDF-") for name in names)


def test_there_is_no_zip_before_the_first_document(signed_in, elise, batch):
    assert signed_in(elise).get(job_url(batch, "job_download")).status_code == 404


def test_a_job_is_cancelled_and_taken_up_again_from_its_page(signed_in, elise, batch):
    client = signed_in(elise)
    assert "annulée" in body(client.post(job_url(batch, "job_cancel"), follow=True))
    batch.refresh_from_db()
    assert batch.state == JobState.CANCELLED
    assert "rien à annuler" in body(client.post(job_url(batch, "job_cancel"), follow=True))
    assert "relancée" in body(client.post(job_url(batch, "job_retry"), follow=True))
    batch.refresh_from_db()
    assert batch.state == JobState.QUEUED


def test_a_failed_job_shows_the_error_of_each_item(signed_in, elise, failed):
    page = body(signed_in(elise).get(job_url(failed)))
    assert page.count("image absente") == 3
    assert "Relancer ce qui manque" in page


def test_the_page_of_a_job_begins_with_what_failed(signed_in, elise, batch):
    last = batch.items.order_by("position").last()
    batch.items.filter(pk=last.pk).update(state=ItemState.FAILED, error="image absente")
    page = body(signed_in(elise).get(job_url(batch)))
    rows = [row for row in re.findall(r"<tr>.*?</tr>", page, re.S) if "<td" in row]
    assert len(rows) == 3
    assert "image absente" in rows[0]


def test_jobs_are_changed_by_post_only(signed_in, elise, batch):
    client = signed_in(elise)
    for name in ("job_cancel", "job_retry"):
        assert client.get(job_url(batch, name)).status_code == 405


@pytest.mark.parametrize("name", ["job_detail", "job_download", "job_cancel", "job_retry"])
def test_others_find_nothing_of_a_job(signed_in, denis, gaelle, batch, name):
    for person in (denis, gaelle):
        client = signed_in(person)
        send = client.post if name in ("job_cancel", "job_retry") else client.get
        assert send(job_url(batch, name)).status_code == 404


def test_the_list_of_jobs_shows_ones_own(signed_in, elise, denis, batch):
    url = reverse("documents:job_list")
    assert batch.label in body(signed_in(elise).get(url))
    assert batch.label not in body(signed_in(denis).get(url))
    documents = reverse("documents:document_list")  # leads there who has one
    assert url in body(signed_in(elise).get(documents))
    assert url not in body(signed_in(denis).get(documents))


# --- public verification -------------------------------------------------------------------------


def test_anybody_verifies_a_code_without_learning_the_name(client, issued):
    response = client.get(reverse("documents:document_verify", args=[issued.code]))
    page = body(response)
    assert response.status_code == 200
    assert "Document authentique" in page
    assert issued.sha256 in page
    assert "A•••• B•••••" in page
    assert "Benali" not in page
    assert "no-store" in response["Cache-Control"]
    assert "js/verify.js" in page


def test_the_typed_code_leads_to_the_page_of_the_document(client, issued):
    typed = f" {issued.code.lower().replace('-', '')} "
    response = client.get(reverse("documents:document_check"), {"code": typed})
    assert response["Location"] == reverse("documents:document_verify", args=[issued.code])


@pytest.mark.parametrize("typed", ["", "abc", "7K3M-PX0A-9QZU", "x" * 500, "'; drop table", "\x00"])
def test_a_wrong_code_gives_a_sentence_beside_the_field(client, db, typed):
    response = client.get(reverse("documents:document_check"), {"code": typed})
    assert response.status_code == 422
    assert re.search("code", body(response))


@pytest.mark.parametrize("code", ["7K3M-PX0A-9QZT", "abc", "%2e%2e", "é" * 80])
def test_an_unknown_code_is_a_404_that_warns(client, db, code):
    response = client.get(f"/verifier/{code}/")
    assert response.status_code == 404
    assert "Aucun document émis ne porte le code" in body(response)


def test_a_document_that_is_not_issued_is_unknown_to_the_public(client, batch):
    code = Document.objects.first().code
    assert client.get(reverse("documents:document_verify", args=[code])).status_code == 404


def test_a_replaced_document_is_genuine_but_no_longer_valid(client, signed_in, issued, cfa, elise):
    new = request_document(cfa=cfa, by=elise, replaces=issued, **values())
    url = reverse("documents:document_verify", args=[issued.code])
    assert "plus valable" not in body(client.get(url))  # not before the new one is issued
    jobs.run_to_end(Job.objects.latest("pk"))
    issued.refresh_from_db()
    assert issued.state == DocumentState.REPLACED
    page = body(client.get(url))
    assert "plus valable" in page
    assert new.code not in page
    assert new.code in body(signed_in(elise).get(detail(issued)))


# --- development and back office -----------------------------------------------------------------


def test_the_preview_exists_in_development_only(signed_in, elise, issued, neutral, settings):
    url = reverse("documents:document_preview", args=[neutral.code])
    client = signed_in(elise)
    assert client.get(url).status_code == 404
    settings.DEBUG = True
    response = client.get(url)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert client.get(reverse("documents:document_preview", args=["absent"])).status_code == 404


@pytest.mark.parametrize("model", ["document", "job", "jobitem"])
def test_the_back_office_shows_and_changes_nothing(client, issued, elise, model):
    elise.is_staff = elise.is_superuser = True
    elise.save()
    client.force_login(elise, backend="allauth.account.auth_backends.AuthenticationBackend")
    listing = reverse(f"admin:documents_{model}_changelist")
    assert client.get(listing, {"q": "Aicha"}).status_code == 200
    assert client.get(reverse(f"admin:documents_{model}_add")).status_code == 403
    pk = {"document": issued.pk, "job": Job.objects.get().pk}.get(
        model
    ) or Job.objects.get().items.get().pk
    change = reverse(f"admin:documents_{model}_change", args=[pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"title": "faux", "label": "faux"}).status_code == 403
    assert (
        client.post(
            reverse(f"admin:documents_{model}_delete", args=[pk]), {"post": "yes"}
        ).status_code
        == 403
    )
