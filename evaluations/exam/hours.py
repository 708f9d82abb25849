"""The hours of the candidates, shown beside their registration.

Hours belong to another app of the same floor: the project package, above both, gives the function.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from apprentices.models import Enrolment

_providers: list[Callable[[Iterable[Enrolment], date], dict[int, Any]]] = []


def provide(hours_of: Callable[[Iterable[Enrolment], date], dict[int, Any]]) -> None:
    """Say who counts the hours: enrolments and day -> {enrolment pk: planned, present, minimum}."""
    _providers[:] = [hours_of]


def hours_of(enrolments: Iterable[Enrolment], day: date) -> dict[int, Any]:
    return _providers[0](enrolments, day) if _providers else {}
