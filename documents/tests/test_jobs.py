"""Who does which item, once, whatever dies on the way."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import Event
from documents import issuing, jobs, kinds, tasks
from documents.actions import (
    cancel_job,
    request_document,
    request_documents,
    retry_document,
    retry_job,
    start_items,
)
from documents.engine import RenderError
from documents.enums import DocumentState, ItemState, JobState
from documents.kinds import JobKind
from documents.models import Document, Job, JobItem
from documents.rules import MAX_ATTEMPTS

from .conftest import requests, values

PEOPLE = ("Aïcha Benali", "Bruno Caron", "Chantal Dumas")


@pytest.fixture
def batch(neutral, cfa, elise, sent):
    return request_documents(cfa=cfa, label="Essais", requests=requests(*PEOPLE), by=elise)


@pytest.fixture
def fast(monkeypatch):
    """Attempts follow each other without waiting."""
    monkeypatch.setattr(jobs, "retry_delay", lambda n: timedelta(0) if n < MAX_ATTEMPTS else None)


@pytest.fixture
def rendered(monkeypatch):
    """Counts the renderings per person; a function put in `fail` may raise."""
    from documents import pdf

    made = []
    real = pdf.render_document

    def render(document, *, issued_at):
        made.append(document.subject_label)
        render.fail(document)
        return real(document, issued_at=issued_at)

    render.fail = lambda document: None
    monkeypatch.setattr(pdf, "render_document", render)
    render.made = made
    return render


def states(job):
    return list(job.items.order_by("position").values_list("state", flat=True))


def issued_events():
    return Event.objects.filter(verb="document_issued").count()


def test_it_issues_each_document_of_a_batch(batch):
    job = jobs.run_to_end(batch)
    assert (job.state, job.done, job.failed, job.total) == (JobState.DONE, 3, 0, 3)
    assert job.finished_at
    for document in Document.objects.all():
        assert document.state == DocumentState.ISSUED
        assert document.size == document.file.size
        assert document.pages == 1
        assert len(document.template_version) == 64
    assert issued_events() == 3


def test_it_does_nothing_when_run_again(batch, rendered):
    jobs.run_to_end(batch)
    before = list(Document.objects.values_list("sha256", "file"))
    assert jobs.run(batch, runner="other") is None
    assert list(Document.objects.values_list("sha256", "file")) == before
    assert len(rendered.made) == 3


def test_one_failing_item_does_not_stop_the_others(batch, rendered, fast):
    def fail(document):
        if document.subject_label == "Bruno Caron":
            raise RenderError("image absente")

    rendered.fail = fail
    job = jobs.run_to_end(batch)
    assert (job.state, job.done, job.failed) == (JobState.FAILED, 2, 1)
    assert rendered.made.count("Bruno Caron") == MAX_ATTEMPTS
    bruno = Document.objects.get(subject_label="Bruno Caron")
    assert bruno.state == DocumentState.FAILED
    assert "La préparation du document a échoué" in bruno.error
    assert "image absente" in bruno.error
    assert bruno.file == ""


def test_it_waits_before_the_next_attempt_and_keeps_the_error_meanwhile(batch, rendered):
    rendered.fail = lambda document: (_ for _ in ()).throw(RenderError("panne"))
    wait = jobs.run(batch, runner="a")
    assert timedelta(seconds=3) < wait <= timedelta(seconds=5)
    assert len(rendered.made) == 3
    assert states(batch) == [ItemState.QUEUED] * 3
    assert all("panne" in document.error for document in Document.objects.all())
    assert {d.state for d in Document.objects.all()} == {DocumentState.QUEUED}


def test_a_refusal_by_the_rules_is_not_tried_again(batch, rendered):
    def fail(document):
        raise DomainError("Il manque le résultat de l'épreuve E4.")

    rendered.fail = fail
    job = jobs.run_to_end(batch)
    assert job.failed == 3
    assert len(rendered.made) == 3
    assert job.items.first().error == "Il manque le résultat de l'épreuve E4."


def test_it_starts_again_what_failed_and_only_that(batch, rendered, fast, elise):
    rendered.fail = lambda d: (
        (_ for _ in ()).throw(RenderError("x")) if "Bruno" in d.subject_label else None
    )
    jobs.run_to_end(batch)
    rendered.fail = lambda document: None
    rendered.made.clear()
    job = jobs.run_to_end(retry_job(job=batch, by=elise))
    assert (job.state, job.done, job.failed) == (JobState.DONE, 3, 0)
    assert rendered.made == ["Bruno Caron"]
    assert issued_events() == 3


def test_a_worker_that_dies_in_the_middle_loses_nothing_and_issues_nothing_twice(
    batch, rendered, sent, django_capture_on_commit_callbacks
):
    """Killed after the first item was issued but before that was noted, holding the second."""

    class Killed(BaseException):
        pass

    def die(document):
        if len(rendered.made) == 2:
            raise Killed

    rendered.fail = die
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "_settle", lambda *args: None)
        with pytest.raises(Killed):
            jobs.run(batch, runner="dead")
    rendered.fail = lambda document: None
    now = timezone.now()
    assert jobs.jobs_to_wake(now) == []  # it may still be alive
    later = now + jobs.LEASE + timedelta(seconds=5)
    sent.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        with django_capture_on_commit_callbacks(execute=True):
            tasks.sweep_jobs()
        assert sent == [(str(batch.uuid), 0)]
        with django_capture_on_commit_callbacks(execute=True):
            tasks.sweep_jobs()
        assert len(sent) == 1  # not a second message before it is silent again
        tasks.run_job(str(batch.uuid))
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.failed) == (JobState.DONE, 3, 0)
    assert issued_events() == 3
    assert rendered.made.count("Aïcha Benali") == 1


def test_an_item_that_kills_every_worker_is_given_up(batch):
    item = batch.items.first()
    JobItem.objects.filter(pk=item.pk).update(attempts=MAX_ATTEMPTS)
    job = jobs.run_to_end(batch)
    assert (job.done, job.failed) == (2, 1)
    item.refresh_from_db()
    assert item.error == jobs.INTERRUPTED
    assert item.document.state == DocumentState.FAILED


def test_the_sweeper_finds_a_job_whose_message_was_lost(batch):
    assert jobs.jobs_to_wake(timezone.now()) == []
    assert jobs.jobs_to_wake(timezone.now() + timedelta(minutes=2)) == [batch]


def test_the_sweeper_closes_a_job_whose_worker_died_after_the_last_item(batch):
    jobs.run_to_end(batch)
    Job.objects.update(state=JobState.RUNNING, finished_at=None)
    assert jobs.jobs_to_wake(timezone.now() + timedelta(minutes=2)) == []
    batch.refresh_from_db()
    assert batch.state == JobState.DONE


def test_a_cancelled_job_stops_and_can_be_taken_up_again(batch, rendered, elise):
    def cancel(document):
        if "Bruno" in document.subject_label and batch.state != JobState.CANCELLED:
            batch.state = cancel_job(job=batch, by=elise).state

    rendered.fail = cancel
    assert jobs.run(batch, runner="a") is None
    assert states(batch) == [ItemState.DONE, ItemState.CANCELLED, ItemState.CANCELLED]
    assert Document.objects.filter(state=DocumentState.CANCELLED).count() == 2
    assert Document.objects.get(subject_label="Bruno Caron").file == ""
    job = jobs.run_to_end(retry_job(job=batch, by=elise))
    assert (job.state, job.done) == (JobState.DONE, 3)
    assert issued_events() == 3


def test_a_batch_cancelled_then_asked_again_is_not_made_twice(batch, rendered, cfa, elise):
    cancel_job(job=batch, by=elise)
    again = requests(PEOPLE[0], PEOPLE[1], late=True)
    newer = request_documents(cfa=cfa, label="Essais", requests=again, by=elise)
    jobs.run(newer, runner="a", budget=timedelta(0))  # asked for, not yet made: it stands already
    old = batch.items.get(position=1).document
    with pytest.raises(DomainError, match="Demandé de nouveau depuis"):
        retry_document(document=old, by=elise)
    job = jobs.run_to_end(retry_job(job=batch, by=elise))
    assert (job.state, job.done, job.total) == (JobState.DONE, 1, 1)
    assert rendered.made == [PEOPLE[2]]
    jobs.run_to_end(newer)
    assert sorted(Document.objects.issued().values_list("subject_label", flat=True)) == [*PEOPLE]
    words = job.items.get(document=old).error
    assert Document.objects.issued().get(subject_label=PEOPLE[0]).code in words


def test_what_failed_and_was_issued_meanwhile_is_settled_without_being_made(
    batch, rendered, cfa, elise
):
    yesterday = timezone.now() - timedelta(days=1)
    earlier = request_documents(cfa=cfa, label="Hier", requests=requests(PEOPLE[0]), by=elise)
    jobs.run_to_end(earlier)
    Document.objects.filter(pk=earlier.items.get().document_id).update(
        requested_at=yesterday, issued_at=yesterday
    )
    rendered.fail = lambda document: (_ for _ in ()).throw(DomainError("Il manque un résultat."))
    jobs.run_to_end(batch)
    rendered.fail = lambda document: None
    rendered.made.clear()
    again = request_documents(cfa=cfa, label="x", requests=requests(*PEOPLE[1:]), by=elise)
    jobs.run_to_end(again)
    job = jobs.run_to_end(retry_job(job=batch, by=elise))
    assert rendered.made == [*PEOPLE[1:], PEOPLE[0]]  # yesterday's stops nothing
    assert (job.state, job.done, job.failed) == (JobState.DONE, 1, 0)
    assert states(job) == [ItemState.DONE, ItemState.CANCELLED, ItemState.CANCELLED]
    assert not Document.objects.failed().exists()


def test_a_batch_asked_again_as_a_whole_leaves_nothing_to_retry(batch, cfa, elise, signed_in):
    cancel_job(job=batch, by=elise)
    request_documents(cfa=cfa, label="Essais", requests=requests(*PEOPLE), by=elise)
    page = signed_in(elise).post(reverse("documents:job_retry", args=[batch.uuid]), follow=True)
    assert "ces documents ont été demandés de nouveau depuis" in page.text
    batch.refresh_from_db()
    assert (batch.state, batch.total) == (JobState.CANCELLED, 0)


def test_a_call_without_time_left_hands_over_to_the_next(batch, sent):
    assert jobs.run(batch, runner="a", budget=timedelta(0)) == timedelta(0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "run", lambda job, runner: timedelta(seconds=3))
        tasks.run_job(str(batch.uuid))
    assert sent[-1] == (str(batch.uuid), 3.0)


def test_it_sends_nothing_before_the_commit(
    neutral, cfa, elise, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        request_documents(cfa=cfa, label="x", requests=requests(*["A B"] * 25), by=elise)
        assert sent == []
    assert len(callbacks) == 3  # one worker for ten items each


def test_another_app_runs_its_own_kind_of_job(monkeypatch, cfa, elise, sent):
    seen = []
    monkeypatch.setitem(
        kinds._jobs,
        "tests.sum",
        JobKind("tests.sum", "Somme", run_item=lambda item: seen.append(item.arguments["n"])),
    )
    items = [(f"ligne {n}", {"n": n}) for n in range(4)]
    job = start_items(kind="tests.sum", cfa=cfa, label="Somme", items=items, by=elise)
    assert jobs.run_to_end(job).state == JobState.DONE
    assert seen == [0, 1, 2, 3]


def test_a_kind_that_is_gone_ends_the_job_with_a_sentence(cfa, elise, sent):
    job = start_items(kind="tests.gone", cfa=cfa, label="x", items=[("a", {})], by=elise)
    job = jobs.run_to_end(job)
    assert (job.state, job.error) == (JobState.FAILED, jobs.UNKNOWN)


def test_an_unknown_document_kind_is_kept_as_an_error(batch, monkeypatch, neutral):
    monkeypatch.delitem(kinds._documents, neutral.code)
    job = jobs.run_to_end(batch)
    assert job.failed == 3
    assert "n'existe pas" in Document.objects.first().error


def test_it_keeps_no_file_when_the_record_cannot_be_written(
    neutral, cfa, elise, sent, monkeypatch, settings, tmp_path
):
    document = request_document(cfa=cfa, by=elise, **values())

    def fail(*args, **kwargs):
        raise RuntimeError("panne")

    monkeypatch.setattr(issuing, "record", fail)
    with pytest.raises(RuntimeError):
        issuing.issue_document(document, source={}, now=timezone.now())
    assert not [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    document.refresh_from_db()
    assert document.state == DocumentState.QUEUED


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_job_share_it_without_doing_an_item_twice(neutral, sent, monkeypatch):
    from .conftest import Role, make_cfa, member

    cfa = make_cfa()
    elise = member(cfa, "Élise", "Faure", Role.STAFF)
    done = []
    monkeypatch.setitem(
        kinds._jobs,
        "tests.note",
        JobKind("tests.note", "Note", run_item=lambda item: done.append(item.position)),
    )
    items = [(str(n), {}) for n in range(40)]
    job = start_items(kind="tests.note", cfa=cfa, label="x", items=items, by=elise)
    errors = []

    def work(name):
        try:
            jobs.run(job, runner=name)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert sorted(done) == list(range(1, 41))
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.DONE, 40)
