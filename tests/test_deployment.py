"""The commands of compose.yaml, run natively with the production settings on real servers."""

import base64
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import yaml
from django.conf import settings
from django.db import connection

APPLICATION = ("migrate", "web", "worker", "beat")
SECRET = "k3yU-f0r_the.tests/only7qZ2xW9vB4nM1cL8pR5sT6hJ0gD3aE"


def compose() -> dict:
    return yaml.safe_load((settings.BASE_DIR / "compose.yaml").read_text())


def command_of(service: str) -> list[str]:
    """The command as this machine runs it: programs of the same environment."""
    program, *arguments = shlex.split(compose()["services"][service]["command"])
    return [str(Path(sys.executable).parent / program), *arguments]


def test_compose_runs_every_process_of_the_application():
    services = compose()["services"]
    assert set(services) == {"postgres", "redis", *APPLICATION}
    for name in APPLICATION:
        assert services[name]["build"] == "."
        assert set(services[name]["depends_on"]) >= {"postgres", "redis"}
        assert Path(command_of(name)[0]).exists()


def test_compose_gives_every_variable_that_production_requires(monkeypatch):
    given = compose()["services"]["web"]["environment"]
    done = subprocess.run(
        [sys.executable, "-c", "import ndrc_cfa.settings.prod"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    missing = {line.split()[1] for line in done.stderr.splitlines() if line.endswith(" manque")}
    assert missing
    assert missing <= set(given)


def test_the_image_holds_the_system_libraries_that_the_bootstrap_checks():
    from tools.install import PDF_LIBRARIES

    dockerfile = (settings.BASE_DIR / "Dockerfile").read_text()
    for package in PDF_LIBRARIES.values():
        assert package in dockerfile


def test_the_image_serves_with_the_command_of_compose():
    dockerfile = (settings.BASE_DIR / "Dockerfile").read_text()
    words = json.loads(dockerfile.rpartition("CMD ")[2])
    assert words == shlex.split(compose()["services"]["web"]["command"])


# --- the processes, for real -------------------------------------------------------------------
@pytest.fixture
def production(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of production, on a database of its own of the services lane."""
    name = "production"
    server = {
        "host": connection.settings_dict["HOST"],
        "port": connection.settings_dict["PORT"] or None,
        "user": connection.settings_dict["USER"],
        "password": connection.settings_dict["PASSWORD"] or None,
    }
    administrator = psycopg2.connect(dbname="postgres", **server)
    administrator.autocommit = True
    with administrator.cursor() as cursor:
        cursor.execute(f"drop database if exists {name}")
        cursor.execute(f"create database {name}")
    url = os.environ["DATABASE_URL"]
    base, _, query = url.partition("?")
    media = tmp_path / "media"
    media.mkdir()
    yield {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "ndrc_cfa.settings.prod",
        "SECRET_KEY": SECRET,
        "NDRC_NIR_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "ALLOWED_HOSTS": "cfa.example.fr",
        "PUBLIC_URL": "https://cfa.example.fr",
        "DATABASE_URL": f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else ""),
        "REDIS_URL": settings.TEST_REDIS_URL
        + ("&" if "?" in settings.TEST_REDIS_URL else "?")
        + "db=5",
        "EMAIL_URL": "smtp://localhost:25",
        "DEFAULT_FROM_EMAIL": "CFA <cfa@example.fr>",
        "MEDIA_DIR": str(media),
        "NDRC_SEAL_DIR": str(tmp_path / "seal"),
    }
    with administrator.cursor() as cursor:
        cursor.execute(f"drop database if exists {name} with (force)")
    administrator.close()


def run_until(command: list[str], environment: dict[str, str], log: Path, sign: str) -> None:
    """Start, wait for `sign` in the log, TERM; it must end by itself and cleanly."""
    with open(log, "wb") as out:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 40
        while sign not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        process.terminate()
        assert process.wait(30) == 0, log.read_text()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.mark.services
def test_the_processes_of_production_start_answer_and_stop(production, tmp_path):
    migrated = subprocess.run(
        command_of("migrate"), cwd=settings.BASE_DIR, env=production, capture_output=True, text=True
    )
    assert migrated.returncode == 0, migrated.stderr
    run_until(command_of("worker"), production, tmp_path / "worker.log", " ready.")
    schedule = str(tmp_path / "schedule")
    program, *words = command_of("beat")
    # It says « Starting » before its schedule is open, « Ticking » once it can be stopped in order.
    here = {"/tmp/beat-schedule": schedule, "INFO": "DEBUG"}
    beat = [program, *(here.get(word, word) for word in words)]
    run_until(beat, production, tmp_path / "beat.log", "beat: Ticking")
    serve(production, tmp_path)


def serve(production: dict[str, str], folder: Path) -> None:
    """Web with the static files collected as the image does, asked over plain and forwarded HTTP."""
    collected = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env={**production, "STATIC_DIR": str(folder / "static")},
        capture_output=True,
        text=True,
    )
    assert collected.returncode == 0, collected.stderr
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in command_of("web")]
    with open(folder / "web.log", "wb") as out:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env={**production, "STATIC_DIR": str(folder / "static")},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        healthy(port, production, folder / "web.log")
        secure = {"Host": "cfa.example.fr", "X-Forwarded-Proto": "https"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/compte/login/", headers=secure)
        with urllib.request.urlopen(request, timeout=20) as page:
            assert page.status == 200
            assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
            assert page.headers["X-Request-ID"]
            assert "Secure" in page.headers["Set-Cookie"]
        manifest = json.loads((folder / "static" / "staticfiles.json").read_text())["paths"]
        style = next(name for path, name in manifest.items() if path.endswith(".css"))
        request = urllib.request.Request(f"http://127.0.0.1:{port}/static/{style}", headers=secure)
        with urllib.request.urlopen(request, timeout=20) as file:
            assert "immutable" in file.headers["Cache-Control"]
        process.terminate()
        assert process.wait(30) == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def healthy(port: int, production: dict[str, str], log: Path) -> None:
    """The container's own health check says yes within the time a start takes."""
    deadline = time.monotonic() + 40
    check = [sys.executable, "-m", "tools.healthcheck", f"http://127.0.0.1:{port}/sante/"]
    while subprocess.run(
        check, cwd=settings.BASE_DIR, env=production, stderr=subprocess.PIPE
    ).returncode:
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.3)
