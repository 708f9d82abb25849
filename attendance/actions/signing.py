"""Signing: one's own presence, on one's own phone or on the trainer's device."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User

from ..enums import SignatureKind, SignatureMethod
from ..models import AttendanceSheet, Presence, Signature
from ..permissions import can_sign_presence
from ..rules import signatures, windows, workflow
from ..selectors import is_enrolled, local, window_of

COPIED = "Cette signature est la copie d'une autre : effacez-la et signez de nouveau."


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
) -> Presence:
    """Sign that the apprentice is there; `by` holds the device."""
    at = at or timezone.now()
    try:
        with transaction.atomic():
            return _sign(presence, by, strokes, typed_name, method, user_agent, ip, at)
    except IntegrityError as error:
        raise DomainError(COPIED, field="strokes") from error


def _sign(
    presence: Presence,
    by: User,
    strokes: Any,
    typed_name: str,
    method: str,
    user_agent: str,
    ip: str | None,
    at: datetime,
) -> Presence:
    presence = locked_presence(presence)
    sheet, apprentice = presence.sheet, presence.enrolment.apprentice
    session = sheet.session
    if not can_sign_presence(by, presence, method):
        raise NotAllowed("Vous ne pouvez signer que votre propre présence.")
    if refusal := windows.signing_refusal(
        window_of(session), local(at), is_closed=sheet.closed_at is not None
    ):
        raise DomainError(refusal)
    if not is_enrolled(presence, session):
        raise DomainError(
            f"{apprentice} n'est pas inscrit dans la promotion à cette date : l'équipe du CFA peut "
            "corriger son inscription."
        )
    state = workflow.next_presence_state(presence.state, workflow.PresenceDeed.SIGN)
    if state is None:
        assert presence.signature is not None  # a signed presence always has one
        signed_at = timezone.localtime(presence.signature.signed_at)
        raise DomainError(
            f"{apprentice} a déjà signé cette demi-journée à {windows.hour(signed_at.time())}."
        )
    names = [str(apprentice), f"{apprentice.first_name} {apprentice.last_name}"]
    presence.signature = make_signature(
        signer=apprentice.user,
        names=names,
        strokes=strokes,
        typed_name=typed_name,
        method=method,
        user_agent=user_agent,
        ip=ip,
        at=at,
    )
    before, presence.state, presence.reason = presence.state, state, ""
    presence.save(update_fields=("state", "signature", "reason"))
    record(
        "sign_presence",
        presence,
        cfa=session.cohort.cfa,
        actor=by,
        happened_at=at,
        data=trace(presence.signature) | {"before": before},
    )
    return presence


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
