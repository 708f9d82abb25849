"""Pages of attendance: planning, sheets, signing, one's own hours."""

from .corrections import guest_add, sheet_reopen, trainer_replace
from .doors import doors_edit, link_sign, links_send
from .mine import enrolment_attendance, my_attendance, session_list
from .offline import queued_decide, queued_list, service_worker, signatures_receive
from .paper import paper_print, paper_transcribe, scan_download
from .proofs import proof_export, proof_list, proof_verify, sheet_proofs, signature_proof
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
from .wall import code_enter, own_qr, own_qr_scan, qr_read, wall_code, wall_scan

__all__ = [
    "code_enter",
    "doors_edit",
    "enrolment_attendance",
    "guest_add",
    "link_sign",
    "links_send",
    "my_attendance",
    "my_sessions",
    "own_qr",
    "own_qr_scan",
    "paper_print",
    "paper_transcribe",
    "presence_list",
    "presence_mark",
    "presence_sign",
    "proof_export",
    "proof_list",
    "proof_verify",
    "qr_read",
    "queued_decide",
    "queued_list",
    "scan_download",
    "service_worker",
    "session_list",
    "sheet_countersign",
    "sheet_detail",
    "sheet_list",
    "sheet_open",
    "sheet_pdf",
    "sheet_proofs",
    "sheet_reopen",
    "sign",
    "signature_proof",
    "signatures_receive",
    "trainer_replace",
    "wall_code",
    "wall_scan",
]
