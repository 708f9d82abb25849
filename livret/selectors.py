"""What the homes and the livret's pages ask: whose turn it is, what was taught, what was done."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Cfa, User
from apprentices.models import Enrolment
from attendance.enums import SheetState
from attendance.models import ClassSession

from .enums import PeriodState
from .models import LivretPeriod


def period_to_write(enrolment: Enrolment, today: date) -> LivretPeriod | None:
    """The oldest period that has begun and that the apprentice has not signed."""
    return (
        LivretPeriod.objects.filter(
            livret__enrolment=enrolment, state=PeriodState.DRAFT, starts_on__lte=today
        )
        .order_by("number")
        .first()
    )


def periods_awaiting_tutor(tutor: User, cfa: Cfa):
    """Periods signed by the apprentice and the maître, which this tutor closes."""
    return (
        LivretPeriod.objects.filter(
            livret__enrolment__tutor=tutor,
            livret__enrolment__cohort__cfa=cfa,
            state=PeriodState.MAITRE_SIGNED,
        )
        .select_related("livret__enrolment__apprentice")
        .order_by("ends_on", "pk")
    )


@dataclass
class Taught:
    """What was taught in one subject between two dates: half-days held and countersigned."""

    subject: str
    half_days: int = 0
    minutes: int = 0

    @property
    def hours(self) -> Decimal:
        return Decimal(self.minutes) / 60


def taught_in(enrolment: Enrolment, first: date, last: date) -> list[Taught]:
    """What the CFA really taught, from the closed sheets of the cohort; nobody types it again."""
    sessions = (
        ClassSession.objects.planned()
        .filter(
            cohort=enrolment.cohort_id,
            date__range=(max(first, enrolment.starts_on), last),
            sheet__state=SheetState.CLOSED,
        )
        .select_related("subject")
        .order_by("subject__position", "pk")
    )
    found: dict[int, Taught] = {}
    for session in sessions:
        row = found.setdefault(session.subject_id, Taught(session.subject.title))
        row.half_days += 1
        row.minutes += session.minutes
    return list(found.values())
