"""When a sheet may be opened, signed and countersigned (docs/rules/emargement.md, part 3).

CAA Paris 2017 and CAA Nantes 20/04/2021: no signature before the half-day, none on a public holiday.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True)
class DatedMinutes:
    """A number of minutes that holds between two dates, with where it comes from."""

    valid_from: date
    valid_to: date | None
    minutes: int
    source: str


# How long before the start of the half-day the trainer may open the sheet.
OPENING_MINUTES = (
    DatedMinutes(
        date(2000, 1, 1),
        None,
        10,
        "usage des CFA (ouverture à 8 h 50 pour 9 h) ; aucun texte ne fixe la durée",
    ),
)


@dataclass(frozen=True)
class Window:
    """A half-day as the clock sees it: its date, its hours, and the holiday's name if it is one."""

    date: date
    starts_at: time
    ends_at: time
    holiday: str = ""


def minutes_on(table: Sequence[DatedMinutes], day: date) -> int:
    """The value of a dated table on a day."""
    for row in table:
        if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to):
            return row.minutes
    raise LookupError(f"no value on {day}")


def opens_at(window: Window) -> datetime:
    """Local time from which the sheet may be opened."""
    start = datetime.combine(window.date, window.starts_at)
    return start - timedelta(minutes=minutes_on(OPENING_MINUTES, window.date))


def opening_refusal(window: Window, now: datetime) -> str:
    """Why the sheet cannot be opened at `now` (naive local time); empty when it can."""
    if window.holiday:
        return f"Le {window.date:%d/%m/%Y} est férié ({window.holiday}) : il n'y a pas d'émargement ce jour-là."
    opening = opens_at(window)
    if now < opening:
        return f"L'émargement ouvre le {opening:%d/%m/%Y} à {hour(opening.time())} : revenez à ce moment."
    if now.date() > window.date:
        return (
            f"La demi-journée du {window.date:%d/%m/%Y} est passée : son émargement ne peut plus être "
            "ouvert. Prévenez l'équipe du CFA."
        )
    return ""


def signing_refusal(window: Window, now: datetime, *, is_closed: bool) -> str:
    """Why a presence cannot be signed at `now`; empty when it can."""
    if is_closed:
        return (
            "La feuille est contresignée et close : elle ne se signe plus. Adressez-vous à l'équipe "
            "du CFA pour une correction."
        )
    refusal = opening_refusal(window, now)
    if refusal and now.date() > window.date:
        return (
            f"La demi-journée du {window.date:%d/%m/%Y} est passée : elle ne se signe plus. "
            "Adressez-vous à votre formateur."
        )
    return refusal


def countersigning_refusal(window: Window, now: datetime) -> str:
    """Why the trainer cannot countersign yet: one attests a half-day that has begun."""
    if now < datetime.combine(window.date, window.starts_at):
        return (
            f"La demi-journée commence à {hour(window.starts_at)} : contresignez après son début."
        )
    return ""


def hour(value: time) -> str:
    """09:00 -> "9 h", 12:30 -> "12 h 30"."""
    return f"{value.hour} h {value.minute:02d}" if value.minute else f"{value.hour} h"
