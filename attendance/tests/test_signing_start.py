"""A centre that comes in the middle of a year: what it signed before, on its own sheets."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.models import Event
from apprentices.models import Cohort, Enrolment
from attendance.actions import (
    countersign_sheet,
    open_sheet,
    set_signing_start,
    sign_presence,
    update_doors,
)
from attendance.actions.papers import request_papers
from attendance.counters import ELSEWHERE, counters_of
from attendance.enums import PaperKind
from attendance.models import ClassSession
from attendance.papers import PERSONAL, TEMPLATES, period_context, records_of
from attendance.selectors import cohort_gauges, hours_of
from attendance.views.mine import half_days_of

from .recipes import MONDAY, at, own_phone, trainer_device

pytestmark = pytest.mark.django_db
NEXT = MONDAY + timedelta(days=7)
END = date(2026, 1, 31)
FEBRUARY = date(2026, 2, 2)


def start(school, day: date | None = NEXT, by=None) -> Cohort:
    return set_signing_start(cohort=school.cohort, day=day, by=by or school.cast.elise)


def signed(school, session: ClassSession, seed: int = 0):
    sheet = open_sheet(session=session, by=school.cast.bruno, at=at(9, day=session.date))
    sign_presence(
        presence=school.presence(sheet),
        **own_phone(school.cast.aicha, seed),
        at=at(9, 1, session.date),
    )
    return countersign_sheet(
        sheet=sheet, **trainer_device(school.cast.bruno, seed + 1), at=at(12, 31, session.date)
    )


def ask(school, kind: PaperKind, first: date = MONDAY):
    return request_papers(
        kind=kind,
        cohort=school.cohort,
        first=first,
        last=END,
        enrolments=[school.enrolment],
        by=school.cast.elise,
        today=FEBRUARY,
    )


@pytest.fixture
def adopted(school):
    """Two half-days on the centre's sheets, one signed here; the cohort signs here from the second week."""
    school.session()
    school.session(half="apres_midi")
    school.sheet = signed(school, school.session(NEXT))
    school.cohort = start(school)
    school.enrolment = Enrolment.objects.get(pk=school.enrolment.pk)
    return school


def test_what_was_signed_elsewhere_is_said_apart_and_never_proved(adopted):
    hours = hours_of([adopted.enrolment], FEBRUARY)[adopted.enrolment.pk]
    assert (hours.planned, hours.elsewhere) == (Decimal("10.50"), Decimal("7.00"))
    assert (hours.held, hours.present, hours.absent) == (Decimal("3.50"), Decimal("3.50"), 0)
    assert hours.rate == 100
    counters = counters_of([adopted.enrolment], FEBRUARY)[adopted.enrolment.pk]
    assert dict(counters.rows)[ELSEWHERE] == Decimal("7.00")
    assert counters.countersigned == 210
    assert (
        counters.outlook.expected == 3 * 210
    )  # the forecast trusts the centre, the proof does not
    assert not counters.outlook.is_reached
    gauge = cohort_gauges([adopted.cohort])[adopted.cohort.pk]
    assert (gauge.done, gauge.elsewhere, gauge.planned) == (Decimal("3.5"), 7, Decimal("10.5"))


def test_its_half_days_are_named_instead_of_being_late(adopted):
    words = [row["word"] for row in half_days_of(adopted.enrolment, FEBRUARY)]
    assert words == ["Avant l'application, sur feuille du CFA"] * 2 + ["Présent"]
    start(adopted, None)
    enrolment = Enrolment.objects.get(pk=adopted.enrolment.pk)
    words = [row["word"] for row in half_days_of(enrolment, FEBRUARY)]
    assert words == ["Sans émargement"] * 2 + ["Présent"]


