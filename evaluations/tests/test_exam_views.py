"""The screens of the exam, and who sees what before and after the publication."""

import re
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from apprentices.models import Contract
from evaluations.exam import actions
from evaluations.exam.enums import Stage
from evaluations.models import CcfEvaluation, ExamRegistration, ExamSession, PastSession
from evaluations.samples import small_pdf
from programmes.indicators import rates_of

from .exam_recipes import CODES, type_marks
from .recipes import seen_in

JURY = date(2026, 7, 2)
SECRET = "17,5"


@pytest.fixture
def world(exam_world):
    return exam_world


@pytest.fixture
def sign_in(signed_in):
    return signed_in


def address(name, *args, **kwargs):
    return reverse(f"evaluations:{name}", args=args, kwargs=kwargs)


def publish(world, marks="12 9 10 12 9/12 11"):
    for one in (world.one, world.two, world.three):
        type_marks(world, one, marks, stage="proposed")
    actions.adopt_marks(session=world.session, by=world.farid)
    actions.publish_results(session=world.session, deliberated_on=JURY, by=world.farid)


def test_the_list_to_check_says_hours_contract_and_what_is_missing(world, signed_in):
    page = signed_in(world.elise).get(address("exam_session_detail", world.session.uuid))
    text = page.content.decode()
    assert "Atelier Vert" in text
    assert "Aucun contrat signé" in text  # Noé and Zoé
    assert "1 350 au moins" in text.replace("\u202f", " ")
    assert "3 à confirmer" in text


def test_the_list_to_check_costs_the_same_whatever_its_length(
    world, signed_in, django_assert_max_num_queries
):
    client = signed_in(world.elise)
    for _ in range(2):  # the first page warms what is read once
        with django_assert_max_num_queries(22):
            client.get(address("exam_session_detail", world.session.uuid))


def test_it_exports_the_list_for_the_inscription(world, signed_in):
    client = signed_in(world.elise)
    body = client.get(address("exam_session_export", world.session.uuid, "csv")).content.decode("utf-8-sig")  # fmt: skip
    assert body.splitlines()[1].startswith("Benali;Aïcha;02/04/2005;")
    xlsx = client.get(address("exam_session_export", world.session.uuid, "xlsx"))
    assert xlsx.content[:2] == b"PK"
    assert client.get(address("exam_session_export", world.session.uuid, "pdf")).status_code == 404


def test_a_session_is_opened_and_a_cohort_registered_in_two_forms(world, signed_in):
    client = signed_in(world.elise)
    world.referentiel.programmes.update(session=2027)
    answer = client.post(address("exam_session_list"), {"year": 2027})
    session = ExamSession.objects.get(year=2027)
    assert answer.url == address("exam_session_detail", session.uuid)
    client.post(address("exam_register", session.uuid), {"promotion": str(world.cohort.uuid)})
    assert session.registrations.count() == 3
    again = client.post(address("exam_session_list"), {"year": 2027})
    assert again.status_code == 422
    assert "déjà ouverte" in again.content.decode()
    old = client.post(address("exam_session_list"), {"year": 2021})
    assert "Aucun référentiel" in old.content.decode()


def asked(**more):
    data = {"forme": "globale", **{f"{code}-plan": "sit" for code in CODES}}
    return {**data, **more}


def test_a_registration_is_written_from_its_form(world, signed_in):
    client, url = signed_in(world.elise), address("exam_registration_detail", world.one.uuid)
    data = asked(**{"U1-plan": "kept", "U1-mark": "13,5", "U1-session": "2024", "options": ["UF1"]})
    assert client.post(url, data).status_code == 302
    assert str(world.one.units.get(unite__code="U1").kept_mark) == "13.5"
    assert "13,5" in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"U1-plan": "kept", "U1-mark": "13", "U1-session": "2020"},
            "jusqu&#x27;à la session 2025",
        ),
        ({"U1-plan": "kept", "U1-mark": "13,25", "U1-session": "2024"}, "13 ou 13,5"),
        ({"U1-plan": "dispensed"}, "pièce qui justifie"),
        ({"U1-plan": "dispensed", "U1-proof": "x"}, "candidat"),
        ({"forme": "progressive"}, "dérogation du recteur"),
    ],
)
def test_a_refused_registration_keeps_what_was_typed(world, signed_in, more, words):
    client, url = signed_in(world.elise), address("exam_registration_detail", world.one.uuid)
    answer = client.post(url, asked(candidate_number="0214-typed", **more))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "0214-typed" in answer.content.decode()
    assert not world.one.units.exclude(plan="sit").exists()


