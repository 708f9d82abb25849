"""The grid of an exam session: queries at 5 and 35 candidates, milliseconds to save one cell."""

import json
import statistics
import time
from datetime import date

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apprentices.models import Apprentice, Enrolment
from evaluations.exam import actions
from evaluations.tests.exam_recipes import CODES, exam_world

SIZES = (5, 35)
ROUNDS = 20
GOAL_MS = 50


def grow(world, size: int) -> None:
    """Register candidates until there are `size` of them."""
    for number in range(world.session.registrations.count(), size):
        apprentice = Apprentice.objects.create(
            cfa=world.cfa, first_name="Noé", last_name=f"Martin {number}", born_on=date(2005, 1, 1)
        )
        enrolment = Enrolment.objects.create(
            cohort=world.cohort, apprentice=apprentice, starts_on=world.cohort.starts_on
        )
        actions.register_candidates(session=world.session, enrolments=[enrolment], by=world.elise)


def main() -> int:
    call_command("migrate", verbosity=0)
    world = exam_world()
    client = Client(HTTP_HOST="localhost")
    client.force_login(world.elise, "allauth.account.auth_backends.AuthenticationBackend")
    pages = {
        "grille": reverse("evaluations:exam_marks", args=[world.session.uuid]),
        "candidats": reverse("evaluations:exam_session_detail", args=[world.session.uuid]),
        "simulation de jury": reverse("evaluations:exam_heatmap"),
    }
    counts: dict[str, list[int]] = {}
    for size in SIZES:
        grow(world, size)
        for name, address in pages.items():
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                start = time.perf_counter()
                response = client.get(address)
                spent = (time.perf_counter() - start) * 1000
            assert response.status_code == 200
            counts.setdefault(name, []).append(len(captured))
            print(
                json.dumps(
                    {
                        "bench": "exam_page",
                        "page": name,
                        "candidates": size,
                        "queries": len(captured),
                        "ms": round(spent, 1),
                    },
                    ensure_ascii=False,
                ),
                flush=True,
            )
    save = reverse("evaluations:exam_mark_save", args=[world.session.uuid, "proposed"])
    times, seen = [], ""
    for number in range(ROUNDS):
        name, value = f"{world.one.pk}-{CODES[number % 6]}", str(8 + number // 6)
        seen = "" if number < 6 else str(8 + number // 6 - 1)
        start = time.perf_counter()
        response = client.post(save, {"name": name, "value": value, "seen": seen})
        times.append((time.perf_counter() - start) * 1000)
        assert response.json()["state"] == "saved", response.content
    median = statistics.median(times)
    print(
        json.dumps(
            {"bench": "exam_cell", "ms_median": round(median, 1), "goal": GOAL_MS},
            ensure_ascii=False,
        )
    )
    steady = all(len(set(found)) == 1 for found in counts.values())
    return 0 if steady and median < GOAL_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
