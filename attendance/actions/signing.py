"""Signing: one's own presence, on one's own phone or on the trainer's device."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import signatures
from accounts.errors import DomainError, NotAllowed
from accounts.history import line, record_all
from accounts.models import User
from apprentices.models import Apprentice

from ..doors import OF_SHEET, doors_of
from ..enums import ProofKind, SessionState, SignatureKind, SignatureMethod
from ..models import AttendanceSheet, ClassSession, DoorSettings, Presence, Signature
from ..permissions import can_run_sheet, can_sign_presence
from ..proofs.chain import Happening, append_all
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
            doors = doors_of(sheet.session.cohort.cfa)
            elsewhere = signed_elsewhere(sheet.session)
            runs = cache(can_run_sheet)
            given = []
            for turn in turns:
                presence = there[turn.presence.pk]
                presence.sheet = sheet
                if not can_sign_presence(turn.by, presence, turn.hand.method, runs=runs):
                    raise NotAllowed("Vous ne pouvez signer que votre propre présence.")
                given.append(_sign(presence, turn.hand, turn.by, doors, elsewhere))
            _write(sheet, given)
    except IntegrityError as error:
        raise DomainError(COPIED, field="strokes") from error


@dataclass(frozen=True)
class Given:
    """A presence signed in memory: to be written with its history and its link of the chain."""

    presence: Presence
    signature: Signature
    before: str
    by: User | None
    by_label: str = ""


def write_signature(presence: Presence, hand: Hand, *, by: User | None) -> Presence:
    """Check the moment, the door and the enrolment, then sign; the presence comes locked."""
    doors = doors_of(presence.sheet.session.cohort.cfa)
    _write(presence.sheet, [_sign(presence, hand, by, doors)])
    return presence


def attach_signatures(
    sheet: AttendanceSheet, signed: Iterable[tuple[Presence, Signature]], *, by: User | None
) -> None:
    """Put signatures on their presences, once `check_may_be_signed` has let each pass."""
    _write(sheet, [_given(presence, signature, by) for presence, signature in signed])


def _sign(
    presence: Presence,
    hand: Hand,
    by: User | None,
    doors: DoorSettings,
    elsewhere: dict[int, str] | None = None,
) -> Given:
    sheet, apprentice = presence.sheet, presence.enrolment.apprentice
    _check_door(sheet, hand, doors)
    if refusal := windows.signing_refusal(
        window_of(sheet.session), local(hand.at), is_closed=sheet.closed_at is not None
    ):
        raise DomainError(refusal)
    check_may_be_signed(presence, elsewhere)
    signature = signature_of(
        signer=apprentice.user,
        names=[str(apprentice), f"{apprentice.first_name} {apprentice.last_name}"],
        hand=hand,
    )
    return _given(presence, signature, by, by_label=str(apprentice))


def _given(presence: Presence, signature: Signature, by: User | None, by_label: str = "") -> Given:
    state = workflow.next_presence_state(presence.state, workflow.PresenceDeed.SIGN)
    assert state is not None  # check_may_be_signed comes first
    given = Given(presence, signature, presence.state, by, by_label)
    presence.state, presence.signature, presence.reason = state, signature, ""
    return given


def _write(sheet: AttendanceSheet, given: Sequence[Given]) -> None:
    """Signatures, presences, history and links, in as many queries for a class as for one."""
    Signature.objects.bulk_create(one.signature for one in given if one.signature.pk is None)
    for one in given:
        one.presence.signature = one.signature  # now that it has a key
    Presence.objects.bulk_update([one.presence for one in given], ("state", "signature", "reason"))
    cfa = sheet.session.cohort.cfa
    record_all(
        line(
            "sign_presence",
            one.presence,
            cfa=cfa,
            actor=one.by,
            happened_at=one.signature.signed_at,
            data=trace(one.signature) | {"before": one.before},
        )
        for one in given
    )
    append_all(
        sheet,
        [
            Happening(
                ProofKind.SIGN,
                one.by,
                one.signature.signed_at,
                by_label=str(one.by) if one.by else one.by_label,
                presence=one.presence,
                data={"before": one.before, "signature": signature_facts(one.signature)},
            )
            for one in given
        ],
    )


def check_may_be_signed(presence: Presence, elsewhere: dict[int, str] | None = None) -> None:
    """Enrolled that day, not signed yet, here nor in another group at the same hours."""
    apprentice, session = presence.enrolment.apprentice, presence.sheet.session
    if session.state == SessionState.CANCELLED:
        raise DomainError(f"Cette demi-journée est annulée ({session.cancel_reason}).")
    if not is_enrolled(presence, session):
        raise DomainError(
            f"{apprentice} n'est pas {apprentice.agree('inscrit(e)')} dans la promotion à cette date : "
            "l'équipe du CFA peut corriger son inscription."
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


def _check_door(sheet: AttendanceSheet, hand: Hand, doors: DoorSettings) -> None:
    """The centre uses this door, and the code of the room was seen not long ago."""
    if hand.method not in DOORS or not doors.allows(hand.method):
        raise DomainError(
            "Ce CFA n'utilise pas ce moyen de signer : demandez à votre formateur comment signer."
        )
    if hand.method == SignatureMethod.WALL_CODE:
        if hand.presented_at is None:
            raise DomainError(NO_CODE)
        if not pass_is_fresh(hand.presented_at, sheet, hand.at):
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
        .select_related(OF_SHEET, "session__subject", "session__trainer", "document")
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
        f"sheet__{OF_SHEET}", "sheet__session__subject", "enrolment__apprentice__user"
    ).get(pk=presence.pk)


def make_signature(*, signer: User | None, names: Iterable[str], hand: Hand) -> Signature:
    """Check and keep a signature: drawn, or one of the signer's `names` typed."""
    signature = signature_of(signer=signer, names=names, hand=hand)
    signature.save()
    return signature


def signature_of(*, signer: User | None, names: Iterable[str], hand: Hand) -> Signature:
    """The signature of this hand, checked, not yet kept."""
    names = list(names)
    if hand.method not in SignatureMethod.values:
        raise DomainError("Le moyen de signature est inconnu.")
    typed = bool(hand.typed_name.strip()) and not hand.strokes
    try:
        if typed:
            typed_name = signatures.clean_typed_name(hand.typed_name, names)
            content: dict[str, Any] = {"kind": SignatureKind.TYPED, "typed_name": typed_name}
            sha256 = signatures.digest(typed_name=typed_name)
        else:
            drawn = signatures.clean_strokes([] if hand.strokes is None else hand.strokes)
            content = {"kind": SignatureKind.DRAWN, "strokes": drawn}
            sha256 = signatures.digest(strokes=drawn)
    except signatures.BadSignature as error:
        raise DomainError(str(error), field="typed_name" if typed else "strokes") from error
    return Signature(
        signer=signer,
        signer_label=names[0][:200],
        method=hand.method,
        signed_at=hand.at,
        user_agent=hand.user_agent[:300],
        ip=hand.ip,
        sha256=sha256,
        client_id=hand.client_id,
        received_at=hand.received_at,
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
