"""Fixtures for every app: the strict client, the fixed cast, a real Celery worker, a page of Chromium.

They live at the root because pytest shows a conftest only to the folders below it.
"""

import itertools
import os
import signal
import string
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest_plugins = ("tests.profiles",)

# Playwright's sync API runs an event loop in this thread; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark `pure` the tests that ask no database: one of the two runs of the suite is enough for them."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        asks = {"db", "transactional_db", "live_server", "django_db_setup"} & set(fixtures)
        case = getattr(item, "cls", None)
        if not asks and not item.get_closest_marker("django_db") and case is None:
            item.add_marker("pure")


CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session", autouse=True)
def _each_deed_is_said_in_french(request: pytest.FixtureRequest) -> None:
    """A verb that no app names would reach somebody's history as a code word."""
    if not request.config.pluginmanager.hasplugin("django"):
        return
    from django.db.models.signals import pre_save

    from accounts.history import is_named
    from accounts.models import Event

    def check(sender: type, instance: Event, **kwargs: object) -> None:
        assert is_named(instance.verb), f"{instance.verb!r}: add it to the verbs.py of its app"

    pre_save.connect(check, sender=Event, weak=False)


@pytest.fixture(scope="session", autouse=True)
def _no_token_reads_like_a_word(request: pytest.FixtureRequest) -> None:
    """Django's CSRF token is drawn anew for each page: one day it would hold the "E7" that a test looks for."""
    if not request.config.pluginmanager.hasplugin("django"):
        return
    from django.middleware import csrf

    letters = itertools.cycle(string.ascii_lowercase)
    csrf._get_new_csrf_string = lambda: next(letters) * csrf.CSRF_SECRET_LENGTH


# --- people and pages ---------------------------------------------------------------------------
@pytest.fixture
def client():
    """Replaces pytest-django's client: every HTML page it receives is checked."""
    from ndrc_cfa.testing import StrictClient

    return StrictClient()


@pytest.fixture
def cast(db):
    """Two centres and their people: cast.cfa, cast.elise, cast.farid, cast.bruno, cast.gaelle..."""
    from ndrc_cfa.cast import make_cast

    return make_cast()


@pytest.fixture
def signed_in(db) -> Callable:
    """`signed_in(user)` is a strict client in which this person is signed in."""
    from ndrc_cfa.testing import StrictClient

    def sign_in(user):
        client = StrictClient()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


# --- worker ------------------------------------------------------------------------------------
class Worker:
    """The Celery worker beside the tests, as a process of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path):
        self.process = process
        self.log = log

    def wait_for(self, condition: Callable[[], object], timeout: float = 30) -> object:
        """The first true value of `condition()`; the worker's log in the failure otherwise."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if value := condition():
                return value
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        pytest.fail(f"The worker did not do it. Its log:\n{self.log.read_text()[-8000:]}")


@pytest.fixture(scope="module")
def worker_process(
    django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worker]:
    from django.db import connection

    from ndrc_cfa.celery import app
    from tools.processes import die_with_parent

    app.control.purge()
    tests = os.getpid()
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    options = "worker --concurrency 2 --loglevel INFO --without-gossip --without-mingle"
    with django_db_blocker.unblock():
        database = str(connection.settings_dict["NAME"])
    with open(log, "wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "ndrc_cfa", *options.split()],
            env={**os.environ, "NDRC_TEST_DATABASE": database},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(signal.SIGTERM, tests),
        )
    worker = Worker(process, log)
    try:
        worker.wait_for(lambda: " ready." in log.read_text())
        yield worker
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        app.control.purge()


@pytest.fixture
def worker(worker_process: Worker, transactional_db: None) -> Worker:
    """A running worker on the test's own database and broker; mark the test `worker`."""
    return worker_process


# --- browser -----------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import expect, sync_playwright

    from tools import install

    expect.set_options(timeout=20_000)  # two lanes share the machine

    executable = install.browser()
    assert executable, "Chromium is missing: ./run test browser installs it"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, live_server):
    """A page of a fresh browser profile, French, 1280 px wide, its addresses relative to the server."""
    context = browser.new_context(
        base_url=live_server.url, locale="fr-FR", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(25_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone_page(browser, live_server):
    """The same at 360 px, with touch."""
    context = browser.new_context(
        base_url=live_server.url,
        locale="fr-FR",
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
    )
    context.set_default_timeout(25_000)
    yield context.new_page()
    context.close()
