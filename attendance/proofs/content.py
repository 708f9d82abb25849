"""What a sheet says, as facts that the tables must go on saying once it is closed."""

from datetime import UTC, datetime
from typing import Any

from ..models import AttendanceSheet, Presence, Signature
from ..rules.chain import canonical, digest

# The columns of a presence that a sheet's facts hold.
PRESENCE_FACTS = ("state", "minutes_missed", "reason", "guest_reason")


def moment(value: datetime | None) -> str | None:
    """One writing for one moment, whatever the zone in which it was given."""
    return value.astimezone(UTC).isoformat() if value else None


def signature_facts(signature: Signature) -> dict[str, Any]:
    """Who signed, how, when, with what: everything that the row of the signature says."""
    return {
        "signature": str(signature.uuid),
        "signer": signature.signer_label,
        "form": signature.kind,
        "method": signature.method,
        "signed_at": moment(signature.signed_at),
        "received_at": moment(signature.received_at),
        "user_agent": signature.user_agent,
        "ip": signature.ip,
        "sha256": signature.sha256,
        "typed_name": signature.typed_name,
    }


def presence_facts(presence: Presence) -> dict[str, Any]:
    return {
        "presence": str(presence.uuid),
        "enrolment": str(presence.enrolment.uuid),
        **{name: getattr(presence, name) for name in PRESENCE_FACTS},
        "arrived_at": presence.arrived_at.isoformat() if presence.arrived_at else None,
        "left_at": presence.left_at.isoformat() if presence.left_at else None,
        "signature": presence.signature.sha256 if presence.signature else None,
    }


def session_facts(session) -> dict[str, str]:
    return {
        "session": str(session.uuid),
        "date": session.date.isoformat(),
        "half": session.half,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
    }


def sheet_facts(sheet: AttendanceSheet, presences: list[Presence]) -> dict[str, Any]:
    """The half-day and its rows, without the names: a name may change by marriage, a fact may not."""
    rows = sorted((presence_facts(p) for p in presences), key=lambda row: row["presence"])
    return {"sheet": str(sheet.uuid), **session_facts(sheet.session), "rows": rows}


def freeze(sheet: AttendanceSheet) -> tuple[str, str]:
    """The text of a closing and its hash: the facts, and the names as they are that day."""
    session = sheet.session
    presences = list(sheet.presences.select_related("enrolment__apprentice", "signature"))
    names = {str(p.uuid): str(p.enrolment.apprentice) for p in presences}
    labels = {
        "cohort": str(session.cohort),
        "subject": session.subject.title,
        "trainer": str(session.trainer),
        "room": str(session.room or ""),
        "names": names,
    }
    text = canonical({"facts": sheet_facts(sheet, presences), "labels": labels})
    return text, digest(text)
