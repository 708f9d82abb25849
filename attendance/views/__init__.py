"""Pages of attendance: planning, sheets, signing, one's own hours."""

from .mine import enrolment_attendance, my_attendance, session_list
from .planning import cohort_hours, planning, session_detail, session_edit, sessions_generate
from .sheets import (
    my_sessions,
    presence_mark,
    sheet_countersign,
    sheet_detail,
    sheet_list,
    sheet_open,
    sheet_pdf,
)
from .signing import presence_list, presence_sign, sign

__all__ = [
    "cohort_hours",
    "enrolment_attendance",
    "my_attendance",
    "my_sessions",
    "planning",
    "presence_list",
    "presence_mark",
    "presence_sign",
    "session_detail",
    "session_edit",
    "session_list",
    "sessions_generate",
    "sheet_countersign",
    "sheet_detail",
    "sheet_list",
    "sheet_open",
    "sheet_pdf",
    "sign",
]
