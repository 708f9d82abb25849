"""Plan, visits and bilans: proposed, opened, written by the three, with their commitments."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from attendance.models import ClassSession
from attendance.selectors import holidays_of

from .. import rules
from ..enums import CommitmentState, PeriodRole, ReviewKind, ReviewMode, ReviewState
from ..models import Commitment, Livret, PersonalLink, Review, ReviewSection
from ..permissions import can_steer_livret, role_in_review
from ..prefill import facts_of
from ..rules import dates
from ..rules import reviews as flow
from .periods import BAD_LINK, MOST_TEXT, SEALED, plain_text

FROZEN = "Ce texte est à la signature : demandez une correction, il n'est plus modifiable."
NOT_YOURS = "Ce bilan appartient à l'apprenti, à son maître d'apprentissage et au CFA."


def locked_review(review: Review) -> Review:
    """The review as it is now, locked; refused when the livret is sealed."""
    fresh = (
        Review.objects.select_for_update(of=("self",))
        .select_related(
            "livret__enrolment__apprentice__user",
            "livret__enrolment__tutor",
            "livret__enrolment__cohort__cfa",
            "livret__enrolment__cohort__programme",
        )
        .get(pk=review.pk)
    )
    if fresh.livret.sealed_at:
        raise DomainError(SEALED)
    return fresh


def review_role(review: Review, by: User | None, link: PersonalLink | None) -> str:
    """As whom this person acts, or NotAllowed."""
    if link is not None:
        link = PersonalLink.objects.select_related("review").get(pk=link.pk)
        if not link.is_usable(timezone.now()):
            raise NotAllowed(BAD_LINK)
    role = role_in_review(review, by=by, link=link)
    if role is None:
        raise NotAllowed(NOT_YOURS)
    return role


def check_keeper(review: Review, by: User) -> None:
    """Only who keeps the minutes goes on."""
    if not can_steer_livret(by, review.livret):
        raise NotAllowed("L'équipe du CFA ou le tuteur tient le compte rendu.")


def record_review(
    verb: str, review: Review, by: User | None, link=None, reason="", **data: Any
) -> None:
    """One line of history about the review."""
    extra = {"link": str(link.uuid), "person": link.person} if link else {}
    cfa = review.livret.enrolment.cohort.cfa
    record(verb, review, cfa=cfa, actor=by, reason=reason, data=data | extra)


@transaction.atomic
def propose_reviews(*, livret: Livret, by: User) -> list[Review]:
    """Lay the plan, the visits and the bilans on the cohort's calendar; what exists stays as it is."""
    livret = (
        Livret.objects.select_for_update(of=("self",))
        .select_related("enrolment__cohort__cfa", "enrolment__apprentice")
        .get(pk=livret.pk)
    )
    if not can_steer_livret(by, livret):
        raise NotAllowed("L'équipe du CFA ou le tuteur propose les rencontres.")
    if livret.sealed_at:
        raise DomainError(SEALED)
    periods = list(livret.periods.all())
    if not periods:
        raise DomainError("Ce livret n'a aucune période : ouvrez-le de nouveau.")
    first = min(period.starts_on for period in periods)
    last = max(period.ends_on for period in periods)
    cohort = livret.enrolment.cohort
    cfa_days = set(
        ClassSession.objects.planned().filter(cohort=cohort).values_list("date", flat=True)
    )
    known = set(livret.reviews.values_list("kind", "number"))
    people = _people(livret)
    made = [
        Review(
            livret=livret,
            kind=found.kind,
            number=found.number,
            planned_on=found.on,
            mode=found.mode,
            period=next((p for p in periods if p.starts_on <= found.on <= p.ends_on), None)
            if found.kind == ReviewKind.QUARTERLY
            else None,
            signers=list(rules.FORMS[found.kind].signers),
            participants=people,
            created_by=by,
        )
        for found in dates.propose(
            first, last, cfa_days=cfa_days, holidays=set(holidays_of(cohort, first, last))
        )
        if (found.kind, found.number) not in known
    ]
    made = Review.objects.bulk_create(made)
    if made:
        cfa = cohort.cfa
        record("reviews_proposed", livret, cfa=cfa, actor=by, data={"count": len(made)})
    return made


