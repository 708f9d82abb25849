"""French typography of a page before it is laid out: spaces that do not break, « 1er » of a month.

Templates, data files and what people typed are written with the ordinary space of the keyboard; here, in one
place, a line is kept from beginning with « : » or ending with « le 3 ».
"""

import re

from accounts.french import MONTHS, ordinal

NBSP = "\u00a0"
TEXT = re.compile(r">[^<]+")  # what stands between two tags
RULES = (
    (re.compile(r"[ \u00a0]([:;?!»%€])(?!\w)"), NBSP + r"\1"),
    (re.compile(r"« "), "«" + NBSP),
    (re.compile(r"\bn° (?=\S)"), "n°" + NBSP),
    (re.compile(r"\b(art|p)\. (?=\w)"), r"\1." + NBSP),
    (re.compile(rf"(?<!\d)(\d\d?|1er) ({MONTHS})\b"), rf"\1{NBSP}\2"),
    (re.compile(r"(\d) h (\d\d)\b"), rf"\1{NBSP}h{NBSP}\2"),
    (re.compile(r"(\d) (h|min|mm|pages?|heures?|minutes?|mois|ans?)\b"), rf"\1{NBSP}\2"),
)


def french(text: str) -> str:
    """A text with the spaces that French typography wants; its other characters are untouched."""
    text = ordinal(text)  # what people typed too
    for pattern, better in RULES:
        text = pattern.sub(better, text)
    return text


def french_html(html: str) -> str:
    """The same in the texts of a page; tags and their attributes stay as they are."""
    return TEXT.sub(lambda found: french(found.group()), html)
