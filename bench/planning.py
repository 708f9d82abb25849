"""Generating two years of half-days for twenty cohorts that share trainers and rooms."""

import json
import time
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import Membership, User
from apprentices.models import Cohort
from attendance.actions import Assignment, generate_sessions, save_room
from attendance.models import ClassSession
from ndrc_cfa.demo.people import ELISE

COHORTS = 20
GOAL_SECONDS = 30


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("seed_demo", apprentices=4, demi_journees=2, sans_documents=True, verbosity=0)
    elise = User.objects.get(email=ELISE.email)
    model = Cohort.objects.filter(cfa__slug="lz-formation").earliest("pk")
    subjects = [s for s in model.programme.subjects.all() if s.hours > 0]
    cohorts = []
    for number in range(COHORTS):
        days = (2 * (number % 2), 2 * (number % 2) + 1)
        cohorts.append(
            Cohort.objects.create(
                cfa=model.cfa,
                programme=model.programme,
                name=f"Groupe {number:02d}",
                starts_on=model.starts_on,
                ends_on=model.starts_on + timedelta(days=730),
                rhythm=model.rhythm | {"weekdays": list(days)},
            )
        )
        save_room(cfa=model.cfa, name=f"Salle {number:02d}", capacity=20, by=elise)
    people = []
    for number in range(3 * COHORTS):
        user = User.objects.create_user(
            f"formateur{number}@bench.example", first_name="F", last_name=f"{number}"
        )
        Membership.objects.create(cfa=model.cfa, user=user, role=Role.TRAINER)
        people.append(user)
    worst, total, queries = 0.0, 0.0, 0
    for rank, cohort in enumerate(cohorts):
        # Six trainers for two neighbouring cohorts: some are taken when their turn comes.
        own = people[3 * (rank // 2 * 2) : 3 * (rank // 2 * 2) + 6]
        wanted = [Assignment(s, own[n % len(own)]) for n, s in enumerate(subjects)]
        begin = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            generate_sessions(cohort=cohort, assignments=wanted, by=elise)
        spent = time.perf_counter() - begin
        total, worst, queries = total + spent, max(worst, spent), max(queries, len(captured))
    planned = ClassSession.objects.planned().filter(cohort__in=cohorts)
    begin = time.perf_counter()
    for rank, cohort in enumerate(cohorts):
        own = people[3 * (rank // 2 * 2) : 3 * (rank // 2 * 2) + 6]
        wanted = [Assignment(s, own[n % len(own)]) for n, s in enumerate(subjects)]
        generate_sessions(cohort=cohort, assignments=wanted, by=elise)
    again = time.perf_counter() - begin
    print(
        json.dumps(
            {
                "bench": "planning",
                "cohorts": COHORTS,
                "half_days": planned.count(),
                "without_room": planned.filter(room__isnull=True).count(),
                "seconds": round(total, 2),
                "worst_cohort_seconds": round(worst, 2),
                "most_queries": queries,
                "again_seconds": round(again, 2),
                "goal_seconds": GOAL_SECONDS,
                "database": connection.vendor,
                "ok": total < GOAL_SECONDS,
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
