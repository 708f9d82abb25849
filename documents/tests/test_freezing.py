"""Content that a worker builds: once, for each document by itself, whatever happens around."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import Event
from documents import jobs, kinds
from documents.actions import DocumentRequest, cancel_job, request_documents, retry_document
from documents.engine import RenderError
from documents.enums import DocumentState, JobState
from documents.freezing import freeze_document
from documents.models import Document

from .conftest import NEUTRAL

PEOPLE = ("Aïcha Benali", "Bruno Caron")


@pytest.fixture
def build(monkeypatch):
    """Notes what it is asked to build; a function put in `then` happens meanwhile."""

    def build(source):
        build.asked.append(source["person"])
        build.then(source)
        return {"person": source["person"], "months": [], "built": len(build.asked)}

    build.asked, build.then = [], lambda source: None
    kind = replace(NEUTRAL, build=build)
    monkeypatch.setitem(kinds._documents, kind.code, kind)
    return build


@pytest.fixture
def laid_out(monkeypatch):
    """The contexts that came to be laid out, where each fails for good."""
    from documents import pdf

    contexts = []

    def render(document, *, issued_at):
        contexts.append(document.context)
        raise RenderError("panne")

    monkeypatch.setattr(pdf, "render_document", render)
    monkeypatch.setattr(jobs, "retry_delay", lambda n: timedelta(0) if n < 2 else None)
    return contexts


@pytest.fixture
def batch(neutral, build, cfa, elise, sent):
    asked = [
        DocumentRequest(NEUTRAL.code, "Essai", person, "x.pdf", source={"person": person})
        for person in PEOPLE
    ]
    return request_documents(cfa=cfa, label="Essais", requests=asked, by=elise)


def test_it_builds_nothing_in_the_request_and_freezes_before_it_issues(batch, build):
    assert build.asked == []
    assert [d.is_frozen for d in Document.objects.all()] == [False, False]
    assert [item.label for item in batch.items.all()] == [f"Essai · {name}" for name in PEOPLE]
    assert jobs.run_to_end(batch).state == JobState.DONE
    assert build.asked == list(PEOPLE)
    for document in Document.objects.all():
        assert document.context["person"] == document.subject_label
        assert document.context["cfa"]["name"] == "CFA des Tilleuls"
        verbs = list(Event.objects.about(document).values_list("verb", flat=True))
        assert verbs == ["document_issued", "document_frozen"]  # the newest first


def test_what_is_frozen_is_not_built_again_by_any_new_attempt(batch, build, laid_out, elise):
    jobs.run_to_end(batch)
    document = Document.objects.get(subject_label=PEOPLE[0])
    assert document.state == DocumentState.FAILED
    retry_document(document=document, by=elise)
    jobs.run_to_end(document.cfa.jobs.latest("pk"))
    assert build.asked == list(PEOPLE)
    mine = [context for context in laid_out if context["person"] == PEOPLE[0]]
    assert len(mine) == 4
    assert all(context == document.context for context in mine)


def test_a_refusal_to_build_fails_its_own_document_which_is_built_when_tried_again(
    batch, build, elise
):
    def refuse(source):
        if source["person"] == PEOPLE[1]:
            raise DomainError("Cette période n'existe plus.")

    build.then = refuse
    job = jobs.run_to_end(batch)
    assert (job.done, job.failed) == (1, 1)
    failed = Document.objects.get(subject_label=PEOPLE[1])
    assert (failed.state, failed.error) == (DocumentState.FAILED, "Cette période n'existe plus.")
    assert not failed.is_frozen
    build.then = lambda source: None
    retry_document(document=failed, by=elise)
    jobs.run_to_end(failed.cfa.jobs.latest("pk"))
    failed.refresh_from_db()
    assert (failed.state, failed.context["built"]) == (DocumentState.ISSUED, 3)


def test_a_document_cancelled_before_a_worker_took_it_is_not_built(batch, build, elise):
    cancel_job(job=batch, by=elise)
    assert jobs.run(batch, runner="a") is None
    assert build.asked == []


def test_of_two_workers_that_build_the_same_the_first_to_write_has_the_last_word(batch, build):
    document = Document.objects.get(subject_label=PEOPLE[0])

    def other(source):
        build.then = lambda source: None
        freeze_document(Document.objects.get(pk=document.pk), source, now=timezone.now())

    build.then = other
    freeze_document(document, {"person": PEOPLE[0]}, now=timezone.now())
    assert build.asked == [PEOPLE[0]] * 2
    stored = Document.objects.get(pk=document.pk)
    assert document.context == stored.context
    assert stored.context["built"] == 2  # the other's, which was made whole before ours was written
    assert Event.objects.about(document).filter(verb="document_frozen").count() == 1
