"""One function per deed: screens, admin, imports and the demo all come through here."""

from .closing import countersign_sheet, reopen_sheet
from .doors import DeadLink, find_link, send_links, sign_with_link, update_doors
from .marking import add_guest, expect_again, mark_absent, note_times
from .planning import Assignment, generate_sessions, update_session
from .sheets import open_sheet, request_sheet_pdf
from .signing import sign_presence

__all__ = [
    "Assignment",
    "DeadLink",
    "add_guest",
    "countersign_sheet",
    "expect_again",
    "find_link",
    "generate_sessions",
    "mark_absent",
    "note_times",
    "open_sheet",
    "reopen_sheet",
    "request_sheet_pdf",
    "send_links",
    "sign_presence",
    "sign_with_link",
    "update_doors",
    "update_session",
]
