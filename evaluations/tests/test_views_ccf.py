import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from accounts.models import Event
from evaluations import actions, selectors
from evaluations.enums import EvaluationState
from evaluations.models import CcfEvaluation

from . import recipes


@pytest.fixture
def e4(world):
    return actions.start_evaluation(enrolment=world.enrolment, epreuve=world.e4, by=world.bruno)


@pytest.fixture
def full(world, e4):
    recipes.fill(e4, world.bruno)
    return e4


def url(name, evaluation=None):
    return reverse(f"evaluations:{name}", args=[evaluation.uuid] if evaluation else [])


def save(client, evaluation, name, value, seen=""):
    data = {"name": name, "value": value, "seen": seen}
    return client.post(url("ccf_save", evaluation), data)


ALL = ("ccf_detail", "ccf_save", "ccf_lock", "ccf_reopen", "ccf_pdf")


# --- who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("who", "expected"),
    [("aicha", {403}), ("chantal", {403}), ("denis", {403}), ("gaelle", {404})],
)
def test_it_is_closed_to_apprentices_companies_and_other_centres(
    world, e4, signed_in, name, method, who, expected
):
    answer = getattr(signed_in(getattr(world, who)), method)(url(name, e4))
    assert answer.status_code in expected | {405}


@pytest.mark.parametrize("name", ["ccf_detail", "ccf_save", "ccf_lock", "ccf_pdf"])
def test_it_answers_404_to_a_trainer_of_another_cohort(world, e4, signed_in, name):
    method = "get" if name in ("ccf_detail", "ccf_lock") else "post"
    answer = getattr(signed_in(world.stranger), method)(url(name, e4))
    assert answer.status_code == 404


def test_it_lets_an_auditor_read_and_not_write(world, full, signed_in):
    client = signed_in(world.auditor)
    page = client.get(url("ccf_detail", full))
    assert page.status_code == 200
    assert '<form method="post" class="stack"' not in page.content.decode()
    assert client.post(url("ccf_detail", full), {}).status_code == 403
    assert save(client, full, "mark", "3").status_code == 403
    assert client.get(url("ccf_list")).status_code == 200


def test_it_asks_a_visitor_to_sign_in(client, e4):
    answer = client.get(url("ccf_detail", e4))
    assert answer.status_code == 302
    assert "connexion" in answer.url or "login" in answer.url


# --- list ----------------------------------------------------------------------------------------


def test_it_lists_each_apprentice_with_what_is_to_do(world, full, signed_in):
    actions.lock_evaluation(evaluation=full, by=world.bruno)
    text = signed_in(world.bruno).get(url("ccf_list")).content.decode()
    assert "Aïcha Benali" in text
    assert "Verrouillée" in text
    assert "À commencer" in text  # E6
    assert "1 à commencer · 0 en cours · 1 verrouillée" in re.sub(r"\s+", " ", text)


def test_it_lists_nothing_to_a_trainer_without_apprentices(world, signed_in):
    text = signed_in(world.stranger).get(url("ccf_list")).content.decode()
    assert "dès que vous enseignez" in text
    assert "Benali" not in text


def test_it_says_why_there_is_no_ccf_in_a_cfa_not_habilite(world, signed_in):
    recipes.take_habilitation(world.cfa)
    text = signed_in(world.elise).get(url("ccf_list")).content.decode()
    assert escape("n'est pas habilité au CCF") in text
    assert "REF2018" in text


@pytest.mark.parametrize("query", ["?promotion=nimporte", "?promotion=", "?afaire=1&promotion=%00"])
def test_it_lists_with_a_strange_address(world, signed_in, query):
    assert signed_in(world.elise).get(url("ccf_list") + query).status_code == 200


def test_it_lists_any_number_of_apprentices_in_the_same_number_of_queries(
    world, full, signed_in, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(world.elise)
    client.get(url("ccf_list"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url("ccf_list"))
    for number in range(6):
        enrolment = recipes.another_enrolment(world, number)
        evaluation = actions.start_evaluation(enrolment=enrolment, epreuve=world.e4, by=world.elise)
        recipes.fill(evaluation, world.elise)
    with django_assert_num_queries(len(few)):
        client.get(url("ccf_list"))


# --- start ---------------------------------------------------------------------------------------


def test_it_starts_a_ccf_from_the_list(world, signed_in):
    data = {"enrolment": world.enrolment.uuid, "epreuve": world.e6.pk}
    answer = signed_in(world.bruno).post(url("ccf_start"), data)
    evaluation = CcfEvaluation.objects.get()
    assert answer.url == url("ccf_detail", evaluation)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 400),
        ({"enrolment": "x", "epreuve": "1"}, 400),
        ({"enrolment": "7c1c7d1e-0000-4000-8000-000000000000", "epreuve": "1"}, 404),
    ],
)
def test_it_refuses_a_forged_start(world, signed_in, data, status):
    assert signed_in(world.bruno).post(url("ccf_start"), data).status_code == status
    data = {"enrolment": world.enrolment.uuid, "epreuve": "²"}
    assert signed_in(world.bruno).post(url("ccf_start"), data).status_code == 400


