"""Planning, convocations, dossiers, signatures, the jury's file, and what a candidate may read when."""

import datetime

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from apprentices.models import MaitreApprentissage
from documents.models import Document
from evaluations import actions, selectors
from evaluations.ccf import dossiers, planning, replanning, sheets, signing
from evaluations.ccf.concerned import Outside
from evaluations.enums import DossierState, SittingState
from evaluations.exam.candidates import ccf_bars
from evaluations.models import CcfEvaluation, CcfSignature, CcfSitting, CcfSituation
from evaluations.providers import Taught, providers
from evaluations.samples import small_pdf

from . import recipes

MONDAY = datetime.date(2026, 11, 23)
NINE = datetime.time(9)
PDF = small_pdf("fiche")


def plan(here, **changes):
    values = {
        "enrolment": here.enrolment,
        "epreuve": here.e4,
        "code": "B",
        "day": MONDAY,
        "starts": NINE,
        "room": "12",
        "trainers": [here.bruno],
        "by": here.bruno,
    }
    return planning.plan_sitting(**{**values, **changes})


def deposit(here, kind="fiche", number=1, *, epreuve=None, data=PDF, by=None):
    by = by or here.aicha
    dossier = dossiers.open_dossier(enrolment=here.enrolment, epreuve=epreuve or here.e4, by=by)
    file = SimpleUploadedFile("ma fiche.pdf", data)
    return dossiers.deposit_piece(dossier=dossier, kind=kind, number=number, file=file, by=by)


# --- planning ------------------------------------------------------------------------------------


def test_it_plans_a_sitting_and_fills_the_date_and_commission_of_the_grid(world):
    sitting = plan(world, guests=[planning.Guest("Chantal Dumas", "maitre")], extra_minutes=5)
    situation = sitting.situation
    assert (sitting.minutes, situation.held_on) == (15, MONDAY)
    assert situation.evaluators == "Bruno Caron, Chantal Dumas"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"day": datetime.date(2026, 11, 25)}, "n'est pas un jour au CFA"),
        ({"day": datetime.date(2026, 12, 25)}, "n'est pas un jour au CFA"),
        ({"starts": datetime.time(12, 20)}, "sort des demi-journées"),
        ({"code": "A"}, "pendant la formation"),
        ({"room": " "}, "salle"),
        ({"day": datetime.date(2028, 1, 3)}, "pendant la formation"),
    ],
)
def test_it_refuses_a_date_that_cannot_be(world, changes, words):
    with pytest.raises(DomainError, match=words):
        plan(world, **changes)
    assert not CcfSitting.objects.exists()


def test_it_refuses_what_another_cohorts_half_day_takes(world, monkeypatch):
    def taught(cohort, trainer, room):
        at = [
            timezone.make_aware(datetime.datetime.combine(MONDAY, datetime.time(h)))
            for h in (9, 12)
        ]
        return Taught(*at, cohort, trainer, room, "Négociation (NDRC 2025)")

    rows = [taught(world.cohort.pk, world.bruno.pk, "12")]  # in the course of their own training
    monkeypatch.setattr(providers, "taught_on", lambda cfa, day: rows)
    plan(world)
    rows[:] = [taught(0, world.bruno.pk, " 12 ")]
    with pytest.raises(DomainError, match="Bruno Caron enseigne de 09:00 à 12:00") as refusal:
        plan(world)
    assert "salle  12  est prise" in refusal.value.message
    plan(world, starts=datetime.time(14))


def test_it_refuses_who_or_what_is_taken(world):
    plan(world)
    other = recipes.another_enrolment(world, 1)
    with pytest.raises(DomainError, match="salle 12 est prise") as refusal:
        plan(world, enrolment=other)
    assert "Bruno Caron siège déjà" in refusal.value.message
    plan(world, enrolment=other, starts=datetime.time(9, 15))


def test_e6_passes_in_the_final_year_only(world):
    with pytest.raises(DomainError, match="année terminale"):
        plan(world, epreuve=world.e6, code="A", day=datetime.date(2026, 3, 2))


def test_a_cfa_without_habilitation_plans_no_ccf(world):
    world.cfa.ccf_habilite_until = datetime.date(2026, 11, 22)
    world.cfa.save()
    world.enrolment.cohort.cfa.refresh_from_db()
    with pytest.raises(DomainError, match="habilité"):
        plan(world)


