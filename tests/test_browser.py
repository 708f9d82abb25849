"""What every page needs from the browser itself: no refused script, no violation of axe."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_sign_in_page_breaks_no_policy_and_says_no_error(page):
    complaints = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answer = page.goto("/")
    assert answer.status == 200
    assert "/compte/login/" in page.url
    assert page.locator("input[type=password]").is_visible()
    assert not complaints


def test_the_sign_in_page_fits_a_phone(phone_page):
    phone_page.goto("/compte/login/")
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 360
