"""Codes that change with the clock: on the wall of the room, and on an apprentice's own phone.

A code names its subject (a half-day, an enrolment) and a window of time, and bears an HMAC of both made
by the server: it proves where or with whom one is, never who one is. A code is good in its window and
for a short grace after it, so that the scan of the last second still counts.
"""

import hashlib
import hmac
from base64 import b32encode
from dataclasses import dataclass
from uuid import UUID

WALL_SECONDS = 15
OWN_SECONDS = 30
GRACE_SECONDS = 5  # the time of a scan and of a page on a slow network
TYPING_SECONDS = 20  # the time to read six characters, type them on a phone, and send them
MAC_LENGTH = 16
# No 0/O, 1/I: read from the back of a room, typed on a phone.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SHORT_LENGTH = 6

FORGED = "Ce code n'est pas reconnu : scannez de nouveau celui qui est affiché."
EXPIRED = "Ce code a changé : scannez celui qui est affiché maintenant."


class BadCode(ValueError):
    """The code opens nothing; `kind` says why ("forged" or "expired"), the message is for the person."""

    def __init__(self, message: str, kind: str):
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Rotation:
    """One sort of code: its purpose (codes of one never serve for the other) and its window."""

    purpose: str
    seconds: int


WALL = Rotation("salle", WALL_SECONDS)
OWN = Rotation("apprenti", OWN_SECONDS)


def window_number(rotation: Rotation, now: float) -> int:
    """Which window `now` (seconds since 1970) falls in."""
    return int(now) // rotation.seconds


def seconds_left(rotation: Rotation, now: float) -> int:
    """Whole seconds until the next code is shown."""
    return rotation.seconds - int(now) % rotation.seconds


def _mac(key: bytes, rotation: Rotation, subject: UUID, number: int) -> bytes:
    text = f"{rotation.purpose}\n{subject}\n{number}"
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def make_token(key: bytes, rotation: Rotation, subject: UUID, now: float) -> str:
    """What the QR code's address holds."""
    number = window_number(rotation, now)
    mac = b32encode(_mac(key, rotation, subject, number)).decode()[:MAC_LENGTH]
    return f"{subject.hex}-{number:x}-{mac}"


def read_token(key: bytes, rotation: Rotation, token: str, now: float) -> UUID:
    """The subject of a token that is good at `now`; raises BadCode otherwise."""
    try:
        text, window, mac = token.split("-")
        subject, number = UUID(hex=text), int(window, 16)
    except ValueError as error:
        raise BadCode(FORGED, "forged") from error
    right = b32encode(_mac(key, rotation, subject, number)).decode()[:MAC_LENGTH]
    if not hmac.compare_digest(mac.encode(), right.encode()):
        raise BadCode(FORGED, "forged")
    if number not in _good_windows(rotation, now):
        raise BadCode(EXPIRED, "expired")
    return subject


def short_code(key: bytes, rotation: Rotation, subject: UUID, now: float) -> str:
    """The same in six characters, for who cannot scan."""
    return _short(key, rotation, subject, window_number(rotation, now))


def is_short_code(key: bytes, rotation: Rotation, subject: UUID, typed: str, now: float) -> bool:
    """`typed` is the subject's short code now, or was while it was being typed; case and separators are free."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return any(
        hmac.compare_digest(plain.encode(), _short(key, rotation, subject, number).encode())
        for number in _good_windows(rotation, now, TYPING_SECONDS)
    )


def _short(key: bytes, rotation: Rotation, subject: UUID, number: int) -> str:
    mac = _mac(key, Rotation(f"{rotation.purpose}-court", rotation.seconds), subject, number)
    value = int.from_bytes(mac[:8], "big")
    letters = []
    for _ in range(SHORT_LENGTH):
        value, place = divmod(value, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def _good_windows(rotation: Rotation, now: float, grace: int = GRACE_SECONDS) -> range:
    return range(window_number(rotation, now - grace), window_number(rotation, now) + 1)
