"""Apprentices, their cohorts, companies and contracts."""

from .cohorts import Cohort, Enrolment
from .companies import Company, MaitreApprentissage
from .contracts import Contract, PayPeriod
from .people import Apprentice

__all__ = [
    "Apprentice",
    "Cohort",
    "Company",
    "Contract",
    "Enrolment",
    "MaitreApprentissage",
    "PayPeriod",
]
