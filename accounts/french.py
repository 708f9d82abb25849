"""French as people write it: « 1er mai 2026 », « 12,5 », a participle that agrees with its person."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import formats

MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
ABBREVIATED = "jan|fév|avr|juil|sept|oct|nov|déc"  # as Django's catalogue has them
# It begins with its letters: a search goes straight to them (fifty times quicker on a page).
FIRST = rf"1 (?=(?:{MONTHS}|{ABBREVIATED})\b)(?<![\d.,/-]1 )"
_FIRST = re.compile(FIRST)


def ordinal(text: str, form: str = "") -> str:
    """« le 1 mai » becomes « le 1er mai »; « 21 mai » and « 1 h 30 » stay.

    `form` is the format that the text was made with: one that ends with the day says « mardi 1er ».
    """
    if form.endswith("j") and re.search(r"(?<!\d)1$", text):
        return f"{text}er"
    return _FIRST.sub("1er ", text)


def agreed(words: str, sex: str) -> str:
    """« né(e) » as this person is: « née » (F), « né » (M); both forms stay while the sex is unknown ("")."""
    return words.replace("(e)", {"F": "e", "M": ""}.get(sex, "(e)"))


def date_format(value: date | datetime | str, form: str) -> str:
    """As `django.utils.formats.date_format`, for the dates that people and documents read."""
    return ordinal(formats.date_format(value, form), form)  # noqa: TID251  (this is where it stands)


def long_date(value: date | datetime | None) -> str:
    """« 1er mai 2026 »; nothing without a date."""
    return date_format(value, "j F Y") if value else ""


def with_comma(value: Decimal | int | None) -> str:
    """The figures that count after a comma: 12.50 is « 12,5 », 12.00 is « 12 »; nothing without a number."""
    if value is None:
        return ""
    text = f"{Decimal(value):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
