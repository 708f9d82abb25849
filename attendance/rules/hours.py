"""What a half-day counts for an apprentice (docs/rules/emargement.md, part 4).

The hours come from the minutes of each half-day, never from a number of days: OPCOs look for the exact
agreement of the sheets, the certificate and the invoice (arrêté du 21/12/2018).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ..enums import PresenceState


@dataclass(frozen=True)
class Counted:
    """Minutes of the half-days that share a presence state, and the minutes missed in them."""

    state: str
    minutes: int
    missed: int = 0


@dataclass(frozen=True)
class Hours:
    """The counters of one enrolment, in hours.

    planned: whole course; held: half-days that had a sheet; of these, present (signed and countersigned,
    less the minutes missed), absent (to justify, with the minutes missed) and excused; the rest is not
    decided yet.
    minimum: legal minimum for the contract's real duration (CE D643-8).
    """

    planned: Decimal
    held: Decimal
    present: Decimal
    absent: Decimal
    excused: Decimal
    minimum: Decimal
    # Planned before the centre used the application, on sheets of its own: not proved here.
    elsewhere: Decimal = Decimal(0)

    @property
    def pending(self) -> Decimal:
        """Held, but not countersigned yet."""
        return self.held - self.present - self.absent - self.excused

    @property
    def rate(self) -> Decimal | None:
        """Assiduity in per cent of the hours held (None before the first half-day)."""
        return _percent(self.present, self.held)

    @property
    def rate_without_excused(self) -> Decimal | None:
        """The same, justified absences left out."""
        return _percent(self.present, self.held - self.excused)

    @property
    def missing(self) -> Decimal:
        """Hours of presence that still lack for the legal minimum."""
        return max(self.minimum - self.present, Decimal(0))


def count_hours(
    planned_minutes: int, counted: Iterable[Counted], minimum: Decimal, *, elsewhere: int = 0
) -> Hours:
    """Add the half-days of one enrolment up."""
    held = present = absent = excused = 0
    for line in counted:
        missed = min(line.missed, line.minutes)
        held += line.minutes
        if line.state in (PresenceState.PRESENT, PresenceState.LATE):
            present += line.minutes - missed
            absent += missed
        elif line.state == PresenceState.ABSENT:
            absent += line.minutes
        elif line.state == PresenceState.EXCUSED:
            excused += line.minutes
    return Hours(
        planned=to_hours(planned_minutes),
        held=to_hours(held),
        present=to_hours(present),
        absent=to_hours(absent),
        excused=to_hours(excused),
        minimum=minimum,
        elsewhere=to_hours(elsewhere),
    )


def to_hours(minutes: int) -> Decimal:
    """210 -> 3.50"""
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    if whole <= 0:
        return None
    return (part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
