"""The key of the seals: a file beside the documents' seal, never in the database."""

import os
import secrets
from functools import cache
from pathlib import Path

from django.conf import settings

LENGTH = 32


def proof_key() -> bytes:
    return _read(str(settings.SEAL_DIR))


@cache
def _read(folder: str) -> bytes:
    """The key, made once: of several processes that arrive together the first one's is kept."""
    path = Path(folder).parent / "attendance-proof.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(LENGTH))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    key = path.read_bytes()
    if len(key) != LENGTH:
        raise RuntimeError(f"{path} n'est pas une clé de {LENGTH} octets : rétablissez-la.")
    return key