def test_a_half_day_before_that_is_signed_here_counts_like_any_other(adopted):
    """A paper sheet transcribed later: its scan is a proof, so it leaves the centre's word."""
    signed(adopted, ClassSession.objects.get(date=MONDAY, half="matin"), 20)
    hours = hours_of([adopted.enrolment], FEBRUARY)[adopted.enrolment.pk]
    assert (hours.present, hours.elsewhere) == (Decimal("7.00"), Decimal("3.50"))


def test_without_that_day_nothing_changes(school):
    school.session()
    hours = hours_of([school.enrolment], FEBRUARY)[school.enrolment.pk]
    assert hours.elsewhere == 0
    counters = counters_of([school.enrolment], FEBRUARY)[school.enrolment.pk]
    assert ELSEWHERE not in dict(counters.rows)
    assert counters.outlook.expected == 0


REFUSED = {
    "before the cohort": (MONDAY - timedelta(days=1), "jour de la promotion"),
    "after its end": (date(2027, 7, 1), "jour de la promotion"),
    "after what was signed here": (NEXT + timedelta(days=1), "signée dans l'application"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_day_that_would_hide_something_is_refused(adopted, case):
    day, words = REFUSED[case]
    with pytest.raises(DomainError, match=words) as refusal:
        start(adopted, day)
    assert refusal.value.field == "day"
    adopted.cohort.refresh_from_db()
    assert adopted.cohort.signed_here_from == NEXT


def test_only_the_team_says_it_and_the_history_tells_each_change(adopted):
    for stranger in (adopted.cast.bruno, adopted.cast.aicha, adopted.cast.gaelle):
        with pytest.raises(NotAllowed):
            start(adopted, MONDAY, by=stranger)
    start(adopted, MONDAY)
    start(adopted, MONDAY)
    told = Event.objects.filter(verb="set_signing_start").order_by("pk")
    assert [event.data["signed_here_from"] for event in told] == [
        ["", "2026-01-12"],
        ["2026-01-12", "2026-01-05"],
    ]


def test_the_papers_say_what_they_do_not_prove(adopted):
    record = records_of([adopted.enrolment], MONDAY, END)[adopted.enrolment.pk]
    words = "Jusqu'au 5 janvier 2026, 7,00 heures prévues"
    for kind in (PaperKind.STATEMENT, PaperKind.DILIGENCE):
        context = PERSONAL[kind](adopted.enrolment, record, MONDAY, END)
        assert context["hours"] == context["held"] == "3,50"
        assert context["elsewhere"].startswith(words)
        asked = ask(adopted, kind).items.get().document
        text = render_to_string(
            f"attendance/pdf/{TEMPLATES[kind]}.html", {**asked.context, "document": {}}
        )
        assert "7,00 heures prévues" in text
    period = period_context(adopted.cohort, MONDAY, END, monthly=True, today=FEBRUARY)
    assert period["pending"] == 0
    assert period["elsewhere"].startswith(words)
    later = records_of([adopted.enrolment], NEXT, END)[adopted.enrolment.pk]
    assert later.elsewhere == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [(PaperKind.CERTIFICATE, "Avant le 12/01/2026"), (PaperKind.ENTRY, "transcrivez celle du 05/01/2026")],
)  # fmt: skip
def test_what_says_the_real_duration_or_entry_waits_for_the_sheets_kept_elsewhere(
    adopted, kind, words
):
    with pytest.raises(DomainError, match=words):
        ask(adopted, kind)
    if kind == PaperKind.CERTIFICATE:
        ask(adopted, kind, NEXT)
    else:
        signed(adopted, ClassSession.objects.get(date=MONDAY, half="matin"), 20)
        ask(adopted, kind)


@pytest.fixture
def begun(school):
    """A cohort that has begun 60 days ago, whatever today is."""
    today = timezone.localdate()
    Cohort.objects.filter(pk=school.cohort.pk).update(
        starts_on=today - timedelta(days=60), ends_on=today + timedelta(days=300)
    )
    school.enrolment.starts_on = today - timedelta(days=60)
    school.enrolment.save()
    school.cohort.refresh_from_db()
    return school


def test_a_planning_generated_in_the_middle_of_a_course_asks_since_when_it_signs_here(
    begun, signed_in
):
    client = signed_in(begun.cast.elise)
    page = reverse("attendance:sessions_generate", args=[begun.cohort.uuid])
    form = client.get(page).context["form"]
    assert form["day"].value() == timezone.localdate()
    data = {form.name_of(subject): begun.cast.bruno.pk for subject in begun.subjects}
    wrong = data | {"day": begun.cohort.ends_on + timedelta(days=1)}
    answer = client.post(page, wrong)
    assert answer.status_code == 422
    assert "day" in answer.context["form"].errors
    assert not ClassSession.objects.exists()
    assert client.post(page, data | {"day": timezone.localdate()}).status_code == 302
    assert ClassSession.objects.signed_elsewhere().count() > 10
    home = client.get(reverse("home")).content.decode()
    assert "sans feuille" not in home
    assert "day" not in client.get(page).context["form"].fields


def test_the_home_page_leads_a_centre_that_has_signed_nothing_here_to_say_since_when(
    begun, signed_in
):
    begun.session(begun.cohort.starts_on)
    client = signed_in(begun.cast.elise)
    address = reverse("attendance:signing_start_edit", args=[begun.cohort.uuid])
    assert address in client.get(reverse("home")).content.decode()
    assert client.get(address).context["form"]["day"].value() == timezone.localdate()
    before = begun.cohort.starts_on - timedelta(days=1)
    assert client.post(address, {"day": before}).status_code == 422
    assert client.post(address, {"day": timezone.localdate()}).status_code == 302
    assert "sans feuille" not in client.get(reverse("home")).content.decode()
    calendar = client.get(reverse("attendance:cohort_calendar", args=[begun.cohort.uuid]))
    assert "avant sur les feuilles du CFA" in calendar.content.decode()


def test_a_past_half_day_without_a_sheet_leads_to_the_paper_that_was_signed(begun, signed_in):
    """From its page, for who may open it; the others are told whom to ask; closed with that door."""
    session = begun.session(begun.cohort.starts_on)
    page = reverse("attendance:session_detail", args=[session.uuid])
    paper = reverse("attendance:paper_transcribe", args=[session.uuid])
    client = signed_in(begun.cast.elise)
    forgotten = client.get(page).content.decode()
    assert "Sans feuille" in forgotten
    assert paper in forgotten
    start(begun, timezone.localdate())
    before = client.get(page).content.decode()
    assert "Sans feuille" not in before
    assert "Émargée sur une feuille du CFA" in before
    assert client.post(paper).status_code == 302
    assert "Feuille papier" in client.get(paper).content.decode()
    other = begun.session(begun.cohort.starts_on, "apres_midi")
    update_doors(cfa=begun.cohort.cfa, by=begun.cast.elise, paper=False)
    closed = client.get(reverse("attendance:session_detail", args=[other.uuid])).content.decode()
    assert reverse("attendance:paper_transcribe", args=[other.uuid]) not in closed


def test_a_trainer_finds_at_home_the_half_day_that_nobody_opened(begun, signed_in):
    yesterday = timezone.localdate() - timedelta(days=1)
    page = reverse("attendance:session_detail", args=[begun.session(yesterday).uuid])
    client = signed_in(begun.cast.bruno)
    assert page in client.get(reverse("home")).content.decode()
    start(begun, timezone.localdate())
    assert page not in client.get(reverse("home")).content.decode()


def test_a_course_that_has_not_begun_is_asked_nothing(school, signed_in):
    Cohort.objects.filter(pk=school.cohort.pk).update(
        starts_on=date(2098, 1, 6), ends_on=date(2099, 6, 30)
    )
    page = reverse("attendance:sessions_generate", args=[school.cohort.uuid])
    form = signed_in(school.cast.elise).get(page).context["form"]
    assert "day" not in form.fields