def test_it_says_why_it_cannot_start_e5(world, signed_in):
    data = {"enrolment": world.enrolment.uuid, "epreuve": world.e5.pk}
    answer = signed_in(world.bruno).post(url("ccf_start"), data, follow=True)
    assert "ne se passe pas en CCF" in answer.content.decode()


# --- one field at a time -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("mark", "12.50", "12,5"),
        ("situation-A-held_on", "2026-10-12", "2026-10-12"),
        ("situation-A-appreciation", " Bien\r\nmené. ", "Bien\nmené."),
        ("situation-B-choice", "C3", "C3"),
        ("situation-B-evaluators", "B. Caron", "B. Caron"),
    ],
)
def test_it_saves_one_field_and_says_so(world, e4, signed_in, name, value, shown):
    answer = save(signed_in(world.bruno), e4, name, value)
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["value"]) == ("saved", shown)


def test_it_saves_a_box_and_counts_the_lines(world, e4, signed_in):
    line = selectors.official_lines(world.e4)[0]
    answer = save(signed_in(world.bruno), e4, f"level-{line.pk}", "TS")
    assert (answer.json()["ticked"], answer.json()["lines"]) == (1, 6)
    assert e4.levels.get().level == "TS"


@pytest.mark.parametrize(
    ("name", "value", "status", "words"),
    [
        ("mark", "7.25", 422, "demi-points"),
        ("mark", "12/20", 422, "/20"),
        ("situation-A-held_on", "hier", 422, "jj/mm/aaaa"),
        ("situation-A-held_on", "2020-01-01", 422, "pendant la formation"),
        ("situation-A-appreciation", "x" * 4001, 422, "4\u00a0000"),
        ("situation-B-choice", "C9", 422, "choix"),
        ("situation-C-held_on", "2026-10-12", 400, "inconnu"),
        ("situation-A-state", "locked", 400, "inconnu"),
        ("state", "locked", 400, "inconnu"),
        ("level-999999", "S", 400, "inconnu"),
        ("level-", "S", 400, "inconnu"),
        ("level-²", "S", 400, "inconnu"),
        ("", "", 400, "inconnu"),
    ],
)
def test_it_refuses_a_wrong_field_with_a_sentence(world, e4, signed_in, name, value, status, words):
    answer = save(signed_in(world.bruno), e4, name, value)
    assert answer.status_code == status
    assert words in answer.json()["message"]
    assert Event.objects.about(e4).count() == 1


def test_it_tells_of_a_conflict_rather_than_overwriting(world, e4, signed_in):
    save(signed_in(world.elise), e4, "mark", "11")
    answer = save(signed_in(world.bruno), e4, "mark", "14", seen="")
    assert answer.status_code == 409
    assert "Élise Faure" in answer.json()["message"]
    assert answer.json()["current"] == "11"
    e4.refresh_from_db()
    assert e4.mark == 11
    assert save(signed_in(world.bruno), e4, "mark", "14", seen="11").status_code == 200


def test_it_refuses_a_field_of_a_locked_evaluation(world, full, signed_in):
    actions.lock_evaluation(evaluation=full, by=world.bruno)
    answer = save(signed_in(world.bruno), full, "mark", "3", seen="12,5")
    assert answer.status_code == 422
    assert "verrouillée" in answer.json()["message"]


# --- the whole form ------------------------------------------------------------------------------


def form_of(page) -> dict[str, str]:
    """What a browser without JavaScript would send back: inputs, checked radios, text areas."""
    from lxml import html

    form = html.fromstring(page.content.decode()).get_element_by_id("ccf")
    return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


def test_it_saves_the_whole_form_without_javascript(world, e4, signed_in):
    client = signed_in(world.bruno)
    data = form_of(client.get(url("ccf_detail", e4)))
    line = selectors.official_lines(world.e4)[0]
    data |= {"mark": "13,5", "situation-B-choice": "C2", f"level-{line.pk}": "S"}
    answer = client.post(url("ccf_detail", e4), data, follow=True)
    assert "3 changements enregistrés" in answer.content.decode()
    e4.refresh_from_db()
    assert (float(e4.mark), e4.levels.count()) == (13.5, 1)
    again = form_of(client.get(url("ccf_detail", e4)))
    assert again["mark"] == "13,5"
    assert again[f"level-{line.pk}"] == "S"


