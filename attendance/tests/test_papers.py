"""Papers about attendance: exact hours, mentions, one or many; and the private calendar."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from accounts.errors import DomainError, NotAllowed
from apprentices.enums import ContractKind
from apprentices.models import Company, Contract
from attendance.actions import (
    cancel_session,
    countersign_sheet,
    move_session,
    note_times,
    open_sheet,
    settle_absence,
    sign_presence,
)
from attendance.actions.employers import maitres_over
from attendance.actions.papers import request_papers
from attendance.enums import PaperKind
from attendance.feeds import address_of_feed, make_feed, revoke_feed
from attendance.models import Absence, AttendancePaper, CalendarFeed
from attendance.papers import PERSONAL, period_context, records_of
from documents.models import Document

from .recipes import MONDAY, at, own_phone, trainer_device, under_contract

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)
END = date(2026, 1, 31)


@pytest.fixture
def january(school):
    """Aïcha signs Monday morning 20 minutes late, is absent in the afternoon; Tuesday stays open."""
    morning = open_sheet(session=school.session(), by=school.cast.bruno, at=at(9))
    sign_presence(presence=school.presence(morning), **own_phone(school.cast.aicha), at=at(9, 21))
    note_times(presence=school.presence(morning), by=school.cast.bruno, arrived_at=at(9, 20).time())
    countersign_sheet(sheet=morning, **trainer_device(school.cast.bruno, 1), at=at(12, 31))
    afternoon = open_sheet(
        session=school.session(half="apres_midi"), by=school.cast.bruno, at=at(13, 30)
    )
    countersign_sheet(sheet=afternoon, **trainer_device(school.cast.bruno, 2), at=at(17, 1))
    pending = open_sheet(
        session=school.session(TUESDAY), by=school.cast.bruno, at=at(9, 0, TUESDAY)
    )
    sign_presence(
        presence=school.presence(pending), **own_phone(school.cast.aicha, 9), at=at(9, 1, TUESDAY)
    )
    return pending


def ask(school, kind, **fields):
    values = {"first": MONDAY, "last": END, "enrolments": [school.enrolment]}
    return request_papers(
        kind=kind,
        cohort=school.cohort,
        by=school.cast.elise,
        today=date(2026, 2, 2),
        **values | fields,
    )


def test_only_what_is_signed_and_countersigned_is_certified(school, january):
    record = records_of([school.enrolment], MONDAY, END)[school.enrolment.pk]
    assert record.proved == 190
    assert record.held == 420
    context = PERSONAL[PaperKind.CERTIFICATE](school.enrolment, record, MONDAY, END)
    assert context["hours"] == "3,17"
    assert Decimal(context["hours"].replace(",", ".")) < 4
    assert not context["is_final"]
    ticked = [nature["label"] for nature in context["natures"] if nature["ticked"]]
    assert ticked == ["action de formation par apprentissage"]


def test_a_contract_of_professionalisation_is_no_apprenticeship(school, january):
    record = records_of([school.enrolment], MONDAY, END)[school.enrolment.pk]
    record.contracts = [Contract(kind=ContractKind.PROFESSIONNALISATION, company=Company(), starts_on=MONDAY, ends_on=END)]  # fmt: skip
    context = PERSONAL[PaperKind.CERTIFICATE](school.enrolment, record, MONDAY, END)
    ticked = [nature["label"] for nature in context["natures"] if nature["ticked"]]
    assert ticked == ["action de formation"]


def test_a_period_over_two_contracts_names_each_employer_with_its_dates(school, january):
    first = under_contract(school)
    second = Contract.objects.get(pk=first.pk)
    second.pk, second.uuid = None, uuid4()
    second.starts_on = date(2026, 1, 20)
    Contract.objects.filter(pk=first.pk).update(state="broken", broken_on=date(2026, 1, 10))
    second.save()
    record = records_of([school.enrolment], MONDAY, END)[school.enrolment.pk]
    context = PERSONAL[PaperKind.CERTIFICATE](school.enrolment, record, MONDAY, END)
    one, two = context["employers"]
    assert (one["to"], two["from"]) == ("10 janvier 2026", "20 janvier 2026")
    record = records_of([school.enrolment], date(2026, 1, 12), END)[school.enrolment.pk]
    assert len(record.contracts) == 1  # the first was over before


def test_two_natures_of_absence_keep_their_own_effect_and_tell_no_accident(school, january):
    sheet = open_sheet(
        session=school.session(TUESDAY, "apres_midi"), by=school.cast.bruno, at=at(13, 31, TUESDAY)
    )
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno, 5), at=at(17, 1, TUESDAY))
    for absence, category in zip(Absence.objects.all(), ("accident", "conge_examen"), strict=True):
        settle_absence(
            absence=absence, state="justified", category=category, reason="Vu", by=school.cast.elise
        )
    record = records_of([school.enrolment], MONDAY, END)[school.enrolment.pk]
    totals = PERSONAL[PaperKind.STATEMENT](school.enrolment, record, MONDAY, END)["totals"]
    effects = {row["effect"] for row in totals if row["label"] == "Absence justifiée"}
    assert effects == {"retenue : selon le droit du travail", "retenue : aucune, congé payé"}


def test_a_certificate_waits_for_the_last_countersignature(school, january):
    with pytest.raises(DomainError, match=r"1 feuille\(s\) .* 06/01/2026"):
        ask(school, PaperKind.CERTIFICATE)
    alarm = open_sheet(
        session=school.session(TUESDAY, "apres_midi"), by=school.cast.bruno, at=at(13, 31, TUESDAY)
    )
    cancel_session(session=alarm.session, reason="Alerte incendie", by=school.cast.elise)
    countersign_sheet(sheet=january, **trainer_device(school.cast.bruno, 4), at=at(12, 31, TUESDAY))
    ask(school, PaperKind.CERTIFICATE)
    paper = AttendancePaper.objects.get()
    assert paper.minutes == 400
    text = render_to_string(
        "attendance/pdf/certificate.html", {**paper.document.context, "document": {}}
    )
    for mention in ("LZ Formation", "BENALI", "6,67 heures", "conserver", "apprentissage"):
        assert mention in text
    assert list(paper.document.readers.all()) == [school.cast.aicha]


def test_the_final_certificate_says_so(school):
    record = records_of([school.enrolment], MONDAY, END)[school.enrolment.pk]
    last = school.cohort.ends_on
    assert PERSONAL[PaperKind.CERTIFICATE](school.enrolment, record, MONDAY, last)["is_final"]


def test_the_statement_adds_up_and_tells_no_illness(school, january):
    record = records_of([school.enrolment], MONDAY, END)[school.enrolment.pk]
    context = PERSONAL[PaperKind.STATEMENT](school.enrolment, record, MONDAY, END)
    totals = {row["label"]: row["hours"] for row in context["totals"]}
    assert totals == {
        "Présence": "3,17",
        "Retards et départs anticipés": "0,33",
        "Absence à justifier": "3,50",
    }
    assert context["rate"] == "45,2"
    assert [row["state"] for row in context["rows"]][-1] == "Présent, à contresigner"


def test_the_maitre_reads_the_statement_of_the_month_and_no_other_company_does(school, january):
    contract = under_contract(school)
    ask(school, PaperKind.STATEMENT)
    document = Document.objects.get()
    assert set(document.readers.all()) == {school.cast.aicha, school.cast.chantal}
    contract.starts_on, contract.ends_on = MONDAY, MONDAY + timedelta(days=2)
    contract.save()
    other = Contract.objects.get(pk=contract.pk)
    other.pk, other.uuid, other.starts_on, other.ends_on = None, uuid4(), date(2026, 1, 12), END
    other.save()
    assert maitres_over([school.enrolment.pk], MONDAY, END) == {}


def test_an_entry_is_proved_by_a_signature(school):
    with pytest.raises(DomainError, match="l'entrée n'est pas prouvée"):
        ask(school, PaperKind.ENTRY)


def test_each_paper_is_asked_for_a_whole_cohort_at_once(school, january):
    other = school.enrol("Léa", "Petit")
    countersign_sheet(sheet=january, **trainer_device(school.cast.bruno, 4), at=at(12, 31, TUESDAY))
    for kind, count in (
        (PaperKind.STATEMENT, 1),
        (PaperKind.DILIGENCE, 1),
        (PaperKind.ENTRY, 1),
        (PaperKind.WEEK, 1),
        (PaperKind.MONTH, 1),
    ):
        people = [school.enrolment] if kind == PaperKind.ENTRY else [school.enrolment, other]
        job = ask(school, kind, enrolments=people)
        assert job.total == count, kind
    assert Document.objects.count() == AttendancePaper.objects.count() == 5


def test_the_sheet_of_a_week_shows_both_signatures(school, january):
    context = period_context(
        school.cohort, MONDAY, MONDAY + timedelta(days=6), monthly=False, today=END
    )
    [week] = context["weeks"]
    assert [column["half"] for column in week["columns"]] == ["Matin", "Après-midi"]
    [row] = week["rows"]
    assert row["cells"][0]["mark"]["path"]
    assert row["cells"][0]["word"] == "−20 min"
    assert row["cells"][1] == {"word": "Absent", "mark": None}
    assert all(column["mark"] for column in week["columns"])
    assert context["pending"] == 1


@pytest.mark.parametrize("who", ["bruno", "aicha", "gaelle", "auditor"])
def test_only_the_staff_issues(school, january, who):
    with pytest.raises(NotAllowed):
        request_papers(
            kind=PaperKind.WEEK,
            cohort=school.cohort,
            first=MONDAY,
            last=END,
            by=getattr(school.cast, who),
        )


def test_papers_are_asked_on_screen(school, january, signed_in):
    team = signed_in(school.cast.elise)
    address = reverse("attendance:papers_issue", args=[school.cohort.uuid])
    assert team.get(address).status_code == 200
    data = {"kind": "releve_assiduite", "first": "2026-01-01", "last": "2026-01-31"}
    assert team.post(address, data).status_code == 422
    done = team.post(address, data | {"enrolments": [school.enrolment.pk]})
    assert done.status_code == 302
    assert "Relevé mensuel" in team.get(address).content.decode()


def test_papers_of_many_cost_as_many_queries_as_of_one(school, january):
    counts = []
    for number in (0, 5):
        people = [school.enrolment, *(school.enrol(f"Élève{n}", "Petit") for n in range(number))]
        for enrolment in people[1:]:
            january.presences.create(enrolment=enrolment)
        wanted = {"enrolments": people, "last": END - timedelta(days=number)}
        with CaptureQueriesContext(connection) as first:
            old = documents_of(ask(school, PaperKind.DILIGENCE, **wanted))
        old.update(state="issued", issued_at=at(18), sha256="0" * 64, file="x.pdf")
        with CaptureQueriesContext(connection) as again:
            new = documents_of(ask(school, PaperKind.DILIGENCE, **wanted))
        assert {document.replaces for document in new} == set(old)
        counts.append((len(first), len(again)))
    assert counts[0] == counts[1]


def documents_of(job):
    return Document.objects.filter(pk__in=list(job.items.values_list("document", flat=True)))


def test_a_double_click_asks_for_one_paper(school, january):
    first = ask(school, PaperKind.STATEMENT)
    assert ask(school, PaperKind.STATEMENT) == first
    assert Document.objects.count() == 1


# --- private calendar -----------------------------------------------------------------------------


def test_the_feed_holds_ones_own_half_days_and_says_what_is_cancelled(school, signed_in, client):
    today = date(2026, 1, 5)
    first, second = school.session(date(2099, 1, 5)), school.session(date(2099, 1, 6))
    school.cohort.ends_on = date(2099, 12, 31)
    school.cohort.save()
    cancel_session(session=second, reason="Grève", by=school.cast.elise)
    move_session(
        session=first,
        date=date(2099, 1, 8),
        half="matin",
        reason="Salle en travaux",
        by=school.cast.elise,
        today=today,
    )
    feed = make_feed(user=school.cast.aicha, cfa=school.cast.cfa)
    path = "/" + address_of_feed(feed).split("/", 3)[3]
    response = client.get(path)
    assert response["Content-Type"].startswith("text/calendar")
    events = {
        str(e["uid"]).split("@")[0]: e for e in Calendar.from_ical(response.content).walk("VEVENT")
    }
    moved, cancelled = events[str(first.uuid)], events[str(second.uuid)]
    assert moved["dtstart"].dt.strftime("%d/%m/%Y %H:%M %Z") == "08/01/2099 09:00 CET"
    assert int(moved["sequence"]) == 1
    assert str(cancelled["status"]) == "CANCELLED"
    assert "Grève" in str(cancelled["description"])


def test_a_changed_or_revoked_address_is_dead(school, client):
    feed = make_feed(user=school.cast.bruno, cfa=school.cast.cfa)
    old = "/" + address_of_feed(feed).split("/", 3)[3]
    assert client.get(old).status_code == 200
    fresh = make_feed(user=school.cast.bruno, cfa=school.cast.cfa)
    assert client.get(old).status_code == 404
    new = "/" + address_of_feed(fresh).split("/", 3)[3]
    assert client.get(new).status_code == 200
    forged = new[:-6] + ("01.ics" if new.endswith("00.ics") else "00.ics")
    assert client.get(forged).status_code == 404
    revoke_feed(user=school.cast.bruno, cfa=school.cast.cfa)
    assert client.get(new).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_a_feed_shows_nothing_of_others(school, client):
    school.session(date(2099, 1, 5))
    feed = make_feed(user=school.cast.gaelle, cfa=school.cast.other_cfa)
    content = client.get("/" + address_of_feed(feed).split("/", 3)[3]).content
    assert b"VEVENT" not in content


def test_a_feed_shows_nothing_once_the_access_is_taken_away(school, client):
    school.session(date(2099, 1, 5))
    school.cohort.ends_on = date(2099, 12, 31)
    school.cohort.save()
    for person in (school.cast.aicha, school.cast.bruno):
        path = "/" + address_of_feed(make_feed(user=person, cfa=school.cast.cfa)).split("/", 3)[3]
        assert b"VEVENT" in client.get(path).content
        person.memberships.update(is_active=False)
        assert b"VEVENT" not in client.get(path).content


def test_the_page_makes_and_revokes_the_address(school, signed_in):
    own = signed_in(school.cast.aicha)
    assert "Créer" in own.get(reverse("attendance:my_agenda")).content.decode()
    own.post(reverse("attendance:agenda_make"))
    assert ".ics" in own.get(reverse("attendance:my_agenda")).content.decode()
    own.post(reverse("attendance:agenda_revoke"))
    assert ".ics" not in own.get(reverse("attendance:my_agenda")).content.decode()
