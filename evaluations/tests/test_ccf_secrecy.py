"""What a candidate may read and when, the file for the jury, its keeping, and the pages of a CCF."""

import datetime
import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from documents import jobs
from documents.actions import cancel_job
from documents.jobs import run_to_end
from documents.kinds import job_kind
from documents.models import Document, Job
from evaluations import actions, keeping
from evaluations.ccf import publication, signing
from evaluations.ccf.jury_file import request_jury_file
from evaluations.ccf.jury_file import run_item as run_jury_item
from evaluations.models import CcfEvaluation, CcfSitting
from evaluations.providers import providers

from . import recipes
from .test_ccf_organisation import PDF, deposit, locked, plan

# --- secrecy -------------------------------------------------------------------------------------


def test_a_candidate_reads_the_sheet_after_publication_and_never_the_grid(world, signed_in):
    locked(world)
    client, url = signed_in(world.aicha), reverse("evaluations:my_exams")
    assert "ZÉBULON" not in client.get(url).content.decode()
    with pytest.raises(NotAllowed):
        publish(world, by=world.elise)
    publish(world)
    page = client.get(url).content.decode()
    assert "17,5 / 20" in page
    assert "ZÉBULON" in page
    assert "Satisfaisant" not in page
    assert client.get("/evaluations/ccf/").status_code == 403


def publish(here, *, by=None):
    programme = here.cohort.programme
    programme.session = 2026
    programme.save()
    return publication.publish_deliberation(
        cfa=here.cfa, session=2026, published_on=datetime.date(2026, 7, 3), by=by or here.farid
    )


def test_a_deliberation_before_the_exam_opens_nothing(world):
    for day in (datetime.date(2026, 5, 31), datetime.date(2025, 7, 3)):
        with pytest.raises(DomainError, match="après les épreuves"):
            publication.publish_deliberation(
                cfa=world.cfa, session=2026, published_on=day, by=world.farid
            )


def test_a_publication_to_come_is_refused(world):
    with pytest.raises(DomainError, match="pas encore eu lieu"):
        publication.publish_deliberation(
            cfa=world.cfa, session=2027, published_on=datetime.date(2027, 7, 3), by=world.farid
        )


# --- the file for the jury -----------------------------------------------------------------------


def jury_zip(world, epreuve=None):
    """The names of the ZIP, and its list."""
    job = run_to_end(
        request_jury_file(cohort=world.cohort, epreuve=epreuve or world.e4, by=world.elise)
    )
    assert (job.state, job.done) == ("done", job.total)
    with job.file.open("rb") as file, zipfile.ZipFile(file) as bundle:
        return job, bundle.namelist(), bundle.read("liste.csv").decode("utf-8-sig")


def test_the_jurys_file_holds_dossier_marks_and_a_list_of_what_is_missing(world, monkeypatch):
    deposit(world)
    deposit(world, data=PDF + b"2")
    evaluation = locked(world)
    today = timezone.localdate()
    file = SimpleUploadedFile("scan.pdf", PDF)
    signing.record_hand_signature(
        evaluation=evaluation, name="Élise Faure", signed_on=today, file=file, by=world.bruno
    )
    recipes.another_enrolment(world, 1)
    job, names, listing = jury_zip(world)
    folder = f"BENALI_Aicha_{world.enrolment.pk}"
    assert f"{folder}/dossier/fiche-1_v2.pdf" in names
    assert f"{folder}/fiche-signee-1.pdf" in names
    assert f"{folder}/evaluations-intermediaires.csv" in names
    assert listing.splitlines()[1].split(";")[5:] == [
        "17,5",
        "fiche et grille, compte rendu d'évaluation en entreprise",
    ]
    assert "Martin 1" in listing
    assert not default_storage.exists(f"jobs/parties/{job.uuid}/1.zip")
    # The livret, issued, tells the evaluation in the company.
    report = Document(file_name="livret.pdf", file=evaluation.files.get().file.name)
    monkeypatch.setattr(providers, "company_reports", lambda people: {people[0].pk: [report]})
    _, names, listing = jury_zip(world)
    assert f"{folder}/entreprise/livret.pdf" in names
    assert "compte rendu" not in listing.splitlines()[1]


