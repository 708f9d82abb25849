"""The livret d'apprentissage: its plan, periods, reviews, signatures, links and fiches."""

from .fiches import Fiche
from .files import Proof, Scan
from .links import CompanyCorrection, PersonalLink
from .livret import ApprenticeDocument, Livret, PeriodCalendar
from .periods import CompetencePosition, LivretPeriod, PeriodTask
from .plan import PlanTask
from .reminders import Digest, Reminder
from .reviews import Commitment, Review, ReviewSection
from .signatures import PeriodSignature, ReviewSignature

__all__ = [
    "ApprenticeDocument",
    "Commitment",
    "CompanyCorrection",
    "CompetencePosition",
    "Digest",
    "Fiche",
    "Livret",
    "LivretPeriod",
    "PeriodCalendar",
    "PeriodSignature",
    "PeriodTask",
    "PersonalLink",
    "PlanTask",
    "Proof",
    "Reminder",
    "Review",
    "ReviewSection",
    "ReviewSignature",
    "Scan",
]
