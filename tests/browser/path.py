"""How the main path is walked: one browser context per person, a screenshot and axe on each page."""

import os
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from ndrc_cfa.demo.cast import PASSWORD, Person

from .checks import assert_sound, draw_signature

PHONE = {"width": 360, "height": 780}
LAPTOP = {"width": 1280, "height": 860}


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
        assert_sound(self.page)
        # A page that answers 404 on purpose is told as an error by the browser too.
        errors = [error for error in self.errors if "404 (Not Found)" not in error]
        assert not errors, f"{name} : {errors}"
        self.page.screenshot(
            path=self.captures / f"{name}.png", full_page=bool(os.environ.get("FULL_PAGE"))
        )

    def draw_signature(self) -> None:
        draw_signature(self.page)

    def close(self) -> None:
        self.context.close()