def _people(livret: Livret) -> str:
    enrolment = livret.enrolment
    names = [str(enrolment.apprentice)]
    if enrolment.tutor:
        names.append(str(enrolment.tutor))
    contract = enrolment.contracts.select_related("maitre").order_by("-starts_on", "-pk").first()
    if contract:
        names.insert(1, str(contract.maitre))
    return ", ".join(names)


@transaction.atomic
def plan_review(
    *,
    livret: Livret,
    kind: str,
    planned_on: date,
    by: User,
    mode: str = ReviewMode.COMPANY,
    review: Review | None = None,
) -> Review:
    """Plan one more meeting, or move one that has not begun."""
    livret = Livret.objects.select_for_update(of=("self",)).get(pk=livret.pk)
    if not can_steer_livret(by, livret):
        raise NotAllowed("L'équipe du CFA ou le tuteur propose les rencontres.")
    if livret.sealed_at:
        raise DomainError(SEALED)
    if kind not in ReviewKind.values or mode not in ReviewMode.values:
        raise DomainError("Choisissez une nature et une forme de la liste.", field="kind")
    enrolment = livret.enrolment
    last = enrolment.ends_on or enrolment.cohort.ends_on
    if not enrolment.starts_on <= planned_on <= last:
        raise DomainError(
            f"Choisissez un jour de la formation, entre le {enrolment.starts_on:%d/%m/%Y} et le "
            f"{last:%d/%m/%Y}.",
            field="planned_on",
        )
    if review is None:
        highest = livret.reviews.filter(kind=kind).order_by("-number").first()
        review = Review(
            livret=livret,
            kind=kind,
            number=highest.number + 1 if highest else 1,
            signers=list(rules.FORMS[kind].signers),
            participants=_people(livret),
            created_by=by,
        )
        verb = "review_planned"
    else:
        review = locked_review(review)
        if review.state != ReviewState.PLANNED:
            raise DomainError("Cette rencontre a commencé : sa date se lit dans le compte rendu.")
        verb = "review_moved"
    review.planned_on, review.mode = planned_on, mode
    review.save()
    record_review(verb, review, by, on=planned_on.isoformat())
    return review


@transaction.atomic
def open_review(*, review: Review, by: User) -> Review:
    """Begin to write: the facts known to all three are taken in."""
    review = locked_review(review)
    check_keeper(review, by)
    state = rules.review_next_state(review.state, flow.OPEN)
    if state is None:
        if review.state == ReviewState.WRITING:
            return review
        raise DomainError(FROZEN)
    review.state, review.facts = state, facts_of(review)
    review.held_on = review.held_on or min(review.planned_on, timezone.localdate())
    if review.next_on is None and rules.FORMS[review.kind].has_next_date:
        after = max(review.held_on, timezone.localdate())
        following = review.livret.reviews.filter(state=ReviewState.PLANNED, planned_on__gt=after)
        review.next_on = (
            following.values_list("planned_on", flat=True).order_by("planned_on").first()
        )
    review.save()
    record_review("review_opened", review, by)
    return review


@transaction.atomic
def save_review(
    *,
    review: Review,
    texts: dict[str, str] | None = None,
    seen: dict[str, str] | None = None,
    fields: dict[str, Any] | None = None,
    by: User | None = None,
    link: PersonalLink | None = None,
) -> Review:
    """Write sections of one's own, and for the tutor the date, the people, the signers.

    `seen` is what the writer last read of a section: changed elsewhere meanwhile, nothing is written.
    """
    review = locked_review(review)
    role = review_role(review, by, link)
    if review.state == ReviewState.PLANNED:
        raise DomainError("Ce compte rendu n'est pas commencé : le tuteur l'ouvre d'abord.")
    if review.state != ReviewState.WRITING:
        raise DomainError(FROZEN)
    changed = [
        key
        for key, text in (texts or {}).items()
        if _write(review, role, key, text, seen, by, link)
    ]
    if fields:
        if role != PeriodRole.TUTOR:
            raise NotAllowed("Le tuteur règle la date, les participants et les signataires.")
        changed += _set_fields(review, fields)
    if changed:
        record_review("review_written", review, by, link, role=role, fields=changed)
    return review


