"""Half-days at the CFA, their attendance sheets, who was there, and the proof of it."""

from .absences import Absence, Justification, Notice
from .doors import DoorSettings, PaperScan, QueuedSignature, SignatureLink
from .papers import AttendancePaper, CalendarFeed
from .planning import CalendarException, ClassSession, Room
from .proofs import ProofCheck, ProofEvent, ProofHead, SheetVersion
from .sheets import AttendanceSheet, Presence
from .signatures import Signature

__all__ = [
    "Absence",
    "AttendancePaper",
    "AttendanceSheet",
    "CalendarException",
    "CalendarFeed",
    "ClassSession",
    "DoorSettings",
    "Justification",
    "Notice",
    "PaperScan",
    "Presence",
    "ProofCheck",
    "ProofEvent",
    "ProofHead",
    "QueuedSignature",
    "Room",
    "SheetVersion",
    "Signature",
    "SignatureLink",
]
