"""The cards of "À traiter aujourd'hui"."""

from collections.abc import Iterable
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


URGENCY = {"stop": 0, "todo": 1}  # what runs by itself comes last


def most_urgent_first(tasks: Iterable[Task]) -> list[Task]:
    """Blocking and late before what is to be done; inside, the order of the year."""
    return sorted(tasks, key=lambda task: URGENCY.get(task.kind, 2))


def plural(count: int, one: str, many: str) -> str:
    return one if count < 2 else many
