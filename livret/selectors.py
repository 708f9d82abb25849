"""What the homes and the livret's pages ask: whose turn it is to write and sign."""

from datetime import date

from accounts.models import Cfa, User
from apprentices.models import Enrolment

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