def test_a_proof_sent_with_the_form_serves_each_dispense_even_when_something_else_is_refused(
    world, signed_in
):
    client, url = signed_in(world.elise), address("exam_registration_detail", world.one.uuid)
    plans = {"U1-plan": "dispensed", "U2-plan": "dispensed", "proof_title": "BTS MCO, 2024"}
    file = SimpleUploadedFile("diplome.pdf", small_pdf("fiche"))
    refused = client.post(url, asked(**plans, **{"U4-plan": "dispensed", "proof_file": file}))
    assert refused.status_code == 422
    assert "seule la VAE" in refused.content.decode()
    piece = world.one.files.get()
    assert refused.content.decode().count(f'<option value="{piece.uuid}" selected>') == 3
    kept = {"U1-proof": str(piece.uuid), "U2-proof": str(piece.uuid)}
    assert client.post(url, asked(**plans, **kept)).status_code == 302
    assert {u.proof for u in world.one.units.filter(plan="dispensed")} == {piece}
    download = address("exam_proof", piece.uuid)
    assert client.get(download).getvalue() == small_pdf("fiche")
    for who, status in (("gaelle", 404), ("aicha", 403), ("chantal", 403), ("auditor", 200)):
        answer = signed_in(getattr(world, who)).get(download)
        if answer.streaming:
            assert answer.getvalue() == small_pdf("fiche")
        assert answer.status_code == status, who


def test_a_confirmation_and_a_withdrawal(world, signed_in):
    client = signed_in(world.elise)
    client.post(address("exam_registration_confirm", world.one.uuid), {"day": "2025-11-05"})
    client.post(address("exam_registration_withdraw", world.two.uuid), {"reason": "abandon"})
    states = list(world.session.registrations.values_list("state", flat=True))
    assert states == ["confirmed", "withdrawn", "draft"]


def save(client, world, name, value, seen="", stage="proposed", **more):
    url = address("exam_mark_save", world.session.uuid, stage)
    return client.post(url, {"name": name, "value": value, "seen": seen, **more})


def test_a_cell_saves_itself_and_tells_what_is_wrong(world, signed_in):
    client, name = signed_in(world.elise), f"{world.one.pk}-U1"
    assert save(client, world, name, "12.5").json() == {"state": "saved", "value": "12,5"}
    assert save(client, world, name, "20,5", "12,5").status_code == 422
    clash = save(client, world, name, "9", "11")
    assert (clash.status_code, clash.json()["current"]) == (409, "12,5")
    assert save(client, world, f"{world.one.pk}-U99", "9").status_code == 422
    assert save(client, world, "x", "9").status_code == 400
    assert save(client, world, name, "9", stage="perdu").status_code == 404


def test_the_whole_form_is_sent_without_javascript(world, signed_in):
    client = signed_in(world.elise)
    data = {
        f"{world.one.pk}-U1": "12",
        f"seen-{world.one.pk}-U1": "",
        f"{world.one.pk}-U2": "21",
        f"seen-{world.one.pk}-U2": "",
    }
    page = client.post(address("exam_mark_save", world.session.uuid, "proposed"), data, follow=True)
    assert "va de 0 à 20" in page.content.decode()
    assert str(world.one.units.get(unite__code="U1").proposed) == "12.0"


def paste(client, world, text, stage="proposed", code="U1", **more):
    return client.post(
        address("exam_marks_paste", world.session.uuid, stage),
        {"text": text, "first": code, **more},
    )


def test_a_column_is_pasted_after_a_preview(world, signed_in):
    client = signed_in(world.elise)
    text = "Benali Aïcha;12,5\nMARTIN;AB\nInconnu;9\nPetit Zoé;7,25\nbenali aicha;8"
    page = paste(client, world, text).content.decode()
    assert "2 notes reconnues, 1 ligne inconnue, 2 refusées" in page
    assert world.one.units.get(unite__code="U1").proposed is None
    seen = seen_in(page)
    actions.save_exam_mark(
        registration=world.one, code="U1", stage="proposed", text="9", by=world.farid
    )
    assert paste(client, world, text, confirm="1", seen=seen).status_code == 422
    seen = seen_in(paste(client, world, text).content.decode())
    assert paste(client, world, text, confirm="1", seen=seen).status_code == 302
    assert str(world.one.units.get(unite__code="U1").proposed) == "12.5"
    assert world.two.units.get(unite__code="U1").outcome == "absent"


