"""The morning rush: everybody signs within a minute, on PostgreSQL, while each sheet is watched live.

A real server (gunicorn, two workers), real HTTP, a session for each apprentice; the page is opened, then
the signature is posted. Run again under tools.services, which brings a throw-away PostgreSQL.
"""

import argparse
import http.client
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time as clock
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

GROUPS, PORT = 50, 8155
TOKEN = "m" * 32
ANSWERS = 24  # phones that wait for an answer at the same time, at most


def outside(arguments: list[str]) -> int:
    """Bring the servers up, then run the measure in their midst."""
    with tempfile.TemporaryDirectory(prefix="bench-rush-") as folder:
        environment = {
            **os.environ,
            "NDRC_TEST_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "ndrc_cfa.settings.test",
        }
        inner = [sys.executable, "-m", "bench.attendance_rush", "--inside", *arguments]
        command = [sys.executable, "-m", "tools.services", "--", *inner]
        return subprocess.run(command, env=environment, check=False).returncode


def session_of(user) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


class Phone:
    """One browser: a session, a connection, the milliseconds of each answer."""

    def __init__(self, session: str):
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "Host": "localhost"}

    def ask(self, path: str, form: dict | None = None, **headers: str) -> tuple[int, float]:
        body = urlencode(form | {"csrfmiddlewaretoken": TOKEN}) if form else None
        sent = dict(self.headers, **headers)
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        begun = clock.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        try:
            connection.request("POST" if body else "GET", path, body, sent)
            answer = connection.getresponse()
            answer.read()
            return answer.status, 1000 * (clock.perf_counter() - begun)
        finally:
            connection.close()


def prepare(number: int) -> tuple:
    from datetime import time, timedelta
    from io import StringIO

    from django.apps import apps
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import User
    from attendance.actions import open_sheet
    from bench.attendance_data import add_trainers, make_centre, plan

    call_command("migrate", verbosity=0)
    data = apps.get_app_config("programmes").path + "/data"
    call_command("load_programmes", data, create_cfas=True, stdout=StringIO())
    today = timezone.localdate()
    cfa, cohorts = make_centre(
        groups=GROUPS, size=number // GROUPS,
        first=today - timedelta(days=30), last=today + timedelta(days=300),
    )  # fmt: skip
    trainers = add_trainers(cfa, GROUPS)
    sessions = plan(cohorts, trainers, today, time(0), time(23, 59))
    by_cohort = {session.cohort_id: session for session in sessions}
    sheets = [open_sheet(session=session, by=session.trainer) for session in sessions]
    phones = []
    users = User.objects.filter(apprentice_profiles__cfa=cfa).prefetch_related(
        "apprentice_profiles__enrolments"
    )
    for user in users:
        enrolment = user.apprentice_profiles.all()[0].enrolments.all()[0]
        session = by_cohort[enrolment.cohort_id]
        phones.append((Phone(session_of(user)), f"/emargement/signer/{session.uuid}/"))
    watchers = [
        (Phone(session_of(sheet.session.trainer)), f"/emargement/feuilles/{sheet.uuid}/")
        for sheet in sheets
    ]
    return cfa, phones, watchers


def serve() -> "subprocess.Popen[bytes]":
    command = [
        *(sys.executable, "-m", "gunicorn", "ndrc_cfa.wsgi", "--bind", f"127.0.0.1:{PORT}"),
        *("--workers", "2", "--threads", "4", "--log-level", "error"),
    ]
    server = subprocess.Popen(command, start_new_session=True)
    for _ in range(300):
        try:
            Phone("x").ask("/accessibilite/")
            return server
        except OSError:
            clock.sleep(0.2)
    raise RuntimeError("the server does not answer")


def watch(phone: Phone, path: str, over: threading.Event, kept: list[float]) -> None:
    """A trainer's live sheet: every three seconds, as the page does."""
    over.wait(random.uniform(0, 3))
    while not over.is_set():
        status, milliseconds = phone.ask(path, None, **{"HX-Request": "true"})
        assert status == 200, status
        kept.append(milliseconds)
        over.wait(3)


def rush(phones: list, watchers: list, seconds: float) -> dict:
    from bench.attendance_data import stroke

    opened: list[float] = []
    signed: list[float] = []
    seen: list[float] = []
    wrong: list[int] = []
    over = threading.Event()
    live = [threading.Thread(target=watch, args=(*w, over, seen), daemon=True) for w in watchers]
    for thread in live:
        thread.start()
    rng = random.Random(1)
    moments = sorted(rng.uniform(0, seconds) for _ in phones)
    begun = clock.perf_counter()

    def one(place: int) -> None:
        clock.sleep(max(0.0, begun + moments[place] - clock.perf_counter()))
        phone, path = phones[place]
        status, milliseconds = phone.ask(path)
        opened.append(milliseconds)
        form = {"strokes": json.dumps(stroke(place)), "typed_name": ""}
        if place % 20 == 0:  # a nervous finger: the same signature twice
            phone.ask(path, form)
        posted, milliseconds = phone.ask(path, form)
        signed.append(milliseconds)
        if (status, posted) != (200, 302):
            wrong.append(posted)

    with ThreadPoolExecutor(ANSWERS) as pool:
        list(pool.map(one, range(len(phones))))
    lasted = clock.perf_counter() - begun
    over.set()
    for thread in live:
        thread.join(70)

    def figures(values: list[float]) -> dict[str, float]:
        cuts = statistics.quantiles(values, n=100)
        return {"median_ms": round(cuts[49]), "p99_ms": round(cuts[98]), "number": len(values)}

    return {
        "seconds": round(lasted, 1),
        "signing": figures(signed),
        "opening": figures(opened),
        "watching": figures(seen),
        "wrong_answers": len(wrong),
    }


def inside(number: int, seconds: float) -> int:
    import django

    django.setup()

    from django.db import connection

    from attendance.models import Presence, ProofEvent, Signature
    from attendance.proofs.verify import verify

    cfa, phones, watchers = prepare(number)
    vendor = connection.vendor
    connection.close()
    server = serve()
    try:
        found = rush(phones, watchers, seconds)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)
    signed = Presence.objects.filter(signature__isnull=False).count()
    kept = Signature.objects.count()
    events = ProofEvent.objects.filter(cfa=cfa, kind="sign").count()
    report = verify(cfa)
    line = {
        "bench": "ruée du matin",
        "database": vendor,
        "apprentices": number,
        "sheets_watched": len(watchers),
        **found,
        "lost": number - signed,
        "doubled": max(kept, events) - number,
        "chain_problems": report.problem_count,
        "goal": "aucune perdue, aucune en double, p99 de la signature sous 2000 ms",
    }
    print(json.dumps(line, ensure_ascii=False))
    right = not (line["lost"] or line["doubled"] or report.problem_count or found["wrong_answers"])
    return 0 if right and found["signing"]["p99_ms"] <= 2000 else 1


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--inside", action="store_true")
    parser.add_argument("--apprentices", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    known = parser.parse_args()
    if not known.inside:
        return outside(sys.argv[1:])
    return inside(known.apprentices, known.seconds)


if __name__ == "__main__":
    raise SystemExit(main())
