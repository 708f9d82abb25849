"""What is undone: a withdrawal; a paste of exam marks, only one's own, only what nobody changed, only before the results."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.errors import DomainError, NotAllowed
from evaluations.exam import actions
from evaluations.exam.actions.marks import Cell
from evaluations.exam.candidates import cell_text
from evaluations.exam.enums import Stage
from evaluations.exam.reglements import reglement_of
from evaluations.models import ExamUnit

from .exam_recipes import type_marks


@pytest.fixture
def world(exam_world):
    return exam_world


def shown(world, registration, code, stage=Stage.PROPOSED):
    rule = reglement_of(world.referentiel, world.session.year).unit(code)
    unit = ExamUnit.objects.select_related("unite").get(registration=registration, unite__code=code)
    return cell_text(unit, stage, rule)


def paste(world, *cells, stage=Stage.PROPOSED):
    found = [Cell(one, code, text) for one, code, text in cells]
    return actions.import_marks(session=world.session, stage=stage, cells=found, by=world.elise)


def save(world, registration, code, text, stage=Stage.PROPOSED):
    actions.save_exam_mark(
        registration=registration, code=code, stage=stage, text=text, by=world.farid
    )


def undo(world, by=None, stage=Stage.PROPOSED):
    return actions.undo_import(session=world.session, stage=stage, by=by or world.elise)


@pytest.mark.parametrize(
    ("code", "before", "pasted"),
    [
        ("U1", "12,5", "8"),
        ("U1", "", "8"),
        ("U1", "AB", "8"),
        ("U1", "12,5", "AB"),
        ("U1", "", "FM"),
        ("U5", "9/12", "FM/12"),
        ("U5", "FM/12", "10/10"),
        ("U5", "9/12", "NV"),
    ],
)
def test_it_puts_back_what_the_paste_replaced(world, code, before, pasted):
    save(world, world.one, code, before)
    assert paste(world, (world.one, code, pasted)) == 1
    assert undo(world) == (1, 0)
    assert shown(world, world.one, code) == before
    with pytest.raises(DomainError, match="plus rien à annuler"):
        undo(world)


def test_what_changed_since_stays_and_the_page_says_so(world, signed_in):
    paste(world, (world.one, "U1", "14"), (world.two, "U1", "15"))
    save(world, world.two, "U1", "16")
    client = signed_in(world.elise)
    grid = reverse("evaluations:exam_marks", args=[world.session.uuid])
    assert "Annuler ce collage" in client.get(f"{grid}?etape=proposed").content.decode()
    assert "Annuler ce collage" not in client.get(f"{grid}?etape=decided").content.decode()
    url = reverse("evaluations:exam_marks_undo", args=[world.session.uuid, "proposed"])
    told = client.post(url, follow=True).content.decode()
    assert "1 note remise comme avant. 1 changée depuis" in told
    assert "Annuler ce collage" not in told
    assert (shown(world, world.one, "U1"), shown(world, world.two, "U1")) == ("", "16")


def test_nobody_undoes_the_paste_of_another(world):
    paste(world, (world.one, "U1", "14"))
    with pytest.raises(DomainError, match="plus rien à annuler"):
        undo(world, by=world.farid)
    with pytest.raises(NotAllowed):
        undo(world, by=world.gaelle)
    assert shown(world, world.one, "U1") == "14"


def test_once_published_the_marks_stay_and_the_orals_until_the_second_jury(world):
    for one in (world.one, world.two, world.three):
        type_marks(world, one, "9 9 9 10 10 10")
    paste(world, (world.one, "U1", "8"), stage=Stage.DECIDED)
    jury = {"session": world.session, "by": world.farid, "deliberated_on": date(2026, 7, 2)}
    actions.publish_results(**jury)
    with pytest.raises(DomainError, match="une note à la fois"):
        undo(world, stage=Stage.DECIDED)
    paste(world, (world.one, "U1", "14"), (world.one, "U2", "15"), stage=Stage.ORAL)
    assert undo(world, stage=Stage.ORAL) == (2, 0)
    paste(world, (world.one, "U3", "14"), stage=Stage.ORAL)
    actions.publish_final_results(**jury)
    with pytest.raises(DomainError, match="une note à la fois"):
        undo(world, stage=Stage.ORAL)
    assert shown(world, world.one, "U3", Stage.ORAL) == "14"


def test_a_candidate_withdrawn_by_mistake_comes_back(world, signed_in):
    client = signed_in(world.elise)
    client.post(
        reverse("evaluations:exam_registration_confirm", args=[world.one.uuid]),
        {"day": "2025-11-05"},
    )
    client.post(
        reverse("evaluations:exam_registration_withdraw", args=[world.one.uuid]),
        {"reason": "erreur"},
    )
    page = client.get(
        reverse("evaluations:exam_registration_detail", args=[world.one.uuid])
    ).content.decode()
    assert "Remettre dans la session" in page
    assert "Enregistrer la demande" not in page
    client.post(reverse("evaluations:exam_registration_restore", args=[world.one.uuid]))
    world.one.refresh_from_db()
    assert (world.one.state, world.one.confirmed_on) == ("draft", None)
    assert world.one.units.count() > 0
