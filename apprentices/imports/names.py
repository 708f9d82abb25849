"""A person's whole name in one cell, split into family name and first name when it can be told safely.

Pure. Capitals tell the family name (« Chantal DUMAS », « LE GALL Yann »); otherwise the order does, when
the person who imports says it for the whole column. What stays in doubt is refused, never guessed.
"""

import re
from collections.abc import Callable

from ..communes import plain

Name = tuple[str, str]

CIVILITIES = frozenset(("M", "MR", "MME", "MLLE", "MONSIEUR", "MADAME", "MADEMOISELLE"))
# They open a family name, alone or one after the other: « de La Tour », « Le Goff », « Van den Berg ».
PARTICLES = frozenset(
    [
        "DE",
        "DU",
        "DES",
        "D",
        "L",
        "LA",
        "LE",
        "LES",
        "VAN",
        "VON",
        "DER",
        "DEN",
        "TER",
        "EL",
        "AL",
        "BEN",
        "BENT",
        "DI",
        "DA",
        "DO",
        "DOS",
        "DEL",
        "DELLA",
    ]
)
HOW = "Écrivez le nom de famille en capitales (Chantal DUMAS)"


def whole_name(text: str) -> Name:
    """(family name, first name) by the capitals, or by a comma: « DUMAS, Chantal »."""
    if text.count(",") == 1:
        before, after = (part.strip() for part in text.split(","))
        if family := _words(before):
            return _checked(text, " ".join(family), after)
    words = _words(text)
    capitals = _capitals(words)
    if not any(capitals) or all(capitals):
        raise ValueError(
            f"« {text} » : le nom ne se distingue pas du prénom. {HOW}, ou choisissez plus bas, pour "
            "cette colonne, « prénom puis nom » ou « nom puis prénom »."
        )
    start, end = capitals.index(True), len(words) - capitals[::-1].index(True)
    while start and plain(words[start - 1]) in PARTICLES:  # « de LA TOUR », « d'ORMESSON »
        start -= 1
    first = words[end:] if start == 0 else words[:start]
    if not all(capitals[start:end]) and not _are_particles(words[start:end], capitals[start:end]):
        raise _unclear(text)
    if start and end < len(words):
        raise _unclear(text)
    return _checked(text, " ".join(words[start:end]), " ".join(first))


def first_then_last(text: str) -> Name:
    """« Chantal Dumas », « Jean de La Tour »: the family name opens with its particles, or is the last."""
    words = _words(text)
    if _is_told(text, words):
        return whole_name(text)
    opens = next((n for n, word in enumerate(words) if n and plain(word) in PARTICLES), 0)
    if not opens and len(words) != 2:
        return whole_name(text)
    opens = opens or 1
    return _checked(text, " ".join(words[opens:]), " ".join(words[:opens]))


def last_then_first(text: str) -> Name:
    """« Dumas Chantal », « Le Goff Yann »: the particles, one word, then the first name."""
    words = _words(text)
    if _is_told(text, words):
        return whole_name(text)
    ends = next((n for n, word in enumerate(words) if plain(word) not in PARTICLES), 0) + 1
    if len(words) - ends != 1:
        return whole_name(text)
    return _checked(text, " ".join(words[:ends]), words[ends])


READERS: tuple[tuple[str, str, Callable[[str], Name]], ...] = (
    ("", "nom (en capitales) et prénom", whole_name),
    ("_first_last", "prénom puis nom", first_then_last),
    ("_last_first", "nom puis prénom", last_then_first),
)


def _words(text: str) -> list[str]:
    """The words of a name, without its civility; « d'Ormesson » is two of them."""
    words = re.sub(r"\b([dDlL]['’])(?=\w)", r"\1 ", text).split()
    if words and plain(words[0]) in CIVILITIES:
        words.pop(0)
    return words


def _capitals(words: list[str]) -> list[bool]:
    return [word.isupper() and sum(map(str.isalpha, word)) > 1 for word in words]


def _is_told(text: str, words: list[str]) -> bool:
    """Whether the cell itself tells the family name, whatever the order of the column."""
    capitals = _capitals(words)
    return "," in text or (any(capitals) and not all(capitals))


def _are_particles(words: list[str], capitals: list[bool]) -> bool:
    return all(
        capital or plain(word) in PARTICLES for word, capital in zip(words, capitals, strict=True)
    )


def _unclear(text: str) -> ValueError:
    return ValueError(f"« {text} » : ce nom n'est pas sûr. {HOW}, ou mettez-le en deux colonnes.")


def _checked(text: str, last: str, first: str) -> Name:
    if not last or not first:
        raise _unclear(text)
    joined = re.sub(r"\b([dDlL]['’]) ", r"\1", last)
    return joined, first
