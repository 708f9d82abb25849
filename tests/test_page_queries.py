"""The pages of every day ask the database the same number of questions at 2 and at 6 apprentices."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from apprentices.models import Cohort
from attendance.models import AttendanceSheet
from ndrc_cfa.demo import people

pytestmark = [pytest.mark.once, pytest.mark.django_db]
FEW, MORE = 2, 4


@contextmanager
def demo_of(apprentices: int) -> Iterator[None]:
    """The demo at this size, undone at the end: two sizes fit in one test."""
    with transaction.atomic():
        call_command("seed_demo", apprentices=apprentices, demi_journees=24, verbosity=0)
        yield
        transaction.set_rollback(True)


def addresses() -> list[tuple[people.Person, str, str]]:
    cohort = Cohort.objects.filter(cfa__slug="lz-formation").earliest("pk")
    sheet = AttendanceSheet.objects.filter(session__cohort=cohort).order_by("pk").last()
    return [
        (people.ELISE, "home", reverse("home")),
        (people.ELISE, "apprentices", reverse("apprentices:apprentice_list")),
        (people.ELISE, "cohort", reverse("apprentices:cohort_detail", args=[cohort.uuid])),
        (people.ELISE, "cohort hours", reverse("attendance:cohort_hours", args=[cohort.uuid])),
        (people.ELISE, "contracts", reverse("apprentices:contract_list")),
        (people.ELISE, "companies", reverse("apprentices:company_list")),
        (people.ELISE, "planning", reverse("attendance:planning")),
        (people.ELISE, "sheets", reverse("attendance:sheet_list")),
        (people.ELISE, "sheet", reverse("attendance:sheet_detail", args=[sheet.uuid])),
        (people.ELISE, "CCF", reverse("evaluations:ccf_list")),
        (people.ELISE, "livrets", reverse("livret:livret_list")),
        (people.ELISE, "late livrets", reverse("livret:livret_list") + "?voir=retard"),
        (people.ELISE, "issue", reverse("livret:documents_issue")),
        (people.ELISE, "documents", reverse("documents:document_list")),
        (people.ELISE, "members", reverse("accounts:member_list")),
        (people.BRUNO, "trainer's home", reverse("home")),
    ]


def queries(signed_in) -> dict[str, int]:
    found = {}
    for person, name, address in addresses():
        client = signed_in(User.objects.get(email=person.email))
        client.get(address)  # what is asked once per process is not counted
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200, name
        found[name] = len(asked)
    return found


def test_it_asks_as_many_queries_at_two_apprentices_as_at_six(signed_in):
    with demo_of(FEW):
        few = queries(signed_in)
    with demo_of(FEW + MORE):
        many = queries(signed_in)
    # Four more apprentices would ask four times more; a card that only some days have asks once or twice.
    grown = {name: (few[name], many[name]) for name in few if many[name] - few[name] >= MORE}
    assert not grown
    assert max(many.values()) <= 40, many
