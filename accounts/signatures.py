"""What is accepted as a signature (docs/rules/emargement.md, part 2).

No text asks for a qualified signature on an attendance sheet; the proof is free ("tout élément
probant", CT R6313-3). Courts rejected sheets whose signatures were missing or identical (CAA Nantes
20/04/2021, 14/06/2022): hence never empty, never a copy.
"""

import hashlib
import json
import math
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

WIDTH, HEIGHT = 600, 200
# Bounds of the capture, not of the law: a real signature has some ink and some hundred points.
MIN_INK = 60.0
MAX_STROKES = 200
MAX_POINTS = 5_000
MAX_BYTES = 200_000
# Milliseconds since the first point or since 1970, up to the year 2200.
MAX_EPOCH = 7_258_118_400_000

Point = tuple[float, float, int]
Strokes = list[list[Point]]

EMPTY = "La signature est vide : signez dans le cadre, ou saisissez votre nom au clavier."
UNREADABLE = "La signature n'a pas pu être lue : effacez-la et signez de nouveau."
TOO_LARGE = "La signature est trop longue : effacez-la et signez plus simplement."
TOO_LITTLE = "Le tracé est trop court pour être une signature : effacez-le et signez de nouveau."


class BadSignature(ValueError):
    """What was given is not a signature; the message is for the person who signs."""


def parse_strokes(raw: str) -> Any:
    """Read the JSON text that the page sends; an empty text is no stroke at all."""
    if len(raw.encode()) > MAX_BYTES:
        raise BadSignature(TOO_LARGE)
    if not raw.strip():
        return []
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadSignature(UNREADABLE) from error


def clean_strokes(value: Any) -> Strokes:
    """Check the strokes and give them back in canonical form (tenths of a unit, whole milliseconds)."""
    if not isinstance(value, list):
        raise BadSignature(UNREADABLE)
    if not value:
        raise BadSignature(EMPTY)
    if len(value) > MAX_STROKES:
        raise BadSignature(TOO_LARGE)
    strokes: Strokes = []
    total = 0
    for stroke in value:
        if not isinstance(stroke, (list, tuple)) or not stroke:
            raise BadSignature(UNREADABLE)
        total += len(stroke)
        if total > MAX_POINTS:
            raise BadSignature(TOO_LARGE)
        strokes.append([_clean_point(point) for point in stroke])
    if ink(strokes) < MIN_INK:
        raise BadSignature(TOO_LITTLE)
    return strokes


def _clean_point(point: Any) -> Point:
    if not isinstance(point, (list, tuple)) or len(point) != 3:
        raise BadSignature(UNREADABLE)
    if not all(type(number) in (int, float) for number in point):  # a bool is no number here
        raise BadSignature(UNREADABLE)
    try:
        x, y, milliseconds = (float(number) for number in point)
    except OverflowError as error:
        raise BadSignature(UNREADABLE) from error
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(milliseconds)):
        raise BadSignature(UNREADABLE)
    if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT and 0 <= milliseconds <= MAX_EPOCH):
        raise BadSignature(UNREADABLE)
    # Adding 0.0 turns -0.0 into 0.0: the same drawing has one canonical form.
    return round(x, 1) + 0.0, round(y, 1) + 0.0, int(milliseconds)


def ink(strokes: Sequence[Sequence[Sequence[float]]]) -> float:
    """Length of the line drawn, in units of the box."""
    return sum(
        math.dist(before[:2], after[:2]) for stroke in strokes for before, after in pairwise(stroke)
    )


def digest(*, strokes: Strokes | None = None, typed_name: str = "") -> str:
    """SHA-256 of the canonical JSON of what was signed."""
    content: dict[str, Any] = {"typed_name": typed_name} if typed_name else {"strokes": strokes}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def clean_typed_name(value: str, accepted: Iterable[str]) -> str:
    """The typed name must be the signer's own, whatever the case, accents and order of the words."""
    name = " ".join(value.split())
    if not name:
        raise BadSignature(EMPTY)
    if len(name) > 200:
        raise BadSignature("Le nom saisi est trop long (200 caractères au plus).")
    names = list(accepted)
    if _words(name) not in [_words(other) for other in names]:
        raise BadSignature(f"Pour signer au clavier, saisissez le nom inscrit : {names[0]}.")
    return name


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return sorted(letters.split())


def svg_path(strokes: Sequence[Sequence[Sequence[float]]]) -> str:
    """The `d` of one SVG path that draws the strokes; a lone point becomes a dot."""
    parts = []
    for stroke in strokes:
        (x, y, *_), *others = stroke
        parts.append(f"M{x:g} {y:g}")
        parts.extend(f"L{px:g} {py:g}" for px, py, *_ in others)
        if not others:
            parts.append("h.1")
    return "".join(parts)
