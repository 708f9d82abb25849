"""Every page that a person can reach by links, once per route: no error, no overflow, no violation of axe."""

import os
from collections import deque
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.urls import Resolver404, resolve
from playwright.sync_api import Error

from ndrc_cfa.demo import people

from .checks import faults
from .path import Walker

pytestmark = [pytest.mark.pages, pytest.mark.django_db(transaction=True)]
# Files and deeds: the permission matrix and their own tests ask for them.
LEFT_OUT = ("admin:", "logout", "download", "export", "zip", "feed", "csv", "photo", "file")


@pytest.fixture
def demo(transactional_db):
    call_command("seed_demo", apprentices=3, demi_journees=24, sans_documents=True, verbosity=0)


def route_of(address: str) -> str:
    """The name of the route of a link, empty where it is not a page to look at."""
    parts = urlsplit(address)
    if parts.scheme not in ("", "http") or not parts.path.startswith("/"):
        return ""
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return f"inconnue : {parts.path}"
    return "" if any(word in name for word in LEFT_OUT) else name


def sign_in(walker: Walker, person: people.Person) -> None:
    walker.page.goto(walker.base)
    walker.page.locator("[name=login]").fill(person.email)
    walker.page.locator("[name=password]").fill(people.PASSWORD)
    walker.page.get_by_role("button", name="Se connecter").click()
    walker.page.wait_for_url(lambda address: "/login/" not in address)


def faults_of(walker: Walker, name: str) -> list[str]:
    found = faults(walker.page) + walker.errors
    walker.errors.clear()
    return [f"{name} ({urlsplit(walker.page.url).path}) {line}" for line in found]


def crawl(walker: Walker, start: str = "/") -> tuple[set[str], list[str]]:
    """Follow the links from `start`, one address per route; the routes seen and what is wrong."""
    seen, wrong = {route_of(start)}, []
    waiting = deque([(route_of(start), start)])
    folder = os.environ.get("PAGES")
    while waiting:
        name, address = waiting.popleft()
        try:
            answer = walker.page.goto(walker.base + address)
        except Error as error:
            if "Download is starting" not in str(error):
                raise
            continue
        if answer is None or answer.status != 200:
            wrong.append(f"{name} ({address}) répond {answer and answer.status}")
            walker.errors.clear()
            continue
        wrong += faults_of(walker, name)
        if folder:
            who = walker.person.first_name if walker.person else "public"
            file = f"{who}-{name.replace(':', '.')}.png"
            walker.page.screenshot(path=Path(folder) / file, full_page=True, timeout=60_000)
        links = walker.page.locator("a[href]").evaluate_all(
            "links => links.map((link) => link.getAttribute('href'))"
        )
        for link in links:
            route = route_of(link)
            if route and route not in seen:
                seen.add(route)
                waiting.append((route, link))
    return seen, wrong


def test_every_page_that_links_reach_is_sound(demo, live_server, browser, tmp_path):
    """One demo for all: to build it takes as long as to look at the pages of a person."""
    wrong = []
    for person, phone, at_least in (
        (people.ELISE, False, 25),
        (people.BRUNO, True, 12),
        (people.AICHA, True, 6),
        (people.CHANTAL, True, 3),
        (None, True, 3),
    ):
        walker = Walker(browser, live_server.url, person, phone=phone, captures=tmp_path)
        try:
            if person:
                sign_in(walker, person)
            seen, found = crawl(walker, "/" if person else "/verifier/")
        finally:
            walker.close()
        assert len(seen) >= at_least, seen
        wrong += [f"{person and person.first_name} : {line}" for line in found]
    assert not wrong, "\n".join(wrong)
