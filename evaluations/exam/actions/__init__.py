"""The deeds of the exam: open a session, register, type marks, publish, attest."""

from .asked import UnitPlan, exam_categorie
from .attesting import request_attestation
from .importing import import_marks, is_stage_open, undo_import
from .marks import adopt_marks, save_candidate_marks, save_exam_mark
from .publishing import publish_final_results, publish_results
from .registering import (
    TEAM_ONLY,
    add_proof,
    confirm_registration,
    open_exam_session,
    register_candidates,
    restore_registration,
    save_registration,
    withdraw_registration,
)

__all__ = [
    "TEAM_ONLY",
    "UnitPlan",
    "add_proof",
    "adopt_marks",
    "confirm_registration",
    "exam_categorie",
    "import_marks",
    "is_stage_open",
    "open_exam_session",
    "publish_final_results",
    "publish_results",
    "register_candidates",
    "request_attestation",
    "restore_registration",
    "save_candidate_marks",
    "save_exam_mark",
    "save_registration",
    "undo_import",
    "withdraw_registration",
]