def test_a_row_is_planned_whole_with_extra_time_or_not_at_all(world):
    other = recipes.another_enrolment(world, 1)
    other.apprentice.rqth = True
    other.apprentice.save()
    values = {
        "cohort": world.cohort,
        "epreuve": world.e4,
        "code": "B",
        "enrolments": [other, world.enrolment],
        "day": MONDAY,
        "gap": 5,
        "room": "12",
        "trainers": [world.bruno],
        "by": world.bruno,
    }
    with pytest.raises(DomainError):
        planning.plan_series(starts=datetime.time(16, 40), **values)
    assert not CcfSitting.objects.exists()
    assert planning.plan_series(starts=NINE, **values) == 2
    said = [
        (one.extra_minutes, timezone.localtime(one.starts_at).time())
        for one in CcfSitting.objects.order_by("starts_at")
    ]
    assert said == [(5, NINE), (0, datetime.time(9, 25))]


def test_it_convenes_by_pdf_and_mail(world, django_capture_on_commit_callbacks):
    MaitreApprentissage.objects.update(email="chantal@entreprise.example")
    sitting = plan(world, guests=[planning.Guest("Chantal Dumas", "maitre")])
    with pytest.raises(NotAllowed):
        planning.convene(cohort=world.cohort, by=world.bruno)
    with django_capture_on_commit_callbacks(execute=True):
        planning.convene(cohort=world.cohort, by=world.elise)
    sitting.refresh_from_db()
    assert sitting.state == SittingState.CONVENED
    document = Document.objects.get(kind="convocation_ccf")
    assert set(document.readers.all()) == {world.aicha, world.bruno}
    assert (document.context["hour"], document.context["room"]) == ("09:00", "12")
    assert {one.to[0] for one in mail.outbox} == {
        "aicha@example.org",
        "bruno@example.org",
        "chantal@entreprise.example",  # of the contract: no account, no address to type
    }
    with pytest.raises(DomainError, match="Aucun passage"):
        planning.convene(cohort=world.cohort, by=world.elise)


def test_it_cancels_with_a_reason_what_people_are_convened_to_and_tells_them(
    world, django_capture_on_commit_callbacks
):
    sitting = plan(world, guests=[planning.Guest("Chantal Dumas", "maitre", "c@x.example")])
    later = plan(world, enrolment=recipes.another_enrolment(world, 1), starts=datetime.time(10))
    cancel = replanning.cancel_sittings
    with pytest.raises(DomainError, match="retirez simplement la date"):
        cancel(sittings=[sitting], reason="salle inondée", by=world.elise)
    planning.convene(cohort=world.cohort, by=world.elise)
    assert list(replanning.same_day(sitting)) == [later]
    with pytest.raises(NotAllowed):
        cancel(sittings=[sitting], reason="salle inondée", by=world.bruno)
    with pytest.raises(DomainError, match="motif"):
        cancel(sittings=[sitting], reason=" non ", by=world.elise)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert cancel(sittings=[sitting], reason="salle inondée", by=world.elise) == 1
    assert {one.to[0] for one in mail.outbox} == {
        world.aicha.email,
        world.bruno.email,
        "c@x.example",
    }
    body = mail.outbox[0].body.replace("\u00a0", " ")
    assert "prévu lundi 23 novembre 2026 à 09:00, salle 12, est annulé" in body
    assert "Motif : salle inondée" in body
    sitting.refresh_from_db()
    assert (sitting.state, sitting.reason) == (SittingState.CANCELLED, "salle inondée")
    assert sitting.situation.held_on is None
    assert ccf_bars([world.enrolment]) == {}
    with pytest.raises(DomainError, match="déjà annulé"):
        cancel(sittings=[sitting], reason="salle inondée", by=world.elise)
    new = plan(world, starts=datetime.time(11))
    assert new.pk != sitting.pk


