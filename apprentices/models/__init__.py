"""Apprentices, their cohorts, companies and contracts."""

from .admission import Application, ApplicationPiece, PositioningTest
from .cohorts import Cohort, Enrolment
from .companies import Company, CompanyContact, MaitreApprentissage
from .contract_life import (
    Amendment,
    ContractDocument,
    CreditNote,
    Funding,
    Instalment,
    Reminder,
    Rupture,
)
from .contracts import Contract, ContractDraft, PayPeriod
from .exchanges import EnrolmentDocument, ImportBatch, ImportMapping, SifaSettings
from .people import Apprentice, HeldDiploma

__all__ = [
    "Amendment",
    "Application",
    "ApplicationPiece",
    "Apprentice",
    "Cohort",
    "Company",
    "CompanyContact",
    "Contract",
    "ContractDocument",
    "ContractDraft",
    "CreditNote",
    "Enrolment",
    "EnrolmentDocument",
    "Funding",
    "HeldDiploma",
    "ImportBatch",
    "ImportMapping",
    "Instalment",
    "MaitreApprentissage",
    "PayPeriod",
    "PositioningTest",
    "Reminder",
    "Rupture",
    "SifaSettings",
]