def test_the_grid_of_a_stage_goes_out_is_filled_and_comes_back_whole(world, signed_in):
    client = signed_in(world.elise)
    grid = address("exam_marks", world.session.uuid) + "?etape=proposed"
    book = load_workbook(BytesIO(client.get(grid + "&export=xlsx").content))
    cells = book.active[2]
    assert [cell.value for cell in cells[:2]] == ["Benali", "Aïcha"]
    cells[3].value, cells[7].value, cells[8].value = 12.5, "9/12", "AB"
    out = BytesIO()
    book.save(out)
    file = SimpleUploadedFile("notes.xlsx", out.getvalue())
    page = paste(client, world, "", code="", file=file).content.decode()
    assert "3 notes reconnues" in page
    text = unescape(page.split('rows="8">\n')[1].split("</textarea>")[0])
    assert paste(client, world, text, code="", confirm="1", seen=seen_in(page)).status_code == 302
    units = {unit.unite.code: unit for unit in world.one.units.select_related("unite")}
    assert str(units["U1"].proposed) == "12.5"
    assert units["U5"].parts == {"E5A": "9", "E5B": "12"}
    assert units["U6"].outcome == "absent"


def test_three_hundred_lines_on_three_candidates_are_refused_whole(world, signed_in):
    answer = paste(signed_in(world.elise), world, "12\n" * 300, confirm="1")
    assert answer.status_code == 422
    assert "297 lignes de plus" in answer.content.decode()
    assert world.one.units.get(unite__code="U1").proposed is None


