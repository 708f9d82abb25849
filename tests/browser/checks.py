"""What every browser test does: enter as somebody, draw a signature, look at the page with axe's eyes."""

from time import monotonic

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Error, Page, expect

WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}


def sign_in(page: Page, live_server, user) -> None:
    """Give the page the session of `user`; the sign-in screen has its own tests."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
    )


def wait_until(page: Page, expression: str, arg: object = None) -> None:
    """Ask the page until it says yes. Playwright's own wait asks again by eval, which our CSP refuses."""
    end = monotonic() + 20
    while True:
        try:
            if page.evaluate(expression, arg):
                return
        except Error:  # one page just gave way to another
            if monotonic() > end:
                raise
        assert monotonic() < end, f"never true: {expression}"
        page.wait_for_timeout(50)


def draw_signature(page: Page) -> None:
    """Draw a wave in the signature box, as a finger does."""
    page.wait_for_load_state()  # a stroke before the scripts have run draws nothing
    canvas = page.locator("canvas").first
    expect(canvas).to_be_visible()
    # In the middle of the screen, away from the bars at its top and bottom.
    canvas.evaluate("node => node.scrollIntoView({block: 'center', behavior: 'instant'})")
    page.wait_for_timeout(50)
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + box["height"] * 0.6)
    page.mouse.down()
    for step in range(24):
        x = box["x"] + 30 + step * (box["width"] - 60) / 24
        page.mouse.move(x, box["y"] + box["height"] * (0.3 if step % 4 < 2 else 0.7))
    page.mouse.up()


def faults(page: Page) -> list[str]:
    """What axe finds, and a page wider than its screen."""
    page.wait_for_load_state()  # the text can be there before its styles: axe would measure a bare page
    found = [
        f"{v['id']}: {v['help']} · {v['nodes'][0]['html'][:160]}"
        for v in Axe().run(page, options=WCAG).response["violations"]
    ]
    width, screen = page.evaluate("document.documentElement.scrollWidth"), page.viewport_size
    if screen and width > screen["width"]:
        found.append(f"déborde : {width} px sur {screen['width']}")
    return found


def assert_sound(page: Page) -> None:
    """Nothing overflows, axe finds nothing."""
    assert not (found := faults(page)), f"{page.url}\n" + "\n".join(found)
