"""The cards of "À traiter aujourd'hui"."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, Model, QuerySet, Window
from django.urls import resolve

from accounts.enums import Role


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


def to_read(tasks: Iterable[Task], role: str) -> list[Task]:
    """For who reads and does nothing: the cards whose page opens to this role, without a deed in their words."""
    found = []
    for task in tasks:
        view = resolve(urlsplit(task.url).path).func
        if role in getattr(view, "roles", Role.values):
            found.append(replace(task, action="Voir"))
    return found


def plural(count: int, one: str, many: str) -> str:
    return one if count < 2 else many


def count_and_first(rows: QuerySet[Any, Any]) -> tuple[int, Any]:
    """How many, and the first in the order of the rows (None of none): one query, one row read."""
    first: Model | None = rows.annotate(in_all=Window(Count("pk"))).first()
    return (getattr(first, "in_all", 0), first)
