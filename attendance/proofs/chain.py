"""Adding a link to a centre's chain."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Cfa, User

from ..enums import ProofKind
from ..models import AttendanceSheet, Presence, ProofEvent, ProofHead
from ..rules import chain
from .content import moment, session_facts
from .key import proof_key


@dataclass(frozen=True)
class Happening:
    """What a link tells: the deed, whose presence, by whom, when."""

    kind: ProofKind
    by: User | None
    at: datetime
    by_label: str = ""
    presence: Presence | None = None
    reason: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def append(
    kind: ProofKind, sheet: AttendanceSheet, *, by: User | None, at: datetime, **more: Any
) -> ProofEvent:
    """Add one `Happening` on a sheet to its centre's chain; call it last in the deed's transaction."""
    (event,) = append_all(sheet, [Happening(kind, by, at, **more)])
    return event


def append_all(sheet: AttendanceSheet, happenings: Sequence[Happening]) -> list[ProofEvent]:
    """Add what happened on a sheet, in order.

    The head is locked until the transaction ends: links come one after the other, whole or not at all.
    The sheet is locked before (actions.signing.locked_presence), never after: no deadlock.
    """
    if not happenings:
        return []
    session, key, now = sheet.session, proof_key(), timezone.now()
    cfa = session.cohort.cfa
    head = locked_head(cfa)
    common = {
        "cfa": str(cfa.uuid),
        "sheet": str(sheet.uuid),
        "recorded_at": moment(now),
        **session_facts(session),
    }
    sequence, last = head.sequence, head.hash
    events = []
    for happening in happenings:
        presence, by = happening.presence, happening.by
        payload = chain.canonical(
            {
                **common,
                "kind": str(happening.kind),
                "presence": str(presence.uuid) if presence else None,
                "apprentice": str(presence.enrolment.apprentice) if presence else None,
                "happened_at": moment(happening.at),
                "by": str(by.uuid) if by else None,
                "by_label": happening.by_label or (str(by) if by else "système"),
                "reason": happening.reason,
                **happening.data,
            }
        )
        link = chain.make_link(
            key=key, sequence=sequence + 1, previous=last, kind=happening.kind, payload=payload
        )
        sequence, last = link.sequence, link.hash
        events.append(
            ProofEvent(
                cfa=cfa,
                sequence=link.sequence,
                kind=happening.kind,
                sheet=sheet,
                presence=presence,
                recorded_at=now,
                payload=payload,
                payload_sha256=link.payload_sha256,
                previous=link.previous,
                hash=link.hash,
                seal=link.seal,
            )
        )
    ProofEvent.objects.bulk_create(events)
    ProofHead.objects.filter(pk=head.pk).update(
        sequence=sequence, hash=last, seal=chain.head_seal(key, sequence, last)
    )
    return events


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