def test_a_candidate_in_the_ponctuel_form_is_awaited_at_no_ccf(world, monkeypatch):
    other = recipes.another_enrolment(world, 1)
    outside = Outside(frozenset({world.enrolment.pk}), frozenset({(other.pk, "E6", "kept")}))
    monkeypatch.setattr("evaluations.actions.outside_ccf", lambda people: outside)
    monkeypatch.setattr("evaluations.ccf.planning.outside_ccf", lambda people: outside)
    monkeypatch.setattr("evaluations.selectors.outside_ccf", lambda people: outside)
    with pytest.raises(DomainError, match="« ponctuel » à son inscription"):
        plan(world)
    with pytest.raises(DomainError, match="« note conservée »"):
        actions.start_evaluation(enrolment=other, epreuve=world.e6, by=world.bruno)
    both = [world.enrolment, other]
    assert planning.unplanned(both, world.e4, "B") == [other]
    board = selectors.board(both, [world.e4, world.e6], MONDAY)
    words = [[cell.word for cell in cells] for _, cells in board.rows]
    assert words == [["Ponctuel", "Ponctuel"], ["À commencer", "Note conservée"]]


def test_an_absence_calls_for_a_new_date_only_when_justified(world, monkeypatch):
    sitting = plan(world)
    with pytest.raises(DomainError, match="pas encore eu lieu"):
        planning.note_absence(sitting=sitting, is_justified=False, reason="", by=world.bruno)
    later = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: later)
    planning.note_absence(sitting=sitting, is_justified=False, reason="", by=world.bruno)
    again = {"day": datetime.date(2026, 11, 30)}
    with pytest.raises(DomainError, match="sans justification"):
        plan(world, **again)
    planning.note_absence(
        sitting=sitting, is_justified=True, reason="Certificat médical", by=world.bruno
    )
    assert plan(world, **again).pk != sitting.pk
    with pytest.raises(DomainError, match="nouvelle date"):
        replanning.take_back_absence(sitting=sitting, by=world.bruno)
    planning.note_absence(
        sitting=sitting, is_justified=True, reason="Certificat reçu", by=world.bruno
    )
    sitting.situation.refresh_from_db()
    assert sitting.situation.held_on == again["day"]


def test_an_absence_noted_by_mistake_is_taken_back(world, monkeypatch):
    sitting = plan(world)
    later = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: later)
    planning.note_absence(sitting=sitting, is_justified=False, reason="", by=world.bruno)
    sitting = replanning.take_back_absence(sitting=sitting, by=world.bruno)
    assert (sitting.state, sitting.reason) == (SittingState.PLANNED, "")
    assert sitting.situation.held_on == timezone.localdate(sitting.starts_at)
    assert ccf_bars([world.enrolment]) == {}
    with pytest.raises(DomainError, match="pas d'absence"):
        replanning.take_back_absence(sitting=sitting, by=world.bruno)


def test_a_date_given_by_mistake_is_taken_away_until_the_candidate_is_convened(world):
    plan(world)
    taken = {"enrolments": [world.enrolment], "epreuve": world.e4, "code": "B", "by": world.bruno}
    assert replanning.unplan(**taken) == 1
    assert not CcfSitting.objects.exists()
    assert CcfSituation.objects.get(code="B").held_on is None
    plan(world)
    planning.convene(cohort=world.cohort, by=world.elise)
    with pytest.raises(DomainError, match="se déplacent"):
        replanning.unplan(**taken)


# --- dossier -------------------------------------------------------------------------------------


def test_a_candidate_hands_in_versions_that_are_all_kept(world):
    deposit(world)
    second = deposit(world, data=PDF + b"2")
    assert [one.version for one in second.dossier.pieces.all()] == [2, 1]
    with pytest.raises(DomainError, match="déjà la dernière"):
        deposit(world, data=PDF + b"2")


@pytest.mark.parametrize(
    ("kind", "number", "data"),
    [("fiche", 3, PDF), ("etude", 0, PDF), ("compte_rendu", 0, PDF), ("fiche", 1, b"<html>")],
)
def test_it_refuses_a_piece_that_is_not_asked(world, kind, number, data):
    with pytest.raises(DomainError):
        deposit(world, kind, number, data=data)


@pytest.mark.parametrize("who", ["chantal", "denis", "gaelle", "stranger"])
def test_nobody_else_opens_a_dossier(world, signed_in, who):
    piece = deposit(world)
    client = signed_in(getattr(world, who))
    for name, uuid in (("dossier_detail", piece.dossier.uuid), ("piece_download", piece.uuid)):
        answer = client.get(reverse(f"evaluations:{name}", args=[uuid]))
        assert answer.status_code in (403, 404)


