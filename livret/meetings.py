"""What the homes say of visits and bilans: to sign, to write, to prepare, each to the person whose turn it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Cfa, User
from apprentices.models import Enrolment

from .enums import PeriodRole, ReviewState
from .maitres import Maitres
from .models import Review

# A meeting is announced so many days before: time to read the period and to agree on the hour.
ANNOUNCED_DAYS = {PeriodRole.TUTOR: 14, PeriodRole.APPRENTICE: 30, PeriodRole.MAITRE: 30}
# A text put to the signature waits so long before the staff is told.
PATIENCE = timedelta(days=15)
SHOWN = 12


@dataclass(frozen=True)
class Meeting:
    """One meeting as one person meets it, with the one deed that is theirs."""

    review: Review
    kind: str  # of components/_status.html
    word: str
    action: str
    rank: int

    @property
    def name(self) -> str:
        review = self.review
        number = f" {review.number}" if review.number > 1 else ""
        return f"{review.get_kind_display()}{number}"

    @property
    def on(self) -> date:
        return self.review.held_on or self.review.planned_on


def _pending(today: date):
    """Meetings that are not over: to sign, being written, past without minutes, or near."""
    return (
        Review.objects.standing()
        .exclude(state=ReviewState.CLOSED)
        .filter(
            livret__sealed_at__isnull=True,
            planned_on__lte=today + timedelta(days=max(ANNOUNCED_DAYS.values())),
        )
        .select_related("livret__enrolment__apprentice", "livret__enrolment__cohort")
        .prefetch_related("signatures", "sections")
    )


def meeting_for(role: str, review: Review, today: date) -> Meeting | None:
    """What this meeting asks of this person today, or None."""
    if review.state == ReviewState.SIGNING:
        if review.awaited != role:
            return None
        return Meeting(review, "todo", "À signer", "Relire et signer", 0)
    days = (review.planned_on - today).days
    if role == PeriodRole.TUTOR and (review.state == ReviewState.WRITING or days <= 0):
        kind, word = ("stop", "En retard") if days < 0 else ("todo", "À rédiger")
        return Meeting(review, kind, word, "Écrire le compte rendu", 1)
    if review.state == ReviewState.WRITING:
        if role not in review.awaited_authors:
            return None
        return Meeting(review, "todo", "À compléter", "Écrire ma partie", 1)
    if days > ANNOUNCED_DAYS[PeriodRole(role)]:
        return None
    action = "Préparer" if role == PeriodRole.TUTOR else "Voir"
    return Meeting(review, "none", "Prévu", action, 2)


def _sorted(role: str, reviews: Iterable[Review], today: date) -> list[Meeting]:
    found = (meeting_for(role, review, today) for review in reviews)
    kept = [meeting for meeting in found if meeting]
    return sorted(kept, key=lambda m: (m.rank, m.review.planned_on, m.review.pk))[:SHOWN]


def meetings_of_tutor(user: User, cfa: Cfa, today: date) -> list[Meeting]:
    """Of the apprentices whom this person follows."""
    reviews = _pending(today).filter(
        livret__enrolment__tutor=user, livret__enrolment__cohort__cfa=cfa
    )
    return _sorted(PeriodRole.TUTOR, reviews, today)


def meetings_of_apprentice(enrolment: Enrolment, today: date) -> list[Meeting]:
    """Of one's own livret."""
    reviews = _pending(today).filter(livret__enrolment=enrolment)
    return _sorted(PeriodRole.APPRENTICE, reviews, today)


def meetings_of_maitre(user: User, cfa: Cfa, today: date) -> list[Meeting]:
    """Of the apprentices whose contract of that day names this maître."""
    reviews = list(_pending(today).visible_to(user).filter(livret__enrolment__cohort__cfa=cfa))
    maitres = Maitres(review.livret.enrolment for review in reviews)
    mine = set(user.maitre_profiles.values_list("pk", flat=True))
    own = []
    for review in reviews:
        maitre = maitres.on(review.livret.enrolment_id, review.held_on or review.planned_on)
        if maitre and maitre.pk in mine:
            own.append(review)
    return _sorted(PeriodRole.MAITRE, own, today)


def meetings_late(cfa: Cfa, today: date):
    """Past their day without minutes, or waiting for a signature for too long."""
    found = _pending(today).filter(livret__enrolment__cohort__cfa=cfa).late(today, PATIENCE)
    return found.prefetch_related(None)
