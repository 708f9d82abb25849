"""Adding a link to a centre's chain."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Cfa, User

from ..enums import ProofKind
from ..models import AttendanceSheet, Presence, ProofEvent, ProofHead
from ..rules import chain
from .content import moment, session_facts
from .key import proof_key


def append(
    kind: ProofKind,
    sheet: AttendanceSheet,
    *,
    by: User | None,
    at: datetime,
    by_label: str = "",
    presence: Presence | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> ProofEvent:
    """Add what happened on a sheet to its centre's chain; call it last in the deed's transaction.

    The head is locked until the transaction ends: links come one after the other, whole or not at all.
    The sheet is locked before (actions.signing.locked_presence), never after: no deadlock.
    """
    session = sheet.session
    cfa = session.cohort.cfa
    head = locked_head(cfa)
    now = timezone.now()
    payload = chain.canonical(
        {
            "cfa": str(cfa.uuid),
            "kind": str(kind),
            "sheet": str(sheet.uuid),
            "presence": str(presence.uuid) if presence else None,
            "apprentice": str(presence.enrolment.apprentice) if presence else None,
            "happened_at": moment(at),
            "recorded_at": moment(now),
            "by": str(by.uuid) if by else None,
            "by_label": by_label or (str(by) if by else "système"),
            "reason": reason,
            **session_facts(session),
            **(data or {}),
        }
    )
    key = proof_key()
    link = chain.make_link(
        key=key,
        sequence=head.sequence + 1,
        previous=head.hash,
        kind=kind,
        payload=payload,
    )
    event = ProofEvent.objects.create(
        cfa=cfa,
        sequence=link.sequence,
        kind=kind,
        sheet=sheet,
        presence=presence,
        recorded_at=now,
        payload=payload,
        payload_sha256=link.payload_sha256,
        previous=link.previous,
        hash=link.hash,
        seal=link.seal,
    )
    ProofHead.objects.filter(pk=head.pk).update(
        sequence=link.sequence,
        hash=link.hash,
        seal=chain.head_seal(key, link.sequence, link.hash),
    )
    return event


def locked_head(cfa: Cfa) -> ProofHead:
    heads = ProofHead.objects.select_for_update(of=("self",))
    head = heads.filter(cfa=cfa).first()
    if head is None:
        ProofHead.objects.get_or_create(cfa=cfa, defaults={"hash": chain.GENESIS})
        head = heads.get(cfa=cfa)
    return head


def note_correction(
    presence: Presence, *, by: User | None, before: str, at: datetime, reason: str = ""
) -> ProofEvent:
    """Say in the chain that a presence of a closed sheet has a new state (a justified absence).

    Whoever changes `Presence.state` outside the sheet's own deeds calls this in the same transaction;
    the verification refuses a change that the chain does not tell.
    """
    return append(
        ProofKind.CORRECT,
        presence.sheet,
        by=by,
        at=at,
        presence=presence,
        reason=reason,
        data={"before": before, "after": presence.state},
    )
