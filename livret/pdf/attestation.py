"""The frozen context of the attestation de fin de formation."""

from typing import Any

from django.utils import timezone

from accounts.french import long_date
from apprentices.certificates import employers_of
from apprentices.models import Enrolment

from .facts import certification_of, contract_of, counters, person_of, results_of


def attestation_context(enrolment: Enrolment) -> dict[str, Any]:
    """Objectives, nature, duration and results (Qualiopi 11; former CT L6353-1)."""
    contract = contract_of(enrolment)
    results, closed_periods = results_of(enrolment)
    end = enrolment.ends_on or enrolment.cohort.ends_on
    return {
        "person": person_of(enrolment),
        "certification": certification_of(enrolment),
        "cohort": enrolment.cohort.name,
        "starts_on": long_date(enrolment.starts_on),
        "ends_on": long_date(end),
        "is_over": end <= timezone.localdate(),
        "as_of": long_date(timezone.localdate()),
        "employers": employers_of(enrolment),
        "contract_kind": contract.get_kind_display() if contract else "",
        "hours": counters(enrolment),
        "blocs": results,
        "closed_periods": closed_periods,
    }
