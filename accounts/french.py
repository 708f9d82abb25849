"""Dates as French writes them: the first of a month is « 1er », which Django's formats cannot say."""

import re
from datetime import date, datetime

from django.utils import formats

MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_ABBREVIATED = "jan|fév|avr|juil|sept|oct|nov|déc"  # as Django's catalogue has them
_FIRST = re.compile(rf"(?<![\d.,/-])1 (?=(?:{MONTHS}|{_ABBREVIATED})\b)")


def ordinal(text: str) -> str:
    """« le 1 mai » becomes « le 1er mai »; « 21 mai » and « 1 h 30 » stay."""
    return _FIRST.sub("1er ", text)


def date_format(value: date | datetime | str, form: str) -> str:
    """As `django.utils.formats.date_format`, for the dates that people and documents read."""
    return ordinal(formats.date_format(value, form))  # noqa: TID251  (this is where it stands)
