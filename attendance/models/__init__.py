"""Half-days at the CFA, their attendance sheets, and who was there."""

from .planning import ClassSession
from .sheets import AttendanceSheet, Presence
from .signatures import Signature

__all__ = ["AttendanceSheet", "ClassSession", "Presence", "Signature"]
