"""One function per deed: screens, admin, imports and the demo all come through here."""

from .absences import decide_justification, settle_absence, submit_justification
from .archives import request_archive
from .calendar import add_exception, remove_exception, save_room, set_rhythm, set_signing_start
from .closing import countersign_sheet, reopen_sheet
from .doors import DeadLink, find_link, send_links, sign_with_link, update_doors
from .marking import add_guest, expect_again, mark_absent, note_times
from .offline import accept_queued, dismiss_queued, receive_signature
from .paper import attach_scan, open_for_paper, request_paper, transcribe_paper
from .paper_month import transcribe_month
from .planning import Assignment, generate_sessions
from .reminders import flag_forgotten_sheets, remind_trainers
from .replacing import replace_trainer
from .retention import purge_justifications
from .sessions import add_makeup, cancel_session, move_session, update_session
from .sheets import open_sheet, request_sheet_pdf, request_sheet_pdfs
from .signing import Hand, Turn, sign_in_turn, sign_presence
from .telling import expire_absences, tell_absences

__all__ = [
    "Assignment",
    "DeadLink",
    "Hand",
    "Turn",
    "accept_queued",
    "add_exception",
    "add_guest",
    "add_makeup",
    "attach_scan",
    "cancel_session",
    "countersign_sheet",
    "decide_justification",
    "dismiss_queued",
    "expect_again",
    "expire_absences",
    "find_link",
    "flag_forgotten_sheets",
    "generate_sessions",
    "mark_absent",
    "move_session",
    "note_times",
    "open_for_paper",
    "open_sheet",
    "purge_justifications",
    "receive_signature",
    "remind_trainers",
    "remove_exception",
    "reopen_sheet",
    "replace_trainer",
    "request_archive",
    "request_paper",
    "request_sheet_pdf",
    "request_sheet_pdfs",
    "save_room",
    "send_links",
    "set_rhythm",
    "set_signing_start",
    "settle_absence",
    "sign_in_turn",
    "sign_presence",
    "sign_with_link",
    "submit_justification",
    "tell_absences",
    "transcribe_month",
    "transcribe_paper",
    "update_doors",
    "update_session",
]
