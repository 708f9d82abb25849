"""Pure rules of the exam: the règlement of a session, a candidate, the decision, what a row says."""

from .candidate import Candidate, Entry, Refused, mark_of_parts
from .decision import Acquired, Step, Verdict, decide
from .reglement import HALF, Controle, Part, Reglement, UnitRule

__all__ = [
    "HALF",
    "Acquired",
    "Candidate",
    "Controle",
    "Entry",
    "Part",
    "Refused",
    "Reglement",
    "Step",
    "UnitRule",
    "Verdict",
    "decide",
    "mark_of_parts",
]
