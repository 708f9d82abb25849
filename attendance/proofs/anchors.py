"""Anchors: where each chain stood on a day, in a file outside the database.

A chain put back whole to an older state hangs together; only something kept elsewhere can say that it
once was longer. The files are small: copy them where nobody of the database can write.
"""

import json
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Cfa

from ..models import ProofHead
from ..rules.chain import seal_of
from .key import proof_key

FOLDER = "attendance-anchors"


def drop_anchor(cfa: Cfa) -> str:
    """Write where the chain of the centre stands; the name of the file, or "" without a chain."""
    head = ProofHead.objects.filter(cfa=cfa).first()
    if head is None or not head.sequence:
        return ""
    text = f"anchor\n{cfa.uuid}\n{head.sequence}\n{head.hash}"
    content = {
        "cfa": str(cfa.uuid),
        "sequence": head.sequence,
        "hash": head.hash,
        "seal": seal_of(proof_key(), text),
        "written_at": timezone.now().isoformat(),
    }
    name = f"{FOLDER}/{cfa.uuid}/{timezone.localdate():%Y-%m-%d}-{head.sequence}.json"
    if default_storage.exists(name):
        return name
    return default_storage.save(name, ContentFile(json.dumps(content).encode()))


def anchors_of(cfa: Cfa) -> dict[int, str]:
    """Number of the link -> its hash, from every readable anchor that was sealed here."""
    folder = f"{FOLDER}/{cfa.uuid}"
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return {}
    found: dict[int, str] = {}
    for name in names:
        with default_storage.open(f"{folder}/{name}") as file:
            content = _read(file.read())
        text = f"anchor\n{cfa.uuid}\n{content.get('sequence')}\n{content.get('hash')}"
        if content.get("seal") == seal_of(proof_key(), text):
            found[int(content["sequence"])] = str(content["hash"])
    return found


def _read(data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(data)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
