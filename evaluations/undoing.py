"""A paste undone: whose it was, how long one click puts it back, and what the person is told."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import Event, User

PASTED, UNDONE = "marks.pasted", "marks.paste_undone"


def last_paste(subject: models.Model, by: User, **about: Any) -> Event | None:
    """The person's last paste or import in this semester or session, unless it was undone.

    `about` narrows to what the history says of it: one grid among several of the same subject.
    """
    wanted = {f"data__{key}": value for key, value in about.items()}
    deeds = Event.objects.about(subject).filter(verb__in=(PASTED, UNDONE), actor=by, **wanted)
    last = deeds.order_by("-pk").first()
    return last if last and last.verb == PASTED else None


def paste_undoable(subject: models.Model, by: User, **about: Any) -> Event:
    """The same, for the deed: DomainError when nothing is left."""
    event = last_paste(subject, by, **about)
    if event is None:
        raise DomainError("Il n'y a plus rien à annuler : le dernier collage l'a déjà été.")
    return event


def paste_to_undo(subject: models.Model | None, by: User, **about: Any) -> Event | None:
    """The person's own paste of the day, which one click puts back."""
    event = last_paste(subject, by, **about) if subject else None
    return event if event and event.recorded_at > timezone.now() - timedelta(days=1) else None


def undone_text(count: int, kept: int) -> str:
    """What is told after: `count` cells put back, `kept` left alone since somebody changed them."""
    s, ss = "s" if count > 1 else "", "s" if kept > 1 else ""
    text = f"{count} note{s} remise{s} comme avant."
    if kept:
        text += f" {kept} changée{ss} depuis : laissée{ss} telle{ss} quelle{ss}."
    return text
