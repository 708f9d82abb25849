"""Half-days at the CFA, their attendance sheets, who was there, and the proof of it."""

from .doors import DoorSettings, PaperScan, QueuedSignature, SignatureLink
from .planning import ClassSession
from .proofs import ProofCheck, ProofEvent, ProofHead, SheetVersion
from .sheets import AttendanceSheet, Presence
from .signatures import Signature

__all__ = [
    "AttendanceSheet",
    "ClassSession",
    "DoorSettings",
    "PaperScan",
    "Presence",
    "ProofCheck",
    "ProofEvent",
    "ProofHead",
    "QueuedSignature",
    "SheetVersion",
    "Signature",
    "SignatureLink",
]
