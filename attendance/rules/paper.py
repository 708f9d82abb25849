"""What a secretary types for one line of a paper sheet: a letter, or the time of arrival."""

import re
from dataclasses import dataclass
from datetime import time

MARKS = {"P": "signed", "A": "absent", "J": "excused"}
# "9h20", "9:20", "920", "9 h": somebody who signed, and came then.
HOUR = re.compile(r"(\d{1,2})\s*[hH:]?\s*(\d{2})?")
# What the field of the page accepts, for the browser to say at once what is not understood.
PATTERN = r"\s*([PpAaJj]|\d{1,2}\s*[hH:]?\s*(\d{2})?)\s*"
UNREADABLE = "Écrivez P, A, J ou l'heure d'arrivée (9h20)."


@dataclass(frozen=True)
class Cell:
    """What the paper says of one person at one half-day ("signed", "absent", "excused")."""

    mark: str
    arrived_at: time | None = None


def read_cell(text: str) -> Cell | None:
    """The cell as typed; None when nothing is written. Raises ValueError, in French."""
    text = text.strip()
    if not text:
        return None
    if mark := MARKS.get(text.upper()):
        return Cell(mark)
    found = HOUR.fullmatch(text)
    if not found:
        raise ValueError(UNREADABLE)
    try:
        return Cell("signed", time(int(found[1]), int(found[2] or 0)))
    except ValueError as error:
        raise ValueError(UNREADABLE) from error
