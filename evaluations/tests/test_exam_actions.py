"""The deeds of the exam: registration, marks by stage, publication, corrections, attestation."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string

from accounts.errors import DomainError, NotAllowed
from accounts.models import Event
from evaluations.ccf.publication import is_published
from evaluations.exam import actions, samples
from evaluations.exam.actions import UnitPlan
from evaluations.exam.actions.marks import Cell
from evaluations.exam.actions.publishing import NotReady
from evaluations.exam.candidates import dossier, dossiers
from evaluations.exam.rules import Refused
from evaluations.models import (
    CcfDossier,
    CcfEvaluation,
    CcfSitting,
    CcfSituation,
    ExamRegistration,
)
from evaluations.rules import Conflict
from evaluations.samples import small_pdf

from .exam_recipes import type_marks

JURY = date(2026, 7, 2)


@pytest.fixture
def world(exam_world):
    return exam_world


def save(world, code, text, stage="proposed", *, who=None, of=None, **more):
    return actions.save_exam_mark(
        registration=of or world.one, code=code, stage=stage, text=text, by=who or world.elise, **more
    )  # fmt: skip


def proof(world, title="BTS MCO 2021", *, data=None, of=None, who=None):
    file = SimpleUploadedFile("scan.pdf", data or small_pdf(title))
    return actions.add_proof(
        registration=of or world.one, title=title, file=file, by=who or world.elise
    )


def register(world, plans=None, options=(), **more):
    """A plan that names its proof gets a piece of that title."""
    plans = {
        code: replace(plan, proof=proof(world, plan.proof)) if plan.proof else plan
        for code, plan in (plans or {}).items()
    }
    return actions.save_registration(
        registration=world.one, plans=plans, options=options, by=world.elise, **more
    )


def publish(world, one="10 10 10 10 10 10", two="9 9 9 10 10 10", three="5 5 5 5 5 5"):
    for registration, marks in ((world.one, one), (world.two, two), (world.three, three)):
        type_marks(world, registration, marks)
    return actions.publish_results(session=world.session, deliberated_on=JURY, by=world.farid)


def test_a_candidate_is_registered_to_every_compulsory_unit_in_the_category_of_the_cfa(world):
    assert world.one.categorie == "habilite"
    assert [u.unite.code for u in world.one.units.all()] == ["U1", "U2", "U3", "U4", "U5", "U6"]


def test_it_registers_nobody_twice_and_nobody_of_another_cfa(world):
    with pytest.raises(DomainError, match="déjà inscrits"):
        actions.register_candidates(
            session=world.session, enrolments=world.enrolments, by=world.elise
        )
    with pytest.raises(NotAllowed):
        actions.register_candidates(
            session=world.session, enrolments=world.enrolments, by=world.gaelle
        )


def test_it_keeps_what_the_candidate_asks(world):
    register(
        world,
        {
            "U1": UnitPlan("kept", "13", 2024),
            "U2": UnitPlan("dispensed", proof="BTS MCO 2021, vu le 12/10"),
        },
        ["UF1", "UF2"],
        candidate_number="0214",
    )
    units = {u.unite.code: u for u in world.one.units.select_related("unite")}
    assert (units["U1"].plan, str(units["U1"].kept_mark), units["U1"].kept_session) == ("kept", "13.0", 2024)  # fmt: skip
    assert units["U2"].proof.title.startswith("BTS MCO")
    assert {"UF1", "UF2"} <= set(units)


@pytest.mark.parametrize(
    ("plans", "more", "field", "words"),
    [
        ({"U1": UnitPlan("kept", "13", 2019)}, {}, "U1", "5 ans"),
        ({"U1": UnitPlan("kept", "9", 2024)}, {}, "U1", "au moins 10"),
        ({"U1": UnitPlan("kept", "7,25", 2024)}, {}, "U1", "7 ou 7,5"),
        ({"U1": UnitPlan("kept", "", 2024)}, {}, "U1", "Indiquez la note"),
        ({"U1": UnitPlan("dispensed")}, {}, "U1", "pièce"),
        ({"U4": UnitPlan("dispensed", proof="BTS MCO 2021")}, {}, "U4", "VAE"),
        ({}, {"options": ["UF1", "UF2", "UF3"]}, "UF3", "au plus"),
        ({}, {"forme": "progressive"}, "forme", "dérogation"),
    ],
)
def test_it_refuses_what_the_reglement_refuses(world, plans, more, field, words):
    with pytest.raises(Refused) as caught:
        register(world, plans, **more)
    assert any(code == field and words in text for code, text in caught.value.problems)
    assert not world.one.units.exclude(plan="sit").exists()


def test_a_proof_is_a_file_of_this_candidate_checked_by_its_content(world):
    piece = proof(world)
    assert (piece.content_type, piece.extension) == ("application/pdf", ".pdf")
    assert "scan" not in piece.file.name
    assert proof(world) == piece  # sent twice, kept once
    for data, words in (
        (b"<html>", "ni un PDF ni une photo"),
        (b"%PDF-1.7 x", "ne s'ouvre pas"),
        (small_pdf("fiche") + b"/JavaScript", "contient du code"),
        (b"%PDF-" + b"0" * (5 << 20), "5 Mo au plus"),
    ):
        with pytest.raises(DomainError, match=words):
            proof(world, data=data)
    with pytest.raises(NotAllowed):
        proof(world, who=world.bruno)
    plans = {"U1": UnitPlan("dispensed", proof=proof(world, of=world.two))}
    with pytest.raises(Refused, match="pas de ce candidat"):
        actions.save_registration(registration=world.one, plans=plans, options=(), by=world.elise)


def test_a_unit_of_the_vae_is_dispensed_whatever_it_is(world):
    register(world, {"U4": UnitPlan("dispensed", proof="Jury VAE du 3/2/2025", by_vae=True)})
    assert world.one.units.get(unite__code="U4").by_vae


def test_a_unit_that_bears_a_mark_is_not_dispensed_in_silence(world):
    save(world, "U1", "12")
    with pytest.raises(Refused, match="déjà une note"):
        register(world, {"U1": UnitPlan("dispensed", proof="BTS MCO 2021")})


def test_a_change_after_the_confirmation_asks_for_it_again(world):
    actions.confirm_registration(
        registration=world.one, confirmed_on=date(2025, 11, 5), by=world.elise
    )
    assert register(world, options=["UF1"]).state == "draft"


def test_the_three_marks_are_kept_apart(world):
    save(world, "U1", "11")
    save(world, "U1", "11,5", "harmonised")
    save(world, "U1", "12", "decided")
    unit = world.one.units.get(unite__code="U1")
    assert [str(v) for v in (unit.proposed, unit.harmonised, unit.decided)] == ["11.0", "11.5", "12.0"]  # fmt: skip


def test_the_mark_of_e5_comes_from_its_two_parts(world):
    assert save(world, "U5", "9/12") == "9/12"
    assert dossier(world.one).entry("U5").mark == 21
    assert save(world, "U5", "FM/12") == "FM/12"
    assert dossier(world.one).entry("U5").mark == 12


def ccf(world, code, **more):
    epreuve = world.referentiel.epreuves.get(code=code)
    return CcfEvaluation.objects.create(enrolment=world.enrolments[0], epreuve=epreuve, **more)


def test_the_mark_of_a_locked_ccf_is_the_proposed_one(world):
    at = "2026-05-01T10:00:00Z"
    ccf(world, "E4", state="locked", mark="13.5", locked_at=at, locked_by=world.bruno)
    assert dossier(world.one).entry("U4").mark == 27


def test_what_the_ccf_bars_reaches_the_jury(world):
    """A dossier NV, an absence that nobody justified: no mark, and the jury takes them over."""
    e4 = world.referentiel.epreuves.get(code="E4")
    CcfDossier.objects.create(
        enrolment=world.enrolments[0],
        epreuve=e4,
        state="nv",
        checked_at="2026-05-01T10:00:00Z",
        checked_by=world.bruno,
    )
    situation = CcfSituation.objects.create(evaluation=ccf(world, "E6"), code="A")
    sitting = CcfSitting.objects.create(
        situation=situation, starts_at="2026-05-04T07:00:00Z", minutes=15, room="1", state="absent"
    )
    for code, words in (("U4", "non valide"), ("U6", "sans justification")):
        with pytest.raises(DomainError, match=words):
            save(world, code, "12")
    save(world, "U6", "FM")  # recognised by the jury
    save(world, "U6", "")
    type_marks(world, world.one, "12 12 12 AB 12 AB", stage="harmonised")
    save(world, "U4", "")
    save(world, "U6", "")
    assert dossier(world.one).verdict().decision == "non_delivrable"
    actions.adopt_marks(session=world.session, by=world.farid)
    outcomes = {u.unite.code: u.outcome for u in world.one.units.select_related("unite")}
    assert (outcomes["U4"], outcomes["U6"], outcomes["U1"]) == ("nv", "absent", "")
    sitting.is_justified = True
    sitting.save()
    world.one.units.filter(unite__code="U6").update(outcome="")
    assert save(world, "U6", "12") == "12"


@pytest.mark.parametrize("text", ["20,5", "7.25", "12/20", "NaN", "-3", "D", "C 13 2024"])
def test_a_mark_that_is_not_one_is_refused_and_nothing_is_written(world, text):
    with pytest.raises(DomainError, match="U1 : "):
        save(world, "U1", text)
    assert world.one.units.get(unite__code="U1").proposed is None


def test_a_dispensed_or_kept_unit_takes_no_mark(world):
    register(world, {"U1": UnitPlan("dispensed", proof="BTS MCO 2021"), "U2": UnitPlan("kept", "12", 2025)})  # fmt: skip
    with pytest.raises(DomainError, match="dispensée"):
        save(world, "U1", "12")
    with pytest.raises(DomainError, match="conservée de la session 2025"):
        save(world, "U2", "13")


def test_an_absence_keeps_the_marks_of_the_other_stages(world):
    save(world, "U1", "11")
    assert save(world, "U1", "AB", "decided") == "AB"
    assert dossier(world.one).entry("U1").status == "absent"
    save(world, "U1", "", "decided")
    assert dossier(world.one).entry("U1").mark == 22


def test_two_people_on_the_same_cell_are_told(world):
    save(world, "U1", "11", expected="")
    with pytest.raises(Conflict) as caught:
        save(world, "U1", "14", expected="")
    assert caught.value.current == "11"
    assert save(world, "U1", "14", expected="11") == "14"


def test_an_import_is_written_whole_or_not_at_all(world):
    cells = [Cell(world.one, "U1", "12"), Cell(world.two, "U1", "20,5")]
    with pytest.raises(DomainError):
        actions.import_marks(session=world.session, stage="proposed", cells=cells, by=world.elise)
    assert world.one.units.get(unite__code="U1").proposed is None
    cells[1] = Cell(world.two, "U1", "AB")
    assert actions.import_marks(session=world.session, stage="proposed", cells=cells, by=world.elise) == 2  # fmt: skip


def test_only_the_team_types_and_only_an_administrator_publishes(world):
    for who in (world.bruno, world.aicha, world.chantal, world.auditor, world.gaelle):
        with pytest.raises(NotAllowed):
            save(world, "U1", "12", who=who)
    with pytest.raises(NotAllowed):
        actions.publish_results(session=world.session, deliberated_on=JURY, by=world.elise)


def test_nothing_is_published_before_every_mark_is_decided(world):
    type_marks(world, world.one, "10 10 10 10 10 10", stage="proposed")
    with pytest.raises(NotReady) as caught:
        actions.publish_results(session=world.session, deliberated_on=JURY, by=world.farid)
    assert len(caught.value.missing) == 3
    assert actions.adopt_marks(session=world.session, by=world.farid) == 6
    with pytest.raises(NotReady) as caught:
        actions.publish_results(session=world.session, deliberated_on=JURY, by=world.farid)
    assert [name for name, _ in caught.value.missing] == ["Noé Martin", "Zoé Petit"]


@pytest.mark.parametrize("day", [date(2027, 7, 2), date(2025, 7, 2)])
def test_the_deliberation_has_taken_place_in_the_year_of_the_session(world, day):
    with pytest.raises(DomainError, match=r"délib"):
        actions.publish_results(session=world.session, deliberated_on=day, by=world.farid)


def test_the_publication_freezes_each_result(world):
    publish(world)
    world.one.refresh_from_db()
    assert is_published(world.cfa, 2026, JURY)  # the CCF sheets open with the marks
    results = ExamRegistration.objects.values_list("decision", flat=True)
    assert list(results) == ["admis", "controle", "ajourne"]
    assert (str(world.one.points), str(world.one.average)) == ("210.00", "10.00")
    assert any("D643-22" in step["source"] for step in world.one.verdict["steps"])


def test_the_second_chance_is_published_apart(world):
    publish(world)
    save(world, "U1", "12", "oral", of=world.two)
    save(world, "U2", "12,5", "oral", of=world.two)
    with pytest.raises(DomainError, match="2 oraux"):
        save(world, "U3", "12", "oral", of=world.two)
    world.two.refresh_from_db()
    assert world.two.decision == "controle"
    actions.publish_final_results(
        session=world.session, deliberated_on=date(2026, 7, 9), by=world.farid
    )
    world.two.refresh_from_db()
    # 27 + 27 + 27 + 120 = 201; + 9 + 10,5.
    assert (world.two.decision, str(world.two.points)) == ("admis_apres_controle", "220.50")


def test_without_any_oral_the_candidate_is_refused(world):
    publish(world)
    actions.publish_final_results(
        session=world.session, deliberated_on=date(2026, 7, 9), by=world.farid
    )
    world.two.refresh_from_db()
    assert world.two.decision == "refuse"
    assert "Aucun oral" in world.two.verdict["steps"][-1]["sentence"]


def test_a_correction_after_the_publication_asks_an_administrator_and_a_reason(world):
    publish(world)
    with pytest.raises(NotAllowed):
        save(world, "U1", "9", "decided")
    with pytest.raises(DomainError, match="motif"):
        save(world, "U1", "9", "decided", who=world.farid)
    save(world, "U1", "9", "decided", who=world.farid, reason="Erreur de report, PV du jury du 4/7")
    world.one.refresh_from_db()
    assert world.one.decision == "controle"
    event = Event.objects.filter(verb="exam.mark_saved").first()
    assert (event.data["old"], event.data["new"]) == ("10", "9")


def test_the_attestation_waits_for_the_publication_and_for_a_unit(world):
    with pytest.raises(DomainError, match="publiés"):
        actions.request_attestation(registration=world.one, by=world.elise)
    publish(world, two="9 9 9 9,5 10 10")
    document = actions.request_attestation(registration=world.two, by=world.elise)
    assert [u["unit"] for u in document.context["units"]] == ["U5", "U6"]
    assert actions.request_attestation(registration=world.two, by=world.elise) == document
    with pytest.raises(DomainError, match="est admis"):
        actions.request_attestation(registration=world.one, by=world.elise)
    with pytest.raises(DomainError, match="aucune unité"):
        actions.request_attestation(registration=world.three, by=world.elise)


def test_the_attestation_waits_for_the_orals_of_who_may_sit_them(world):
    publish(world)
    with pytest.raises(DomainError, match="seconde délibération"):
        actions.request_attestation(registration=world.two, by=world.elise)
    actions.publish_final_results(session=world.session, deliberated_on=JURY, by=world.farid)
    document = actions.request_attestation(registration=world.two, by=world.elise)
    assert [u["unit"] for u in document.context["units"]] == ["U4", "U5", "U6"]


def test_the_attestation_says_that_it_is_the_cfa_s_own():
    html = render_to_string(
        "evaluations/pdf/attestation_unites.html",
        {**samples.attestation(), "cfa": {"name": "CFA des Tests"}, "document": {}},
    )
    assert "Document établi par le CFA" in html
    assert "que seul le recteur de région académique délivre" in html
    assert "RNCP38368BC01" in html


def test_a_class_is_read_in_a_constant_number_of_queries(world, django_assert_num_queries):
    registrations = list(world.session.registrations.select_related("enrolment__apprentice"))
    for some in (registrations[:1], registrations):
        with django_assert_num_queries(6):
            [one.verdict() for one in dossiers(world.session, some)]


def test_a_candidate_and_the_maitre_see_nothing_before_the_publication(world):
    type_marks(world, world.one, "10 10 10 10 10 10")
    for who in (world.aicha, world.chantal, world.denis, world.gaelle):
        assert not ExamRegistration.objects.published_for(who).exists()
        assert not ExamRegistration.objects.visible_to(who).exists()
    publish(world)
    assert ExamRegistration.objects.published_for(world.aicha).get() == world.one
    assert ExamRegistration.objects.published_for(world.chantal).get() == world.one
    # The contract may end between the épreuves and the jury, not before the épreuves.
    contracts = world.one.enrolment.contracts
    contracts.update(ends_on=date(2026, 6, 30))
    assert ExamRegistration.objects.published_for(world.chantal).exists()
    contracts.update(ends_on=date(2026, 5, 31))
    assert not ExamRegistration.objects.published_for(world.chantal).exists()
    for who in (world.denis, world.gaelle):
        assert not ExamRegistration.objects.published_for(who).exists()
