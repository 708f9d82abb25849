"""A block of marks pasted or imported: the preview, all or nothing, the way back."""

from decimal import Decimal
from html import unescape
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from evaluations.marks import columns
from evaluations.models import Mark
from evaluations.rules import Conflict

from . import recipes
from .test_marks import open_one, school_of, write


@pytest.fixture
def school(world):
    return school_of(world)


def paste(client, here, text, **extra):
    url = reverse("evaluations:marks_paste", args=[here.cohort.uuid]) + "?semestre=3"
    return client.post(url, {"text": text, "first": str(here.quiz.pk), **extra})


def test_a_pasted_column_is_shown_before_it_is_written(school, signed_in):
    recipes.another_enrolment(school, 1)
    client = signed_in(school.bruno)
    text = "Benali Aïcha\t14\nInconnu Paul\t9\nMartin 1 Noé\t25"
    page = paste(client, school, text).content.decode()
    assert "1 note reconnue, 1 ligne inconnue, 1 refusée" in page
    assert not Mark.objects.exists()
    seen = recipes.seen_in(page)
    assert paste(client, school, text, confirm="1", seen=seen).status_code == 302
    assert Mark.objects.get().value == 14


def test_the_preview_strikes_only_what_would_change(school, signed_in):
    write(school, "9,75", by=school.bruno)
    client = signed_in(school.bruno)
    assert "<del" not in paste(client, school, "9.75").content.decode()
    assert "<del" in paste(client, school, "9.5").content.decode()


def test_a_mark_changed_since_the_preview_is_not_overwritten(school, signed_in):
    client = signed_in(school.bruno)
    seen = recipes.seen_in(paste(client, school, "14").content.decode())
    write(school, "9", by=school.elise)
    answer = paste(client, school, "14", confirm="1", seen=seen)
    assert answer.status_code == 422
    assert "changé depuis l&#x27;aperçu" in answer.content.decode()
    assert Mark.objects.get().value == 9
    again = recipes.seen_in(answer.content.decode())
    assert paste(client, school, "14", confirm="1", seen=again).status_code == 302
    assert Mark.objects.get().value == 14


def test_300_lines_on_two_apprentices_write_nothing(school, signed_in):
    recipes.another_enrolment(school, 1)
    answer = paste(signed_in(school.bruno), school, "\n".join(["10"] * 300), confirm="1")
    assert answer.status_code == 422
    assert "298 lignes de plus" in answer.content.decode()
    assert not Mark.objects.exists()


def test_a_whole_grid_goes_out_is_filled_and_comes_back(school, signed_in):
    other = recipes.another_enrolment(school, 1)
    cas = open_one(school, "Cas", subject=school.reseaux, scale=Decimal(10))
    client = signed_in(school.bruno)
    page = reverse("evaluations:marks_grid") + f"?promotion={school.cohort.uuid}&semestre=3"
    sheet = load_workbook(BytesIO(client.get(page + "&export=xlsx").content))
    rows = {row[0].value: row for row in sheet.active.iter_rows(min_row=2)}
    rows["Benali"][2].value, rows["Benali"][3].value = 12.5, "A"
    rows[other.apprentice.last_name][3].value = 11  # out of 10
    answer = upload(client, school, sheet)
    assert answer.status_code == 422
    assert "11 dépasse le barème" in answer.content.decode()
    assert not Mark.objects.exists()
    rows[other.apprentice.last_name][3].value = 7.25
    preview = upload(client, school, sheet).content.decode()
    assert "3 notes reconnues. Rien n'est encore écrit" in preview
    seen, text = recipes.seen_in(preview), unescape(preview.split('rows="8">\n')[1].split("</textarea>")[0])  # fmt: skip
    assert paste(client, school, text, first="", confirm="1", seen=seen).status_code == 302
    found = {(m.assessment, m.enrolment): m.value for m in Mark.objects.select_related()}
    assert found == {
        (school.quiz, school.enrolment): Decimal("12.5"),
        (cas, school.enrolment): None,
        (cas, other): Decimal("7.25"),
    }


def upload(client, here, sheet):
    out = BytesIO()
    sheet.save(out)
    return paste(client, here, "", first="", file=SimpleUploadedFile("notes.xlsx", out.getvalue()))


def test_a_wrong_paste_is_undone_but_not_what_changed_since(school, signed_in):
    other = recipes.another_enrolment(school, 1)
    write(school, "9")
    client = signed_in(school.bruno)
    seen = recipes.seen_in(paste(client, school, "14\n15").content.decode())
    assert paste(client, school, "14\n15", confirm="1", seen=seen).status_code == 302
    write(school, "16", enrolment=other, by=school.elise)
    grid = reverse("evaluations:marks_grid") + f"?promotion={school.cohort.uuid}&semestre=3"
    assert "Annuler ce collage" in client.get(grid).content.decode()
    url = reverse("evaluations:marks_undo", args=[school.quiz.period.uuid])
    told = client.post(url, follow=True).content.decode()
    assert "1 note remise comme avant. 1 changée depuis" in told
    assert "Annuler ce collage" not in told
    assert sorted(Mark.objects.values_list("value", flat=True)) == [9, 16]
    assert "plus rien à annuler" in client.post(url, follow=True).content.decode()


def test_a_mark_written_between_the_check_and_the_write_is_not_lost(school):
    write(school, "9")
    with pytest.raises(Conflict, match="changé depuis"):
        columns.paste_marks(
            period=school.quiz.period,
            columns={school.quiz: {school.enrolment.pk: "14"}},
            by=school.bruno,
            expected={},
        )
    assert Mark.objects.get().value == 9
