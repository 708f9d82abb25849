"""The demo itself: what it holds, the first page of each person, and how often the pages ask the database."""

from collections.abc import Iterator
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import User
from apprentices import actions as apprentices_actions
from apprentices.models import Cohort, Company, Enrolment
from attendance.enums import PresenceState
from attendance.models import AttendanceSheet, ClassSession, Presence
from documents.models import Document, Job
from evaluations import actions as evaluations_actions
from evaluations.models import CcfEvaluation
from livret import actions as livret_actions
from livret.models import Livret, PeriodSignature
from ndrc_cfa.demo import cast, volume
from ndrc_cfa.demo.story import Story, shifted_years
from ndrc_cfa.home_tasks import count_and_first
from programmes.models import CfaProgramme

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """The demo, built once for this file; what a test adds is undone by the test's own transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo", apprentices=2, demi_journees=24, sans_documents=True, verbosity=0)
        yield
        transaction.set_rollback(True)


def counts() -> dict[str, int]:
    models = (User, ClassSession, Presence, CcfEvaluation, PeriodSignature, Document, Job)
    return {model.__name__: model.objects.count() for model in models}


def test_it_greets_each_person_and_says_what_to_do(demo, signed_in):
    expected = {
        cast.ELISE: "À traiter aujourd'hui",
        cast.FARID: "À traiter aujourd'hui",
        cast.AUDITOR: "Ce qui attend l'équipe du CFA",
        cast.BRUNO: "Mes apprentis",
        cast.AICHA: "Mes heures",
    }
    for person, words in expected.items():
        response = signed_in(User.objects.get(email=person.email)).get(reverse("home"))
        assert response.status_code == 200
        page = response.content.decode().replace("&#x27;", "'")
        assert person.first_name in page
        assert words in page


def test_what_blocks_or_is_late_comes_before_the_rest(demo, signed_in):
    staff = User.objects.get(email=cast.ELISE.email)
    kinds = [task.kind for task in signed_in(staff).get("/").context["tasks"]]
    assert {"stop", "todo"} <= set(kinds)
    assert kinds == sorted(kinds, key=["stop", "todo", "run"].index)


def test_an_auditor_is_offered_no_deed_and_no_page_that_stays_shut(demo, signed_in):
    home = signed_in(User.objects.get(email=cast.AUDITOR.email))
    tasks = home.get("/").context["tasks"]
    assert tasks
    assert {task.action for task in tasks} == {"Voir"}
    assert {home.get(task.url, follow=True).status_code for task in tasks} == {200}


def test_it_counts_every_cohort_even_those_it_does_not_show(demo, signed_in):
    staff = User.objects.get(email=cast.ELISE.email)
    like = Cohort.objects.filter(cfa=staff.memberships.get().cfa).latest("pk")
    today = timezone.localdate()
    for number in range(15):
        Cohort.objects.create(
            cfa=like.cfa,
            programme=like.programme,
            name=f"Sans planning {number}",
            starts_on=today,
            ends_on=today + timedelta(days=500),
            rhythm=like.rhythm,
            capacity=20,
        )
    response = signed_in(staff).get("/")
    (short,) = (t for t in response.context["tasks"] if "à générer" in t.what)
    assert int(short.count) >= 15
    assert "/demi-journees/" in short.url
    shown, more = response.context["cohorts"], response.context["cohorts_more"]
    assert len(shown) == 12
    assert f"{more} autres promotions" in response.content.decode()
    assert len(shown) + more == like.cfa.cohorts.filter(ends_on__gte=today).count()


def test_a_card_counts_all_that_waits_in_one_query(demo, django_assert_num_queries):
    late = AttendanceSheet.objects.order_by("session__date", "pk")
    with django_assert_num_queries(1):
        found = count_and_first(late)
    assert found == (late.count(), late.first())
    assert late.count() > 1
    assert count_and_first(late.none()) == (0, None)


def test_it_sends_the_maitre_to_one_card_per_apprentice(demo, signed_in):
    chantal = signed_in(User.objects.get(email=cast.CHANTAL.email))
    page = chantal.get(reverse("home"), follow=True).content.decode()
    assert "Aïcha" in page
    assert "Maëlys" not in page


def test_the_other_centre_sees_nothing_of_the_first(demo, signed_in):
    gaelle = signed_in(User.objects.get(email=cast.GAELLE.email))
    for name in (
        "home",
        "apprentices:apprentice_list",
        "livret:livret_list",
        "documents:document_list",
    ):
        page = gaelle.get(reverse(name)).content.decode()
        assert "Aïcha" not in page
        assert "NDRC 2026-2027" not in page


def test_building_the_demo_twice_changes_nothing(demo):
    before = counts()
    call_command("seed_demo", verbosity=0)
    assert counts() == before
    assert before["Presence"] >= 48
    assert before["CcfEvaluation"] == 2


def cohort_of_the_demo() -> Cohort:
    return Cohort.objects.filter(cfa__slug="lz-formation").earliest("pk")


def fill(first: Cohort, *, cohorts: int, apprentices: int) -> list[Enrolment]:
    """Bring the centre to so many; the enrolments that came."""
    known = list(Enrolment.objects.values_list("pk", flat=True))
    team = {
        "elise": User.objects.get(email=cast.ELISE.email),
        "bruno": User.objects.get(email=cast.BRUNO.email),
    }
    story = Story(today=timezone.localdate())
    volume.fill(story, first, cohorts=cohorts, apprentices=apprentices, team=team)
    return list(Enrolment.objects.exclude(pk__in=known))


def test_it_fills_the_centre_to_the_volumes_asked(demo):
    first = cohort_of_the_demo()
    with patch.object(volume, "CAPACITY", 4):
        new = fill(first, cohorts=2, apprentices=6)
    other = Cohort.objects.latest("pk")
    assert (first.enrolments.count(), other.enrolments.count()) == (4, 2)
    assert len(new) == 4
    assert all(enrolment.contracts.get().transmitted_on for enrolment in new)
    assert Livret.objects.filter(enrolment__in=new).count() == 4


def addresses(cohort: Cohort, sheet: AttendanceSheet) -> list[tuple[cast.Person, str]]:
    """The pages of every day."""
    return [
        (cast.ELISE, reverse("home")),
        (cast.ELISE, reverse("apprentices:apprentice_list")),
        (cast.ELISE, reverse("apprentices:cohort_detail", args=[cohort.uuid])),
        (cast.ELISE, reverse("attendance:cohort_hours", args=[cohort.uuid])),
        (cast.ELISE, reverse("apprentices:contract_list")),
        (cast.ELISE, reverse("apprentices:company_list")),
        (cast.ELISE, reverse("attendance:planning")),
        (cast.ELISE, reverse("attendance:sheet_list")),
        (cast.ELISE, reverse("attendance:sheet_detail", args=[sheet.uuid])),
        (cast.ELISE, reverse("evaluations:ccf_list")),
        (cast.ELISE, reverse("livret:livret_list")),
        (cast.ELISE, reverse("livret:livret_list") + "?voir=retard"),
        (cast.ELISE, reverse("livret:documents_issue")),
        (cast.ELISE, reverse("documents:document_list")),
        (cast.ELISE, reverse("accounts:member_list")),
        (cast.BRUNO, reverse("home")),
    ]


def test_the_pages_ask_as_many_queries_at_two_apprentices_as_at_six(demo, signed_in):
    cohort, more = cohort_of_the_demo(), 4
    sheet = AttendanceSheet.objects.filter(session__cohort=cohort).latest("pk")

    def queries() -> dict[str, int]:
        found = {}
        for person, address in addresses(cohort, sheet):
            client = signed_in(User.objects.get(email=person.email))
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200, address
            found[f"{address} ({person.first_name})"] = len(asked)
        return found

    queries()  # what is asked once per process is not counted
    few = queries()
    new = fill(cohort, cohorts=1, apprentices=cohort.enrolments.count() + more)
    bruno = User.objects.get(email=cast.BRUNO.email)
    e4 = CcfEvaluation.objects.filter(enrolment__cohort=cohort).earliest("pk").epreuve
    for enrolment in new:
        evaluations_actions.start_evaluation(enrolment=enrolment, epreuve=e4, by=bruno)
        Presence.objects.create(sheet=sheet, enrolment=enrolment, state=PresenceState.ABSENT)
    elise = User.objects.get(email=cast.ELISE.email)
    livret_actions.issue_attestations(enrolments=new, by=elise)
    many = queries()
    # Four more apprentices would ask four times more; a card that only some days have asks once or twice.
    grown = {name: (few[name], many[name]) for name in few if many[name] - few[name] >= more}
    assert not grown
    assert max(many.values()) <= 40, many


def test_a_late_contract_of_the_demo_keeps_the_rules_whatever_today_is(demo):
    """Every 23rd day of the cohort: the hours announced never fall short of the law's (D1, D2, V18)."""
    programme = CfaProgramme.objects.get(slug="lz-formation-ndrc-2027")
    elise = User.objects.get(email=cast.ELISE.email)
    company = Company.objects.filter(cfa=programme.cfa).first()
    today, count = programme.starts_on, 0
    while today <= programme.ends_on:
        story = Story(today=today)
        with transaction.atomic():
            cohort = story.cohort(
                programme=programme, name=f"Essai {today}", capacity=2, trainers=[], by=elise
            )
            apprentice = apprentices_actions.create_apprentice(
                cfa=programme.cfa,
                first_name="Paul",
                last_name="Wagner",
                born_on=date(2004, 2, 29),
                by=elise,
            )
            maitre = apprentices_actions.create_maitre(
                company=company, first_name="Iris", last_name="Vasseur", by=elise
            )
            story.enrolled(
                cohort=cohort,
                apprentice=apprentice,
                maitre=maitre,
                tutor=elise,
                starts_on=story.this_week(cohort),
                transmit=False,
                by=elise,
            )
            transaction.set_rollback(True)
        today, count = today + timedelta(days=23), count + 1
    assert count > 20


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 1, 5), 0),
        (date(2026, 11, 21), 0),
        (date(2027, 6, 30), 0),
        (date(2027, 7, 1), 1),
        (date(2030, 2, 28), 3),
        (date(2025, 12, 1), -1),
    ],
)
def test_today_falls_inside_the_demo_cohort(today, years):
    assert shifted_years(date(2026, 1, 5), date(2027, 6, 30), today) == years


def test_the_demo_needs_a_sheet_on_which_contracts_may_be_concluded(demo):
    programme = CfaProgramme.objects.get(slug="lz-formation-ndrc-2027")
    known = {"programme": programme, "capacity": 2, "trainers": []}
    elise = User.objects.get(email=cast.ELISE.email)
    with transaction.atomic():
        last = Story(today=date(2029, 6, 30)).cohort(**known, by=elise)
        assert last.name == "NDRC 2028-2029"
        transaction.set_rollback(True)
    with pytest.raises(DomainError, match=r"RNCP38368 n'est plus active depuis le 31/12/2028"):
        Story(today=date(2029, 7, 1)).cohort(**known, by=elise)
