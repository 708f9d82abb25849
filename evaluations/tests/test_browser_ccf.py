"""The grading page in a real browser: each field saves itself, offline typing comes back."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from evaluations import actions, selectors
from tests.browser.checks import assert_sound, sign_in

from . import recipes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def e4(transactional_db):
    here = recipes.world()
    evaluation = actions.start_evaluation(enrolment=here.enrolment, epreuve=here.e4, by=here.bruno)
    evaluation.here = here
    return evaluation


def open_as(page, live_server, user, evaluation):
    sign_in(page, live_server, user)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    if evaluation:
        page.goto(live_server.url + reverse("evaluations:ccf_detail", args=[evaluation.uuid]))
    return problems


def shot(page, name):
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def state(page, name):
    return page.locator(f'[data-state-of="{name}"]')


def saved(page, name):
    state(page, name).filter(has_text="✓").wait_for()


def test_it_saves_each_field_by_itself(page, live_server, e4):
    problems = open_as(page, live_server, e4.here.bruno, e4)
    line = selectors.official_lines(e4.epreuve)[0]
    page.locator(f"#level-{line.pk}-TS").check(force=True)
    saved(page, f"level-{line.pk}")
    page.fill("#mark", "12.50")
    page.locator("#mark").blur()
    saved(page, "mark")
    assert page.input_value("#mark") == "12,5"
    page.fill("#situation-A-appreciation", "Une prospection bien menée.")
    saved(page, "situation-A-appreciation")
    with page.expect_navigation():
        page.locator("#situation-B-choice-C3").check(force=True)
    assert page.locator("#ccf-lignes").inner_text() == "9"
    shot(page, "ccf_laptop")
    e4.refresh_from_db()
    assert (e4.mark, e4.levels.get().level) == (12.5, "TS")
    assert problems == []


def test_it_shows_a_refusal_beside_the_field(page, live_server, e4):
    open_as(page, live_server, e4.here.bruno, e4)
    page.fill("#mark", "7.25")
    page.locator("#mark").blur()
    state(page, "mark").filter(has_text="demi-points").wait_for()
    assert page.get_attribute("#mark", "aria-invalid") == "true"


def test_it_keeps_what_was_typed_offline_and_sends_it_later(page, live_server, e4):
    open_as(page, live_server, e4.here.bruno, e4)
    page.context.set_offline(True)
    page.fill("#mark", "14")
    page.locator("#mark").blur()
    page.locator("#ccf-connexion").filter(has_text="Pas de réseau").wait_for()
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    saved(page, "mark")
    e4.refresh_from_db()
    assert e4.mark == 14


def test_it_keeps_typing_when_the_session_ends_and_sends_it_after_a_new_sign_in(
    page, live_server, e4
):
    open_as(page, live_server, e4.here.bruno, e4)
    page.context.clear_cookies()
    page.fill("#situation-A-evaluators", "B. Caron")
    page.locator("#situation-A-evaluators").blur()
    page.locator("#ccf-connexion").filter(has_text="session a expiré").wait_for()
    open_as(page, live_server, e4.here.bruno, e4)
    saved(page, "situation-A-evaluators")
    assert e4.situations.get(code="A").evaluators == "B. Caron"


def test_it_offers_to_keep_mine_or_take_theirs(page, live_server, e4):
    open_as(page, live_server, e4.here.bruno, e4)
    actions.propose_mark(evaluation=e4, mark="9", by=e4.here.elise)
    page.fill("#mark", "15")
    page.locator("#mark").blur()
    state(page, "mark").filter(has_text="Élise Faure a modifié").wait_for()
    page.get_by_role("button", name="Garder ma saisie").click()
    saved(page, "mark")
    e4.refresh_from_db()
    assert e4.mark == 15


def test_what_is_typed_before_the_script_has_come_is_saved_too(page, live_server, e4):
    """A slow phone shows the fields long before it runs the page's script."""
    held = []
    page.route("**/js/evaluations*.js", lambda route: held.append(route))
    sign_in(page, live_server, e4.here.bruno)
    address = reverse("evaluations:ccf_detail", args=[e4.uuid])
    page.goto(live_server.url + address, wait_until="commit")
    page.fill("#situation-A-held_on", "2026-11-16")
    page.locator("label[for='situation-B-choice-C2']").wait_for()
    page.fill("#situation-A-evaluators", "Bruno Caron")
    page.fill("#mark", "")
    assert len(held) == 1
    held[0].continue_()
    saved(page, "situation-A-evaluators")
    saved(page, "situation-A-held_on")
    situation = e4.situations.get(code="A")
    assert (str(situation.held_on), situation.evaluators) == ("2026-11-16", "Bruno Caron")
    assert page.locator('[data-state-of="mark"]').inner_text() == ""


def test_it_fits_a_phone(phone_page, live_server, e4):
    problems = open_as(phone_page, live_server, e4.here.bruno, e4)
    width = phone_page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    line = selectors.official_lines(e4.epreuve)[0]
    phone_page.locator(".ccf-box", has=phone_page.locator(f"#level-{line.pk}-S")).tap()
    saved(phone_page, f"level-{line.pk}")
    box = phone_page.locator(f'label[for="level-{line.pk}-S"]').bounding_box()
    assert box["height"] >= 44
    shot(phone_page, "ccf_phone")
    assert problems == []


def test_the_keyboard_never_reaches_under_the_bar_of_a_phone(phone_page, live_server, e4):
    """WCAG 2.2, 2.4.11: the field that has the focus is scrolled above the bar."""
    open_as(phone_page, live_server, e4.here.bruno, e4)
    below = phone_page.evaluate(
        """() => {
          document.documentElement.style.scrollBehavior = "auto";
          const bar = document.querySelector(".tabbar").getBoundingClientRect().top;
          return [...document.querySelectorAll("main input, main textarea")].filter((field) => {
            field.focus();
            const box = field.getBoundingClientRect();
            return document.activeElement === field && box.bottom > bar;
          }).map((field) => field.name);
        }"""
    )
    assert below == []


def test_it_has_no_accessibility_violation(page, live_server, e4):
    open_as(page, live_server, e4.here.bruno, e4)
    assert_sound(page)
