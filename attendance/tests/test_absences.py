"""Absences after the sheet: created at the closing, justified, decided, told in the evening."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.errors import DomainError, NotAllowed
from attendance.actions import (
    cancel_session,
    countersign_sheet,
    decide_justification,
    expire_absences,
    mark_absent,
    open_sheet,
    reopen_sheet,
    settle_absence,
    sign_presence,
    tell_absences,
)
from attendance.enums import AbsenceCategory, AbsenceState, NoticeKind
from attendance.models import Absence, Justification, Notice
from attendance.rules.absences import EFFECTS, Span, effect_of, justify_by
from attendance.selectors import hours_of
from documents.uploads import check_upload

from .files import pdf, photo
from .recipes import ILLNESS, MONDAY, at, justify, own_phone, trainer_device, under_contract

pytestmark = pytest.mark.django_db


def test_the_closing_creates_the_absence_and_its_deadline(school, missed):
    assert missed.state == AbsenceState.TO_JUSTIFY
    assert missed.justify_by == MONDAY + timedelta(days=5)


def test_an_accepted_justification_moves_the_hours_and_not_the_sheet(school, missed):
    justification = justify(school, data=pdf(), file_name="../../arrêt <b>.pdf")
    assert justification.content_type == "application/pdf"
    assert "/" not in justification.file_name
    assert justification.file.name == f"justificatifs/{justification.uuid}.pdf"
    before = missed.presence.sheet.versions.get().sha256
    decide_justification(justification=justification, accept=True, by=school.cast.elise)
    missed.refresh_from_db()
    assert (missed.state, missed.category) == (AbsenceState.JUSTIFIED, ILLNESS)
    hours = hours_of([school.enrolment], MONDAY)[school.enrolment.pk]
    assert (hours.excused, hours.absent) == (3.5, 0)
    assert missed.presence.sheet.versions.get().sha256 == before
    missed.presence.refresh_from_db()
    assert missed.presence.state == "absent"
    assert Notice.objects.get(kind=NoticeKind.DECISION).recipients == [school.cast.aicha.email]


def test_a_refusal_says_why_and_gives_another_chance(school, missed):
    justification = justify(school)
    with pytest.raises(DomainError, match="pourquoi"):
        decide_justification(justification=justification, accept=False, by=school.cast.elise)
    decide_justification(
        justification=justification, accept=False, reason="Illisible", by=school.cast.elise
    )
    missed.refresh_from_db()
    assert missed.state == AbsenceState.TO_JUSTIFY
    assert "Illisible" in Notice.objects.get(kind=NoticeKind.DECISION).text
    with pytest.raises(DomainError, match="déjà examiné"):
        decide_justification(justification=justification, accept=True, by=school.cast.elise)


def test_it_is_too_late_for_the_apprentice_and_not_for_the_staff(school, missed):
    late = at(9, day=MONDAY + timedelta(days=6))
    with pytest.raises(DomainError, match=r"délai .* passé depuis le 10/01/2026"):
        justify(school, now=late)
    assert justify(school, by=school.cast.elise, now=late).pk


@pytest.mark.parametrize("who", ["bruno", "chantal", "gaelle", "auditor"])
def test_nobody_justifies_or_decides_for_somebody_else(school, missed, who):
    with pytest.raises(NotAllowed):
        justify(school, by=getattr(school.cast, who))
    with pytest.raises(NotAllowed):
        decide_justification(
            justification=justify(school), accept=True, by=getattr(school.cast, who)
        )


def test_an_apology_announced_before_applies_itself(school):
    justification = justify(school, now=at(8, day=MONDAY - timedelta(days=3)))
    decide_justification(justification=justification, accept=True, by=school.cast.elise)
    sheet = open_sheet(session=school.session(), by=school.cast.bruno, at=at(9))
    presence = school.presence(sheet)
    assert (presence.state, presence.reason) == ("excused", "Absence annoncée")
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(12, 31))
    absence = Absence.objects.get()
    assert (absence.state, absence.category) == (AbsenceState.JUSTIFIED, ILLNESS)
    assert absence.justification == justification


def test_who_was_announced_absent_and_came_signs(school):
    decide_justification(
        justification=justify(school, now=at(8)), accept=True, by=school.cast.elise
    )
    sheet = open_sheet(session=school.session(), by=school.cast.bruno, at=at(9))
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha), at=at(9, 5))
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(12, 31))
    assert not Absence.objects.exists()


def test_a_half_day_cancelled_after_its_closing_leaves_no_absence(school, missed):
    sheet = reopen_sheet(sheet=missed.presence.sheet, by=school.cast.elise, reason="Erreur")
    cancel_session(session=sheet.session, reason="Alerte incendie", by=school.cast.elise)
    assert not Absence.objects.exists()
    assert expire_absences(today=MONDAY + timedelta(days=30)) == 0


def test_out_of_time_it_becomes_unjustified_unless_something_is_examined(school, missed):
    justification = justify(school)
    assert expire_absences(today=MONDAY + timedelta(days=9)) == 0
    decide_justification(
        justification=justification, accept=False, reason="Faux", by=school.cast.elise
    )
    Absence.objects.update(justify_by=MONDAY)
    assert expire_absences(today=MONDAY + timedelta(days=9)) == 1
    missed.refresh_from_db()
    assert missed.state == AbsenceState.UNJUSTIFIED


def test_a_departure_written_late_leaves_no_absence_behind_it(school, missed):
    under_contract(school)
    assert tell_absences(day=MONDAY) == 1
    school.enrolment.starts_on = MONDAY - timedelta(days=30)
    school.enrolment.ends_on = MONDAY - timedelta(days=1)
    school.enrolment.save()
    assert hours_of([school.enrolment], MONDAY)[school.enrolment.pk].held == 0
    assert tell_absences(day=MONDAY + timedelta(days=1)) == 0
    assert not Absence.objects.exists()
    notice = Notice.objects.get(kind=NoticeKind.TAKEN_BACK)
    assert "rh@entreprise.example" in notice.recipients
    assert "pris fin" in notice.text


def test_an_absence_is_announced_for_days_of_the_course(school):
    with pytest.raises(DomainError, match="vérifiez les dates") as caught:
        justify(school, starts_on=date(2090, 1, 1), ends_on=date(2090, 1, 1))
    assert caught.value.field == "starts_on"


def test_the_staff_qualifies_an_absence_with_a_reason(school, missed):
    values = {"absence": missed, "state": "justified", "category": "garde_employeur"}
    with pytest.raises(DomainError, match="motif"):
        settle_absence(**values, reason=" ", by=school.cast.elise)
    settled = settle_absence(**values, reason="Inventaire au magasin", by=school.cast.elise)
    assert settled.category == AbsenceCategory.KEPT
    assert not effect_of(settled.category).may_deduct
    with pytest.raises(NotAllowed):
        settle_absence(**values, reason="x", by=school.cast.bruno)


@pytest.mark.parametrize("category", AbsenceCategory.values)
def test_every_category_has_its_effect_and_counts_no_hour(category):
    assert not EFFECTS[category].counts_as_done
    assert EFFECTS[category].deduction
    assert EFFECTS[category].source


FILES = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "html-named-pdf": b"<html><script>alert(1)</script></html>",
    "empty": b"",
    "program": b"MZ\x90\x00" + b"\0" * 100,
    "truncated-pdf": b"%PDF-1.7 and nothing else",
    "truncated-png": photo()[:40],
    "png-header-only": b"\x89PNG\r\n\x1a\n" + b"x" * 50,
    "gif": b"GIF89a" + b"\0" * 60,
    "too-heavy": b"%PDF-" + b"0" * (5 * 1024 * 1024),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_what_it_says_is_refused(name):
    with pytest.raises(DomainError) as caught:
        check_upload(FILES[name])
    assert caught.value.field == "file"
    assert "PDF" in caught.value.message or "photo" in caught.value.message


def test_a_pdf_with_code_or_a_password_is_refused():
    with pytest.raises(DomainError, match="code"):
        check_upload(pdf(script=True))
    with pytest.raises(DomainError, match="protégé"):
        check_upload(pdf(password=True))


@pytest.mark.parametrize(
    ("data", "kind"),
    [(pdf(), "application/pdf"), (photo(), "image/png"), (photo("JPEG"), "image/jpeg")],
)
def test_true_files_pass_whatever_their_name(data, kind):
    assert check_upload(data).content_type == kind


def test_a_span_counts_its_half_days():
    span = Span(MONDAY, "apres_midi", MONDAY + timedelta(days=1), "matin")
    tuesday = MONDAY + timedelta(days=1)
    assert [span.covers(d, h) for d in (MONDAY, tuesday) for h in ("matin", "apres_midi")] == [
        False,
        True,
        True,
        False,
    ]
    with pytest.raises(ValueError, match="précède"):
        Span(MONDAY, "apres_midi", MONDAY, "matin")


def test_a_justification_is_awaited_for_some_days():
    assert justify_by(MONDAY, 5) == date(2026, 1, 10)


# --- pages ----------------------------------------------------------------------------------------


def test_the_apprentice_justifies_on_screen_and_the_staff_decides(school, missed, signed_in):
    Absence.objects.update(justify_by=date(2099, 1, 1))
    own, team = signed_in(school.cast.aicha), signed_in(school.cast.elise)
    page = own.get(reverse("attendance:my_absences")).content.decode()
    assert "Justifier" in page
    create = reverse("attendance:justification_create")
    assert own.get(f"{create}?absence={missed.uuid}").context["form"].initial["starts_on"] == MONDAY
    data = {
        "category": "arret_travail",
        "starts_on": "2026-01-05",
        "starts_half": "matin",
        "ends_on": "2026-01-05",
        "ends_half": "matin",
        "comment": "<script>alert(1)</script>",
    }
    bad = own.post(create, data | {"file": SimpleUploadedFile("arret.pdf", b"<svg/>")})
    assert bad.status_code == 422
    assert "ni un PDF ni une photo" in bad.content.decode()
    assert not Justification.objects.exists()
    good = data | {"file": SimpleUploadedFile("arret.pdf", pdf())}
    assert own.post(create, good).status_code == 302
    justification = Justification.objects.get()
    listed = team.get(reverse("attendance:absence_list")).content.decode()
    assert "1 justificatif à examiner" in listed
    detail = reverse("attendance:justification_detail", args=[justification.uuid])
    assert "&lt;script&gt;" in team.get(detail).content.decode()
    decide = reverse("attendance:justification_decide", args=[justification.uuid])
    refused = team.post(decide, {"category": "arret_travail", "decision": "refuse"})
    assert refused.status_code == 422
    team.post(decide, {"category": "arret_travail", "decision": "accept"})
    missed.refresh_from_db()
    assert missed.state == AbsenceState.JUSTIFIED


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("aicha", 200),
        ("elise", 200),
        ("auditor", 200),
        ("bruno", 404),
        ("chantal", 404),
        ("gaelle", 404),
    ],
)
def test_the_file_is_for_the_apprentice_and_who_runs_the_centre(
    school, missed, signed_in, who, status
):
    justification = justify(school, data=photo(), file_name="x.png")
    address = reverse("attendance:justification_file", args=[justification.uuid])
    response = signed_in(getattr(school.cast, who)).get(address)
    assert response.status_code == status
    if status == 200:
        kept = b"".join(response.streaming_content)
        assert sha256(kept).hexdigest() == justification.sha256
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]


def test_the_gauges_and_the_make_ups_open(school, missed, signed_in):
    team = signed_in(school.cast.elise)
    gauges = team.get(reverse("attendance:cohort_gauges", args=[school.cohort.uuid]))
    assert "hors d" in gauges.content.decode() or "rattraper" in gauges.content.decode()
    assert team.get(reverse("attendance:makeup_add", args=[school.cohort.uuid])).status_code == 200
    settle = reverse("attendance:absence_settle", args=[missed.uuid])
    assert team.get(settle).status_code == 200
    assert team.post(settle, {"state": "unjustified"}).status_code == 422
    assert team.post(settle, {"state": "unjustified", "reason": "Aucun écrit"}).status_code == 302


def test_the_trainer_marks_and_the_absence_follows(school, missed):
    sheet = open_sheet(
        session=school.session(half="apres_midi"), by=school.cast.bruno, at=at(13, 30)
    )
    mark_absent(
        presence=school.presence(sheet), by=school.cast.bruno, excused=True, reason="Prévenu"
    )
    countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno, 3), at=at(17, 1))
    absence = Absence.objects.get(presence__sheet=sheet)
    assert (absence.state, absence.category) == (AbsenceState.JUSTIFIED, AbsenceCategory.OTHER)
