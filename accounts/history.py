"""Writing the history: every action ends with one call of `record`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from .models import Cfa, Event, User

_labels: dict[str, str] = {}


def name_verbs(labels: dict[str, str]) -> None:
    """Called by each app as it starts: the French of its verbs."""
    _labels.update(labels)


def is_named(verb: str) -> bool:
    """Whether an app says this verb in French; each test that writes one asks (conftest.py)."""
    return verb in _labels


def verb_label(verb: str) -> str:
    """The deed in French; the bare word where an installation has kept one that no app writes any more."""
    return _labels.get(verb, verb)


def line(
    verb: str,
    subject: models.Model,
    *,
    cfa: Cfa,
    actor: User | None,
    happened_at: datetime | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """One line of history about `subject` (a model with a `uuid`), not yet written.

    `actor` is None for the system (nightly work, a worker).
    """
    now = timezone.now()
    return Event(
        cfa=cfa,
        actor=actor,
        actor_label=str(actor) if actor else "système",
        verb=verb,
        subject=subject._meta.label_lower,
        subject_id=str(subject.uuid),  # type: ignore[attr-defined]  # each model with a history has a uuid
        subject_label=str(subject)[:200],
        happened_at=happened_at or now,
        recorded_at=now,
        reason=reason,
        data=data or {},
    )


def record(
    verb: str,
    subject: models.Model,
    *,
    cfa: Cfa,
    actor: User | None,
    happened_at: datetime | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Write one line of history; call it inside the deed's transaction."""
    event = line(
        verb, subject, cfa=cfa, actor=actor, happened_at=happened_at, reason=reason, data=data
    )
    event.save()
    return event


def record_all(lines: Iterable[Event]) -> None:
    """Write many lines at once: the deed on a whole class."""
    Event.objects.bulk_create(lines)
