"""What the evaluations ask of apps that they may not import; the project package says who answers.

Hours and half-days belong to another app of the same floor, the livret to the floor above.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import Cfa
from apprentices.models import Enrolment
from documents.models import Document


@dataclass(frozen=True)
class Taught:
    """A half-day taught that takes a trainer and a room."""

    starts: datetime
    ends: datetime
    cohort: int
    trainer: int
    room: str
    label: str


@dataclass
class Providers:
    """The functions given by the project package; without them, nothing is known and nothing refused."""

    # Enrolments and day -> {enrolment pk: planned, present, minimum}
    hours_of: Callable[[Iterable[Enrolment], date], dict[int, Any]] = lambda enrolments, day: {}
    # What is taught in the CFA on that day
    taught_on: Callable[[Cfa, date], list[Taught]] = lambda cfa, day: []
    # {enrolment pk: documents issued that tell the evaluation in the company}
    company_reports: Callable[[Iterable[Enrolment]], dict[int, list[Document]]] = (
        lambda enrolments: {}
    )


providers = Providers()
