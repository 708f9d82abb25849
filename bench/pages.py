"""Queries and milliseconds of the main pages, on a database of the size given."""

import argparse
import json
import statistics
import time

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from apprentices.models import Apprentice, Cohort
from attendance.models import AttendanceSheet
from livret.models import Livret
from ndrc_cfa.demo import people

ROUNDS = 7


def pages() -> list[tuple[str, str, str]]:
    """(name, e-mail of the person, address): what each person opens every day."""
    cohort = Cohort.objects.filter(cfa__slug="lz-formation").earliest("pk")
    aicha = Apprentice.objects.get(user__email=people.AICHA.email)
    sheet = AttendanceSheet.objects.filter(session__cohort=cohort).latest("pk")
    livret = Livret.objects.get(enrolment__apprentice=aicha)
    staff, trainer, apprentice, maitre = (
        people.ELISE.email,
        people.BRUNO.email,
        people.AICHA.email,
        people.CHANTAL.email,
    )
    return [
        ("accueil équipe", staff, reverse("home")),
        ("accueil formateur", trainer, reverse("home")),
        ("accueil apprenti", apprentice, reverse("home")),
        ("accueil maître", maitre, reverse("livret:maitre_home")),
        ("apprentis", staff, reverse("apprentices:apprentice_list")),
        ("promotion", staff, reverse("apprentices:cohort_detail", args=[cohort.uuid])),
        ("feuilles", staff, reverse("attendance:sheet_list")),
        ("feuille", trainer, reverse("attendance:sheet_detail", args=[sheet.uuid])),
        ("CCF", trainer, reverse("evaluations:ccf_list")),
        ("livrets", staff, reverse("livret:livret_list")),
        ("livret", staff, reverse("livret:livret_detail", args=[livret.uuid])),
        ("documents", staff, reverse("documents:document_list")),
    ]


def measure(name: str, email: str, address: str, apprentices: int) -> dict:
    client = Client(HTTP_HOST="localhost")
    client.force_login(
        User.objects.get(email=email), "allauth.account.auth_backends.AuthenticationBackend"
    )
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    queries = len(captured)  # now: the next request empties the log
    assert response.status_code == 200, (address, response.status_code)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - start) * 1000)
    return {
        "bench": "page",
        "page": name,
        "apprentices": apprentices,
        "queries": queries,
        "ms_median": round(statistics.median(times), 1),
        "kb": round(len(response.content) / 1024, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--apprentices", type=int, default=20)
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    start = time.perf_counter()
    cohorts = max(1, options.apprentices // 20)
    call_command("seed_demo", cohorts=cohorts, apprentices=options.apprentices, verbosity=0)
    print(
        json.dumps(
            {
                "bench": "seed_demo",
                "apprentices": options.apprentices,
                "seconds": round(time.perf_counter() - start, 1),
            }
        ),
        flush=True,
    )
    for name, email, address in pages():
        print(
            json.dumps(measure(name, email, address, options.apprentices), ensure_ascii=False),
            flush=True,
        )


if __name__ == "__main__":
    main()
