"""The référentiel of a diploma, version by exam session, and each CFA's own programme."""

from .programme import AnnouncedEpreuve, CfaProgramme, ProgrammeSection, Subject
from .referentiel import (
    Bloc,
    Competence,
    Epreuve,
    EpreuveRule,
    Referentiel,
    SousCompetence,
    Unite,
)
from .versions import FindingAcceptance, ProgrammePublication

__all__ = [
    "AnnouncedEpreuve",
    "Bloc",
    "CfaProgramme",
    "Competence",
    "Epreuve",
    "EpreuveRule",
    "FindingAcceptance",
    "ProgrammePublication",
    "ProgrammeSection",
    "Referentiel",
    "SousCompetence",
    "Subject",
    "Unite",
]