def test_it_writes_nothing_when_a_field_of_the_form_is_wrong_and_keeps_the_typing(
    world, e4, signed_in
):
    client = signed_in(world.bruno)
    data = form_of(client.get(url("ccf_detail", e4)))
    data |= {"mark": "25", "situation-A-appreciation": "Un texte long à retrouver"}
    answer = client.post(url("ccf_detail", e4), data)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "La note va de 0 à 20" in text
    assert "Un texte long à retrouver" in text
    assert Event.objects.about(e4).count() == 1


def test_it_shows_what_a_colleague_wrote_meanwhile_without_losing_either(world, e4, signed_in):
    client = signed_in(world.bruno)
    data = form_of(client.get(url("ccf_detail", e4)))
    actions.propose_mark(evaluation=e4, mark="9", by=world.elise)
    save(signed_in(world.elise), e4, "situation-A-evaluators", "É. Faure")
    answer = client.post(url("ccf_detail", e4), data | {"mark": "15"})
    assert answer.status_code == 422
    assert "Élise Faure a modifié ce champ" in answer.content.decode()
    kept = form_of(answer)
    assert (kept["mark"], kept["seen-mark"]) == ("15", "9")
    assert kept["situation-A-evaluators"] == "É. Faure"
    client.post(url("ccf_detail", e4), kept)
    e4.refresh_from_db()
    assert e4.mark == 15


# --- lock, reopen, sheet -------------------------------------------------------------------------


def test_it_says_what_is_missing_before_locking(world, e4, signed_in):
    client = signed_in(world.bruno)
    assert "Datez la situation A" in client.get(url("ccf_lock", e4)).content.decode()
    answer = client.post(url("ccf_lock", e4))
    assert answer.status_code == 422
    assert "Proposez une note" in answer.content.decode()


def test_it_locks_after_saying_what_locking_does(world, full, signed_in):
    client = signed_in(world.bruno)
    page = client.get(url("ccf_lock", full)).content.decode()
    assert escape("ne montre rien à l'apprenti") in page or "ne montre rien à l'apprenti" in page
    client.post(url("ccf_lock", full))
    full.refresh_from_db()
    assert full.state == EvaluationState.LOCKED
    text = client.get(url("ccf_detail", full)).content.decode()
    assert "12,5 / 20" in text
    assert 'name="mark"' not in text
    assert client.post(url("ccf_lock", full)).status_code == 422


def test_it_reopens_with_a_reason_for_the_staff_only(world, full, signed_in):
    actions.lock_evaluation(evaluation=full, by=world.bruno)
    assert signed_in(world.bruno).get(url("ccf_reopen", full)).status_code == 403
    client = signed_in(world.elise)
    assert client.get(url("ccf_reopen", full)).status_code == 200
    answer = client.post(url("ccf_reopen", full), {"reason": ""})
    assert answer.status_code == 422
    assert client.post(url("ccf_reopen", full), {"reason": "court"}).status_code == 422
    client.post(url("ccf_reopen", full), {"reason": "Erreur de report de la note"})
    full.refresh_from_db()
    assert full.state == EvaluationState.DRAFT
    assert "Erreur de report" in client.get(url("ccf_detail", full)).content.decode()


@pytest.mark.parametrize("code", ["e4", "e6"])
@pytest.mark.parametrize("who", ["bruno", "elise", "auditor"])
@pytest.mark.parametrize("locked", [False, True])
def test_it_shows_the_grading_page_in_each_state(world, signed_in, code, who, locked):
    evaluation = actions.start_evaluation(
        enrolment=world.enrolment, epreuve=getattr(world, code), by=world.bruno
    )
    if locked:
        recipes.fill(evaluation, world.bruno)
        actions.lock_evaluation(evaluation=evaluation, by=world.bruno)
    page = signed_in(getattr(world, who)).get(url("ccf_detail", evaluation))
    assert page.status_code == 200
    assert ("Activité simulée" in page.content.decode()) == (code == "e4")


def test_it_escapes_what_people_write(world, full, signed_in):
    actions.save_situation(
        evaluation=full, code="A", by=world.bruno, appreciation="<script>alert(1)</script>"
    )
    text = signed_in(world.bruno).get(url("ccf_detail", full)).content.decode()
    assert "<script>alert(1)" not in text
