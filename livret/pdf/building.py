"""From what a document is about, noted when it was asked for, to its context, when a worker takes it."""

from typing import Any

from accounts.errors import DomainError
from apprentices.models import Enrolment

from ..models import LivretPeriod
from .attestation import attestation_context
from .livret import livret_context, period_context

# The tables that every page about an enrolment reads.
AROUND = ("cohort__cfa", "cohort__programme__referentiel", "apprentice__user", "tutor")


def build_attestation(source: dict[str, Any]) -> dict[str, Any]:
    return attestation_context(_enrolment(source))


def build_livret(source: dict[str, Any]) -> dict[str, Any]:
    return livret_context(_enrolment(source))


def build_period(source: dict[str, Any]) -> dict[str, Any]:
    around = ("livret__enrolment", *(f"livret__enrolment__{name}" for name in AROUND))
    found = LivretPeriod.objects.filter(uuid=source["period"]).select_related(*around).first()
    if found is None:
        raise DomainError("Cette période n'existe plus : demandez de nouveau la période voulue.")
    return period_context(found)


def _enrolment(source: dict[str, Any]) -> Enrolment:
    """Documents protect their enrolment: it is there."""
    return Enrolment.objects.select_related(*AROUND, "livret").get(uuid=source["enrolment"])
