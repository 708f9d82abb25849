"""Which deed may follow which, for a sheet and for a presence."""

from enum import StrEnum

from ..enums import PresenceState, SheetState


class SheetDeed(StrEnum):
    """What is done to a sheet."""

    COUNTERSIGN = "countersign"
    REOPEN = "reopen"


class PresenceDeed(StrEnum):
    """What is done to one presence of a sheet."""

    SIGN = "sign"
    NOTE_TIMES = "note_times"
    MARK_ABSENT = "mark_absent"
    EXCUSE = "excuse"
    EXPECT_AGAIN = "expect_again"
    CLOSE = "close"


# A closed sheet is never changed: it is reopened, with a reason, and each closing is kept.
SHEET_TRANSITIONS: dict[tuple[SheetState, SheetDeed], SheetState] = {
    (SheetState.OPEN, SheetDeed.COUNTERSIGN): SheetState.CLOSED,
    (SheetState.CLOSED, SheetDeed.REOPEN): SheetState.OPEN,
}

# A signature is never lost: PRESENT and LATE never go back to a state without one.
PRESENCE_TRANSITIONS: dict[tuple[PresenceState, PresenceDeed], PresenceState] = {
    (PresenceState.EXPECTED, PresenceDeed.SIGN): PresenceState.PRESENT,
    (PresenceState.ABSENT, PresenceDeed.SIGN): PresenceState.PRESENT,
    (PresenceState.EXCUSED, PresenceDeed.SIGN): PresenceState.PRESENT,
    # LATE when minutes are missed, PRESENT again when the times say that none is.
    (PresenceState.PRESENT, PresenceDeed.NOTE_TIMES): PresenceState.LATE,
    (PresenceState.LATE, PresenceDeed.NOTE_TIMES): PresenceState.LATE,
    (PresenceState.EXPECTED, PresenceDeed.MARK_ABSENT): PresenceState.ABSENT,
    (PresenceState.EXCUSED, PresenceDeed.MARK_ABSENT): PresenceState.ABSENT,
    (PresenceState.ABSENT, PresenceDeed.MARK_ABSENT): PresenceState.ABSENT,
    (PresenceState.EXPECTED, PresenceDeed.EXCUSE): PresenceState.EXCUSED,
    (PresenceState.ABSENT, PresenceDeed.EXCUSE): PresenceState.EXCUSED,
    (PresenceState.EXCUSED, PresenceDeed.EXCUSE): PresenceState.EXCUSED,
    (PresenceState.ABSENT, PresenceDeed.EXPECT_AGAIN): PresenceState.EXPECTED,
    (PresenceState.EXCUSED, PresenceDeed.EXPECT_AGAIN): PresenceState.EXPECTED,
    # The countersignature turns who is still expected into an absence to justify, and only them.
    (PresenceState.EXPECTED, PresenceDeed.CLOSE): PresenceState.ABSENT,
    (PresenceState.PRESENT, PresenceDeed.CLOSE): PresenceState.PRESENT,
    (PresenceState.LATE, PresenceDeed.CLOSE): PresenceState.LATE,
    (PresenceState.ABSENT, PresenceDeed.CLOSE): PresenceState.ABSENT,
    (PresenceState.EXCUSED, PresenceDeed.CLOSE): PresenceState.EXCUSED,
}

SIGNED = (PresenceState.PRESENT, PresenceState.LATE)


def next_presence_state(state: str, deed: PresenceDeed) -> PresenceState | None:
    """The state after the deed, or None when the deed is refused."""
    return PRESENCE_TRANSITIONS.get((PresenceState(state), deed))


def next_sheet_state(state: str, deed: SheetDeed) -> SheetState | None:
    """The state after the deed; None when the state does not allow it."""
    return SHEET_TRANSITIONS.get((SheetState(state), deed))
