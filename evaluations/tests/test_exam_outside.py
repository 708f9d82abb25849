"""A candidate in the ponctuel form beside those in CCF; a unit kept or dispensed (REF2018, annexe II; D643-19)."""

from decimal import Decimal

import pytest
from django.urls import reverse

from evaluations.ccf.concerned import categorie_of_candidate, inside, outside_ccf
from evaluations.exam import actions
from evaluations.exam.candidates import dossiers
from evaluations.exam.enums import Plan
from evaluations.exam.rules import Refused
from evaluations.models import CcfEvaluation, JuryPublication
from programmes.enums import Categorie


def ask(world, categorie="", **plans):
    return actions.save_registration(
        registration=world.one, plans=plans, options=[], categorie=categorie, by=world.elise
    )


def test_who_passes_everything_ponctuel_owes_nothing_to_a_ccf(exam_world, signed_in):
    world = exam_world
    e4 = world.referentiel.epreuves.get(code="E4")
    CcfEvaluation.objects.create(
        enrolment=world.enrolments[0],
        epreuve=e4,
        state="locked",
        mark=Decimal(14),
        locked_at="2026-05-01T10:00:00Z",
        locked_by=world.bruno,
    )
    assert dossiers(world.session, [world.one])[0].ccf == {"E4": Decimal(14)}
    client = signed_in(world.aicha)
    page = client.get(reverse("evaluations:my_exams")).content.decode()
    assert "Commencer mon dossier E6" in page
    assert "Commencer mon dossier E4" not in page  # heard and locked: nothing to hand in any more
    ask(world, Categorie.PONCTUEL)
    world.one.refresh_from_db()
    assert dossiers(world.session, [world.one])[0].ccf == {}
    assert outside_ccf(world.enrolments).ponctuel == {world.enrolments[0].pk}
    assert categorie_of_candidate(world.enrolments[0]) == Categorie.PONCTUEL
    assert categorie_of_candidate(world.enrolments[1]) == Categorie.HABILITE
    assert not inside(CcfEvaluation.objects.all()).exists()
    page = client.get(reverse("evaluations:my_exams")).content.decode()
    assert "dossier" not in page
    assert "CCF" not in page
    world.one.refresh_from_db()
    JuryPublication.objects.create(
        cfa=world.cfa, session=2026, published_on="2026-07-02", entered_by=world.farid
    )
    ask(world, Categorie.HABILITE)
    page = client.get(reverse("evaluations:my_exams")).content.decode()
    assert "Commencer mon dossier" not in page
    assert "reste secrète" not in page


def test_a_unit_kept_is_not_awaited_in_ccf(exam_world):
    ask(exam_world, U4=actions.UnitPlan(plan=Plan.KEPT, mark="12", session=2025))
    found, one = outside_ccf(exam_world.enrolments), exam_world.enrolments[0].pk
    assert (found.why(one, "E4"), found.why(one, "E6")) == ("Note conservée", "")


def test_a_cfa_without_habilitation_offers_no_ccf(exam_world):
    exam_world.cfa.ccf_habilite_until = exam_world.cfa.ccf_habilite_on.replace(year=2025)
    exam_world.cfa.save()
    ask(exam_world, Categorie.PONCTUEL)
    with pytest.raises(Refused, match="pas habilité"):
        ask(exam_world, Categorie.HABILITE)
