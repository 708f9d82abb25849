"""What is held about a person, app by app: the right of access and to portability (RGPD art. 15 and 20).

Each app declares its areas in its `personal_data.py`, read as it starts like its verbs; what it holds near
a person and does not hand over, it names with the reason. A guard (tests/test_personal_data.py) compares
this with the models.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from .models import Cfa, User


@dataclass(frozen=True)
class Person:
    """Whose data: the apprentice's file in one CFA, and the account if there is one.

    with_nir: whoever asked may read the number of social security.
    """

    cfa: Cfa
    apprentice: Any  # apprentices.Apprentice, an app above
    user: User | None
    with_nir: bool = False


@dataclass(frozen=True)
class Section:
    """Some objects of one model, told field by field, with the files that they hold.

    `leave` names the fields that are not handed over (secrets, keys, marks not yet published); `more`
    gives facts that no field holds, by French label, or says a field better, by its name. Without
    `with_history`, the archive has no line of what was done to these objects.
    """

    title: str
    objects: models.QuerySet
    leave: tuple[str, ...] = ()
    more: Callable[[Any], dict[str, Any]] = field(default=lambda one: {})
    with_history: bool = True


@dataclass(frozen=True)
class Area:
    """One file of the archive: `code` is its name, `sections` gives what it holds of a person."""

    code: str
    title: str
    sections: Callable[[Person], Iterable[Section]]


_areas: dict[str, Area] = {}
_apart: dict[str, str] = {}


def declare(*areas: Area, apart: dict[str, str] | None = None) -> None:
    """Called by each app: its areas, and the models not handed over (label -> reason, in French)."""
    for area in areas:
        if _areas.get(area.code, area) != area:
            raise ValueError(f"Area {area.code!r} is declared twice.")
        _areas[area.code] = area
    _apart.update(apart or {})


def areas() -> list[Area]:
    """In the order of the apps: identity first."""
    return list(_areas.values())


def apart() -> dict[str, str]:
    return dict(_apart)
