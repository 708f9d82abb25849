"""The models of the evaluations, one module by topic."""

from .ccf import CcfEvaluation, CcfLevel, CcfSituation
from .marks import (
    Appreciation,
    Assessment,
    GradingPeriod,
    LivretScolaire,
    Mark,
    PastSession,
    Report,
)

__all__ = [
    "Appreciation",
    "Assessment",
    "CcfEvaluation",
    "CcfLevel",
    "CcfSituation",
    "GradingPeriod",
    "LivretScolaire",
    "Mark",
    "PastSession",
    "Report",
]
