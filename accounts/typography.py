"""French typography: the spaces that do not break, « 1er mai », « d'Aïcha », on pages and in documents alike.

Templates, messages, data files and what people typed are written with the ordinary space of the keyboard. In
one place, as a page leaves for the browser or for the PDF engine, a line is kept from beginning with « : » or
ending with « le 3 ». One expression looks at each space once: a page costs a quarter of a millisecond.
"""

import json
import re
from typing import Any

from .french import ABBREVIATED, FIRST, MONTHS

NBSP = "\u00a0"
UNITS = "h|min|mm|cm|[Kk]o|Mo|pages?|heures?|minutes?|jours?|semaines?|mois|ans?|points?"
SPACE = (
    r" (?:(?=[:;?!»%€](?!\w))"  # before a sign, whatever stands before
    r"|(?<=[«°.\drh/] )(?=\S)(?:"  # a quick look at what stands before, then at what it is
    r"(?<=« )|(?<=n° )|(?<=\bart\. )|(?<=\bp\. )|(?<=\d / )(?=\d)"
    rf"|(?<=\d )(?=/ \d|(?:\d{{3}}|{UNITS}|{MONTHS}|{ABBREVIATED})\b)"
    rf"|(?<=1er )(?={MONTHS})|(?<=\d h )(?=\d\d\b)))"
)
# « de » and « que » before a name: not before a code (E4), nor an h or a y, which a rule cannot tell.
ELISION = r"e (?=[AÀÂÄEÉÈÊËIÎÏOÔÖUÙÛÜ][a-zà-ÿ])(?:(?<=\b[Dd]e )|(?<=\b[Qq]ue ))"
IN_TEXT = r"(?=[^<>]*(?:<|\Z))"  # not between < and >: a tag and its attributes stay as they are
# A line that the template begins anew is a space to who reads: said as one, it is met by the rules below.
_LINES_IN_TEXT = re.compile(r"\n[ \t\r\n]*" + IN_TEXT)
_SPACE, _SPACE_IN_TEXT = re.compile(SPACE), re.compile(SPACE + IN_TEXT)
_FIRST_IN_TEXT, _ELISION_IN_TEXT = re.compile(FIRST + IN_TEXT), re.compile(ELISION + IN_TEXT)
# Attributes that a person hears or reads; it begins with letters, as the others.
_SAID = re.compile(
    r"""(?:aria-label="(?<=\saria-label=")|title="(?<=\stitle=")|alt="(?<=\salt="))[^"]*"""
)
SENTENCES = {"message", "missing"}  # of an answer to a script, wherever they stand in it
# What a machine or the person gets back as it was written.
_APART = re.compile(r"<(script|style|textarea|pre|code)\b.*?</\1>", re.DOTALL)


def french(text: str) -> str:
    """A text as French typography wants it; its other characters are untouched."""
    return _SPACE.sub(NBSP, re.sub(ELISION, "'", re.sub(FIRST, "1er ", text)))


def french_html(html: str) -> str:
    """The same in the texts of a page and in the attributes said aloud, not in what is copied, edited or run."""
    parts, at = [], 0
    for apart in _APART.finditer(html):
        parts += [_texts(html[at : apart.start()]), apart.group()]
        at = apart.end()
    return "".join([*parts, _texts(html[at:])])


def french_json(body: str) -> str:
    """The same in the sentences that a script shows; the values of fields are those that were typed."""
    if not any(f'"{key}"' in body for key in SENTENCES):
        return body
    return json.dumps(json.loads(body, object_hook=_sentences))


def _sentences(found: dict[str, Any]) -> dict[str, Any]:
    for key in SENTENCES & found.keys():
        said = found[key]
        if isinstance(said, str):
            found[key] = french(said)
        elif isinstance(said, list):
            found[key] = [french(one) for one in said]
    return found


def _texts(html: str) -> str:
    html = _LINES_IN_TEXT.sub(" ", html)
    html = _ELISION_IN_TEXT.sub("'", _FIRST_IN_TEXT.sub("1er ", html))
    html = _SPACE_IN_TEXT.sub(NBSP, html)
    return _SAID.sub(lambda said: french(said.group()), html)