def check(here, grounds=(), remarks=(), *, doubt=False, by=None, epreuve=None):
    dossier = dossiers.open_dossier(
        enrolment=here.enrolment, epreuve=epreuve or here.e4, by=here.elise
    )
    return dossiers.check_dossier(
        dossier=dossier,
        grounds=grounds,
        remarks=remarks,
        doubt=doubt,
        comment="",
        by=by or here.bruno,
    )


def test_nv_keeps_the_candidate_from_being_heard_and_marked(world):
    evaluation = actions.start_evaluation(
        enrolment=world.enrolment, epreuve=world.e4, by=world.bruno
    )
    assert check(world, [0]).state == DossierState.NV
    with pytest.raises(DomainError, match="NV"):
        actions.propose_mark(evaluation=evaluation, mark="12", by=world.bruno)
    with pytest.raises(DomainError, match="NV"):
        plan(world)


def test_what_is_no_ground_stays_a_remark(world):
    dossier = check(world, remarks=[0, 1])
    assert (dossier.state, dossier.remarks) == ("conform", ["Fiche absente", "Même nature"])
    plan(world)


def test_a_doubt_lets_the_candidate_be_heard(world):
    assert check(world, [4], doubt=True).state == DossierState.RESERVED
    plan(world)


@pytest.mark.parametrize("who", ["aicha", "chantal", "gaelle", "auditor"])
def test_only_the_commission_checks(world, who):
    with pytest.raises(NotAllowed):
        check(world, by=getattr(world, who))


def test_a_new_version_calls_for_a_new_check(world):
    check(world)
    assert deposit(world).dossier.state == DossierState.OPEN


# --- signatures and fiche-sujet ------------------------------------------------------------------


def locked(here, epreuve=None) -> CcfEvaluation:
    evaluation = actions.start_evaluation(
        enrolment=here.enrolment, epreuve=epreuve or here.e4, by=here.bruno
    )
    recipes.fill(evaluation, here.bruno, mark="17,5", words="ZÉBULON")
    actions.lock_evaluation(evaluation=evaluation, by=here.bruno)
    evaluation.refresh_from_db()
    return evaluation


def test_e4_takes_two_signatures_and_a_correction_asks_for_them_again(world):
    evaluation = locked(world)
    signing.sign_evaluation(evaluation=evaluation, by=world.bruno)
    with pytest.raises(DomainError, match="déjà signé"):
        signing.sign_evaluation(evaluation=evaluation, by=world.bruno)
    signing.sign_evaluation(evaluation=evaluation, by=world.elise)
    with pytest.raises(DomainError, match="ne vous nomme pas"):
        signing.sign_evaluation(evaluation=evaluation, by=world.farid)
    CcfSituation.objects.update(evaluators="B. Caron, É. Faure, F. Garnier")
    with pytest.raises(DomainError, match="2 signatures"):
        signing.sign_evaluation(evaluation=evaluation, by=world.farid)
    assert CcfSignature.objects.count() == 4
    actions.reopen_evaluation(
        evaluation=evaluation, by=world.elise, reason="Erreur de saisie de la note"
    )
    assert not CcfSignature.objects.exists()


def test_it_keeps_the_indicative_mark_beside_the_commissions(world):
    evaluation = locked(world)
    assert (evaluation.indicative_mark, evaluation.mark) == (15, 17.5)


def test_the_candidates_copy_never_holds_the_jurys_side(world):
    evaluation = actions.start_evaluation(
        enrolment=world.enrolment, epreuve=world.e4, by=world.bruno
    )
    fiche = sheets.save_fiche_sujet(
        evaluation=evaluation,
        candidate={"Objet": "Renouvellement", "Lieu": "Showroom"},
        jury={"Freins": "BUDGET-GELÉ"},
        by=world.bruno,
    )
    job = sheets.issue_fiche_sujet(fiche=fiche, by=world.bruno)
    assert sheets.issue_fiche_sujet(fiche=fiche, by=world.bruno) == job  # pressed twice
    ours = Document.objects.get(kind="fiche_sujet_jury")
    theirs = Document.objects.get(kind="fiche_sujet")
    assert "BUDGET-GELÉ" in str(ours.context)
    assert "BUDGET-GELÉ" not in str(theirs.context)
    assert not {world.aicha, world.chantal} & set(ours.readers.all())
