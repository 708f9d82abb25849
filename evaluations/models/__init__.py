"""The models of the evaluations, one module by topic."""

from .ccf import CcfEvaluation, CcfLevel, CcfSituation

__all__ = ["CcfEvaluation", "CcfLevel", "CcfSituation"]
