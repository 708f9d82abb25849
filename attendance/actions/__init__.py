"""One function per deed: screens, admin, imports and the demo all come through here."""

from .closing import countersign_sheet, reopen_sheet
from .marking import add_guest, expect_again, mark_absent, note_times
from .planning import Assignment, generate_sessions, update_session
from .sheets import open_sheet, request_sheet_pdf
from .signing import sign_presence

__all__ = [
    "Assignment",
    "add_guest",
    "countersign_sheet",
    "expect_again",
    "generate_sessions",
    "mark_absent",
    "note_times",
    "open_sheet",
    "reopen_sheet",
    "request_sheet_pdf",
    "sign_presence",
    "update_session",
]
