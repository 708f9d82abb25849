"""Signatures made without network: they arrive later, count once, and meet the trainer when in doubt."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import signatures
from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User

from ..enums import QueuedState, SheetState, SignatureKind, SignatureMethod
from ..models import Presence, QueuedSignature, Signature
from ..permissions import can_run_sheet, can_sign_presence
from .marking import CLOSED, one_line
from .signing import (
    COPIED,
    Hand,
    attach_signatures,
    check_may_be_signed,
    locked_presence,
    make_signature,
    trace,
    write_signature,
)

DONE, QUEUED, REFUSED = "done", "queued", "refused"
# The clock of a phone is corrected by what it says when it sends; beyond this it is only noted.
CLOCK_TOLERANCE = timedelta(minutes=2)
SAME_HAND = (SignatureMethod.OWN_PHONE, SignatureMethod.WALL_CODE)


@dataclass(frozen=True)
class Received:
    """What became of a signature sent by a device: done, queued (the trainer decides) or refused."""

    client_id: UUID
    state: str
    message: str


@dataclass(frozen=True)
class Parcel:
    """A signature as a device sends it: its own number, and the device's clock at both moments."""

    client_id: UUID
    signed_at: datetime
    sent_at: datetime
    strokes: Any = None
    typed_name: str = ""

    def given_at(self, now: datetime) -> datetime:
        """When it was signed. A phone an hour off says so when it sends: what counts is how long ago."""
        return min(now, now - max(self.sent_at - self.signed_at, timedelta(0)))


def receive_signature(
    *,
    presence: Presence,
    by: User,
    parcel: Parcel,
    method: str,
    presented_at: datetime | None = None,
    user_agent: str = "",
    ip: str | None = None,
    now: datetime | None = None,
) -> Received:
    """Take a signature that may have waited for the network; the same one sent twice counts once."""
    now = now or timezone.now()
    if known := _known(parcel.client_id, presence):
        return known
    at = parcel.given_at(now)
    if presented_at and presented_at <= now:
        at = max(at, presented_at)  # nobody signed with a code before having read it
    hand = Hand(
        method=method,
        strokes=parcel.strokes,
        typed_name=parcel.typed_name,
        user_agent=user_agent,
        ip=ip,
        at=at,
        presented_at=presented_at,
        client_id=parcel.client_id,
        received_at=now,
    )
    try:
        with transaction.atomic():
            locked = locked_presence(presence)
            if not can_sign_presence(by, locked, method):
                raise NotAllowed("Vous ne pouvez signer que votre propre présence.")
            if known := _known(parcel.client_id, presence):
                return known
            problem = _problem_of_time(locked, hand, now)
            if not problem:
                try:
                    with transaction.atomic():
                        write_signature(locked, hand, by=by)
                except DomainError as error:
                    if error.field in ("strokes", "typed_name"):
                        raise
                    problem = error.message
                else:
                    return Received(parcel.client_id, DONE, "Présence signée.")
            _queue(locked, hand, by, problem)
            return Received(
                parcel.client_id, QUEUED, f"{problem} Votre formateur décidera de cette signature."
            )
    except IntegrityError:
        return _known(parcel.client_id, presence) or Received(parcel.client_id, REFUSED, COPIED)
    except (DomainError, NotAllowed) as error:
        return Received(parcel.client_id, REFUSED, error.message)


def _known(client_id: UUID, presence: Presence) -> Received | None:
    """What was answered to this number before; a number of somebody else's signature is refused."""
    signature = Signature.objects.filter(client_id=client_id).first()
    if signature is not None:
        own = Presence.objects.filter(pk=presence.pk, signature=signature).exists()
        if own:
            return Received(client_id, DONE, "Présence signée.")
    queued = QueuedSignature.objects.filter(client_id=client_id, presence=presence).first()
    if queued is not None:
        state = DONE if queued.state == QueuedState.ACCEPTED else QUEUED
        return Received(client_id, state, "Cette signature est déjà reçue.")
    if signature is not None or QueuedSignature.objects.filter(client_id=client_id).exists():
        return Received(
            client_id, REFUSED, "Ce numéro de signature a déjà servi : signez de nouveau."
        )
    return None


def _problem_of_time(presence: Presence, hand: Hand, now: datetime) -> str:
    """Why a signature that waited is not taken as it came."""
    sheet = presence.sheet
    if hand.at < sheet.opened_at - CLOCK_TOLERANCE:
        return "Cette signature a été faite avant l'ouverture de l'émargement."
    if hand.method in SAME_HAND and timezone.localdate(now) > sheet.session.date:
        return "Cette signature est arrivée après la journée."
    return ""


