"""Reading plain words: normal form of titles, what a printed form and its durations say."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

NUMBER = re.compile(
    r"(?<![\d,.])(\d{1,2})\s*h(?:eures?)?\b\s*(\d{1,2}(?!\d))?(?!\s*(?:mn|min))"
    r"|(?<![\d,.])(\d{1,3})\s*(?:mn|min|minutes?)\b"
)


def plain(text: str) -> str:
    """Lower case, without accents, ligatures, typographic signs or double spaces."""
    text = text.lower().replace("œ", "oe").replace("’", "'")
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^a-z0-9']+", " ", bare).split())


def minutes_in(text: str) -> tuple[int, ...]:
    """Every duration that a text prints ("4h", "1 h 30", "3h + 40 min"), in minutes and in order."""
    found = []
    bare = unicodedata.normalize("NFKD", text.lower())
    for match in NUMBER.finditer(bare):
        hours, rest, minutes = match.groups()
        found.append(int(minutes) if minutes else int(hours) * 60 + int(rest or 0))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """What a printed form of épreuve names."""

    written: bool
    oral: bool
    practical: bool
    ccf: bool
    ponctuel: bool
    minutes: tuple[int, ...]

    @classmethod
    def read(cls, text: str) -> "PrintedForm":
        words = plain(text)
        return cls(
            written="ecrit" in words,
            oral="oral" in words,
            practical="pratique" in words,
            ccf=bool(re.search(r"\bccf\b|controle en cours", words)),
            ponctuel="ponctuel" in words,
            minutes=minutes_in(text),
        )


def hours(value: Decimal | float) -> str:
    """1350 -> "1 350 h", 1012.5 -> "1 012,5 h"."""
    number = Decimal(str(value)).normalize()
    whole = f"{int(number):,}".replace(",", " ")
    fraction = number - int(number)
    return whole + (f"{fraction:f}"[1:].replace(".", ",") if fraction else "") + " h"


def minutes_words(value: int) -> str:
    """90 -> "1 h 30", 40 -> "40 min"."""
    if value < 60:
        return f"{value} min"
    return f"{value // 60} h" + (f" {value % 60:02d}" if value % 60 else "")


def number(value: Any) -> str:
    """3.0 -> "3"."""
    return f"{Decimal(str(value)).normalize():f}"
