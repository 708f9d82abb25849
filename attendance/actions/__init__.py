"""One function per deed: screens, admin, imports and the demo all come through here."""

from .planning import Assignment, generate_sessions, update_session
from .sheets import (
    countersign_sheet,
    expect_again,
    mark_absent,
    mark_late,
    open_sheet,
    request_sheet_pdf,
)
from .signing import sign_presence

__all__ = [
    "Assignment",
    "countersign_sheet",
    "expect_again",
    "generate_sessions",
    "mark_absent",
    "mark_late",
    "open_sheet",
    "request_sheet_pdf",
    "sign_presence",
    "update_session",
]
