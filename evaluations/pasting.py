"""What the two previews of a pasted column share: the values seen, and their change since."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

CHANGED = (
    "Des notes de ces lignes ont changé depuis l'aperçu : rien n'est écrit. Relisez la colonne « Avant », "
    "puis confirmez."
)


def seen_values(rows: Iterable[Any], held: Mapping[str, str]) -> str:
    """A digest of what the matched lines would replace, sent back with the confirmation."""
    pairs = "|".join(f"{row.key}={held.get(row.key, '')}" for row in rows if row.kind == "matched")
    return hashlib.sha256(pairs.encode()).hexdigest()
