"""Signing: one's own presence, on one's own phone or on the trainer's device."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import signatures
from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from apprentices.models import Apprentice

from ..doors import doors_of
from ..enums import ProofKind, SessionState, SignatureKind, SignatureMethod
from ..models import AttendanceSheet, ClassSession, Presence, Signature
from ..permissions import can_sign_presence
from ..proofs import append
from ..proofs.content import signature_facts
from ..rules import windows, workflow
from ..selectors import is_enrolled, local, window_of

# How long the scan of the room's code lets one sign.
PASS_LASTS = timedelta(minutes=10)
# How long before the opening one may have scanned it.
EARLY_PASS = timedelta(minutes=60)
# How long the scan of an apprentice's own QR lets that apprentice sign on the trainer's device.
QR_LASTS = timedelta(minutes=5)
OLD_PASS = (
    "Le code a été scanné il y a plus de dix minutes : scannez celui qui est affiché maintenant."
)
DOORS = frozenset(SignatureMethod.values)
NO_CODE = "Scannez le code affiché dans la salle, ou saisissez-le, pour signer."
COPIED = "Cette signature est la copie d'une autre : effacez-la et signez de nouveau."


@dataclass(frozen=True)
class Hand:
    """How somebody signs: the trace or the name, with what, from where, and when.

    presented_at: when the code of the room was scanned (WALL_CODE). client_id, received_at: given by a
    device that signed without network (actions/offline.py).
    """

    method: str
    strokes: Any = None
    typed_name: str = ""
    user_agent: str = ""
    ip: str | None = None
    at: datetime = field(default_factory=timezone.now)
    presented_at: datetime | None = None
    client_id: UUID | None = None
    received_at: datetime | None = None


def sign_presence(
    *,
    presence: Presence,
    by: User,
    strokes: Any = None,
    typed_name: str = "",
    method: str,
    user_agent: str = "",
    ip: str | None = None,
    at: datetime | None = None,
    presented_at: datetime | None = None,
) -> Presence:
    """Sign that the apprentice is there; `by` holds the device."""
    hand = Hand(
        method=method,
        strokes=strokes,
        typed_name=typed_name,
        user_agent=user_agent,
        ip=ip,
        at=at or timezone.now(),
        presented_at=presented_at,
    )
    try:
        with transaction.atomic():
            presence = locked_presence(presence)
            if not can_sign_presence(by, presence, method):
                raise NotAllowed("Vous ne pouvez signer que votre propre présence.")
            return write_signature(presence, hand, by=by)
    except IntegrityError as error:
        raise DomainError(COPIED, field="strokes") from error


@dataclass(frozen=True)
class Turn:
    """Whose presence, with which hand, on whose device."""

    presence: Presence
    hand: Hand
    by: User


def sign_in_turn(*, sheet: AttendanceSheet, turns: Iterable[Turn]) -> None:
    """The signatures of a whole round on one sheet: each checked as if alone, the sheet locked once.

    All or none: the first one refused undoes the round.
    """
    try:
        with transaction.atomic():
            sheet = locked_sheet(sheet)
            there = sheet.presences.select_related("enrolment__apprentice__user").in_bulk()
            elsewhere = signed_elsewhere(sheet.session)
            for turn in turns:
                presence = there[turn.presence.pk]
                presence.sheet = sheet
                if not can_sign_presence(turn.by, presence, turn.hand.method):
                    raise NotAllowed("Vous ne pouvez signer que votre propre présence.")
                write_signature(presence, turn.hand, by=turn.by, elsewhere=elsewhere)
    except IntegrityError as error:
        raise DomainError(COPIED, field="strokes") from error


def write_signature(
    presence: Presence, hand: Hand, *, by: User | None, elsewhere: dict[int, str] | None = None
) -> Presence:
    """Check the moment, the door and the enrolment, then sign; the presence comes locked.

    `elsewhere` is the answer of `signed_elsewhere`, for whoever signs several presences of one sheet.
    """
    sheet, apprentice = presence.sheet, presence.enrolment.apprentice
    session = sheet.session
    _check_door(presence, hand)
    if refusal := windows.signing_refusal(
        window_of(session), local(hand.at), is_closed=sheet.closed_at is not None
    ):
        raise DomainError(refusal)
    check_may_be_signed(presence, elsewhere)
    names = [str(apprentice), f"{apprentice.first_name} {apprentice.last_name}"]
    signature = make_signature(
        signer=apprentice.user,
        names=names,
        strokes=hand.strokes,
        typed_name=hand.typed_name,
        method=hand.method,
        user_agent=hand.user_agent,
        ip=hand.ip,
        at=hand.at,
        client_id=hand.client_id,
        received_at=hand.received_at,
    )
    return attach_signature(presence, signature, by=by, by_label=str(apprentice))


def check_may_be_signed(presence: Presence, elsewhere: dict[int, str] | None = None) -> None:
    """Enrolled that day, not signed yet, here nor in another group at the same hours."""
    apprentice, session = presence.enrolment.apprentice, presence.sheet.session
    if session.state == SessionState.CANCELLED:
        raise DomainError(f"Cette demi-journée est annulée ({session.cancel_reason}).")
    if not is_enrolled(presence, session):
        raise DomainError(
            f"{apprentice} n'est pas inscrit dans la promotion à cette date : l'équipe du CFA peut "
            "corriger son inscription."
        )
    if workflow.next_presence_state(presence.state, workflow.PresenceDeed.SIGN) is None:
        assert presence.signature is not None  # a signed presence always has one
        signed_at = timezone.localtime(presence.signature.signed_at)
        raise DomainError(
            f"{apprentice} a déjà signé cette demi-journée à {windows.hour(signed_at.time())}."
        )
    if elsewhere is None:
        elsewhere = signed_elsewhere(session, apprentice)
    if group := elsewhere.get(apprentice.pk):
        raise DomainError(f"{apprentice} a déjà signé à la même demi-journée dans {group}.")


def signed_elsewhere(session: ClassSession, apprentice: Apprentice | None = None) -> dict[int, str]:
    """Who signed in another group at the same half-day, and in which: an hour is never counted twice."""
    found = Presence.objects.filter(
        sheet__session__date=session.date,
        sheet__session__half=session.half,
        sheet__session__state=SessionState.PLANNED,
        signature__isnull=False,
    ).exclude(sheet__session=session)
    if apprentice:
        found = found.filter(enrolment__apprentice=apprentice)
    return dict(found.values_list("enrolment__apprentice", "sheet__session__cohort__name"))


def attach_signature(
    presence: Presence, signature: Signature, *, by: User | None, by_label: str = ""
) -> Presence:
    """Put the signature on the presence, with its history row and its link of the chain."""
    state = workflow.next_presence_state(presence.state, workflow.PresenceDeed.SIGN)
    assert state is not None  # check_may_be_signed comes first
    sheet, at = presence.sheet, signature.signed_at
    before, presence.state, presence.reason = presence.state, state, ""
    presence.signature = signature
    presence.save(update_fields=("state", "signature", "reason"))
    record(
        "sign_presence",
        presence,
        cfa=sheet.session.cohort.cfa,
        actor=by,
        happened_at=at,
        data=trace(signature) | {"before": before},
    )
    append(
        ProofKind.SIGN,
        sheet,
        by=by,
        by_label=str(by) if by else by_label,
        at=at,
        presence=presence,
        data={"before": before, "signature": signature_facts(signature)},
    )
    return presence


def _check_door(presence: Presence, hand: Hand) -> None:
    """The centre uses this door, and the code of the room was seen not long ago."""
    if hand.method not in DOORS or not doors_of(presence.sheet.session.cohort.cfa).allows(
        hand.method
    ):
        raise DomainError(
            "Ce CFA n'utilise pas ce moyen de signer : demandez à votre formateur comment signer."
        )
    if hand.method == SignatureMethod.WALL_CODE:
        if hand.presented_at is None:
            raise DomainError(NO_CODE)
        if not pass_is_fresh(hand.presented_at, presence.sheet, hand.at):
            raise DomainError(OLD_PASS)
    if hand.method == SignatureMethod.OWN_QR and (
        hand.presented_at is None or hand.at > hand.presented_at + QR_LASTS
    ):
        raise DomainError("Le QR de l'apprenti n'est plus valable : faites-le lire de nouveau.")


def pass_is_fresh(presented_at: datetime, sheet: AttendanceSheet | None, at: datetime) -> bool:
    """The room's code was seen not long ago; whoever scanned before the opening waited for it."""
    since = max(presented_at, sheet.opened_at) if sheet else presented_at + EARLY_PASS
    return at <= since + PASS_LASTS


