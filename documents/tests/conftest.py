import copy
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from accounts.enums import Role
from accounts.models import Cfa, Membership, User
from documents import kinds, tasks
from documents.actions import DocumentRequest
from documents.kinds import DocumentKind

NEUTRAL = DocumentKind(
    code="tests.neutral",
    label="Document d'essai",
    template="tests_documents/neutral.html",
    css="tests_documents/neutral.css",
)
MONTHS = [["janvier 2026", "56"], ["février 2026", "49"]]


@pytest.fixture
def neutral(settings, monkeypatch, tmp_path):
    """A document kind that needs no app above, with its files and seal in a temporary folder."""
    templates = copy.deepcopy(django_settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = templates
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.SEAL_DIR = tmp_path / "seal"
    settings.PUBLIC_URL = "https://cfa.example"
    monkeypatch.setitem(kinds._documents, NEUTRAL.code, NEUTRAL)
    return NEUTRAL


@pytest.fixture
def sent(monkeypatch):
    """The jobs handed to Celery, which no worker takes here."""
    calls: list[tuple[str, float]] = []
    monkeypatch.setattr(
        tasks.run_job,
        "apply_async",
        lambda args=(), kwargs=None, countdown=0, **more: calls.append((args[0], countdown)),
    )
    return calls


def make_cfa(name="CFA des Tilleuls", slug="tilleuls"):
    return Cfa.objects.create(
        name=name,
        slug=slug,
        uai="0750001A",
        address="3 rue des Tilleuls",
        postcode="75011",
        city="Paris",
    )


def member(cfa, first_name, last_name, role):
    user = User.objects.create_user(
        f"{first_name}.{last_name}@example.org".lower(),
        first_name=first_name,
        last_name=last_name,
    )
    Membership.objects.create(cfa=cfa, user=user, role=role)
    return user


@pytest.fixture
def cfa(db):
    return make_cfa()


@pytest.fixture
def elise(cfa):
    return member(cfa, "Élise", "Faure", Role.STAFF)


@pytest.fixture
def aicha(cfa):
    return member(cfa, "Aïcha", "Benali", Role.APPRENTICE)


@pytest.fixture
def denis(cfa):
    return member(cfa, "Denis", "Escande", Role.MAITRE)


@pytest.fixture
def gaelle(db):
    return member(make_cfa("CFA des Charmes", "charmes"), "Gaëlle", "Huet", Role.STAFF)


def values(person="Aïcha Benali", **context):
    return {
        "kind": NEUTRAL.code,
        "title": "Attestation d'essai",
        "subject_label": person,
        "context": {"person": person, "months": MONTHS, **context},
        "file_name": f"{person}.pdf",
    }


def requests(*people, **context):
    return [
        DocumentRequest(**values(person, **context), source={"person": person}) for person in people
    ]
