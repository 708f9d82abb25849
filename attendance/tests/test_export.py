"""The proofs handed over: what the ZIP holds, what it keeps to itself."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from attendance.actions import (
    countersign_sheet,
    open_sheet,
    request_sheet_pdfs,
    sign_presence,
)
from attendance.models import AttendanceSheet
from attendance.proofs.export import Scope, write_zip
from attendance.rules import chain
from documents.jobs import forget_files, run_to_end
from documents.models import Job

from .recipes import MONDAY, at, own_phone, trainer_device


def job_url(name, job):
    return reverse(f"documents:{name}", args=[job.uuid])


@pytest.fixture
def closed(school):
    """Two half-days; Léa signs between Aïcha's two events."""
    school.lea = school.enrol("Léa", "Petit </script><b>")
    sheets = []
    for number, half in enumerate(("matin", "apres_midi")):
        hour = (9, 14)[number]
        sheet = open_sheet(session=school.session(half=half), by=school.cast.bruno, at=at(hour))
        lea = sheet.presences.get(enrolment=school.lea)
        sign_presence(
            presence=lea, **trainer_device(school.cast.bruno, 50 + number), at=at(hour, 5)
        )
        sign_presence(
            presence=school.presence(sheet), **own_phone(school.cast.aicha, number), at=at(hour, 6)
        )
        sheets.append(
            countersign_sheet(
                sheet=sheet, **trainer_device(school.cast.bruno, 70 + number), at=at(17, number)
            )
        )
    return sheets


def archive_of(school, **changes):
    scope = Scope(
        **{"cfa": school.cast.cfa, "cohort": school.cohort, "first": MONDAY, "last": MONDAY}
        | changes
    )
    out = BytesIO()
    write_zip(scope, out)
    archive = zipfile.ZipFile(out)
    return archive, json.loads(archive.read("preuves.json"))


def recompute(data) -> str:
    previous = data["before"]
    for sequence, content, *told in data["events"]:
        previous = chain.link_hash(sequence, previous, content)
        if told:
            assert chain.digest(told[0]) == content
            assert told[1] == previous
    return previous


def test_the_archive_of_a_cohort_holds_every_event_and_recomputes(school, closed):
    archive, data = archive_of(school)
    assert {"verification.html", "preuves.json", "LISEZMOI.txt"} <= set(archive.namelist())
    assert [row[0] for row in data["events"]] == list(range(1, 11))
    assert all(len(row) == 4 for row in data["events"])
    assert recompute(data) == data["after"]
    assert len(data["signatures"]) == 6
    for signature in data["signatures"].values():
        assert chain.digest(signature["text"]) == signature["sha256"]
    assert len(data["closings"]) == 2
    page = archive.read("verification.html").decode()
    assert "</script><b>" not in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_the_archive_of_one_apprentice_tells_nobody_elses_business(school, closed):
    archive, data = archive_of(school, enrolment=school.enrolment, with_sheets=False)
    assert recompute(data) == data["after"]
    assert [row[0] for row in data["events"] if len(row) == 2] == [2, 7]
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "Petit" not in everything
    assert "Aïcha Benali" in everything


def test_staff_take_the_archive_away_and_the_history_says_so(
    school, closed, signed_in, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    client = signed_in(school.cast.elise)
    address = reverse("attendance:proof_export")
    form = {"cohort": str(school.cohort.uuid), "first": "2026-01-05", "last": "2026-01-09"}
    wanted = form | {"zip": "1", "with_sheets": "on"}
    answer = client.post(address, wanted)
    job = Job.objects.get()
    assert client.post(address, wanted).url == answer.url  # a double click: one job
    assert job.items.count() == 1
    assert client.get(job_url("job_download", job)).status_code == 404
    run_to_end(job)
    assert "Télécharger le ZIP" in client.get(answer.url).content.decode()
    answer = client.get(job_url("job_download", job))
    content = b"".join(answer.streaming_content)
    assert zipfile.ZipFile(BytesIO(content)).testzip() is None
    assert "preuves_ndrc-2026_2026-01-05_2026-01-09.zip" in answer["Content-Disposition"]
    for stranger in (school.cast.aicha, school.cast.bruno, school.cast.gaelle):
        assert signed_in(stranger).get(job_url("job_download", job)).status_code == 404
    school.cast.elise.memberships.update(role=Role.TRAINER)  # she no longer runs the centre
    assert client.get(job_url("job_download", job)).status_code == 404
    school.cast.elise.memberships.update(role=Role.STAFF)
    # It is erased after a week; the job says that it was made.
    kept = tmp_path / str(Job.objects.get().file)
    assert forget_files(now=timezone.now() + timedelta(days=6)) == 0
    assert kept.exists()
    assert forget_files(now=timezone.now() + timedelta(days=8)) == 1
    assert not kept.exists()
    assert forget_files(now=timezone.now() + timedelta(days=8)) == 0
    page = client.get(job_url("job_detail", job))
    assert "Télécharger" not in page.content.decode()
    again = client.get(page.context["again"])
    assert again.context["form"]["first"].value() == "2026-01-05"
    assert f'value="{school.cohort.uuid}" selected' in again.content.decode()
    nothing = client.post(address, form | {"first": "2026-02-01", "last": "2026-02-02"})
    assert "Aucune feuille" in nothing.content.decode()
    wrong = client.post(address, form | {"first": "2026-02-01"})
    assert "La fin doit suivre" in wrong.content.decode()
    assert signed_in(school.cast.gaelle).post(address, form).status_code == 422


def test_the_pdfs_of_a_lot_cost_the_queries_of_one(school, closed):
    by, cfa = school.cast.elise, school.cast.cfa
    first, second = AttendanceSheet.objects.order_by("pk")
    counted = []
    for sheets in ([first], [first, second]):
        with CaptureQueriesContext(connection) as queries, transaction.atomic():
            request_sheet_pdfs(cfa=cfa, sheets=sheets, label="Feuilles", by=by)
            transaction.set_rollback(True)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_the_pdfs_that_lack_are_asked_for_in_one_job(school, closed):
    sheets = AttendanceSheet.objects.all()
    by, cfa = school.cast.elise, school.cast.cfa
    job = request_sheet_pdfs(cfa=cfa, sheets=sheets, label="Feuilles", by=by)
    assert job.total == 2
    assert request_sheet_pdfs(cfa=cfa, sheets=sheets, label="Feuilles", by=by) is None
    titles = {sheet.document.title for sheet in AttendanceSheet.objects.select_related("document")}
    assert titles == {
        "Feuille d'émargement du 05/01/2026, matin",
        "Feuille d'émargement du 05/01/2026, après-midi",
    }
