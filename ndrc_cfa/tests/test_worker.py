"""A real task through the real broker, in another process, on the test's database."""

import os

import pytest
from django.db import transaction
from model_bakery import baker

from ndrc_cfa.tests.worker_tasks import note_worker

pytestmark = pytest.mark.worker


def test_it_runs_a_task_in_another_process(worker):
    cfa = baker.make("accounts.Cfa", city="")
    with transaction.atomic():
        note_worker.delay_on_commit(cfa.pk)

    def city() -> str:
        cfa.refresh_from_db()
        return cfa.city

    assert worker.wait_for(city) != f"pid {os.getpid()}"


def test_it_sends_nothing_when_the_transaction_is_undone(worker):
    undone, done = baker.make("accounts.Cfa", city="", _quantity=2)
    with transaction.atomic():
        note_worker.delay_on_commit(undone.pk)
        transaction.set_rollback(True)
    note_worker.delay(done.pk)

    def city() -> str:
        done.refresh_from_db()
        return done.city

    assert worker.wait_for(city)
    undone.refresh_from_db()
    assert undone.city == ""