def _write(review: Review, role: str, key: str, text: str, seen, by, link) -> bool:
    if not flow.can_write_section(review.kind, key, role, review.state):
        raise NotAllowed("Cette rubrique est écrite par une autre personne.")
    text = plain_text(text)
    if len(text) > MOST_TEXT:
        raise DomainError(f"Pas plus de {MOST_TEXT} caractères.", field=key)
    row = review.sections.filter(key=key).first() or ReviewSection(review=review, key=key)
    if seen and key in seen and row.text not in (text, plain_text(seen[key])):
        raise rules.Changed(field=key, current=row.text)
    if row.text == text:
        return False
    row.text, row.written_at = text, timezone.now()
    row.written_by = link.person if link else str(by)
    row.save()
    return True


def _set_fields(review: Review, fields: dict[str, Any]) -> list[str]:
    changed = []
    for name, value in fields.items():
        if name not in ("held_on", "next_on", "mode", "participants", "signers"):
            raise DomainError("Champ inconnu.", field=name)
        if name == "signers":
            value = flow.clean_signers(value)
            if not value:
                raise DomainError("Choisissez au moins un signataire.", field="signers")
        if name == "mode" and value not in ReviewMode.values:
            raise DomainError("Choisissez une forme de la liste.", field="mode")
        if name == "participants":
            value = " ".join(str(value).split())[:300]
        if getattr(review, name) != value:
            setattr(review, name, value)
            changed.append(name)
    if changed:
        review.save(update_fields=changed)
    return changed


@transaction.atomic
def add_commitment(
    *, review: Review, who: str, text: str, due_on: date | None, by: User
) -> Commitment:
    """Write down what somebody promises, for a date."""
    review = _writing(review, by)
    text = " ".join(text.split())
    if not text:
        raise DomainError("Écrivez l'engagement.", field="text")
    if who not in PeriodRole.values:
        raise DomainError("Choisissez qui s'engage.", field="who")
    if due_on is None:
        raise DomainError("Donnez une date à l'engagement.", field="due_on")
    if due_on < (review.held_on or timezone.localdate()):
        raise DomainError("La date de l'engagement suit celle de la rencontre.", field="due_on")
    made = Commitment.objects.create(review=review, who=who, text=text[:300], due_on=due_on)
    record_review("commitment_made", review, by, who=who, text=text)
    return made


@transaction.atomic
def remove_commitment(*, commitment: Commitment, by: User) -> None:
    """Take away one written by mistake, before the signature."""
    review = _writing(commitment.review, by)
    if commitment.settled_in_id:
        raise DomainError("Cet engagement a déjà été constaté.")
    text = commitment.text
    commitment.delete()
    record_review("commitment_removed", review, by, text=text)


@transaction.atomic
def settle_commitment(
    *, review: Review, commitment: Commitment, state: str, by: User, note: str = ""
) -> Commitment:
    """Say in this review what became of a promise made in an earlier one."""
    review = _writing(review, by)
    if commitment.review.livret_id != review.livret_id or commitment.review_id == review.pk:
        raise DomainError("Cet engagement n'est pas d'une rencontre précédente.")
    if commitment.settled_in_id not in (None, review.pk):
        raise DomainError("Cet engagement a été constaté dans une autre rencontre.")
    if state not in CommitmentState.values:
        raise DomainError("Choisissez une suite de la liste.")
    commitment.state = state
    commitment.settled_in = None if state == CommitmentState.OPEN else review
    commitment.settled_note = " ".join(note.split())[:300]
    commitment.save()
    record_review("commitment_settled", review, by, text=commitment.text, state=state)
    return commitment


def _writing(review: Review, by: User) -> Review:
    review = locked_review(review)
    check_keeper(review, by)
    if review.state != ReviewState.WRITING:
        raise DomainError(FROZEN)
    return review
