"""The cards of "À traiter aujourd'hui"."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """A card of "À traiter aujourd'hui": how many, of what, why, and where to mend it."""

    kind: str  # of components/_status.html
    word: str
    count: str
    what: str
    why: str
    url: str
    action: str


def plural(count: int, one: str, many: str) -> str:
    return one if count < 2 else many
