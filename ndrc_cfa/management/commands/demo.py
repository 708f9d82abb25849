"""Start the whole application on this machine: embedded database and queue, web server, worker."""

import fcntl
import os
import shutil
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from accounts.models import User
from ndrc_cfa.demo.cast import ACCOUNTS, PASSWORD
from tools.processes import Child, stop_all

HOST = "127.0.0.1"
START_TIMEOUT = 60


class Command(BaseCommand):
    help = "Démarre la démonstration complète sur cette machine ; Ctrl-C l'arrête."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port de la page (8000)")
        parser.add_argument("--data", type=Path, help="dossier des données (var/)")
        parser.add_argument(
            "--grace", type=float, default=20, help="secondes laissées aux tâches à l'arrêt (20)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        port, grace = options["port"], options["grace"]
        if options["data"]:
            restart_with_data(options["data"].expanduser().resolve())
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(settings.DATA_DIR / "demo.lock", "a+") as lock:
            take_lock(lock.fileno())
            check_port_is_free(port)
            os.environ["PUBLIC_URL"] = settings.PUBLIC_URL = f"http://localhost:{port}"
            self.prepare_database()
            self.supervise(port, grace)

    def prepare_database(self) -> None:
        """Migrate; in an empty database load the programmes and build the demo, all or nothing."""
        unfinished = settings.DATA_DIR / "seeding"
        if unfinished.exists():
            self.say("La première préparation avait été interrompue : elle recommence.")
            forget_data()
        call_command("migrate", verbosity=0, interactive=False)
        if not User.objects.exists():
            unfinished.touch()
            self.say("Première fois : préparation de la démonstration…")
            call_command("seed_demo", stdout=self.stdout)
            unfinished.unlink()
        connections.close_all()

    def supervise(self, port: int, grace: float) -> None:
        stop, hurry = threading.Event(), threading.Event()

        def on_signal(signum: int, frame: object) -> None:
            (hurry if stop.is_set() else stop).set()

        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, on_signal)
        children = [
            Child("web", web_command(port), settings.BASE_DIR),
            Child("worker", worker_command(settings.DATA_DIR), settings.BASE_DIR),
        ]
        try:
            for child in children:
                child.relay_output(sys.stdout.buffer)
            self.wait_for_page(port, children, stop)
            while not stop.wait(0.2):
                check_alive(children)
            self.say("Arrêt… (Ctrl-C une seconde fois : tout de suite)")
        finally:
            stop_all(children, grace, hurry)
        self.say("Arrêtée. Les données sont gardées.")

    def wait_for_page(self, port: int, children: list[Child], stop: threading.Event) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while not stop.is_set() and not page_answers(port):
            check_alive(children)
            if time.monotonic() > deadline:
                raise CommandError("Le serveur ne répond pas ; la raison est plus haut.")
            stop.wait(0.1)
        if not stop.is_set():
            self.greet(port)

    def greet(self, port: int) -> None:
        lines = [f"Prête : http://localhost:{port}/    (Ctrl-C pour arrêter)"]
        lines += demo_accounts()
        width = max(len(line) for line in lines)
        frame = "─" * (width + 2)
        body = "\n".join(f"│ {line:<{width}} │" for line in lines)
        self.say(f"┌{frame}┐\n{body}\n└{frame}┘")

    def say(self, text: str) -> None:
        try:
            self.stdout.write(text)
            self.stdout.flush()
        except OSError:
            pass  # the terminal is gone; stopping goes on all the same


def restart_with_data(folder: Path) -> None:
    """Settings read the data folder once: if it is another one, start again with it."""
    if folder != settings.DATA_DIR:
        if os.environ.get("NDRC_DATA_DIR") == str(folder):
            raise CommandError(f"{settings.SETTINGS_MODULE} n'utilise pas le dossier {folder}.")
        os.environ["NDRC_DATA_DIR"] = str(folder)
        os.execv(sys.executable, [sys.executable, *sys.argv])


def take_lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            f"Une démonstration tourne déjà sur {settings.DATA_DIR}. "
            "Arrêtez-la, ou choisissez un autre dossier : ./run demo --port 8001 --data DOSSIER"
        ) from None


def check_port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Le port {port} ne peut pas être ouvert ({error}). "
                "Choisissez-en un autre : ./run demo --port 8001"
            ) from None


def forget_data() -> None:
    """Remove a half-built demo; nothing in it was entered by a person yet."""
    for path in settings.DATA_DIR.glob("cfa.sqlite3*"):
        path.unlink()
    for folder in (settings.MEDIA_ROOT, settings.QUEUE_DIR):
        shutil.rmtree(folder, ignore_errors=True)


def web_command(port: int) -> list[str]:
    # A worker that is being forked when the end is asked for does not hear it: gunicorn then waits the whole
    # of its patience, half a minute unless told otherwise.
    options = (
        "--preload --worker-class gthread --workers 2 --threads 4 --no-control-socket"
        " --log-level warning --graceful-timeout 4"
    )
    return [
        *(sys.executable, "-m", "gunicorn", "ndrc_cfa.wsgi:application"),
        *("--bind", f"{HOST}:{port}", *options.split()),
    ]


def worker_command(data: Path) -> list[str]:
    options = "--concurrency 1 --beat --loglevel WARNING --without-gossip --without-mingle"
    return [
        # This machine only: the advice against root is for servers (docs/deploiement.md).
        *(sys.executable, "-W", "ignore:::celery.platforms"),
        *("-m", "celery", "--app", "ndrc_cfa", "--quiet", "worker"),
        *(*options.split(), "--schedule", str(data / "beat-schedule")),
    ]


def page_answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/sante/", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def check_alive(children: list[Child]) -> None:
    for child in children:
        if child.ended():
            raise CommandError(
                f"Le processus « {child.name} » s'est arrêté (code {child.process.returncode}) ; "
                "la raison est plus haut. Tout est arrêté."
            )


def demo_accounts() -> list[str]:
    """One line per account that the demo presents, and their password."""
    return [
        *(f"{person.email:<32} {deed}" for person, deed in ACCOUNTS),
        f"Mot de passe de tous : {PASSWORD}",
    ]
