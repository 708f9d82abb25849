"""Apprentices, their cohorts, companies and contracts."""

from .admission import Application, ApplicationPiece, PositioningTest
from .cohorts import Cohort, Enrolment
from .companies import Company, CompanyContact, MaitreApprentissage
from .contracts import Contract, PayPeriod
from .exchanges import EnrolmentDocument, ImportBatch, ImportMapping, SifaSettings
from .people import Apprentice, HeldDiploma

__all__ = [
    "Application",
    "ApplicationPiece",
    "Apprentice",
    "Cohort",
    "Company",
    "CompanyContact",
    "Contract",
    "Enrolment",
    "EnrolmentDocument",
    "HeldDiploma",
    "ImportBatch",
    "ImportMapping",
    "MaitreApprentissage",
    "PayPeriod",
    "PositioningTest",
    "SifaSettings",
]
