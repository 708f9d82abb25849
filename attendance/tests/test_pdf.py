"""The PDF of a sheet: every mention, frozen."""

import pytest
from django.template.loader import render_to_string

from accounts.errors import DomainError, NotAllowed
from attendance.actions import (
    countersign_sheet,
    mark_absent,
    open_sheet,
    request_sheet_pdf,
    sign_presence,
)
from attendance.pdf import sheet_context

from .recipes import at, own_phone, trainer_device

pytestmark = [pytest.mark.render, pytest.mark.django_db]


@pytest.fixture
def closed(school):
    school.enrol("Léa", "Petit")
    sick = school.enrol("Yanis", "Roche")
    sheet = open_sheet(session=school.session(room="B2"), by=school.cast.bruno, at=at(8, 55))
    sign_presence(presence=school.presence(sheet), **own_phone(school.cast.aicha), at=at(9, 2))
    mark_absent(
        presence=sheet.presences.get(enrolment=sick),
        by=school.cast.bruno,
        excused=True,
        reason="Opération du genou",
    )
    return countersign_sheet(sheet=sheet, **trainer_device(school.cast.bruno), at=at(12, 31))


def test_the_context_holds_every_mention(school, closed):
    context = sheet_context(closed)
    assert context["training"]["rncp"] == "RNCP38368"
    assert context["cohort"] == "NDRC 2026"
    assert context["session"] == {
        "date": "lundi 5 janvier 2026",
        "half": "Matin",
        "starts": "9 h",
        "ends": "12 h 30",
        "hours": "3,50",
        "subject": "Négociation-vente",
        "place": "B2, 2 rue de la Gare, Paris",
        "mode": "en présentiel",
    }
    assert context["trainer"]["name"] == "Bruno Caron"
    assert context["trainer"]["signature"]["path"].startswith("M")
    assert [(r["last_name"], r["state_label"], bool(r["signature"])) for r in context["rows"]] == [
        ("BENALI", "Présent", True),
        ("PETIT", "Absence à justifier", False),
        ("ROCHE", "Absence justifiée", False),
    ]
    assert context["counts"] == {"expected": 3, "present": 1, "absent": 1, "excused": 1}
    assert context["closed_at"] == "05/01/2026 à 12:31:00"


def test_reasons_of_absence_stay_out_of_the_paper(closed):
    assert "genou" not in str(sheet_context(closed))


def test_the_template_draws_the_signatures(closed):
    context = sheet_context(closed) | {"document": {}}
    html = " ".join(render_to_string("attendance/pdf/sheet.html", context).split())
    assert html.count("%3Cpath") == 2
    assert "1 présent sur 3 attendus, 1 absence à justifier, 1 justifiée" in html
    assert "Signature de Bruno Caron" in html


def test_the_same_document_is_given_twice(school, closed):
    document = request_sheet_pdf(sheet=closed, by=school.cast.bruno)
    assert request_sheet_pdf(sheet=closed, by=school.cast.elise) == document
    assert document.file_name == "NDRC-2026_feuille-emargement-matin_2026-01-05.pdf"
    assert list(document.readers.all()) == [school.cast.bruno]
    assert document.context["cfa"]["name"] == "LZ Formation"


def test_an_open_sheet_has_no_pdf(school):
    sheet = open_sheet(session=school.session(), by=school.cast.bruno, at=at(9))
    with pytest.raises(DomainError, match="contresignée"):
        request_sheet_pdf(sheet=sheet, by=school.cast.bruno)


@pytest.mark.parametrize("who", ["aicha", "chantal", "gaelle", "auditor"])
def test_others_do_not_ask_for_it(school, closed, who):
    with pytest.raises(NotAllowed):
        request_sheet_pdf(sheet=closed, by=getattr(school.cast, who))
