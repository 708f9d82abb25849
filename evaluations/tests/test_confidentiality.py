"""No mark, level nor appreciation of a CCF reaches the apprentice, the company or another CFA.

exam-rules 3.1 (AN2025): the grid is for the commission alone; the mark is a proposal to the jury.
"""

import re
import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from evaluations import actions

from . import recipes

WORDS = "ZÉBULON-PERSPICACE"
MARK = "17,5"
SHOWN = re.compile(r"(?<![\d.])17[.,]5(?!\d)")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def secret(world):
    evaluation = actions.start_evaluation(
        enrolment=world.enrolment, epreuve=world.e4, by=world.bruno
    )
    recipes.fill(evaluation, world.bruno, mark=MARK, words=WORDS)
    actions.lock_evaluation(evaluation=evaluation, by=world.bruno)
    document = actions.request_ccf_pdf(evaluation=evaluation, by=world.bruno)
    evaluation.refresh_from_db()
    return evaluation, document


def routes(resolver=None, prefix=""):
    """Every route of the project, whole."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from routes(one, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield prefix + str(one.pattern)


def addresses(values):
    """Each address of the project, filled with each identifier that may open something."""
    for route in routes():
        if route.startswith("^") or "(?P" in route:
            continue
        holes = re.findall(r"<(?:(\w+):)?(\w+)>", route)
        if not holes:
            yield "/" + route
            continue
        for identifier in values:
            path = route
            for kind, name in holes:
                text = str(identifier) if kind == "uuid" else values[identifier]
                if kind in ("int", "") and not text.isdigit():
                    text = "1"
                path = re.sub(rf"<(?:\w+:)?{name}>", lambda _m, t=text: t, path, count=1)
            yield "/" + path


@pytest.mark.parametrize("who", ["aicha", "chantal", "denis", "gaelle", "stranger"])
def test_it_never_leaks_a_ccf_on_any_page(world, secret, who):
    evaluation, document = secret
    values = {
        evaluation.uuid: str(evaluation.pk),
        document.uuid: document.code,
        world.enrolment.uuid: str(world.enrolment.pk),
        world.enrolment.apprentice.uuid: str(world.enrolment.apprentice.pk),
        world.cohort.uuid: str(world.cohort.pk),
        world.aicha.uuid: str(world.aicha.pk),
        uuid.uuid4(): "0",
    }
    # Django's own client: the markup of each page is the matter of its app's tests.
    client = Client(raise_request_exception=False)
    client.force_login(getattr(world, who), backend=BACKEND)
    visited = 0
    for address in addresses(values):
        if "logout" in address or "deconnexion" in address:
            continue
        answer = client.get(address)
        body = answer.getvalue() if answer.streaming else answer.content
        if "/__debug__/" in address or "/static/" in address:
            continue
        visited += 1
        text = body.decode("utf-8", "replace")
        assert WORDS not in text, f"{address} shows the appreciation to {who}"
        assert not SHOWN.search(text), f"{address} shows the mark to {who}"
    assert visited > 30


def test_it_shows_the_ccf_to_the_commission(world, secret, signed_in):
    """The walk above would prove nothing if nobody could read these words."""
    evaluation, _ = secret
    for who in ("bruno", "elise", "farid", "auditor"):
        text = signed_in(getattr(world, who)).get(f"/evaluations/ccf/{evaluation.uuid}/")
        assert WORDS in text.content.decode()


def test_it_never_makes_the_apprentice_nor_the_company_a_reader_of_the_sheet(world, secret):
    _, document = secret
    readers = set(document.readers.all())
    assert world.bruno in readers
    assert readers.isdisjoint({world.aicha, world.chantal, world.denis, world.gaelle})


def test_it_keeps_the_mark_out_of_what_the_verification_page_may_say(world, secret):
    _, document = secret
    said = f"{document.title} {document.subject_label} {document.file_name}"
    assert "17" not in said
    assert WORDS not in said
