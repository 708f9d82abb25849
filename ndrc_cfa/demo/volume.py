"""Volumes for the measures: many cohorts and apprentices, born through the same actions."""

import random
from datetime import date, timedelta

from accounts.models import User
from apprentices import actions as apprentices_actions
from apprentices.models import Cohort
from livret import actions as livret_actions

from .story import Story

FIRST = ["Alma", "Basile", "Célia", "Diego", "Elsa", "Félix", "Gaspard", "Hanaé", "Isaac", "Judith", "Kelyan", "Léonie", "Malo", "Nina", "Oscar"]  # fmt: skip
LAST = ["Arnaud", "Blin", "Caillet", "Daniel", "Esnault", "Foucher", "Gallet", "Huard", "Issac", "Jamin", "Klein", "Laurent", "Morin"]  # fmt: skip
CAPACITY = 20


def fill(
    story: Story, first: Cohort, *, cohorts: int, apprentices: int, team: dict[str, User]
) -> None:
    """Bring the centre to so many cohorts and apprentices in all, each cohort filled before the next."""
    rng = random.Random("volume")
    by = team["elise"]
    company = first.cfa.companies.earliest("pk")
    all_cohorts = [first]
    for number in range(2, cohorts + 1):
        cohort = story.cohort(
            programme=first.programme,
            name=f"NDRC groupe {number:03d}",
            capacity=CAPACITY,
            trainers=[team["bruno"]],
            by=by,
        )
        all_cohorts.append(cohort)
    present = first.enrolments.count()
    for number in range(apprentices - present):
        cohort = all_cohorts[(present + number) // CAPACITY]
        # One maître may follow two apprentices at most (V12).
        if number % 2 == 0:
            maitre = apprentices_actions.create_maitre(
                company=company,
                first_name=rng.choice(FIRST),
                last_name=f"{rng.choice(LAST)}-{rng.choice(LAST)}",
                born_on=date(1975, 1, 1) + timedelta(days=number),
                by=by,
            )
        apprentice = apprentices_actions.create_apprentice(
            cfa=first.cfa,
            first_name=rng.choice(FIRST),
            last_name=f"{rng.choice(LAST)}-{rng.choice(LAST)}",
            born_on=date(2005, 1, 1) + timedelta(days=number % 700),
            by=by,
        )
        enrolment = story.enrolled(
            cohort=cohort, apprentice=apprentice, maitre=maitre, tutor=team["bruno"], by=by
        )
        livret_actions.open_livret(enrolment=enrolment, by=by)
