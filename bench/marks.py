"""The grid of marks: queries at 5 and 35 apprentices by 20 columns, milliseconds to open it and save a cell."""

import json
import statistics
import time
from datetime import date
from decimal import Decimal

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.marks import actions
from evaluations.models import Mark
from evaluations.tests import recipes
from evaluations.tests.test_marks import school_of

COLUMNS, SIZES, ROUNDS, GOAL_MS = 20, (5, 35), 20, 50


def main() -> int:
    call_command("migrate", verbosity=0)
    here = school_of(recipes.world(), today=date(2026, 11, 3))
    columns = [
        actions.save_assessment(
            cohort=here.cohort,
            number=3,
            subject=here.nego,
            kind="quiz",
            title=f"Évaluation {n}",
            held_on=date(2026, 11, 4),
            coefficient=Decimal(1),
            scale=Decimal(20),
            epreuve=None,
            is_visible=True,
            by=here.bruno,
        )
        for n in range(COLUMNS - 1)
    ]
    client = Client(HTTP_HOST="localhost")
    client.force_login(here.bruno, "allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("evaluations:marks_grid") + f"?promotion={here.cohort.uuid}&semestre=3"
    counts = []
    people = [here.enrolment]
    for size in SIZES:
        new = [recipes.another_enrolment(here, n) for n in range(len(people), size)]
        people += new
        Mark.objects.bulk_create(
            Mark(assessment=one, enrolment=person, status="marked", value=12)
            for one in columns
            for person in new
        )
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            start = time.perf_counter()
            assert client.get(url).status_code == 200
            spent = (time.perf_counter() - start) * 1000
        counts.append(len(captured))
        print(json.dumps({"measure": "grille de notes", "size": f"{size} x {COLUMNS}",
                          "queries": len(captured), "ms": round(spent)}))  # fmt: skip
    save = reverse("evaluations:marks_save", args=[here.cohort.uuid])
    name, seen, times = f"m-{here.quiz.pk}-{people[-1].pk}", "", []
    for n in range(ROUNDS):
        value = str(n)
        start = time.perf_counter()
        answer = client.post(save, {"name": name, "value": value, "seen": seen})
        times.append((time.perf_counter() - start) * 1000)
        assert answer.json()["state"] == "saved"
        seen = value
    median = statistics.median(times)
    print(json.dumps({"measure": "enregistrer une case", "size": f"35 x {COLUMNS}",
                      "ms": round(median, 1), "goal_ms": GOAL_MS}))  # fmt: skip
    return int(len(set(counts)) > 1 or median > GOAL_MS)


if __name__ == "__main__":
    raise SystemExit(main())
