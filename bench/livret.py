"""The livret: queries of a cohort's page at 20 and 500 apprentices, and the signing workflow under random deeds."""

import json
import random
import time
from datetime import date

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from apprentices.models import Apprentice, Cohort, Enrolment
from livret import rules
from livret.models import Livret, LivretPeriod, Review
from livret.rules import reviews as flow
from ndrc_cfa.demo import people

SIZES = (20, 500)
ROUNDS = 3
WALKS = 20_000


def fill(cohort: Cohort, total: int, by: User) -> None:
    """Apprentices, livrets, periods and a late meeting each, straight into the throw-away database."""
    have = cohort.enrolments.count()
    people = Apprentice.objects.bulk_create(
        Apprentice(
            cfa=cohort.cfa, first_name="Alix", last_name=f"Mesure {n}", born_on=date(2005, 1, 1)
        )
        for n in range(have, total)
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(cohort=cohort, apprentice=person, starts_on=cohort.starts_on, tutor=by)
        for person in people
    )
    livrets = Livret.objects.bulk_create(Livret(enrolment=e, opened_by=by) for e in enrolments)
    spans = rules.spans(cohort.starts_on, cohort.ends_on)
    LivretPeriod.objects.bulk_create(
        LivretPeriod(livret=livret, number=s.number, starts_on=s.starts_on, ends_on=s.ends_on)
        for livret in livrets
        for s in spans
    )
    Review.objects.bulk_create(
        Review(
            livret=livret, kind="visit", number=1, planned_on=cohort.starts_on, signers=["tutor"]
        )
        for livret in livrets
    )


def page(total: int) -> dict:
    """Queries and milliseconds of the page of one cohort."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(
        User.objects.get(email=people.ELISE.email),
        "allauth.account.auth_backends.AuthenticationBackend",
    )
    cohort = Cohort.objects.filter(cfa__slug="lz-formation").earliest("pk")
    address = reverse("livret:livret_list") + f"?promotion={cohort.uuid}"
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    queries = len(captured)  # now: the next request empties the log
    assert response.status_code == 200
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.get(address)
        times.append(time.perf_counter() - start)
    return {
        "measure": "livrets d'une promotion",
        "apprentices": total,
        "queries": queries,
        "ms": round(min(times) * 1000),
        "goal": "the same number of queries at both sizes",
    }


def walks() -> dict:
    """Random deeds on the rules of a review: what is closed is left only by a correction."""
    rng = random.Random(7)
    start, broken = time.perf_counter(), 0
    deeds = [flow.OPEN, flow.SUBMIT, flow.SIGN, flow.REFUSE, flow.CORRECT, flow.CANCEL]
    for _ in range(WALKS):
        kind = rng.choice(list(rules.FORMS))
        signers = list(rules.FORMS[kind].signers)
        rng.shuffle(signers)
        state = "planned"
        signed: list[str] = []
        for _step in range(12):
            deed = rng.choice(deeds)
            role = rules.review_awaited(state, signers, signed)
            after = [*signed, role] if deed == flow.SIGN and role else signed
            found = rules.review_next_state(state, deed, signers, after)
            if found is None:
                continue
            broken += state == "closed" and deed != flow.CORRECT
            broken += found == "closed" and after != signers
            broken += state in ("replaced", "cancelled")
            state, signed = found, after
    return {
        "measure": "parcours de signature",
        "walks": WALKS,
        "broken": broken,
        "s": round(time.perf_counter() - start, 2),
        "goal": "0 broken",
    }


def main() -> int:
    call_command("migrate", verbosity=0)
    call_command("seed_demo", apprentices=2, sans_documents=True, demi_journees=4, verbosity=0)
    cohort = Cohort.objects.filter(cfa__slug="lz-formation").earliest("pk")
    by = User.objects.get(email=people.BRUNO.email)
    found = []
    for size in SIZES:
        fill(cohort, size, by)
        found.append(page(size))
        print(json.dumps(found[-1], ensure_ascii=False), flush=True)
    workflow = walks()
    print(json.dumps(workflow, ensure_ascii=False), flush=True)
    same = len({row["queries"] for row in found}) == 1
    return 0 if same and not workflow["broken"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
