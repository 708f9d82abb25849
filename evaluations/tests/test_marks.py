"""The formative marks: deeds, the grid, pasting, averages, bulletins, who sees what."""

import time
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from documents.models import Document
from evaluations.marks import actions, columns, issuing, reports
from evaluations.models import Assessment, Mark
from evaluations.rules import Conflict
from programmes.models import Subject

from . import recipes


@pytest.fixture
def school(world):
    return school_of(world)


def school_of(world, today: date = date(2026, 11, 3)):
    """The world with three subjects and one assessment of this semester."""
    programme = world.cohort.programme
    for position, (code, title, unite) in enumerate(
        (("nego", "Négociation", "UE4"), ("reseaux", "Réseaux", "UE6"), ("atelier", "Atelier", ""))
    ):
        setattr(
            world,
            code,
            Subject.objects.create(
                programme=programme,
                code=code,
                title=title,
                short_title=title,
                unite_code=unite,
                hours_year_1=60,
                hours_year_2=60,
                source="CFA",
                position=position,
            ),
        )
    world.quiz = open_one(world, "Contrôle 1", held_on=today)
    return world


def open_one(here, title: str, *, number: int = 3, by=None, **changes) -> Assessment:
    values = {
        "cohort": here.cohort,
        "number": number,
        "subject": here.nego,
        "kind": "quiz",
        "title": title,
        "held_on": date(2026, 11, 3),
        "coefficient": Decimal(1),
        "scale": Decimal(20),
        "epreuve": None,
        "is_visible": True,
        "by": by or here.bruno,
    }
    return actions.save_assessment(**{**values, **changes})


def write(here, text: str, *, assessment=None, enrolment=None, by=None, **extra):
    return actions.save_mark(
        assessment=assessment or here.quiz,
        enrolment=enrolment or here.enrolment,
        text=text,
        by=by or here.bruno,
        **extra,
    )


def cell(here, assessment=None, enrolment=None) -> str:
    return f"m-{(assessment or here.quiz).pk}-{(enrolment or here.enrolment).pk}"


def save(client, here, name, value, seen=""):
    url = reverse("evaluations:marks_save", args=[here.cohort.uuid])
    return client.post(url, {"name": name, "value": value, "seen": seen})


def test_it_keeps_each_value_of_a_mark(school):
    for text in ("12,5", "A", ""):
        write(school, text)
    from evaluations.marks.selectors import mark_history

    said = [(e.data["old"], e.data["new"]) for e in mark_history(school.quiz, school.enrolment)]
    assert said == [("A", ""), ("12,5", "A"), ("", "12,5")]
    assert not Mark.objects.exists()


def test_two_people_on_the_same_cell_are_told(school):
    write(school, "12", by=school.elise, expected="")
    with pytest.raises(Conflict, match="Élise Faure"):
        write(school, "9", expected="")
    assert Mark.objects.get().value == 12


@pytest.mark.parametrize("who", ["aicha", "chantal", "denis", "gaelle", "stranger", "auditor"])
def test_it_lets_only_the_team_mark(school, who):
    with pytest.raises(NotAllowed):
        write(school, "12", by=getattr(school, who))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": date(2027, 6, 1)}, "held_on"),
        ({"kind": "ecrit_blanc"}, "epreuve"),
        ({"number": 7}, "number"),
    ],
)
def test_it_refuses_an_assessment_that_cannot_be(school, changes, field):
    with pytest.raises(DomainError) as refusal:
        open_one(school, "Autre", **changes)
    assert refusal.value.field == field


def test_a_blank_exam_is_marked_in_half_points(school):
    blank = open_one(school, "E4 blanc", kind="oral_blanc", epreuve=school.e4)
    with pytest.raises(DomainError, match="demi-points"):
        write(school, "7,25", assessment=blank)
    assert write(school, "7,5", assessment=blank).value == Decimal("7.5")


def test_a_lower_scale_is_refused_when_a_mark_passes_it(school):
    write(school, "15")
    with pytest.raises(DomainError, match="dépasse ce barème"):
        open_one(school, "Contrôle 1", scale=Decimal(10), assessment=school.quiz)


