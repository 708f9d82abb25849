"""What is held about a person, app by app: the right of access and to portability (RGPD art. 15 and 20).

Each app declares its areas in its `personal_data.py`, read as it starts like its verbs; what it holds near
a person and does not hand over, it names with the reason. A guard (tests/test_personal_data.py) compares
this with the models.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db import models

from .models import Cfa, User


class Of(Enum):
    """Whose areas: an apprentice's (or a candidate's), those of people at work, or everybody's."""

    EVERYBODY = "everybody"
    APPRENTICE = "apprentice"
    WORK = "work"


@dataclass(frozen=True)
class Person:
    """Whose data, in one CFA: somebody's files and the account if there is one.

    An apprentice or a candidate has one file, a maître d'apprentissage one in each company. with_nir:
    whoever asked may read the number of social security. is_own: the person asks, who alone reads where the
    account was used from.
    """

    cfa: Cfa
    user: User | None = None
    apprentice: Any = None  # apprentices.Apprentice, an app above
    maitres: tuple[Any, ...] = ()  # and apprentices.MaitreApprentissage
    contacts: tuple[Any, ...] = ()  # and apprentices.CompanyContact
    with_nir: bool = False
    is_own: bool = False

    @property
    def files(self) -> tuple[Any, ...]:
        return (self.apprentice,) if self.apprentice else (*self.maitres, *self.contacts)

    @property
    def name(self) -> str:
        return str(next(iter(self.files), self.user))

    @property
    def user_pk(self) -> int | None:
        """For a query: no row is of nobody's account, which a filter on None would find."""
        return self.user.pk if self.user else 0

    @property
    def emails(self) -> set[str]:
        """Where this person is written to."""
        known = [*self.files, self.user] if self.user else self.files
        return {form for one in known for form in (one.email, one.email.lower())} - {""}

    @property
    def of(self) -> Of:
        return Of.APPRENTICE if self.apprentice else Of.WORK


@dataclass(frozen=True)
class Section:
    """Some objects of one model, told field by field, with the files that they hold.

    `leave` names the fields that are not handed over (secrets, keys, marks not yet published); `more`
    gives facts that no field holds, by French label, or says a field better, by its name. `only` names
    the fields told of an object that is first of all somebody else's (art. 15-4). Without `with_history`,
    and with `only`, the archive has no line of what was done to these objects.
    """

    title: str
    objects: models.QuerySet
    leave: tuple[str, ...] = ()
    more: Callable[[Any], dict[str, Any]] = field(default=lambda one: {})
    with_history: bool = True
    only: tuple[str, ...] | None = None

    def tells(self, name: str) -> bool:
        return name not in self.leave and (self.only is None or name in self.only)


@dataclass(frozen=True)
class Area:
    """One file of the archive: `code` is its name, `sections` gives what it holds of a person."""

    code: str
    title: str
    sections: Callable[[Person], Iterable[Section]]
    of: Of = Of.APPRENTICE


_areas: dict[str, Area] = {}
_apart: dict[Of, dict[str, str]] = {Of.APPRENTICE: {}, Of.WORK: {}}


def declare(
    *areas: Area, apart: dict[str, str] | None = None, apart_at_work: dict[str, str] | None = None
) -> None:
    """Called by each app: its areas, and the models not handed over (label -> reason, in French)."""
    for area in areas:
        if _areas.get(area.code, area) != area:
            raise ValueError(f"Area {area.code!r} is declared twice.")
        _areas[area.code] = area
    _apart[Of.APPRENTICE].update(apart or {})
    _apart[Of.WORK].update(apart_at_work or {})


def areas(of: Of) -> list[Area]:
    """Those of such a person, in the order of the apps: identity first."""
    return [one for one in _areas.values() if one.of in (of, Of.EVERYBODY)]


def apart(of: Of) -> dict[str, str]:
    return dict(_apart[of])
