"""Edit, import, duplicate: what staff do to a programme in the browser."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from accounts.errors import NotAllowed
from accounts.models import Event
from programmes import actions, store
from programmes.models import CfaProgramme
from programmes.spreadsheet import model_sheet, read_sheet
from programmes.tests.recipes import load_ndrc

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(cast):
    return load_ndrc(cast.cfa.slug)


def grid(programme, **changes) -> dict:
    """What the browser sends for the present grid."""
    rows = list(programme.subjects.all())
    data = {
        "form-TOTAL_FORMS": len(rows) + 2,
        "form-INITIAL_FORMS": len(rows),
        "hours_announced": "1350",
    }
    for n, row in enumerate(rows):
        for name, value in (
            ("code", row.code),
            ("title", row.title),
            ("short_title", row.short_title),
            ("unite", row.unite_code),
            ("hours_year_1", str(row.hours_year_1)),
            ("hours_year_2", str(row.hours_year_2)),
        ):
            data[f"form-{n}-{name}"] = value
    for n in (len(rows), len(rows) + 1):
        for name in ("code", "title", "short_title", "unite", "hours_year_1", "hours_year_2"):
            data[f"form-{n}-{name}"] = ""
    return data | changes


def url(name, programme):
    return reverse(f"programmes:{name}", args=[programme.uuid])


def test_the_grid_is_saved_with_commas_new_lines_and_removed_ones(cast, programme, signed_in):
    client = signed_in(cast.elise)
    page = client.get(url("programme_hours", programme)).content.decode()
    assert 'data-minimum="1012,50"' in page
    changes = {
        "form-0-hours_year_1": "50,5",
        "form-3-DELETE": "on",
        "form-8-title": "Anglais renforcé",
        "form-8-unite": "U2",
        "form-8-hours_year_1": "10",
        "form-8-hours_year_2": "12.25",
        "hours_announced": "1 330,75",
    }
    answer = client.post(url("programme_hours", programme), grid(programme, **changes))
    assert answer.status_code == 302
    programme.refresh_from_db()
    subjects = {row.code: row for row in programme.subjects.all()}
    assert subjects["cge"].hours_year_1 == Decimal("50.5")
    assert "cejm-appliquee" not in subjects
    assert subjects["anglais-renforce"].hours == Decimal("22.25")
    assert programme.hours_announced == Decimal("1330.75")
    assert "hours_by_subject" not in programme.assumed
    assert programme.edited_by == cast.elise
    event = Event.objects.filter(verb="programme.hours").get()
    assert any("subjects.cge.hours_year_1" in change for change in event.data["changes"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"form-0-hours_year_1": "-1"}, "supérieure ou égale"),
        ({"form-0-hours_year_1": "beaucoup"}, "Saisissez un nombre"),
        ({"form-0-title": ""}, "obligatoire"),
        ({"form-0-unite": "U9"}, "n’en fait pas partie"),
        ({"form-1-title": "Culture générale et expression"}, "revient deux fois"),
        ({"hours_announced": ""}, "obligatoire"),
    ],
)
def test_a_wrong_grid_is_refused_and_nothing_changes(cast, programme, signed_in, changes, message):
    before = store.dump(programme)
    answer = signed_in(cast.elise).post(
        url("programme_hours", programme), grid(programme, **changes)
    )
    assert answer.status_code == 422
    assert message in answer.content.decode()
    programme.refresh_from_db()
    assert store.dump(programme) == before


def test_titles_may_be_swapped(cast, programme, signed_in):
    rows = list(programme.subjects.all())
    changes = {"form-0-title": rows[1].title, "form-1-title": rows[0].title}
    client = signed_in(cast.elise)
    assert (
        client.post(url("programme_hours", programme), grid(programme, **changes)).status_code
        == 302
    )
    assert programme.subjects.get(code="cge").title == rows[1].title


def test_the_present_grid_comes_back_from_its_own_spreadsheet(cast, programme, signed_in):
    client = signed_in(cast.elise)
    raw = client.get(url("subjects_export", programme)).content
    sheet = load_workbook(io.BytesIO(raw)).active
    assert sheet["A1"].value == "Repère"
    sheet_rows = read_sheet("x.xlsx", raw)
    assert sheet_rows.problems == []
    assert [row["code"] for row in sheet_rows.rows] == [
        row.code for row in programme.subjects.all()
    ]
    file = SimpleUploadedFile("heures.xlsx", raw)
    before = store.dump(programme)
    page = client.post(url("subjects_import", programme), {"file": file})
    assert page.status_code == 200
    assert "heures.xlsx est lu" in page.content.decode()
    assert store.dump(programme) == before  # nothing before the grid is saved


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("h.csv", "a;b\n1;2", "Aucune ligne de titres"),
        ("h.csv", "Matière;1re année;2e année\nAnglais;x;2", "Ligne 2, « 1re année »"),
        ("h.csv", "Matière;1re année;2e année\nAnglais;-1;2", "de 0 à 9999"),
        ("h.csv", "Matière;1re année;2e année\n;1;2", "pas d'intitulé"),
        ("h.csv", "Matière;1re année;2e année\nA;1;2\nA;1;2", "revient deux fois"),
        ("h.csv", "Matière;1re année;2e année;Total\nA;1;2;4", "ne font pas 4"),
        ("h.csv", "Matière;1re année;2e année\nA;1;2\nTotal;1;3", "ne fait pas la somme (1 et 2)"),
        ("h.csv", "Matière;1re année;2e année\n", "aucune matière"),
        ("h.txt", "x", ".xlsx ou un fichier .csv"),
        ("h.xlsx", "pas un classeur", "ne peut pas être lu"),
    ],
)
def test_a_wrong_spreadsheet_is_told_line_by_line(name, text, message):
    sheet = read_sheet(name, text.encode())
    assert any(message in problem for problem in sheet.problems), sheet.problems


def test_a_spreadsheet_reads_french_numbers():
    sheet = read_sheet(
        "h.csv", "Matière;1re année;2e année;Total\nA;1 047,5 h;2;\nTotal;1047,5;2;".encode()
    )
    assert sheet.problems == []
    assert sheet.rows[0]["hours_year_1"] == Decimal("1047.5")


def test_a_title_that_looks_like_a_formula_leaves_as_text(programme):
    subject = programme.subjects.first()
    subject.title = "=1+1"
    subject.save()
    sheet = load_workbook(io.BytesIO(model_sheet(programme))).active
    assert sheet["B2"].value == "'=1+1"
    assert read_sheet("x.xlsx", model_sheet(programme)).rows[0]["title"] == "=1+1"


def general(programme, client) -> dict:
    """The form of general facts as the page shows it."""
    form = client.get(url("programme_edit", programme)).context["form"]
    data = {}
    for name in form.fields:
        value = form[name].value()
        if value not in (None, ""):
            data[name] = f"{value:%Y-%m-%d}" if hasattr(value, "year") else value
    return data


def test_general_facts_and_rubrics_are_edited(cast, programme, signed_in):
    client = signed_in(cast.elise)
    data = general(programme, client)
    section = programme.sections.get(code="7-suivi")
    untouched = programme.sections.get(code="1-informations-generales").lines
    data |= {
        "ends_on": "2027-12-31",
        "session": 2028,
        "weekdays": [0, 1, 2],
        "closures_text": "21/12/2026 - 02/01/2027 Fin d'année",
        f"section_{section.pk}": "Réunions | chaque mois\nUne ligne",
    }
    answer = client.post(url("programme_edit", programme), data)
    assert answer.status_code == 302, answer.context["form"].errors
    programme.refresh_from_db()
    assert programme.rhythm["weekdays"] == [0, 1, 2]
    assert programme.closures[0]["label"] == "Fin d'année"
    assert [row["label"] for row in programme.sections.get(code="7-suivi").lines] == [
        "Réunions",
        "",
    ]
    # A line left as it was keeps the printed words and their correction.
    assert programme.sections.get(code="1-informations-generales").lines == untouched


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ends_on": "2025-01-01"}, "La fin doit suivre le début"),
        ({"session": 2019}, "Aucune version"),
        ({"closures_text": "demain"}, "Ligne 1"),
        ({"morning_ends": "08:00"}, "doit suivre son début"),
        ({"group_max": 0}, "doit atteindre"),
    ],
)
def test_wrong_facts_are_refused(cast, programme, signed_in, changes, message):
    client = signed_in(cast.elise)
    data = general(programme, client) | changes
    before = store.dump(programme)
    answer = client.post(url("programme_edit", programme), data)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    programme.refresh_from_db()
    assert store.dump(programme) == before


def test_the_copy_for_the_next_year_is_one_year_later(cast, programme, signed_in):
    client = signed_in(cast.elise)
    answer = client.post(url("programme_duplicate", programme))
    copy = programme.duplicates.get()
    assert answer.url == url("programme_detail", copy)
    assert (copy.session, copy.title) == (2028, "BTS NDRC, janvier 2027 à juin 2028")
    assert (copy.starts_on.year, copy.ends_on.year) == (2027, 2028)
    assert copy.subjects.count() == programme.subjects.count()
    assert copy.slug != programme.slug
    again = actions.duplicate_programme(programme=programme, by=cast.elise)
    assert again.slug not in {copy.slug, programme.slug}
    with pytest.raises(NotAllowed, match="équipe"):
        actions.duplicate_programme(programme=programme, by=cast.bruno)


def test_a_centre_without_programme_makes_its_first_one_and_goes_back_to_its_cohort(
    cast, signed_in
):
    load_ndrc()
    client = signed_in(cast.gaelle)
    CfaProgramme.objects.filter(cfa=cast.other_cfa).delete()
    cohort = reverse("apprentices:cohort_create")
    url = reverse("programmes:programme_create") + f"?suite={cohort}"
    assert f'href="{url}"' in client.get(cohort).content.decode()
    typed = {
        "rncp": "RNCP38368", "starts_on": "2026-09-01", "ends_on": "2026-08-31", "weekdays": ["0", "1"],
        "morning_starts": "09:00", "morning_ends": "12:30", "afternoon_starts": "13:30",
        "afternoon_ends": "17:00", "group_max": "20",
    }  # fmt: skip
    for wrong in ({}, {"ends_on": "2050-08-31"}, {"weekdays": []}, {"morning_ends": "08:00"}):
        answer = client.post(url, {**typed, "ends_on": "2028-08-31", **wrong} if wrong else typed)
        assert answer.status_code == 422, wrong
    assert client.post(url, {**typed, "ends_on": "2028-08-31"}).url == cohort
    programme = CfaProgramme.objects.get(cfa=cast.other_cfa)
    assert (programme.session, programme.hours_announced) == (2028, 1350)
    codes = [row.unite_code for row in programme.subjects.all()]
    assert codes == ["U1", "U2", "U3", "U4", "U5", "U6"]
    assert "2026-2028" in client.get(cohort).content.decode()
    twice = client.post(url, {**typed, "ends_on": "2028-08-31"})
    assert twice.status_code == 422
    away = client.post(
        reverse("programmes:programme_create") + "?suite=https://ailleurs.example/",
        {**typed, "starts_on": "2026-10-01", "ends_on": "2028-08-31"},
    )
    assert "ailleurs" not in away.url