def test_a_locked_semester_moves_no_more_until_it_is_reopened_with_a_reason(school):
    actions.lock_period(cohort=school.cohort, number=3, by=school.elise)
    with pytest.raises(DomainError, match="verrouillé"):
        write(school, "12")
    with pytest.raises(NotAllowed):
        actions.reopen_period(cohort=school.cohort, number=3, reason="x" * 12, by=school.bruno)
    with pytest.raises(DomainError, match="motif"):
        actions.reopen_period(cohort=school.cohort, number=3, reason="x", by=school.elise)
    actions.reopen_period(
        cohort=school.cohort, number=3, reason="Note oubliée au contrôle", by=school.elise
    )
    assert write(school, "12").value == 12


def test_the_same_mark_for_all_leaves_those_already_given(school):
    recipes.another_enrolment(school, 1)
    write(school, "4")
    assert columns.fill_empty(assessment=school.quiz, text="10", by=school.bruno) == 1
    assert sorted(mark.value for mark in Mark.objects.all()) == [4, 10]


def test_it_saves_a_cell_and_answers_with_what_it_kept(school, signed_in):
    client = signed_in(school.bruno)
    answer = save(client, school, cell(school), "12.50").json()
    assert (answer["state"], answer["value"]) == ("saved", "12,5")
    assert answer["shown"][f"row-{school.enrolment.pk}"] == "12,5"
    assert save(client, school, cell(school), "25", "12,5").status_code == 422
    assert save(client, school, cell(school), "9", "7").status_code == 409
    assert save(client, school, "m-1-x", "9").status_code == 400
    assert save(client, school, "m-999999-1", "9").status_code == 404
    assert Mark.objects.get().value == Decimal("12.5")


def test_the_grid_costs_the_same_whatever_its_size_and_a_cell_saves_in_50_ms(
    school, signed_in, django_assert_num_queries
):
    client = signed_in(school.bruno)
    url = reverse("evaluations:marks_grid") + f"?promotion={school.cohort.uuid}&semestre=3"

    def count():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(url).status_code == 200
        return len(found)

    count()
    small = count()
    people = [recipes.another_enrolment(school, n) for n in range(34)]
    columns = [open_one(school, f"Contrôle {n}") for n in range(2, 21)]
    Mark.objects.bulk_create(
        Mark(assessment=a, enrolment=e, status="marked", value=10) for a in columns for e in people
    )
    assert count() == small
    spent = []
    for text in ("11", "12", "13", "14", "15"):
        seen = "" if text == "11" else str(int(text) - 1)
        start = time.process_time()
        answer = save(client, school, cell(school), text, seen)
        spent.append(time.process_time() - start)
        assert answer.status_code == 200
    assert min(spent) < 0.05


def test_the_grid_leaves_as_a_table_without_formulas(school, signed_in):
    write(school, "12,5")
    open_one(school, "=SOMME(A1)")
    url = reverse("evaluations:marks_grid") + f"?promotion={school.cohort.uuid}&semestre=3"
    text = signed_in(school.bruno).get(url + "&export=csv").content.decode("utf-8-sig")
    assert text.splitlines()[1] == "Benali;Aïcha;12,5;"
    assert "Négociation · =SOMME" in text
    assert signed_in(school.bruno).get(url + "&export=xlsx").status_code == 200


def test_the_averages_go_from_subject_to_unit_to_semester(school):
    other = recipes.another_enrolment(school, 1)
    write(school, "10")
    write(school, "14", enrolment=other)
    reseaux = open_one(school, "Cas", subject=school.reseaux, scale=Decimal(10))
    write(school, "8", assessment=reseaux)
    atelier = open_one(school, "Projet", subject=school.atelier)
    write(school, "20", assessment=atelier)
    found = reports.Bulletins(school.cohort, 3).context(school.enrolment)
    assert [(line["average"], line["klass"]["mean"]) for line in found["lines"]] == [
        ("10", "12"),
        ("16", "16"),
        ("20", "20"),
    ]
    # Both épreuves of this small world weigh 5: (10 + 16) / 2; the workshop has no unit.
    assert (found["general"], found["general_class"]["high"]) == ("13", "14")


