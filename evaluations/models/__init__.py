"""The models of the evaluations, one module by topic."""

from .ccf import CcfEvaluation, CcfLevel, CcfSituation
from .dossier import CcfDeadline, CcfDossier, DossierPiece
from .exam import ExamRegistration, ExamSession, ExamUnit
from .marks import (
    Appreciation,
    Assessment,
    GradingPeriod,
    LivretScolaire,
    Mark,
    PastSession,
    Report,
)
from .received import ReceivedFile
from .sittings import CcfMember, CcfSignature, CcfSitting, FicheSujet, JuryPublication

__all__ = [
    "Appreciation",
    "Assessment",
    "CcfDeadline",
    "CcfDossier",
    "CcfEvaluation",
    "CcfLevel",
    "CcfMember",
    "CcfSignature",
    "CcfSitting",
    "CcfSituation",
    "DossierPiece",
    "ExamRegistration",
    "ExamSession",
    "ExamUnit",
    "FicheSujet",
    "GradingPeriod",
    "JuryPublication",
    "LivretScolaire",
    "Mark",
    "PastSession",
    "ReceivedFile",
    "Report",
]
