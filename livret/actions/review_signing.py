"""Reviews put to the signature, signed in order, refused, corrected in a new version, cancelled."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from attendance.actions.signing import COPIED, Hand
from attendance.enums import SignatureMethod

from .. import rules
from ..enums import CommitmentState, PeriodRole, ReviewKind, ReviewState
from ..models import Commitment, PersonalLink, Review, ReviewSection, ReviewSignature, Scan
from ..rules import reviews as flow
from .periods import OTHER_PAGE, plain_text
from .reviews import check_keeper, locked_review, record_review, review_role
from .screen import sign_on_screen

# Taken in at the submission of each version.
FROZEN_FACTS = ("plan", "settled")


@transaction.atomic
def submit_review(*, review: Review, by: User) -> Review:
    """Freeze the text and put it to the signature, in the order chosen."""
    review = locked_review(review)
    check_keeper(review, by)
    state = rules.review_next_state(review.state, flow.SUBMIT)
    if state is None:
        raise DomainError("Ce compte rendu n'est pas en cours de rédaction.")
    enrolment = review.livret.enrolment
    plan = review.livret.plan_tasks.filter(removed_at__isnull=True).prefetch_related("competences")
    lacking = flow.missing_before_signature(
        kind=review.kind,
        texts={section.key: section.text for section in review.sections.all()},
        held_on=review.held_on,
        next_on=review.next_on,
        ends_on=enrolment.ends_on or enrolment.cohort.ends_on,
        today=timezone.localdate(),
        participants=review.participants,
        plan_tasks=plan.count() if review.kind == ReviewKind.PLAN else 0,
    )
    if lacking:
        raise DomainError(f"Avant la signature, complétez : {', '.join(lacking)}.")
    if review.kind == ReviewKind.PLAN:
        review.facts = review.facts | {"plan": [task.content() for task in plan]}
    review.facts = review.facts | {
        "settled": [row.settled() for row in review.settled_commitments.all()]
    }
    review.state, review.submitted_at = state, timezone.now()
    review.correction_note = review.correction_role = ""
    review.save()
    record_review(
        "review_submitted", review, by, text_sha256=review.digest(), signers=review.signers
    )
    return review


def sign_review(
    *,
    review: Review,
    by: User | None = None,
    link: PersonalLink | None = None,
    strokes: Any = None,
    typed_name: str = "",
    seen: str | None = None,
    user_agent: str = "",
    ip: str | None = None,
    at: datetime | None = None,
) -> Review:
    """Sign the frozen text; the last signature closes the review."""
    hand = Hand(
        strokes=strokes,
        typed_name=typed_name,
        method=SignatureMethod.OWN_PHONE,
        user_agent=user_agent,
        ip=ip,
        at=at or timezone.now(),
    )
    try:
        with transaction.atomic():
            return _sign(review, by, link, seen, hand)
    except IntegrityError as error:
        raise DomainError(COPIED, field="strokes") from error


def _sign(review, by, link, seen, hand) -> Review:
    review = locked_review(review)
    role = review_role(review, by, link)
    content = _signable(review, role)
    digest = rules.text_digest(content)
    apprentice = review.livret.enrolment.apprentice
    names = [link.person if link else str(by)]
    if role == PeriodRole.APPRENTICE:
        names = [str(apprentice), f"{apprentice.first_name} {apprentice.last_name}"]
    row = ReviewSignature(review=review, role=role, text_sha256=digest, content=content, link=link)
    sign_on_screen(row, seen=seen, signer=by, names=names, hand=hand)
    _advance(review, role, hand.at)
    record_review("review_signed", review, by, link, role=role, text_sha256=digest)
    return review


def _signable(review: Review, role: str) -> dict[str, Any]:
    if review.state != ReviewState.SIGNING:
        raise DomainError(
            "Une nouvelle version remplace ce texte : signez celle-là."
            if review.state == ReviewState.REPLACED
            else "Ce compte rendu n'est pas à la signature."
        )
    if role not in review.signers:
        raise DomainError("Votre signature n'est pas demandée sur cette version.")
    if role in review.signed_roles:
        raise DomainError("Vous avez déjà signé ce compte rendu.")
    if review.awaited != role:
        awaited = PeriodRole(review.awaited or role)
        raise DomainError(f"La signature attendue d'abord est celle de : {awaited.name_inside}.")
    return review.content()


def _advance(review: Review, role: str, at: datetime) -> None:
    signed = list(review.signatures.values_list("role", flat=True))
    state = rules.review_next_state(review.state, flow.SIGN, review.signers, signed)
    assert state is not None  # a review to sign can always be signed
    review.state = state
    review.closed_at = at if state == ReviewState.CLOSED else None
    review.save(update_fields=("state", "closed_at"))


@transaction.atomic
def sign_review_by_hand(*, review: Review, role: str, scan: Scan, printed: str, by: User) -> Review:
    """Record a signature given on the printed page; `printed` is the mark at its foot."""
    review = locked_review(review)
    check_keeper(review, by)
    content = _signable(review, role)
    digest = rules.text_digest(content)
    if printed.strip().lower() != digest[:8]:
        raise DomainError(OTHER_PAGE, field="printed")
    ReviewSignature.objects.create(
        review=review, role=role, scan=scan, text_sha256=digest, content=content
    )
    _advance(review, role, timezone.now())
    record_review(
        "review_signed_by_hand", review, by, role=role, text_sha256=digest, scan=scan.sha256
    )
    return review


@transaction.atomic
def refuse_review(
    *, review: Review, note: str, by: User | None = None, link: PersonalLink | None = None
) -> Review:
    """Refuse to sign and say what to correct: a new version is written, then signed by all again."""
    review = locked_review(review)
    role = review_role(review, by, link)
    note = plain_text(note)
    if not note:
        raise DomainError("Écrivez ce qu'il faut corriger : la note est obligatoire.", field="note")
    if role not in review.signers:
        raise NotAllowed("Seul un signataire demande une correction.")
    state = rules.review_next_state(review.state, flow.REFUSE)
    if state is None:
        raise DomainError("Ce compte rendu n'est pas à la signature.")
    return _new_version(review, state, review.signers, note, role, by, link, "review_refused")


@transaction.atomic
def correct_review(*, review: Review, signers: Sequence[str], reason: str, by: User) -> Review:
    """Correct a signed text in a new version, naming who must sign again; the old one stays as signed."""
    review = locked_review(review)
    check_keeper(review, by)
    reason = plain_text(reason)
    if not reason:
        raise DomainError("Écrivez pourquoi ce texte signé est corrigé.", field="reason")
    chosen = flow.clean_signers(signers)
    if not chosen:
        raise DomainError("Nommez au moins une personne qui signe de nouveau.", field="signers")
    state = rules.review_next_state(review.state, flow.CORRECT)
    if state is None:
        raise DomainError("Seul un compte rendu signé par tous se corrige ainsi.")
    role = review_role(review, by, None)
    return _new_version(review, state, chosen, reason, role, by, None, "review_corrected")


def _new_version(review, state, signers, note, role, by, link, verb) -> Review:
    signed = review.signed_roles
    review.state = state
    review.save(update_fields=("state",))
    fresh = Review.objects.create(
        livret=review.livret,
        kind=review.kind,
        number=review.number,
        version=review.version + 1,
        replaces=review,
        period=review.period,
        state=ReviewState.WRITING,
        planned_on=review.planned_on,
        held_on=review.held_on,
        mode=review.mode,
        participants=review.participants,
        next_on=review.next_on,
        signers=list(signers),
        facts={key: value for key, value in review.facts.items() if key not in FROZEN_FACTS},
        correction_note=note,
        correction_role=role,
        created_by=by,
    )
    ReviewSection.objects.bulk_create(
        ReviewSection(
            review=fresh,
            key=row.key,
            text=row.text,
            written_at=row.written_at,
            written_by=row.written_by,
        )
        for row in review.sections.all()
    )
    # The promises of the old version are made again in the new one, which alone is followed.
    Commitment.objects.bulk_create(
        Commitment(review=fresh, who=row.who, text=row.text, due_on=row.due_on)
        for row in review.commitments.filter(state=CommitmentState.OPEN)
    )
    review.settled_commitments.update(settled_in=fresh)
    data = {"version": fresh.version, "signed_before": signed, "sign_again": list(signers)}
    record_review(verb, fresh, by, link, reason=note, **data)
    return fresh


@transaction.atomic
def cancel_review(*, review: Review, reason: str, by: User) -> Review:
    """Give up a meeting that will not be held."""
    review = locked_review(review)
    check_keeper(review, by)
    state = rules.review_next_state(review.state, flow.CANCEL)
    if state is None:
        raise DomainError("Un compte rendu à la signature ne s'annule plus.")
    if not reason.strip():
        raise DomainError("Écrivez pourquoi cette rencontre n'a pas lieu.", field="reason")
    review.state = state
    review.save(update_fields=("state",))
    record_review("review_cancelled", review, by, reason=plain_text(reason))
    return review
