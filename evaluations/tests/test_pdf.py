import re

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.errors import DomainError
from documents.models import Document
from evaluations import actions, pdf
from evaluations.selectors import Grids

from . import recipes


def locked(world, code="e4", **options):
    evaluation = actions.start_evaluation(
        enrolment=world.enrolment, epreuve=getattr(world, code), by=world.bruno
    )
    recipes.fill(evaluation, world.bruno, **options)
    return actions.lock_evaluation(evaluation=evaluation, by=world.bruno)


def test_it_refuses_the_sheet_of_a_draft(world):
    evaluation = actions.start_evaluation(
        enrolment=world.enrolment, epreuve=world.e4, by=world.bruno
    )
    with pytest.raises(DomainError, match="verrouillez-la d'abord"):
        actions.request_ccf_pdf(evaluation=evaluation, by=world.bruno)


def test_it_freezes_the_official_form_of_e4(world):
    """AN2025 annexes V-4 and V-5: 8 lines for a negotiation, two signature lines a situation."""
    context = pdf.ccf_context(locked(world), Grids())
    assert sum(len(group["lines"]) for group in context["grid"]) == 8
    assert [len(one["signatures"]) for one in context["situations"]] == [2, 2]
    assert [one["ticked"] for one in context["situations"][1]["choices"]] == [True, False]
    assert context["mark"] == "12,5"


def test_it_freezes_the_official_form_of_e6(world):
    """AN2025 annexes VII-2 and VII-3: 7 lines, one signature line a situation."""
    context = pdf.ccf_context(locked(world, "e6"), Grids())
    assert sum(len(group["lines"]) for group in context["grid"]) == 7
    assert [len(one["signatures"]) for one in context["situations"]] == [1, 1]
    boxes = [[box["ticked"] for box in one["choices"]] for one in context["situations"]]
    assert boxes == [[True, False, False], [False, True, True]]


def test_it_draws_one_ticked_box_a_line_and_the_mark_out_of_twenty(world):
    context = pdf.ccf_context(locked(world), Grids())
    html = render_to_string("evaluations/pdf/ccf.html", {**context, "cfa": {}, "document": {}})
    grid = html[html.index("ccf-grid") :]
    assert len(re.findall(r'class="box ticked"', grid)) == 8
    assert len(re.findall(r'class="box', grid)) == 8 * 4
    assert "NOTE sur 20 : <strong>12,5</strong>" in grid


def test_it_asks_for_a_document_with_the_frozen_sheet(world):
    evaluation = locked(world)
    first = actions.request_ccf_pdf(evaluation=evaluation, by=world.bruno)
    assert first.kind == "fiche_ccf"
    assert first.context["mark"] == "12,5"
    assert first.file_name.startswith("BENALI_Aicha_ccf-e4_")
    evaluation.refresh_from_db()
    assert evaluation.document == first


def test_it_replaces_the_issued_sheet_after_a_correction(world, django_capture_on_commit_callbacks):
    evaluation = locked(world)
    with django_capture_on_commit_callbacks():
        first = actions.request_ccf_pdf(evaluation=evaluation, by=world.bruno)
    Document.objects.filter(pk=first.pk).update(
        state="issued", issued_at=timezone.now(), sha256="0" * 64, file="documents/x.pdf"
    )
    actions.reopen_evaluation(evaluation=evaluation, by=world.elise, reason="Erreur de report")
    actions.propose_mark(evaluation=evaluation, mark="13", by=world.bruno)
    actions.lock_evaluation(evaluation=evaluation, by=world.bruno)
    second = actions.request_ccf_pdf(evaluation=evaluation, by=world.bruno)
    assert second.replaces == first
    assert second.context["mark"] == "13"


def test_it_gives_the_same_sheet_while_nothing_has_moved(world):
    evaluation = locked(world)
    first = actions.request_ccf_pdf(evaluation=evaluation, by=world.bruno)
    assert actions.request_ccf_pdf(evaluation=evaluation, by=world.elise) == first


def test_it_waits_for_the_sheet_under_way_before_its_correction(world):
    evaluation = locked(world)
    actions.request_ccf_pdf(evaluation=evaluation, by=world.bruno)
    actions.reopen_evaluation(evaluation=evaluation, by=world.elise, reason="Erreur de report")
    actions.propose_mark(evaluation=evaluation, mark="13", by=world.bruno)
    actions.lock_evaluation(evaluation=evaluation, by=world.bruno)
    with pytest.raises(DomainError, match="n'est pas encore émise"):
        actions.request_ccf_pdf(evaluation=evaluation, by=world.bruno)
