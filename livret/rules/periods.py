"""The livret's rules: periods, who writes which section when, what a signer has seen.

No national form exists; the livret is the proof of the link between CFA and company (CT L6231-2 3°)
and the jury consults it (CE D643-26). Quarterly periods are the commitment of the CFA's programme.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accounts.errors import DomainError
from programmes.calendar_rules import add_months

from ..enums import PeriodRole, PeriodState

PERIOD_MONTHS = 3
# A period shorter than this is joined to the one before it.
SHORTEST_DAYS = 28
# Days left to the three signers after the end of a period before it counts as late.
GRACE_DAYS = 15
LINK_DAYS = 30

# (state, who signs) -> next state: signatures come in one order.
TRANSITIONS: dict[tuple[str, str], str] = {
    (PeriodState.DRAFT, PeriodRole.APPRENTICE): PeriodState.APPRENTICE_SIGNED,
    (PeriodState.APPRENTICE_SIGNED, PeriodRole.MAITRE): PeriodState.MAITRE_SIGNED,
    (PeriodState.MAITRE_SIGNED, PeriodRole.TUTOR): PeriodState.CLOSED,
}
# What each person writes, and until which state.
SECTIONS: dict[str, tuple[str, ...]] = {
    PeriodRole.APPRENTICE: ("apprentice_text",),
    PeriodRole.MAITRE: ("maitre_position", "maitre_text", "maitre_goals"),
    PeriodRole.TUTOR: ("tutor_text",),
}
WRITABLE: dict[str, frozenset[str]] = {
    PeriodRole.APPRENTICE: frozenset({PeriodState.DRAFT}),
    PeriodRole.MAITRE: frozenset({PeriodState.DRAFT, PeriodState.APPRENTICE_SIGNED}),
    PeriodRole.TUTOR: frozenset(
        {PeriodState.DRAFT, PeriodState.APPRENTICE_SIGNED, PeriodState.MAITRE_SIGNED}
    ),
}
# What must not be empty before its author signs.
REQUIRED: dict[str, dict[str, str]] = {
    PeriodRole.APPRENTICE: {"apprentice_text": "les missions réalisées"},
    PeriodRole.MAITRE: {
        "maitre_position": "l'appréciation d'ensemble",
        "maitre_text": "les observations",
    },
    PeriodRole.TUTOR: {"tutor_text": "le bilan du tuteur CFA"},
}


class Changed(DomainError):
    """The field was changed in another window since it was read; nothing is written."""

    def __init__(self, *, field: str, current: str):
        super().__init__("Cette réponse a changé dans une autre fenêtre.", field=field)
        self.current = current


@dataclass(frozen=True)
class Span:
    """A period of the livret: its number from 1, its first and last day."""

    number: int
    starts_on: date
    ends_on: date


def spans(starts_on: date, ends_on: date) -> list[Span]:
    """Quarterly periods that cover the dates without hole; a short last one joins the one before."""
    if ends_on < starts_on:
        raise ValueError("La fin précède le début.")
    starts: list[date] = []
    while (day := add_months(starts_on, PERIOD_MONTHS * len(starts))) <= ends_on:
        starts.append(day)
    if len(starts) > 1 and (ends_on - starts[-1]).days + 1 < SHORTEST_DAYS:
        starts.pop()
    ends = [day - timedelta(days=1) for day in starts[1:]] + [ends_on]
    return [Span(n, *pair) for n, pair in enumerate(zip(starts, ends, strict=True), start=1)]


def next_state(state: str, role: str) -> str | None:
    """The state once this role has signed; None when it is not its turn."""
    return TRANSITIONS.get((state, role))


def awaited_role(state: str) -> str | None:
    """Who signs next."""
    return next((role for (old, role) in TRANSITIONS if old == state), None)


def can_write(role: str, state: str) -> bool:
    """Whether the sections of this role are still open."""
    return state in WRITABLE.get(role, frozenset())


def missing_fields(role: str, values: dict[str, Any]) -> dict[str, str]:
    """What the signer has still to write: field -> its French name."""
    return {
        field: label
        for field, label in REQUIRED[role].items()
        if not str(values[field] or "").strip()
    }


def missing(role: str, values: dict[str, Any]) -> list[str]:
    """The French names alone."""
    return list(missing_fields(role, values).values())


def late_limit(today: date) -> date:
    """A period that ended before this day and is not signed by the three is late."""
    return today - timedelta(days=GRACE_DAYS)


def is_late(state: str, ends_on: date, today: date) -> bool:
    """Not closed, and ended before the limit that `late_limit` gives."""
    return state != PeriodState.CLOSED and ends_on < late_limit(today)


def text_digest(content: dict[str, Any]) -> str:
    """SHA-256 of exactly what a signer reads, in a canonical form."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def token_digest(token: str) -> str:
    """Only this is stored of a personal link."""
    return hashlib.sha256(token.encode()).hexdigest()
