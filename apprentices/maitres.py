"""Whether a maître d'apprentissage is eligible, and how many apprentices follow them (V10 to V12)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from .codes import level_of
from .enums import DurationReason
from .models import Company, Contract, MaitreApprentissage
from .pay import age_on
from .rules import CLOSED as CLOSED_STATES
from .tables import rule_table

ADULT = 18
YEAR, TWO_YEARS = 12, 24


@dataclass(frozen=True)
class Load:
    """Apprentices followed on one day, and the limit of V12: two, and one more who is prolonged."""

    count: int
    prolonged: int
    limit: int

    @property
    def is_over(self) -> bool:
        return self.count - min(self.prolonged, 1) > self.limit


@dataclass(frozen=True)
class MaitreFacts:
    """What V10 and V11 read."""

    born_on: date | None
    diploma: str
    is_diploma_related: bool
    experience_months: int | None
    attested_on: date | None


def eligibility_doubts(facts: MaitreFacts, today: date, target_level: int = 5) -> list[str]:
    """What still has to be established (CT L6223-8-1 and R6223-22), each in one sentence.

    V11, without a branch agreement: a diploma of the same field, of the target's level at least, and a
    year of activity; or two years of activity. Stages and apprenticeship do not count.
    """
    found = []
    if facts.born_on is None:
        found.append("V10 : date de naissance à demander.")
    elif age_on(facts.born_on, today) < ADULT:
        found.append("V10 : un maître d'apprentissage est majeur (art. L6223-8-1).")
    months = facts.experience_months
    has_diploma = facts.is_diploma_related and level_of(facts.diploma) >= target_level
    if months is None:
        found.append("V11 : durée d'activité à demander.")
    elif months < (YEAR if has_diploma else TWO_YEARS):
        found.append(
            "V11 : il faut un diplôme du même domaine et un an d'activité, ou deux ans d'activité "
            "(art. R6223-22), sauf accord de branche."
        )
    if facts.attested_on is None:
        found.append("Attestation de l'employeur à recevoir.")
    return found


def facts_of_maitre(maitre: MaitreApprentissage) -> MaitreFacts:
    return MaitreFacts(
        maitre.born_on,
        maitre.diploma,
        maitre.is_diploma_related,
        maitre.experience_months,
        maitre.attested_on,
    )


def maitre_rows(company: Company, today: date) -> list[tuple[MaitreApprentissage, Load, list[str]]]:
    """Each maître of a company with their load today and what is not established; two queries."""
    running = Contract.objects.filter(
        Q(maitre__company=company) | Q(maitre2__company=company),
        starts_on__lte=today,
        ends_on__gte=today,
    ).exclude(state__in=CLOSED_STATES)
    followed: dict[int, dict[int, bool]] = {}
    for first, second, apprentice, reason, prolonged_on in running.order_by().values_list(
        "maitre", "maitre2", "enrolment__apprentice", "duration_reason", "prolonged_on"
    ):
        is_prolonged = reason == DurationReason.FAILURE or prolonged_on is not None
        for key in (first, second):
            if key is not None:
                followed.setdefault(key, {})[apprentice] = is_prolonged
    limit = rule_table().on("V12", today).values["max_apprentices"]
    rows = []
    for maitre in company.maitres.select_related("user"):
        own = followed.get(maitre.pk, {})
        load = Load(len(own), sum(own.values()), limit)
        rows.append((maitre, load, eligibility_doubts(facts_of_maitre(maitre), today)))
    return rows
