"""Writing the history: every action ends with one call of `record`."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from .models import Cfa, Event, User


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
    """Append one line of history about `subject` (a model with a `uuid`).

    `actor` is None for the system (nightly work, a worker). Call it inside the deed's transaction.
    """
    now = timezone.now()
    return Event.objects.create(
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
