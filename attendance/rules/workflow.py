"""Which deed may follow which, for a sheet and for a presence."""

from enum import StrEnum

from ..enums import PresenceState, SheetState


class SheetDeed(StrEnum):
    COUNTERSIGN = "countersign"


class PresenceDeed(StrEnum):
    SIGN = "sign"
    MARK_LATE = "mark_late"
    MARK_ABSENT = "mark_absent"
    EXCUSE = "excuse"
    EXPECT_AGAIN = "expect_again"
    CLOSE = "close"


# Nothing leaves CLOSED: a closed sheet is never changed.
SHEET_TRANSITIONS: dict[tuple[SheetState, SheetDeed], SheetState] = {
    (SheetState.OPEN, SheetDeed.COUNTERSIGN): SheetState.CLOSED,
}

# A signature is never lost: PRESENT and LATE never go back to a state without one.
PRESENCE_TRANSITIONS: dict[tuple[PresenceState, PresenceDeed], PresenceState] = {
    (PresenceState.EXPECTED, PresenceDeed.SIGN): PresenceState.PRESENT,
    (PresenceState.ABSENT, PresenceDeed.SIGN): PresenceState.PRESENT,
    (PresenceState.EXCUSED, PresenceDeed.SIGN): PresenceState.PRESENT,
    (PresenceState.PRESENT, PresenceDeed.MARK_LATE): PresenceState.LATE,
    (PresenceState.LATE, PresenceDeed.MARK_LATE): PresenceState.LATE,
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
    return SHEET_TRANSITIONS.get((SheetState(state), deed))
