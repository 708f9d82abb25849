"""Pure rules: life of a document, verification codes, file names, retries."""

import re
import unicodedata
from datetime import date, timedelta
from enum import StrEnum

from .enums import DocumentState

# --- life of a document --------------------------------------------------------------------------


class Action(StrEnum):
    """What moves a document from one state to the next."""

    ISSUE = "issue"
    FAIL = "fail"
    CANCEL = "cancel"
    RETRY = "retry"
    REPLACE = "replace"


TRANSITIONS = {
    (DocumentState.QUEUED, Action.ISSUE): DocumentState.ISSUED,
    (DocumentState.QUEUED, Action.FAIL): DocumentState.FAILED,
    (DocumentState.QUEUED, Action.CANCEL): DocumentState.CANCELLED,
    (DocumentState.FAILED, Action.CANCEL): DocumentState.CANCELLED,
    (DocumentState.FAILED, Action.RETRY): DocumentState.QUEUED,
    (DocumentState.CANCELLED, Action.RETRY): DocumentState.QUEUED,
    (DocumentState.ISSUED, Action.REPLACE): DocumentState.REPLACED,
}


def next_state(state: str, action: Action) -> DocumentState | None:
    """The state after `action`, or None when the document's state forbids it."""
    return TRANSITIONS.get((DocumentState(state), action))


# --- verification code ---------------------------------------------------------------------------

# Crockford's base 32: no I, L, O (read as 1, 1, 0) and no U.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12  # 60 bits: nobody finds a code by trying
_LOOKALIKES = str.maketrans("ILO", "110")


def format_code(values: bytes) -> str:
    """Twelve random bytes as a code in three groups of four, e.g. 7K3M-PX0A-9QZT."""
    letters = "".join(CODE_ALPHABET[value % 32] for value in values[:CODE_LENGTH])
    if len(letters) != CODE_LENGTH:
        raise ValueError("Twelve bytes are needed.")
    return "-".join(letters[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def normalise_code(typed: str) -> str | None:
    """What a person typed (spaces, lower case, O for 0) as a code, or None if it cannot be one."""
    letters = re.sub(r"[\s\-–—.·_]", "", typed).upper().translate(_LOOKALIKES)
    if len(letters) != CODE_LENGTH or any(letter not in CODE_ALPHABET for letter in letters):
        return None
    return "-".join(letters[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def mask_label(label: str) -> str:
    """The initials and the length of each word: enough to compare with a paper, not to learn a name."""
    return re.sub(r"(?<=\w)[^\W\d_]", "•", unicodedata.normalize("NFC", label))


# --- file names ----------------------------------------------------------------------------------

_NOT_DECOMPOSED = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "ı": "i"}
    | {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"}
)


def slug(text: str) -> str:
    """ASCII letters, digits and hyphens; the case is kept."""
    text = unicodedata.normalize("NFKD", text.translate(_NOT_DECOMPOSED))
    text = text.encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")


def person_file_name(last_name: str, first_name: str, kind: str, on: date) -> str:
    """NOM_Prenom_type_AAAA-MM-JJ.pdf, readable in any file manager and sorted by family name."""
    parts = [slug(last_name).upper()[:40], slug(first_name)[:40], slug(kind).lower()[:60]]
    return "_".join([*filter(None, parts), on.isoformat()]) + ".pdf"


def group_file_name(group: str, kind: str, on: date) -> str:
    """Groupe_type_AAAA-MM-JJ.pdf, for a document about a cohort or a half-day."""
    return (
        "_".join([*filter(None, (slug(group)[:80], slug(kind).lower()[:60])), on.isoformat()])
        + ".pdf"
    )


def safe_file_name(name: str) -> str:
    """The name a caller proposed, without path, control characters or a second extension."""
    stem = re.sub(r"\.pdf$", "", name.strip(), flags=re.IGNORECASE)
    stem = (
        unicodedata.normalize("NFKD", stem.translate(_NOT_DECOMPOSED))
        .encode("ascii", "ignore")
        .decode()
    )
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-_")
    return f"{stem[:180] or 'document'}.pdf"


# --- retries -------------------------------------------------------------------------------------

RETRY_DELAYS = (timedelta(seconds=5), timedelta(seconds=20), timedelta(seconds=60))
MAX_ATTEMPTS = len(RETRY_DELAYS) + 1


def retry_delay(attempts: int) -> timedelta | None:
    """How long to wait after the n-th failed attempt; None when it was the last."""
    return RETRY_DELAYS[attempts - 1] if attempts < MAX_ATTEMPTS else None