def test_the_jurys_file_is_the_staffs_and_asked_for_twice_it_is_one(world, signed_in):
    with pytest.raises(NotAllowed):
        request_jury_file(cohort=world.cohort, epreuve=world.e4, by=world.bruno)
    url = reverse("evaluations:jury_file", args=[world.cohort.uuid, "E4"])
    first, second = (signed_in(world.elise).post(url).url for _ in range(2))
    assert first == second
    job = Job.objects.get()
    may_read = job_kind(job.kind).may_read  # asked at each download: a role may have been lost
    assert [may_read(who, job) for who in (world.elise, world.bruno)] == [True, False]
    jobs.run(job, runner="x", budget=datetime.timedelta(microseconds=1))
    run_jury_item(job.items.first())
    part = f"jobs/parties/{job.uuid}/1.zip"
    assert default_storage.exists(part)
    cancel_job(job=job, by=world.elise)
    request_jury_file(cohort=world.cohort, epreuve=world.e4, by=world.elise)
    assert not default_storage.exists(part)  # a copy of a dossier is not left behind
    for who in ("bruno", "aicha", "chantal", "auditor", "gaelle"):
        assert not Job.objects.visible_to(getattr(world, who)).filter(pk=job.pk).exists()


def test_a_sheet_is_not_reopened_once_the_jury_s_deliberation_is_public(world):
    evaluation = locked(world)
    publish(world)
    with pytest.raises(DomainError, match="D643-26"):
        actions.reopen_evaluation(evaluation=evaluation, by=world.elise, reason="Mal recopiée")


def test_files_are_proposed_for_deletion_a_year_after_the_results(
    world, monkeypatch, django_capture_on_commit_callbacks
):
    piece = deposit(world)
    publish(world)
    job, _, _ = jury_zip(world)
    assert keeping.due(world.cfa, datetime.date(2027, 7, 3)).count == 0
    assert keeping.due(world.cfa, datetime.date(2027, 7, 4)).dossiers == [piece.dossier]
    later = datetime.datetime(2027, 7, 4, 12, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: later)
    path = Path(piece.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        assert keeping.purge(cfa=world.cfa, by=world.elise) == 1
    piece.refresh_from_db()
    assert not piece.file
    assert piece.sha256
    assert not path.exists()
    job.refresh_from_db()
    assert not job.file  # the ZIP held the same files


def test_without_habilitation_the_pages_show_the_ponctuel_form(world, signed_in):
    world.cfa.ccf_habilite_on = world.cfa.ccf_habilite_until = None
    world.cfa.save()
    for name in ("ccf_list", "planning_board"):
        page = signed_in(world.elise).get(reverse(f"evaluations:{name}")).content.decode()
        assert "Épreuve E4</strong> : ponctuelle orale" in page
    own = signed_in(world.aicha).get(reverse("evaluations:my_exams")).content.decode()
    assert "Ponctuelle orale" in own
    assert "Commencer mon dossier" not in own


# --- pages ---------------------------------------------------------------------------------------


def test_its_pages_open(world, signed_in):
    plan(world)
    piece = deposit(world)
    evaluation = CcfEvaluation.objects.get()
    pages = [
        reverse("evaluations:planning_board"),
        reverse("evaluations:sitting_plan", args=[world.enrolment.uuid, "E4", "B"]),
        reverse("evaluations:series_plan", args=[world.cohort.uuid, "E6", "A"]),
        reverse("evaluations:sitting_absence", args=[CcfSitting.objects.get().uuid]),
        reverse("evaluations:dossier_list"),
        reverse("evaluations:dossier_detail", args=[piece.dossier.uuid]),
        reverse("evaluations:fiche_sujet", args=[evaluation.uuid]),
        reverse("evaluations:ccf_detail", args=[evaluation.uuid]),
    ]
    client = signed_in(world.elise)
    for page in pages:
        assert client.get(page).status_code == 200, page
    own = signed_in(world.aicha)
    assert own.get(reverse("evaluations:my_exams")).status_code == 200
    assert own.get(pages[5]).status_code == 200
    file = own.get(reverse("evaluations:piece_download", args=[piece.uuid]))
    assert file.getvalue() == PDF


def test_a_refused_date_keeps_what_was_typed(world, signed_in):
    url = reverse("evaluations:sitting_plan", args=[world.enrolment.uuid, "E4", "B"])
    data = {"day": "2026-11-25", "starts": "09:00", "room": "Salle bleue", "extra": "0"}
    answer = signed_in(world.bruno).post(url, {**data, "trainers": [world.bruno.pk]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Salle bleue" in page
    assert "n&#x27;est pas un jour au CFA" in page