def locked_sheet(sheet: AttendanceSheet) -> AttendanceSheet:
    """The sheet as it is now, locked until the transaction ends."""
    return (
        AttendanceSheet.objects.select_for_update(of=("self",))
        .select_related("session__cohort__cfa", "session__subject", "session__trainer", "document")
        .get(pk=sheet.pk)
    )


def locked_presence(presence: Presence) -> Presence:
    """The presence as it is now, its sheet locked: whoever writes on a sheet waits for the others there.

    The sheet alone is locked, and first: the closing locks it and then writes the presences, so locking
    a presence before its sheet would let each wait for the other for ever (PostgreSQL: deadlock). The
    presence is read by a second query, because the first may have waited and would show it as it was.
    """
    AttendanceSheet.objects.select_for_update(of=("self",)).get(presences=presence.pk)
    return Presence.objects.select_related(
        "sheet__session__cohort__cfa", "sheet__session__subject", "enrolment__apprentice__user"
    ).get(pk=presence.pk)


def make_signature(
    *,
    signer: User | None,
    names: Iterable[str],
    strokes: Any,
    typed_name: str,
    method: str,
    user_agent: str,
    ip: str | None,
    at: datetime,
    client_id: UUID | None = None,
    received_at: datetime | None = None,
) -> Signature:
    """Check and keep a signature: drawn, or the signer's name typed."""
    names = list(names)
    if method not in SignatureMethod.values:
        raise DomainError("Le moyen de signature est inconnu.")
    typed = bool(typed_name.strip()) and not strokes
    try:
        if typed:
            typed_name = signatures.clean_typed_name(typed_name, names)
            content: dict[str, Any] = {"kind": SignatureKind.TYPED, "typed_name": typed_name}
            sha256 = signatures.digest(typed_name=typed_name)
        else:
            drawn = signatures.clean_strokes([] if strokes is None else strokes)
            content = {"kind": SignatureKind.DRAWN, "strokes": drawn}
            sha256 = signatures.digest(strokes=drawn)
    except signatures.BadSignature as error:
        raise DomainError(str(error), field="typed_name" if typed else "strokes") from error
    return Signature.objects.create(
        signer=signer,
        signer_label=names[0][:200],
        method=method,
        signed_at=at,
        user_agent=user_agent[:300],
        ip=ip,
        sha256=sha256,
        client_id=client_id,
        received_at=received_at,
        **content,
    )


def trace(signature: Signature) -> dict[str, str]:
    """What the history keeps of a signature."""
    return {
        "signature": str(signature.uuid),
        "sha256": signature.sha256,
        "kind": signature.kind,
        "method": signature.method,
    }