def test_the_grid_costs_the_same_whatever_its_length(world, signed_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = signed_in(world.elise), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(address("exam_marks", world.session.uuid))
        counts.append(len(queries))
    actions.withdraw_registration(registration=world.three, reason="abandon", by=world.elise)
    with CaptureQueriesContext(connection) as queries:
        client.get(address("exam_marks", world.session.uuid))
    assert len(queries) == counts[-1]


@pytest.mark.parametrize("stage", Stage.values)
def test_every_stage_has_its_page(world, signed_in, stage):
    url = address("exam_marks", world.session.uuid)
    assert signed_in(world.auditor).get(url, {"etape": stage}).status_code == 200


def test_the_public_programme_tells_the_success_rate_of_groups_large_enough(world):

    def rates():
        return rates_of(world.cfa, world.referentiel.rncp)

    assert rates() == []  # before the publication
    publish(world)
    (rate,) = rates()
    assert (rate.year, rate.counted, rate.succeeded, rate.is_shown) == (2026, 3, 3, False)
    assert rates_of(world.other_cfa, world.referentiel.rncp) == []
    world.session.registrations.filter(pk=world.two.pk).update(decision="ajourne")
    assert rates()[0].percent == 66.7


def test_the_administrator_publishes_and_everybody_concerned_sees(world, signed_in):
    farid = signed_in(world.farid)
    url = address("exam_publish", world.session.uuid)
    early = farid.post(url, {"day": "2026-07-02"})
    assert early.status_code == 422
    assert "Il manque des notes" in early.content.decode()
    for one in (world.one, world.two, world.three):
        type_marks(world, one, "12 9 10 12 9/12 11", stage="proposed")
    farid.post(address("exam_adopt", world.session.uuid))
    page = farid.get(url).content.decode()
    assert "Ce que ces notes donnent" in page
    assert "D643-26" in page
    assert farid.post(url, {"day": "2026-07-02"}).status_code == 302
    result = address("exam_result", world.one.uuid)
    for who in (world.aicha, world.chantal, world.bruno, world.elise):
        assert "10,86" in signed_in(who).get(result).content.decode()
    for who in (world.denis, world.gaelle):
        assert signed_in(who).get(result).status_code == 404
    assert "10,86" in signed_in(world.aicha).get(address("exam_mine")).content.decode()
    past = PastSession.objects.get(cfa=world.cfa, session=2026)
    assert (past.presented, past.admitted) == (3, 3)
    # A company that the apprentice had left before the exam reads nothing.
    Contract.objects.update(ends_on=date(2026, 5, 31))
    assert signed_in(world.chantal).get(result).status_code == 404


def test_before_the_publication_no_page_of_theirs_says_a_mark(world, signed_in):
    """Aïcha and Chantal walk every page of theirs and of the exam: the secret mark is nowhere."""
    for code in CODES:
        actions.save_exam_mark(
            registration=world.one, code=code, stage="decided", text=SECRET, by=world.elise
        )
    CcfEvaluation.objects.create(
        enrolment=world.enrolments[0],
        epreuve=world.referentiel.epreuves.get(code="E4"),
        state="locked",
        mark="17.5",
        locked_at="2026-05-01T10:00:00Z",
        locked_by=world.bruno,
    )
    pages = [
        address("exam_mine"),
        address("exam_result", world.one.uuid),
        address("exam_registration_detail", world.one.uuid),
        address("exam_marks", world.session.uuid),
        address("exam_results", world.session.uuid),
        address("exam_heatmap"),
        address("exam_session_detail", world.session.uuid),
        address("exam_simulator"),
        reverse("home"),
        reverse("documents:document_list"),
    ]
    for who in (world.aicha, world.chantal):
        client = signed_in(who)
        for page in pages:
            body = client.get(page, follow=True).content.decode()
            assert not re.search(r"17[.,]5", body), page


def test_the_results_page_gives_statistics_and_exports(world, signed_in):
    publish(world)
    client = signed_in(world.elise)
    text = client.get(address("exam_results", world.session.uuid)).content.decode()
    assert "100 %" in text
    assert "3 admis sur 3" in text
    body = client.get(address("exam_results_export", world.session.uuid, "csv")).content.decode("utf-8-sig")  # fmt: skip
    assert "Benali;Aïcha;NDRC 2024;;12;9;10;12;10,5;11;228;21;10,86;Admis;U1 U3 U4 U5 U6" in body


def test_a_correction_goes_through_the_grid_with_its_reason(world, signed_in):
    publish(world)
    client, name = signed_in(world.farid), f"{world.one.pk}-U1"
    assert save(client, world, name, "3", "12", "decided").status_code == 422
    answer = save(client, world, name, "3", "12", "decided", reason="Erreur de report, PV du 4/7")
    assert answer.json()["state"] == "saved"
    assert ExamRegistration.objects.get(pk=world.one.pk).decision == "controle"


def test_who_may_sit_the_orals_reads_what_they_must_bring(world, signed_in):
    publish(world, "8 8 8 10 9/12 11")  # 197 points for 210
    client = signed_in(world.aicha)
    text = client.get(address("exam_result", world.one.uuid)).content.decode()
    assert "Vos épreuves de contrôle" in text
    assert "12,5" in text  # U1 alone: 8 + 4.5 at coefficient 3
    assert "conservable" not in text
    home = client.get("/").content.decode()
    assert "Autorisé aux épreuves de contrôle" in home
    assert address("exam_result", world.one.uuid) in home


def test_the_attestation_is_asked_from_the_results(world, signed_in):
    publish(world, "8 8 7 8,5 9/12 11")
    answer = signed_in(world.elise).post(address("exam_attestation", world.one.uuid))
    world.one.refresh_from_db()
    assert answer.url == reverse("documents:document_detail", args=[world.one.document.uuid])
    assert world.aicha in world.one.document.readers.all()


def test_the_class_is_simulated_from_blank_exams_and_ccf(world, signed_in):
    page = signed_in(world.bruno).get(address("exam_heatmap"))
    text = page.content.decode()
    assert "Aïcha Benali" in text
    assert "Incomplet : 3" in text


def test_a_trainer_goes_from_the_class_to_the_results_published_of_those_followed(world, signed_in):
    client, link = signed_in(world.bruno), address("exam_result", world.one.uuid)
    assert link not in client.get(address("exam_heatmap")).content.decode()
    publish(world)
    assert link in client.get(address("exam_heatmap")).content.decode()
    assert "Les étapes de la décision" in client.get(link).content.decode()
    world.cohort.trainers.clear()  # tutor of the others, no more of this one
    world.enrolments[0].tutor = None
    world.enrolments[0].save()
    text = client.get(address("exam_heatmap")).content.decode()
    assert link not in text
    assert address("exam_result", world.two.uuid) in text
    assert client.get(link).status_code == 404


def test_the_apprentice_simulates_and_waits_for_the_publication(world, signed_in):
    client = signed_in(world.aicha)
    text = client.get(address("exam_mine")).content.decode()
    assert "après la publication de la délibération" in text
    asked_for = {"U1": "8", "U2": "9,5", "U3": "8,5", "U4": "11", "U5": "9/11", "U6": "11"}
    assert "Autorisé aux épreuves" in client.get(address("exam_mine"), asked_for).content.decode()
    assert "résultats publiés de vos apprentis" in signed_in(world.chantal).get(address("exam_mine")).content.decode()  # fmt: skip
