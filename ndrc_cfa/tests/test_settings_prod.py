"""Production refuses what is missing or unsafe, by name, and passes Django's own deployment checks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

NIR_KEY = "cHJvZHVjdGlvbi1vZi10aGUtdGVzdHMtMzItYnl0ZXM="
SECRET = "k3yU-f0r_the.tests/only7qZ2xW9vB4nM1cL8pR5sT6hJ0gD3aE"
GOOD = {
    "SECRET_KEY": SECRET,
    "NDRC_NIR_KEYS": NIR_KEY,
    "ALLOWED_HOSTS": "cfa.example.fr, www.cfa.example.fr",
    "DATABASE_URL": "postgres://cfa:secret@db.example.fr/cfa",
    "REDIS_URL": "redis://redis.example.fr:6379/0",
    "EMAIL_URL": "smtp+tls://cfa:secret@mail.example.fr:587",
    "DEFAULT_FROM_EMAIL": "CFA <cfa@example.fr>",
    "PUBLIC_URL": "https://cfa.example.fr",
}


def folders(tmp_path: Path) -> dict[str, str]:
    return {"MEDIA_DIR": str(tmp_path), "NDRC_SEAL_DIR": str(tmp_path / "seal")}


def manage(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**kept, "DJANGO_SETTINGS_MODULE": "ndrc_cfa.settings.prod", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def load(environment: dict[str, str]) -> str:
    """The refusal, or nothing."""
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(settings.BASE_DIR)}
    done = subprocess.run(
        [sys.executable, "-c", "import ndrc_cfa.settings.prod"],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode == 0) == (not done.stderr), done.stderr
    return done.stderr


def test_it_passes_the_deployment_checks_without_a_warning(tmp_path):
    done = manage({**GOOD, **folders(tmp_path)}, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_it_lists_everything_that_is_missing_at_once():
    refusal = load({})
    for name in (*GOOD, "MEDIA_DIR", "NDRC_SEAL_DIR"):
        assert f"{name} manque" in refusal


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("SECRET_KEY", "court", "au moins 50 caractères"),
        ("SECRET_KEY", "a" * 80, "au hasard"),
        ("SECRET_KEY", "django-insecure-" + SECRET, "clé publique d'exemple"),
        ("SECRET_KEY", "embedded-demo-key-never-used-in-production-at-all!", "clé publique"),
        ("NDRC_NIR_KEYS", "courte", "32 octets"),
        ("NDRC_NIR_KEYS", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=", "clé publique"),
        ("ALLOWED_HOSTS", "*", "n'importe quel nom"),
        ("ALLOWED_HOSTS", "https://cfa.example.fr", "un nom seul"),
        ("ALLOWED_HOSTS", " , ", "ALLOWED_HOSTS manque"),
        ("DATABASE_URL", "sqlite:////tmp/cfa.sqlite3", "adresse PostgreSQL"),
        ("DATABASE_URL", "postgres://cfa@db/", "aucune base"),
        ("REDIS_URL", "atomicfs://localhost", "adresse Redis"),
        ("REDIS_URL", "redis://", "aucun serveur"),
        ("EMAIL_URL", "consolemail://", "serveur d'e-mail"),
        ("DEFAULT_FROM_EMAIL", "CFA", "adresse e-mail"),
        ("PUBLIC_URL", "https://autre.example.fr", "ALLOWED_HOSTS"),
        ("PUBLIC_URL", "https://cfa.example.fr/x", "sans chemin"),
        ("PUBLIC_URL", "http://cfa.example.fr", "https"),
        ("PUBLIC_URL", "https://cfa.example.fr/", "ni « / »"),
        ("MEDIA_DIR", "media", "chemin complet"),
        ("MEDIA_DIR", "/nonexistent/media", "n'existe pas"),
        ("NDRC_SEAL_DIR", "cachet", "chemin complet"),
        ("NDRC_SEAL_DIR", "/nonexistent/seal/current", "n'existe pas"),
        ("X_ACCEL_PREFIX", "prive", "entre deux"),
    ],
)
def test_it_refuses_an_unsafe_value_by_name(name, value, reason, tmp_path):
    refusal = load({**GOOD, **folders(tmp_path), name: value})
    assert name in refusal
    assert reason in refusal
    assert SECRET not in refusal