def test_bulletins_wait_for_the_lock_then_go_to_their_apprentice(school):
    write(school, "10")
    with pytest.raises(DomainError, match="Verrouillez"):
        issuing.issue_bulletins(
            cohort=school.cohort, number=3, enrolments=[school.enrolment], by=school.elise
        )
    actions.lock_period(cohort=school.cohort, number=3, by=school.elise)

    def issue():
        return issuing.issue_bulletins(
            cohort=school.cohort, number=3, enrolments=[school.enrolment], by=school.elise
        )

    job = issue()
    document = Document.objects.get(kind="bulletin")
    assert set(document.readers.all()) == {school.aicha}
    assert document.context["lines"][0]["average"] == "10"
    assert issue() == job  # pressed twice, made once
    # Issued, then corrected: the new one takes its place.
    sealed = {"state": "issued", "issued_at": timezone.now(), "sha256": "0", "file": "x.pdf"}
    Document.objects.filter(pk=document.pk).update(**sealed)
    actions.reopen_period(
        cohort=school.cohort, number=3, reason="Une copie retrouvée", by=school.elise
    )
    write(school, "12")
    actions.lock_period(cohort=school.cohort, number=3, by=school.elise)
    issue()
    assert Document.objects.get(replaces=document).context["lines"][0]["average"] == "12"


def test_the_livret_scolaire_has_four_marks_by_unit_and_its_statistics(school):
    for number, day, text in (
        (1, date(2026, 2, 2), "8"),
        (2, date(2026, 6, 15), "10"),
        (3, date(2026, 11, 4), "12"),
        (4, date(2027, 3, 1), "14"),
    ):
        one = open_one(school, f"S{number}", number=number, held_on=day)
        write(school, text, assessment=one)
    issuing.save_livret_scolaire(
        enrolment=school.enrolment,
        opinion="f",
        text="Sérieuse.",
        by=school.bruno,
    )
    issuing.save_past_session(
        cfa=school.cfa, session=2026, presented=10, admitted=8, by=school.elise
    )
    found = reports.LivretsScolaires(school.cohort).context(school.enrolment)
    row = found["rows"][0]
    assert (row["code"], row["semesters"], row["second_year"]) == (
        "UE4",
        ["8", "10", "12", "14"],
        "13",
    )
    assert found["others"][0]["title"] == "Atelier"
    assert found["statistics"]["opinions"][1] == {"label": "Favorable", "count": 1, "share": "100"}
    assert found["past"][0]["rate"] == "80"
    assert found["graph_rows"][0]["value"] == "10"


def test_an_appreciation_is_saved_and_refused_when_too_long(school, signed_in):
    client = signed_in(school.bruno)
    name = f"a-3-{school.nego.pk}-{school.enrolment.pk}"
    assert save(client, school, name, "En progrès.").json()["value"] == "En progrès."
    assert save(client, school, name, "x" * 601, "En progrès.").status_code == 422
    page = client.get(
        reverse("evaluations:remarks")
        + f"?promotion={school.cohort.uuid}&semestre=3&matiere={school.nego.uuid}"
    )
    assert "En progrès." in page.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "marks_averages",
        "remarks",
        "bulletin",
        "livret_scolaire",
        "assessment_detail",
        "assessment_edit",
    ],
)
def test_its_pages_open_for_the_trainer(school, signed_in, name):
    write(school, "10")
    args = {
        "bulletin": [school.enrolment.uuid],
        "livret_scolaire": [school.enrolment.uuid],
        "assessment_detail": [school.quiz.uuid],
        "assessment_edit": [school.quiz.uuid],
    }.get(name, [])
    assert signed_in(school.bruno).get(reverse(f"evaluations:{name}", args=args)).status_code == 200


def test_an_apprentice_sees_own_visible_marks_only(school, signed_in):
    write(school, "13,25")
    hidden = open_one(school, "Secret", is_visible=False)
    write(school, "3,75", assessment=hidden)
    page = signed_in(school.aicha).get(reverse("evaluations:my_marks")).content.decode()
    assert "13,25 / 20" in page
    assert "3,75" not in page
    assert "Secret" not in page
