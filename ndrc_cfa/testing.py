"""A test client that reads every page it receives as an accessibility auditor would.

It is the `client` of the whole suite: each view test is also a test of its page. What a page does
wrong is raised as one AssertionError that lists everything, with the address.
"""

import re
from collections import Counter
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from accounts.typography import NBSP

NOT_OURS = ("/admin/",)
UNLABELLED_TYPES = {"hidden", "submit", "button", "image", "reset"}
CSRF_TOKEN = re.compile(
    r"\b[A-Za-z0-9]{64}\b"
)  # the only thing that two answers of one page differ by
UNRENDERED = re.compile(r"\{\{|\{%|%\}|\{#")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}  # fmt: skip


class Page(HTMLParser):
    """One pass over a page, keeping what the checks need."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.ids: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.references: set[str] = set()
        self.fields: list[tuple[str, dict[str, str], bool]] = []
        self.tables: list[dict[str, Any]] = []
        self.open: list[str] = []
        self.h1 = 0
        self.lang: str | None = None
        self.title = ""
        self.is_document = False
        self.nameless: list[list[str]] = []

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in pairs}
        if tag not in VOID:
            self.open.append(tag)
        self._check_security(tag, attributes)
        self.ids.update([attributes["id"]] if attributes.get("id") else [])
        if tag == "html":
            self.is_document, self.lang = True, attributes.get("lang")
        elif tag == "h1":
            self.h1 += 1
        elif tag == "img" and "alt" not in attributes:
            self.problems.append(f"<img> without alt: {attributes.get('src', '')[:60]}")
        elif tag == "label" and attributes.get("for"):
            self.labels.add(attributes["for"])
            self.references.add(attributes["for"])
        elif tag in {"input", "select", "textarea"}:
            if attributes.get("type", "text") not in UNLABELLED_TYPES:
                self.fields.append((tag, attributes, "label" in self.open))
        elif tag == "table":
            self.tables.append({"caption": False, "th": 0, **attributes})
        elif tag == "caption" and self.tables:
            self.tables[-1]["caption"] = True
        elif tag == "th" and self.tables:
            self.tables[-1]["th"] += 1
            if "scope" not in attributes:
                self.problems.append("<th> without scope")
        if tag in {"a", "button"}:
            named = attributes.get("aria-label") or attributes.get("title") or ""
            self.nameless.append([tag, named])
        elif tag == "img" and self.nameless:
            self.nameless[-1][1] += attributes.get("alt", "")

    def _check_security(self, tag: str, attributes: dict[str, str]) -> None:
        for name in attributes:
            if name.startswith("on") or name == "style":
                self.problems.append(f"inline {name}= on <{tag}>")
        if attributes.get("href", "").lower().startswith("javascript:"):
            self.problems.append("javascript: address")
        if tag == "style":
            self.problems.append("inline <style>")
        if tag == "script" and "src" not in attributes:
            if attributes.get("type") != "application/json":
                self.problems.append("inline <script>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        if tag in {"a", "button"} and self.nameless:
            kind, name = self.nameless.pop()
            if not name.strip():
                self.problems.append(f"<{kind}> without a name")

    def handle_data(self, data: str) -> None:
        if "title" in self.open and "svg" not in self.open:
            self.title += data
        if self.nameless:
            self.nameless[-1][1] += data
        if "script" not in self.open and (found := UNRENDERED.search(data)):
            around = data[max(0, found.start() - 20) : found.start() + 40]
            self.problems.append(f"unrendered template tag: {around.strip()!r}")

    def conclude(self) -> list[str]:
        problems = list(self.problems)
        problems += [f"id {name!r} used {n} times" for name, n in self.ids.items() if n > 1]
        for tag, attributes, wrapped in self.fields:
            labelled = attributes.get("aria-label") or attributes.get("aria-labelledby")
            if not (wrapped or labelled or attributes.get("id", "") in self.labels):
                problems.append(f"<{tag} name={attributes.get('name', '')!r}> without a label")
        for table in self.tables:
            if table.get("role") != "presentation" and not table["caption"]:
                problems.append("<table> without caption")
        if self.is_document:
            if self.lang != "fr":
                problems.append(f'lang is {self.lang!r}, not "fr"')
            if self.h1 != 1:
                problems.append(f"{self.h1} <h1> instead of one")
            if not self.title.strip(" ·\n"):
                problems.append("no page title")
            lost = self.references - set(self.ids)
            problems += [f"a label points to the missing id {name!r}" for name in sorted(lost)]
        return problems


def problems_of(html: str) -> list[str]:
    """Everything that is wrong in a page or a fragment of page."""
    return list(_problems(CSRF_TOKEN.sub("", html)))


@lru_cache(256)
def _problems(html: str) -> tuple[str, ...]:
    """Refusals are the same page a thousand times: looked at once."""
    page = Page()
    page.feed(html)
    page.close()
    return tuple(page.conclude())


class StrictClient(Client):
    """Django's client, refusing pages that a person or a browser would stumble on."""

    def request(self, **request: Any) -> Any:  # the stubs' own class of answers is not Django's
        response = super().request(**request)
        path = request.get("PATH_INFO", "")
        kind = response.headers.get("Content-Type", "")
        if kind.startswith("text/html") and not response.streaming and response.content:
            html = response.content.decode(response.charset or "utf-8")
            if not path.startswith(NOT_OURS):
                found = problems_of(html)
                assert not found, f"{path}: " + "; ".join(found)
            # A test writes its sentences with the space of the keyboard, as their source does.
            response.content = html.replace(NBSP, " ").encode()
        return response
