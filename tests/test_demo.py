"""`./run demo` as a person starts it, in a folder of its own, and what is left after it ends."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.demo
START = 120
STOP = 40


class Demo:
    """A running `./run demo`, its output and its data."""

    seen: tuple[list[str], str]

    def __init__(self, data: Path, log: Path):
        self.data, self.log, self.port = data, log, free_port()
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "run", "demo", "--port", str(self.port), "--data", str(data)],
                cwd=settings.BASE_DIR,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, condition: Callable[[], object], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.output()
            assert time.monotonic() < deadline, self.output()
            time.sleep(0.1)

    def wait_until_ready(self) -> None:
        self.wait_for(lambda: "Prête" in self.output(), START)

    def page(self, path: str = "/") -> str:
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=10) as answer:
            assert answer.status == 200
            return answer.read().decode()

    def rows(self, query: str) -> list[tuple]:
        with closing(sqlite3.connect(self.data / "cfa.sqlite3", timeout=20)) as database:
            return database.execute(query).fetchall()

    def processes(self) -> list[str]:
        """The command lines of everything alive that works on this data folder."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                environment = (entry / "environ").read_bytes()
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if command and f"NDRC_DATA_DIR={self.data}\0".encode() in environment:
                found.append(f"{entry.name} {command.replace(bytes(1), b' ').decode()}")
        return found

    def kill(self) -> None:
        for line in self.processes():
            with suppress(ProcessLookupError):
                os.kill(int(line.split()[0]), signal.SIGKILL)
        self.process.wait(STOP)

    def nothing_is_left(self) -> None:
        deadline = time.monotonic() + 10
        while left := self.processes():
            assert time.monotonic() < deadline, left
            time.sleep(0.1)
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", self.port)) != 0


def environment() -> dict[str, str]:
    """This process's, without what the tests' own settings put there."""
    own = ("NDRC_", "DJANGO_", "DATABASE_URL", "REDIS_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(own)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


UNFINISHED = "select count(*) from documents_document where state not in ('issued', 'replaced')"


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The very first start, until every document is rendered; then Ctrl-C. Others copy its data."""
    folder = tmp_path_factory.mktemp("premier démarrage")
    first = Demo(folder / "data", folder / "demo.log")
    try:
        first.wait_until_ready()
        first.wait_for(lambda: first.rows(UNFINISHED) == [(0,)], START)
        first.seen = (first.processes(), first.page())
        first.process.send_signal(signal.SIGINT)
        first.process.wait(STOP)
        yield first
    finally:
        first.kill()


@pytest.fixture
def demo(first_start: Demo, tmp_path: Path) -> Iterator[Demo]:
    """The second start of a prepared demo."""
    data = tmp_path / "data"
    shutil.copytree(first_start.data, data)
    running = Demo(data, tmp_path / "demo.log")
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.kill()


def test_the_first_start_shows_the_application_and_renders_its_documents(first_start):
    processes, page = first_start.seen
    assert len(processes) >= 6  # supervisor, web and two workers, Celery, its child and its clock
    assert '<html lang="fr"' in page
    assert "Mot de passe de tous" in first_start.output()
    files = first_start.rows("select file from documents_document")
    assert files
    for (name,) in files:
        assert (first_start.data / "media" / name).read_bytes().startswith(b"%PDF-")


def test_ctrl_c_stops_everything_and_keeps_the_data(first_start):
    assert first_start.process.returncode == 0, first_start.output()
    assert "Les données sont gardées" in first_start.output()
    first_start.nothing_is_left()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_it_leaves_no_process_however_it_ends(demo, signum):
    people = demo.rows("select count(*) from accounts_user")
    demo.process.send_signal(signum)
    status = demo.process.wait(STOP)
    assert status == (-9 if signum == signal.SIGKILL else 0), demo.output()
    demo.nothing_is_left()
    assert demo.rows("select count(*) from accounts_user") == people


def test_the_end_of_the_worker_stops_everything(demo):
    (worker,) = (
        line for line in demo.processes() if " celery " in line and is_child(line, demo.process.pid)
    )
    os.kill(int(worker.split()[0]), signal.SIGKILL)
    assert demo.process.wait(STOP) == 1
    assert "« worker » s'est arrêté" in demo.output()
    demo.nothing_is_left()


def test_it_refuses_a_second_start_on_the_same_data_and_a_taken_port(demo, tmp_path):
    second = Demo(demo.data, tmp_path / "second.log")
    assert second.process.wait(30) == 1
    assert "tourne déjà" in second.output()
    command = [sys.executable, "run", "demo", "--port", str(demo.port), "--data"]
    third = subprocess.run(
        [*command, str(tmp_path / "other")],
        cwd=settings.BASE_DIR,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert third.returncode == 1
    assert re.search(rf"port {demo.port} ne peut pas être ouvert", third.stderr)


def is_child(line: str, parent: int) -> bool:
    stat = Path(f"/proc/{line.split()[0]}/stat").read_text()
    return int(stat.rpartition(")")[2].split()[1]) == parent
