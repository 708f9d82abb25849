"""What every browser test does: enter as somebody, draw a signature, look at the page with axe's eyes."""

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

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


def draw_signature(page: Page) -> None:
    """Draw a wave in the signature box, as a finger does."""
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
