"""Whose turn it is in the livrets of a centre: what the digests remind and the cohort's page shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from apprentices.models import Enrolment

from . import rules
from .enums import PeriodRole, PeriodState, ReviewState
from .models import LivretPeriod, Review

PERIOD_DEEDS: dict[str, str] = {
    PeriodRole.APPRENTICE: "Période {} à remplir et signer",
    PeriodRole.MAITRE: "Période {} à lire et signer",
    PeriodRole.TUTOR: "Période {} : bilan à écrire et signer",
}


@dataclass(frozen=True)
class Waiting:
    """One thing that one person has to do."""

    enrolment: Enrolment
    role: str
    what: str
    since: date
    day: date  # of the thing: which contract, and so which maître, it belongs to
    key: str
    uuid: str
    is_review: bool = False


def waiting_in(enrolments: Iterable[Enrolment], today: date) -> list[Waiting]:
    """All that waits, oldest first, in two queries whatever the number of apprentices."""
    known = {enrolment.pk: enrolment for enrolment in enrolments}
    found = []
    periods = (
        LivretPeriod.objects.filter(
            livret__enrolment__in=known, livret__sealed_at__isnull=True, ends_on__lt=today
        )
        .exclude(state=PeriodState.CLOSED)
        .select_related("livret")
    )
    for period in periods:
        role = rules.awaited_role(period.state)
        since = period.maitre_signed_at or period.apprentice_signed_at
        found.append(
            Waiting(
                known[period.livret.enrolment_id],
                role or PeriodRole.APPRENTICE,
                PERIOD_DEEDS[role or PeriodRole.APPRENTICE].format(period.number),
                timezone.localdate(since) if since else period.ends_on,
                period.ends_on,
                f"period:{period.pk}:{period.round}:{role}",
                str(period.uuid),
            )
        )
    reviews = (
        Review.objects.standing()
        .filter(livret__enrolment__in=known, livret__sealed_at__isnull=True)
        .exclude(state=ReviewState.CLOSED)
        .select_related("livret__enrolment__apprentice")
        .prefetch_related("signatures")
    )
    for review in reviews:
        enrolment = known[review.livret.enrolment_id]
        name = review.get_kind_display()
        if review.state == ReviewState.SIGNING and (role := review.awaited):
            assert review.submitted_at is not None
            found.append(
                Waiting(
                    enrolment,
                    role,
                    f"{name} à signer",
                    timezone.localdate(review.submitted_at),
                    review.held_on or review.planned_on,
                    f"review:{review.pk}:{role}",
                    str(review.uuid),
                    is_review=True,
                )
            )
        elif review.is_late:
            found.append(
                Waiting(
                    enrolment,
                    PeriodRole.TUTOR,
                    f"{name} prévu le {review.planned_on:%d/%m/%Y}, sans compte rendu",
                    review.planned_on,
                    review.planned_on,
                    f"review:{review.pk}:write",
                    str(review.uuid),
                    is_review=True,
                )
            )
    return sorted(found, key=lambda waiting: (waiting.since, waiting.key))
