"""What a new draft of a contract proposes, read from the enrolment and from the contract before."""

from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from accounts.french import with_comma

from .course import course_of
from .enums import ContractKind, ContractMode, ContractType, DurationReason, SocialRegime
from .models import Contract, Enrolment, PositioningTest
from .selectors import legal_hours

DAY = timedelta(days=1)


def proposals(enrolment: Enrolment, today: date) -> dict[str, str]:
    """The contract covers the training from the apprentice's entry, or from the rupture before it."""
    cohort = enrolment.cohort
    starts_on = enrolment.starts_on
    values = {
        "kind": ContractKind.APPRENTISSAGE,
        "contract_type": ContractType.FIRST,
        "mode": ContractMode.LIMITED,
        "social_regime": SocialRegime.URSSAF,
        "training_starts_on": enrolment.starts_on.isoformat(),
        "weekly_hours": "35",
        "signed_place": cohort.cfa.city,
    }
    if previous := _previous(enrolment):
        ended_on = previous.last_day
        starts_on = min(max(today, ended_on + DAY), cohort.ends_on)
        values |= {
            "contract_type": ContractType.AFTER_BREAK
            if previous.broken_on
            else ContractType.OTHER_EMPLOYER,
            "previous_number": previous.deca_number,
            "previous_ended_on": ended_on.isoformat(),
        }
        if previous.broken_on:
            values["duration_reason"] = DurationReason.BREAK
    return {
        **values,
        "concluded_on": starts_on.isoformat(),
        "starts_on": starts_on.isoformat(),
        "ends_on": cohort.ends_on.isoformat(),
        "training_hours": with_comma(proposed_hours(enrolment, starts_on)),
    }


def _previous(enrolment: Enrolment) -> Contract | None:
    """The apprentice's last signed contract, in this centre's records."""
    signed = Contract.objects.filter(
        enrolment__apprentice_id=enrolment.apprentice_id, signed_at__isnull=False
    )
    return signed.order_by("-starts_on", "-pk").first()


def proposed_hours(enrolment: Enrolment, starts_on: date) -> Decimal:
    """The hours announced, less those that the positioning removed; in proportion of the days at the
    CFA that are left for someone who joins on the way, and never under the diploma's minimum."""
    cohort = enrolment.cohort
    hours = cohort.programme.hours_announced
    test = PositioningTest.objects.filter(application__enrolment=enrolment).first()
    if test:
        hours -= test.hours_removed
    if starts_on <= cohort.starts_on:
        return hours
    try:
        days = course_of(cohort)
    except ValueError:  # a rhythm that cannot be read: nothing to share out
        return hours
    total = sum(day.minutes for day in days)
    left = sum(day.minutes for day in days if day.day >= starts_on)
    if not total:
        return hours
    least = legal_hours(enrolment, starts_on, cohort.ends_on)
    return min(hours, max(hours * left / total, least).quantize(Decimal(1), ROUND_CEILING))
