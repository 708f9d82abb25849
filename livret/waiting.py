"""Whose turn it is in the livrets of a centre: what the digests remind and the cohort's page shows."""

from collections.abc import Iterable, Iterator
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
PARTS: dict[str, str] = {
    PeriodRole.APPRENTICE: "la parole de l'apprenti",
    PeriodRole.MAITRE: "l'avis de l'entreprise",
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
    """All that waits, oldest first, in a few queries whatever the number of apprentices."""
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
        .prefetch_related("signatures", "sections")
    )
    for review in reviews:
        enrolment = known[review.livret.enrolment_id]
        found += [
            Waiting(
                enrolment,
                role,
                what,
                since,
                review.held_on or review.planned_on,
                f"review:{review.pk}:{key}",
                str(review.uuid),
                is_review=True,
            )
            for role, what, since, key in _turns(review, today)
        ]
    return sorted(found, key=lambda waiting: (waiting.since, waiting.key))


def _turns(review: Review, today: date) -> Iterator[tuple[str, str, date, str]]:
    """Who has what to do on one visit or bilan, and since when."""
    name = review.get_kind_display()
    if review.state == ReviewState.SIGNING and (role := review.awaited):
        assert review.submitted_at is not None
        yield role, f"{name} à signer", timezone.localdate(review.submitted_at), role
    for role in review.awaited_authors:
        yield (
            role,
            f"{name}, {PARTS[role]} à écrire",
            min(review.planned_on, today),
            f"part:{role}",
        )
    if review.is_late:
        planned = review.planned_on
        what = f"{name} prévu le {planned:%d/%m/%Y}, sans compte rendu"
        yield PeriodRole.TUTOR, what, planned, "write"
