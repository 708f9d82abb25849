"""What is held about a person is handed over whole (RGPD art. 15 and 20), and what is secret is not."""

import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.history import record
from accounts.models import Cfa, Event, User
from accounts.personal import Person, apart, areas
from apprentices.actions import record_nir
from apprentices.models import Apprentice
from documents.jobs import forget_files, run_to_end
from documents.models import Job
from evaluations.ccf import publication
from evaluations.models import ExamRegistration, ExamSession
from evaluations.tests import recipes
from evaluations.tests.test_ccf_organisation import deposit, locked
from ndrc_cfa import urls

NIR = "2060478498123"
HELD = {"accounts.User", "accounts.Membership", "accounts.Invitation", "attendance.Signature"}


@pytest.fixture
def world(db, settings, tmp_path, monkeypatch):
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a day of the cohort's second year
    monkeypatch.setattr(timezone, "now", lambda: noon)
    settings.MEDIA_ROOT = tmp_path
    return recipes.world()


def near_a_person() -> set[str]:
    """The models of ours that lead to an apprentice, and those of the account and the signatures."""
    ours = [model for model in apps.get_models() if model._meta.app_label in urls.MOUNTS]
    found: set[type[Model]] = {Apprentice}
    while new := {
        model
        for model in set(ours) - found
        if any(one.concrete and one.related_model in found for one in model._meta.get_fields())
    }:
        found |= new
    return {model._meta.label for model in found} | HELD


def test_each_model_that_leads_to_a_person_is_handed_over_or_set_apart(db):
    person = Person(Cfa(pk=0), Apprentice(pk=0), User(pk=0))
    told = {one.objects.model._meta.label for area in areas() for one in area.sections(person)}
    assert near_a_person() - told == set(apart()) & near_a_person()
    assert not told & set(apart())
    assert all(apart().values())
    with_data = {label.partition(".")[0] for label in told | set(apart())}
    assert with_data == {label.partition(".")[0] for label in near_a_person()} | {"documents"}


def opened(job: Job) -> dict[str, bytes]:
    assert run_to_end(job).state == "done"
    with job.file.open("rb") as file, zipfile.ZipFile(io.BytesIO(file.read())) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def ask(client, apprentice) -> Job:
    before = set(Job.objects.values_list("pk", flat=True))
    answer = client.post(reverse("apprentices:personal_data", args=[apprentice.uuid]))
    job = Job.objects.exclude(pk__in=before).get()
    assert answer.url == reverse("documents:job_detail", args=[job.uuid])
    return job


def test_the_archive_holds_the_person_and_no_mark_before_its_publication(world, signed_in):
    apprentice = world.enrolment.apprentice
    record_nir(apprentice=apprentice, number=NIR, by=world.elise)
    deposit(world)
    session = ExamSession.objects.create(
        cfa=world.cfa, referentiel=world.cohort.programme.referentiel, year=2026
    )
    registration = ExamRegistration.objects.create(
        session=session, enrolment=world.enrolment, categorie="habilite", average="11.37"
    )
    record("exam.mark_saved", registration, cfa=world.cfa, actor=world.elise, reason="Lue 11.37")
    locked(world)  # 17,5, and an appreciation that says ZÉBULON
    for who in (world.aicha, world.elise):
        job = ask(signed_in(who), apprentice)
        found = opened(job)
        whole = b"".join(found.values()).decode(errors="replace")
        assert "ZÉBULON" not in whole
        # A mark, not the seconds of an hour: 10:42:17.512.
        assert not re.search(r"(?<![:\d])(17\.5|11\.37)", whole)
        assert NIR in found["identite.json"].decode()
        assert any(name.startswith("fichiers/examen/") for name in found)
        page = found["LISEZMOI.html"].decode()
        for area in areas():
            assert f'<h2 id="{area.code}">' in page
            assert json.loads(found[f"{area.code}.json"])["domaine"] == area.title
        assert Event.objects.about(apprentice).filter(actor=who, verb="nir.read").count() == 1
        taken = Event.objects.about(apprentice).get(actor=who, verb="personal_data.taken")
        assert taken.data == {"job": str(job.uuid)}
    world.cohort.programme.session = 2026
    world.cohort.programme.save()
    publication.publish_deliberation(
        cfa=world.cfa, session=2026, published_on=date(2026, 7, 3), by=world.farid
    )
    ExamSession.objects.update(
        deliberated_on=date(2026, 7, 3), published_at=timezone.now(), published_by=world.farid
    )
    exam = opened(ask(signed_in(world.aicha), apprentice))["examen.json"].decode()
    assert re.search(r"(?<![:\d])17\.5", exam)
    assert re.search(r"(?<![:\d])11\.37", exam)
    assert "ZÉBULON" in exam
    assert "Satisfaisant" not in exam  # the grid, never
    # Whoever no longer runs the CFA no longer has the file asked for then.
    download = reverse("documents:job_download", args=[job.uuid])
    answer = signed_in(world.elise).get(download)
    assert b"".join(answer.streaming_content).startswith(b"PK")
    world.elise.memberships.update(role=Role.TRAINER)
    assert signed_in(world.elise).get(download).status_code == 404
    world.elise.memberships.update(role=Role.STAFF)
    # It erases itself after a week, and says where to ask again.
    assert forget_files(now=timezone.now() + timedelta(days=6)) == 0
    assert forget_files(now=timezone.now() + timedelta(days=8)) == 3
    address = reverse("documents:job_detail", args=[job.uuid])
    again = signed_in(world.elise).get(address).context["again"]
    assert signed_in(world.elise).get(again).status_code == 200
    assert signed_in(world.aicha).get(address).status_code == 404  # Élise's
    assert signed_in(world.aicha).get(again).status_code == 200


@pytest.mark.parametrize(
    ("who", "code"),
    [("farid", 302), ("bruno", 403), ("chantal", 403), ("auditor", 403), ("gaelle", 404)],
)
def test_the_team_and_the_person_alone_take_the_archive(world, signed_in, who, code):
    url = reverse("apprentices:personal_data", args=[world.enrolment.apprentice.uuid])
    assert signed_in(getattr(world, who)).post(url).status_code == code
    other = recipes.another_enrolment(world, 1).apprentice
    mine = signed_in(world.aicha).get(reverse("apprentices:personal_data", args=[other.uuid]))
    assert mine.status_code == 404
