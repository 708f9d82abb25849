"""Read the environment of a production machine, and say everything that is wrong with it at once."""

import base64
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SECRET_KEY_LENGTH = 50
FERNET_BYTES = 32
PUBLIC_NIR_KEYS = (
    "ZW1iZWRkZWQtZGVtby1rZXktbmV2ZXItaW4tcHJvZCE=",
    "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
)
KNOWN_KEYS = ("django-insecure", "embedded-demo-key", "tests-only", "changez-moi", "change-me")

Problem = str | None


class Environment:
    """Collects the problems of each variable; `finish` refuses to start if there is one."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def text(self, name: str, check: Callable[[str], Problem], default: str | None = None) -> str:
        value = os.environ.get(name, "").strip() or default
        if value is None:
            self.problems.append(f"{name} manque")
            return ""
        if problem := check(value):
            self.problems.append(f"{name} est refusé : {problem}")
        return value

    def names(self, name: str, check: Callable[[str], Problem]) -> list[str]:
        values = [v.strip() for v in os.environ.get(name, "").split(",") if v.strip()]
        if not values:
            self.problems.append(f"{name} manque")
        for value in values:
            if problem := check(value):
                self.problems.append(f"{name} est refusé : {problem}")
        return values

    def finish(self) -> None:
        if self.problems:
            lines = "\n".join(f"  - {problem}" for problem in self.problems)
            raise ImproperlyConfigured(
                f"Configuration de production refusée (voir docs/deploiement.md) :\n{lines}"
            )


def secret_key(value: str) -> Problem:
    if any(known in value.lower() for known in KNOWN_KEYS):
        return "c'est une clé publique d'exemple ; créez la vôtre"
    if len(value) < SECRET_KEY_LENGTH or len(set(value)) < 15:
        return f"il faut au moins {SECRET_KEY_LENGTH} caractères au hasard"
    return None


def fernet_key(value: str) -> Problem:
    try:
        is_right = len(base64.urlsafe_b64decode(value)) == FERNET_BYTES
    except ValueError:
        is_right = False
    if not is_right:
        return (
            "il faut 32 octets au hasard en base 64 ; voir la ligne à lancer dans la documentation"
        )
    if value in PUBLIC_NIR_KEYS:
        return "c'est une clé publique d'exemple ; créez la vôtre"
    return None


def host_name(value: str) -> Problem:
    if "*" in value:
        return "« * » accepterait n'importe quel nom ; écrivez les noms du site"
    if "/" in value or ":" in value:
        return f"« {value} » doit être un nom seul, sans « https:// » ni port"
    return None


def address(what: str, *schemes: str) -> Callable[[str], Problem]:
    def check(value: str) -> Problem:
        try:
            parts = urlsplit(value)
        except ValueError:
            return "l'adresse est illisible"
        if parts.scheme not in schemes:
            return f"il faut une adresse {what} ({', '.join(f'{s}://' for s in schemes)})"
        if not (parts.hostname or parts.path.strip("/")):
            return "l'adresse ne nomme aucun serveur"
        return None

    return check


def postgresql_address(value: str) -> Problem:
    problem = address("PostgreSQL", "postgres", "postgresql")(value)
    if not problem and not urlsplit(value).path.strip("/"):
        return (
            "l'adresse ne nomme aucune base (dans un mot de passe, « # », « / », « ? » et « @ » "
            "s'écrivent %23, %2F, %3F et %40)"
        )
    return problem


def public_address(hosts: list[str]) -> Callable[[str], Problem]:
    """The links of letters and documents lead to this site and nowhere else."""

    def check(value: str) -> Problem:
        if problem := address("publique", "https")(value):
            return problem
        parts = urlsplit(value)
        if parts.path or parts.query or parts.fragment:
            return "il faut le nom du site seul, sans chemin ni « / » à la fin"
        host = str(parts.hostname)
        if not any(host == h or (h.startswith(".") and host.endswith(h)) for h in hosts):
            return f"{host} n'est pas dans ALLOWED_HOSTS : les liens envoyés n'ouvriraient rien"
        return None

    return check


def sender(value: str) -> Problem:
    return None if "@" in value else "il faut une adresse e-mail, par exemple CFA <cfa@exemple.fr>"


def full_path(value: str) -> Problem:
    return None if value.startswith("/") else "il faut un chemin complet, qui commence par « / »"


def writable_folder(value: str) -> Problem:
    folder = Path(value)
    if problem := full_path(value):
        return problem
    if not folder.is_dir():
        return f"le dossier {folder} n'existe pas"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"le dossier {folder} n'est pas accessible en écriture"
    return None


def seal_folder(value: str) -> Problem:
    """Holds key and certificate, or can be made with them: it must outlive the container."""
    folder = Path(value)
    if problem := full_path(value):
        return problem
    if (folder / "key.pem").exists():
        return None if os.access(folder / "key.pem", os.R_OK) else "la clé n'est pas lisible"
    return writable_folder(str(folder.parent))


def accel_prefix(value: str) -> Problem:
    if value and not (value.startswith("/") and value.endswith("/")):
        return "il faut un chemin entre deux « / », par exemple /prive/"
    return None