def _queue(presence: Presence, hand: Hand, by: User, problem: str) -> QueuedSignature:
    """Keep it whole for the trainer; what is no signature at all is refused, not kept."""
    kind, strokes, typed_name = SignatureKind.DRAWN, [], ""
    try:
        if hand.typed_name.strip() and not hand.strokes:
            apprentice = presence.enrolment.apprentice
            names = [str(apprentice), f"{apprentice.first_name} {apprentice.last_name}"]
            kind, typed_name = (
                SignatureKind.TYPED,
                signatures.clean_typed_name(hand.typed_name, names),
            )
        else:
            strokes = signatures.clean_strokes([] if hand.strokes is None else hand.strokes)
    except signatures.BadSignature as error:
        raise DomainError(str(error), field="strokes") from error
    assert hand.client_id is not None  # a parcel always has a number
    assert hand.received_at is not None
    queued = QueuedSignature.objects.create(
        client_id=hand.client_id,
        presence=presence,
        kind=kind,
        method=hand.method,
        strokes=strokes,
        typed_name=typed_name,
        signed_at=hand.at,
        received_at=hand.received_at,
        sent_by=by,
        user_agent=hand.user_agent[:300],
        ip=hand.ip,
        problem=problem[:300],
    )
    cfa = presence.sheet.session.cohort.cfa
    record("queue_signature", presence, cfa=cfa, actor=by, happened_at=hand.at, reason=problem)
    return queued


def accept_queued(*, queued: QueuedSignature, by: User, now: datetime | None = None) -> Presence:
    """The trainer vouches for a signature that arrived later: it counts, with both of its moments."""
    now = now or timezone.now()
    try:
        with transaction.atomic():
            queued, presence = _locked(queued, by)
            check_may_be_signed(presence)
            apprentice = presence.enrolment.apprentice
            signature = make_signature(
                signer=apprentice.user,
                names=[str(apprentice), f"{apprentice.first_name} {apprentice.last_name}"],
                hand=Hand(
                    strokes=queued.strokes,
                    typed_name=queued.typed_name,
                    method=queued.method,
                    user_agent=queued.user_agent,
                    ip=queued.ip,
                    at=queued.signed_at,
                    client_id=queued.client_id,
                    received_at=queued.received_at,
                ),
            )
            attach_signatures(presence.sheet, [(presence, signature)], by=by)
            _settle(queued, QueuedState.ACCEPTED, by, now, "")
            cfa = presence.sheet.session.cohort.cfa
            record("accept_queued", presence, cfa=cfa, actor=by, data=trace(signature))
            return presence
    except IntegrityError as error:
        raise DomainError(COPIED) from error


def dismiss_queued(
    *, queued: QueuedSignature, by: User, reason: str, now: datetime | None = None
) -> QueuedSignature:
    """The trainer sets it aside, and says why; it is kept."""
    now = now or timezone.now()
    reason = one_line(reason)
    with transaction.atomic():
        queued, presence = _locked(queued, by, on_closed=True)
        if not reason:
            raise DomainError("Indiquez pourquoi cette signature est écartée.", field="reason")
        _settle(queued, QueuedState.DISMISSED, by, now, reason)
        cfa = presence.sheet.session.cohort.cfa
        record("dismiss_queued", presence, cfa=cfa, actor=by, reason=reason)
        return queued


def _locked(
    queued: QueuedSignature, by: User, *, on_closed: bool = False
) -> tuple[QueuedSignature, Presence]:
    presence = locked_presence(queued.presence)
    queued = QueuedSignature.objects.get(pk=queued.pk)
    if not can_run_sheet(by, presence.sheet):
        raise NotAllowed(
            "Seul le formateur de la demi-journée décide des signatures reçues plus tard."
        )
    if queued.state != QueuedState.WAITING:
        raise DomainError("Cette signature a déjà été décidée.")
    if presence.sheet.state == SheetState.CLOSED and not on_closed:
        raise DomainError(CLOSED)
    return queued, presence


def _settle(
    queued: QueuedSignature, state: QueuedState, by: User, now: datetime, reason: str
) -> None:
    queued.state, queued.decided_by, queued.decided_at, queued.reason = state, by, now, reason
    queued.save(update_fields=("state", "decided_by", "decided_at", "reason"))
