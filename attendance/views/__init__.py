"""Pages of attendance: planning, sheets, signing, one's own hours."""

from .corrections import guest_add, sheet_reopen
from .mine import enrolment_attendance, my_attendance, session_list
from .planning import cohort_hours, planning, session_detail, session_edit, sessions_generate
from .proofs import proof_list, proof_verify, sheet_proofs, signature_proof
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
    "guest_add",
    "my_attendance",
    "my_sessions",
    "planning",
    "presence_list",
    "presence_mark",
    "presence_sign",
    "proof_list",
    "proof_verify",
    "session_detail",
    "session_edit",
    "session_list",
    "sessions_generate",
    "sheet_countersign",
    "sheet_detail",
    "sheet_list",
    "sheet_open",
    "sheet_pdf",
    "sheet_proofs",
    "sheet_reopen",
    "sign",
    "signature_proof",
]
