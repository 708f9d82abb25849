"""The chain of proofs: how a link is made and how it is checked (docs/rules/emargement.md, part 7).

The hash of a link covers its number, the hash before it and the hash of its content. The content's own
hash stands between the two, so that a link that concerns somebody else can be handed over without its
content and the chain still be recomputed. The seal is an HMAC with a key that is not in the database:
whoever can write in the tables can hash anew, but not seal.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    """One row of the chain as it is read."""

    sequence: int
    kind: str
    payload: str
    payload_sha256: str
    previous: str
    hash: str
    seal: str


def canonical(content: Any) -> str:
    """One text for one content: keys in order, no spaces, French letters as they are."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of the UTF-8 text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def link_hash(sequence: int, previous: str, payload_sha256: str) -> str:
    """What a link hashes: its number, the link before and its content; the next one holds it."""
    return digest(f"{sequence}\n{previous}\n{payload_sha256}")


def seal_of(key: bytes, text: str) -> str:
    """HMAC-SHA256 with the key kept outside the database."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def make_link(*, key: bytes, sequence: int, previous: str, kind: str, payload: str) -> Link:
    """The link that follows `previous`."""
    content = digest(payload)
    hashed = link_hash(sequence, previous, content)
    return Link(sequence, kind, payload, content, previous, hashed, seal_of(key, hashed))


def head_seal(key: bytes, sequence: int, hashed: str) -> str:
    """What the head of the chain bears: cutting the last links off needs the key too."""
    return seal_of(key, f"head\n{sequence}\n{hashed}")


def link_problem(link: Link, *, number: int, previous: str, key: bytes) -> str:
    """What is wrong with a link that should bear `number` and follow `previous`; empty when right."""
    if link.sequence > number:
        gone = (
            f"n° {number}" if link.sequence == number + 1 else f"n° {number} à {link.sequence - 1}"
        )
        return f"suppression : l'événement {gone} manque"
    if link.sequence < number:
        return "insertion : ce numéro existe déjà"
    if digest(link.payload) != link.payload_sha256:
        return "modification : le contenu ne correspond plus à son empreinte"
    if link.previous != previous:
        return "ordre : l'empreinte précédente n'est pas celle de l'événement qui le précède"
    if link.hash != link_hash(link.sequence, link.previous, link.payload_sha256):
        return "modification : l'empreinte ne correspond plus à l'événement"
    if not hmac.compare_digest(link.seal, seal_of(key, link.hash)):
        return "réécriture : l'événement n'a pas été scellé par cette application"
    return ""
