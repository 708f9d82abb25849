"""How the main path is walked: one browser context per person, a screenshot and axe on each page."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ndrc_cfa.demo.cast import PASSWORD, Person

PHONE = {"width": 360, "height": 780}
LAPTOP = {"width": 1280, "height": 860}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}


class Walker:
    """A person in front of a browser: signs in, reads, clicks; every page is checked with axe."""

    def __init__(
        self, browser: Browser, base: str, person: Person | None, *, phone: bool, captures: Path
    ):
        self.context: BrowserContext = browser.new_context(
            viewport=PHONE if phone else LAPTOP,
            has_touch=phone,
            locale="fr-FR",
            accept_downloads=True,
        )
        self.context.set_default_timeout(25_000)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.errors.append(message.text) if message.type == "error" else None,
        )
        self.base, self.person, self.captures = base, person, captures

    def sign_in(self) -> Page:
        assert self.person
        self.page.goto(self.base)
        self.page.locator("[name=login]").fill(self.person.email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.get_by_role("button", name="Se connecter").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Bonjour")
        return self.page

    def look(self, name: str) -> None:
        """Axe finds nothing, nothing overflows, no script failed; the picture is kept."""
        found = Axe().run(self.page, options=RULES).response["violations"]
        told = [f"{v['id']}: {v['help']} · {v['nodes'][0]['html'][:160]}" for v in found]
        assert not told, f"{name} ({self.page.url}) :\n" + "\n".join(told)
        width = self.page.viewport_size["width"]
        overflow = self.page.evaluate("document.documentElement.scrollWidth")
        assert overflow <= width, f"{name} : la page déborde ({overflow} px sur {width})"
        # A page that answers 404 on purpose is told as an error by the browser too.
        errors = [error for error in self.errors if "404 (Not Found)" not in error]
        assert not errors, f"{name} : {errors}"
        self.page.screenshot(
            path=self.captures / f"{name}.png", full_page=bool(os.environ.get("FULL_PAGE"))
        )

    def draw_signature(self) -> None:
        """Draw a wave in the signature box, as a finger does."""
        canvas = self.page.locator("canvas").first
        expect(canvas).to_be_visible()
        # In the middle of the screen, away from the bars at its top and bottom.
        canvas.evaluate("node => node.scrollIntoView({block: 'center', behavior: 'instant'})")
        self.page.wait_for_timeout(150)
        box = canvas.bounding_box()
        assert box
        mouse = self.page.mouse
        mouse.move(box["x"] + 30, box["y"] + box["height"] * 0.6)
        mouse.down()
        for step in range(24):
            x = box["x"] + 30 + step * (box["width"] - 60) / 24
            y = box["y"] + box["height"] * (0.3 if step % 4 < 2 else 0.7)
            mouse.move(x, y, steps=2)
        mouse.up()

    def close(self) -> None:
        self.context.close()
