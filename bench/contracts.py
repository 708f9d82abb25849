"""The list of contracts at two sizes: queries and milliseconds, as it opens, searched and exported."""

import argparse
import json
import statistics
import time
from datetime import date, timedelta
from decimal import Decimal

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Cfa, Membership, User
from apprentices import actions
from apprentices.models import Apprentice, Company, Contract, Enrolment, MaitreApprentissage
from apprentices.tests.recipes import a_programme

ROUNDS, GOAL_MS = 7, 1000
PAGES = (
    ("liste", "contract_list", "", True),
    ("dernière page", "contract_list", "?page=9999", True),
    ("recherche", "contract_list", "?q=Nom+7", True),
    ("filtre et tri", "contract_list", "?state=signed&sort=nom", True),
    ("échéances", "deadline_list", "", False),
)


def grow(cfa: Cfa, user: User, count: int) -> None:
    """`count` signed contracts; in bulk, since the reading is measured, not the writing."""
    programme = a_programme(cfa, group_max=32000)
    cohort = actions.create_cohort(
        cfa=cfa, programme=programme, name="NDRC", starts_on=programme.starts_on,
        ends_on=programme.ends_on, capacity=32000, trainers=[], by=user,
    )  # fmt: skip
    company = Company.objects.create(cfa=cfa, name="Entreprise", siret="12345678200010")
    maitre = MaitreApprentissage.objects.create(
        company=company, first_name="Chantal", last_name="Dumas"
    )
    people = Apprentice.objects.bulk_create(
        Apprentice(cfa=cfa, first_name="Camille", last_name=f"Nom {n}", born_on=date(2005, 3, 15))
        for n in range(count)
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(cohort=cohort, apprentice=person, starts_on=cohort.starts_on) for person in people
    )
    Contract.objects.bulk_create(
        Contract(
            enrolment=enrolment,
            company=company,
            maitre=maitre,
            state="running" if number % 5 else "signed",
            signed_at=timezone.now(),
            transmitted_on=cohort.starts_on if number % 5 else None,
            concluded_on=cohort.starts_on,
            starts_on=cohort.starts_on + timedelta(days=number % 200),
            ends_on=cohort.ends_on,
            training_hours=Decimal(1015),
        )
        for number, enrolment in enumerate(enrolments)
    )


def measure(client: Client, page: tuple[str, str, str, bool], count: int) -> None:
    name, view, query, has_goal = page
    address = reverse(f"apprentices:{view}") + query
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    queries = len(captured)
    assert response.status_code == 200, (address, response.status_code)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - start) * 1000)
    median = round(statistics.median(times), 1)
    line: dict[str, object] = {
        "bench": "contracts", "page": name, "contracts": count, "queries": queries,
        "ms_median": median,
    }  # fmt: skip
    if has_goal:
        line |= {"goal_ms": GOAL_MS, "ok": median < GOAL_MS}
    print(json.dumps(line, ensure_ascii=False), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--contracts", type=int, default=5000)
    count = parser.parse_args().contracts
    call_command("migrate", verbosity=0)
    cfa = Cfa.objects.create(name="CFA de mesure", slug="mesure")
    user = User.objects.create_user("mesure@example.org", first_name="M", last_name="M")
    Membership.objects.create(cfa=cfa, user=user, role=Role.STAFF)
    grow(cfa, user, count)
    client = Client(HTTP_HOST="localhost")
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    client.get(reverse("apprentices:contract_list"))  # templates and tables are read once
    for page in PAGES:
        measure(client, page, count)


if __name__ == "__main__":
    main()
