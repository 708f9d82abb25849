"""The grid of marks and a whole CCF in a real browser: keyboard, paste, an expired session, a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluations.marks.actions import save_mark
from evaluations.marks.rules import show_cell
from evaluations.models import CcfEvaluation, CcfSignature, Mark
from tests.browser.checks import draw_signature, faults

from . import recipes
from .test_browser_ccf import open_as, saved, shot
from .test_marks import school_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MARKS = [f"{n % 19}{',5' if n % 2 else ''}" for n in range(1, 21)]


@pytest.fixture
def school(transactional_db):
    here = school_of(recipes.world())
    here.people = [here.enrolment, *(recipes.another_enrolment(here, n) for n in range(10, 29))]
    return here


def open_grid(page, live_server, here):
    problems = open_as(page, live_server, here.bruno, None)
    page.goto(
        live_server.url
        + reverse("evaluations:marks_grid")
        + f"?promotion={here.cohort.uuid}&semestre=3&matiere={here.nego.uuid}"
    )
    return problems


def texts(here) -> list[str]:
    found = {m.enrolment_id: show_cell(m.status, m.value) for m in Mark.objects.all()}
    return [found.get(one.pk, "") for one in here.people]


def all_saved(page, count: int) -> None:
    expect(page.locator(".marks [data-kind=saved]")).to_have_count(count)


def test_a_trainer_fills_twenty_marks_by_keyboard_alone(page, live_server, school):
    problems = open_grid(page, live_server, school)
    page.locator("input[data-row='0']").focus()
    for text in MARKS:
        page.keyboard.type(text.replace(",", "."))
        page.keyboard.press("Enter")
    all_saved(page, 20)
    shot(page, "notes_clavier")
    assert texts(school) == MARKS
    page.locator("[data-figure$='-high']").filter(has_text="18").wait_for()
    page.keyboard.press("ArrowUp")
    page.keyboard.type("21")
    page.keyboard.press("ArrowUp")
    page.locator("#marks-told").filter(has_text="dépasse le barème").wait_for()
    assert texts(school) == MARKS
    assert problems == []


def test_a_mark_in_clash_is_settled_beside_the_grid(page, live_server, school):
    open_grid(page, live_server, school)
    cell = page.locator("input[data-row='0']")
    save_mark(assessment=school.quiz, enrolment=school.people[0], text="9", by=school.elise)
    cell.focus()
    page.keyboard.type("15")
    page.keyboard.press("Enter")
    told = page.locator("#marks-told")
    told.filter(has_text="Élise Faure").wait_for()
    page.keyboard.type("21")
    page.keyboard.press("Enter")
    told.filter(has_text="dépasse le barème").wait_for()
    shot(page, "notes_conflit")
    told.get_by_role("button", name="Prendre l'autre").click()
    assert cell.input_value() == "9"
    assert told.locator("p").count() == 1


def test_a_pasted_column_is_previewed_then_written(page, live_server, school):
    open_grid(page, live_server, school)
    page.locator("input[data-row='0']").focus()
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text", text);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        "\n".join(MARKS),
    )
    page.get_by_role("button", name="Écrire 20 notes").click()
    page.locator("input[data-row='19']").wait_for()
    assert texts(school) == MARKS


def test_a_session_that_expires_in_the_middle_loses_nothing(page, live_server, school):
    open_grid(page, live_server, school)
    page.locator("input[data-row='0']").focus()
    for number, text in enumerate(MARKS):
        if number == 8:
            all_saved(page, 8)
            page.context.clear_cookies()
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.locator("[data-autosave-banner]").filter(has_text="session a expiré").wait_for()
    assert texts(school)[8:] == [""] * 12
    open_grid(page, live_server, school)
    all_saved(page, 12)
    assert texts(school) == MARKS


def test_a_tutor_grades_both_situations_of_e4_on_a_phone(phone_page, live_server, school):
    page = phone_page
    open_as(page, live_server, school.bruno, None)
    page.goto(live_server.url + reverse("evaluations:ccf_list"))
    page.get_by_role("button", name="Commencer E4 d'Aïcha Benali").tap()
    for code in "AB":
        page.fill(f"#situation-{code}-held_on", "2026-11-16")
        page.fill(
            f"#situation-{code}-evaluators", "Bruno Caron" + ", Chantal Dumas" * (code == "B")
        )
        page.fill(f"#situation-{code}-appreciation", f"Situation {code} solide.")
        page.locator(f"#situation-{code}-appreciation").blur()
        saved(page, f"situation-{code}-appreciation")
    with page.expect_navigation():
        page.locator("label[for='situation-B-choice-C2']").tap()
    for line in page.locator("fieldset.ccf-line").all():
        line.locator(".ccf-box").last.tap()
        line.locator("input:checked").wait_for(state="attached")
    page.fill("#mark", "15.5")
    page.locator("#mark").blur()
    saved(page, "mark")
    page.locator("#reste").filter(has_text="Rien ne manque").wait_for(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    shot(page, "ccf_telephone")
    page.get_by_role("link", name="Verrouiller").first.tap()
    page.get_by_role("button", name="Verrouiller").first.tap()
    page.get_by_role("button", name="Signer la fiche").tap()
    page.get_by_text("Vous avez signé").wait_for()
    evaluation = CcfEvaluation.objects.get()
    assert (str(evaluation.mark), str(evaluation.indicative_mark)) == ("15.5", "20.0")
    # The maître d'apprentissage sat in situation B and has no account: the phone is passed round.
    page.get_by_role("link", name="Faire signer").tap()
    draw_signature(page)
    assert not faults(page)
    page.get_by_role("button", name="Enregistrer la signature").tap()
    page.get_by_text("La signature de Chantal Dumas est recueillie").wait_for()
    assert sorted(CcfSignature.objects.values_list("situation__code", "name")) == [
        ("A", "Bruno Caron"),
        ("B", "Bruno Caron"),
        ("B", "Chantal Dumas"),
    ]
