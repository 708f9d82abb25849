"""The frozen context of the sheet's PDF: every mention that case law and OPCOs look for."""

from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from accounts.french import date_format
from accounts.mail import site_address
from accounts.signatures import svg_path
from apprentices.models import Enrolment
from documents.qr import qr_data_uri
from documents.rules import group_file_name

from .enums import PresenceState, SignatureKind
from .models import AttendanceSheet, ClassSession, Presence, SheetVersion, Signature
from .rules.hours import to_hours
from .rules.windows import hour

SHEET_KIND = "feuille_emargement"
PAPER_KIND = "feuille_papier"
# What the PDF shows of a sheet, beside the half-day: prefetched by whoever asks for it.
OF_PDF = (
    Prefetch("presences", Presence.objects.select_related("enrolment__apprentice", "signature")),
    Prefetch("versions", SheetVersion.objects.select_related("reopened_by", "document")),
)
# Empty lines for who comes from another group.
SPARE_LINES = ("", "")


def sheet_context(sheet: AttendanceSheet) -> dict[str, Any]:
    """Mentions of apprenticeship-rules 4.2. The centre's facts (name, NDA) are frozen by the engine.

    Reasons of absence stay out: they may tell one's health.
    """
    session = sheet.session
    cohort = session.cohort
    cfa, programme = cohort.cfa, cohort.programme
    referentiel = programme.referentiel
    presences = sheet.presences.all()
    rows = [_row(presence) for presence in presences]
    address = " ".join(part for part in (cfa.address, cfa.postcode, cfa.city) if part)
    return {
        "training": {
            "title": f"{referentiel.diploma} {referentiel.acronym}",
            "full_title": referentiel.title,
            "rncp": referentiel.rncp,
        },
        "cohort": cohort.name,
        "session": {
            "date": date_format(session.date, "l j F Y"),
            "half": session.get_half_display(),
            "starts": hour(session.starts_at),
            "ends": hour(session.ends_at),
            "hours": f"{to_hours(session.minutes):.2f}".replace(".", ","),
            "subject": session.subject.title,
            "place": ", ".join(
                part for part in (str(session.room or ""), programme.place or address) if part
            ),
            "mode": "en présentiel",
        },
        "trainer": {"name": str(session.trainer), "signature": _mark(sheet.trainer_signature)},
        "rows": rows,
        "counts": {
            "expected": len(rows),
            "present": sum(1 for row in rows if row["signature"]),
            "absent": sum(1 for p in presences if p.state == PresenceState.ABSENT),
            "excused": sum(1 for p in presences if p.state == PresenceState.EXCUSED),
        },
        "opened_at": _moment(sheet.opened_at),
        "opened_by": str(sheet.opened_by),
        "closed_at": _moment(sheet.closed_at),
        "corrections": [
            {
                "at": _moment(version.reopened_at),
                "by": str(version.reopened_by),
                "reason": version.reopening_reason,
            }
            for version in sheet.versions.all()
            if version.reopened_at
        ],
        "sheet": str(sheet.uuid),
    }


def sheet_file_name(session: ClassSession, kind: str) -> str:
    """The name of a sheet of this half-day: Groupe_kind-half_AAAA-MM-JJ.pdf."""
    return group_file_name(session.cohort.name, f"{kind} {session.half}", session.date)


def _row(presence: Presence) -> dict[str, Any]:
    apprentice = presence.enrolment.apprentice
    return {
        "last_name": (apprentice.usage_name or apprentice.last_name).upper(),
        "first_name": apprentice.first_name,
        "state": presence.state,
        "state_label": presence.get_state_display(),
        "minutes_missed": presence.minutes_missed,
        "guest": presence.guest_reason,
        "signature": _mark(presence.signature),
    }


def _mark(signature: Signature | None) -> dict[str, str] | None:
    if signature is None:
        return None
    drawn = signature.kind == SignatureKind.DRAWN
    if signature.kind == SignatureKind.PAPER:
        return {
            "path": "",
            "typed": "Sur papier",
            "how": "",
            "at": _moment(signature.signed_at),
            "time": "",
            "method": f"{signature.get_method_display()}, transcrite le {_moment(signature.received_at)}",
            "sha256": signature.sha256,
        }
    return {
        "path": svg_path(signature.strokes) if drawn else "",
        "typed": "" if drawn else signature.typed_name,
        "how": "(saisi au clavier)",
        "at": _moment(signature.signed_at),
        "time": hour(timezone.localtime(signature.signed_at).time()),
        "method": signature.get_method_display(),
        "sha256": signature.sha256,
    }


def _moment(value) -> str:
    return date_format(timezone.localtime(value), "d/m/Y à H:i:s")


def paper_context(session: ClassSession) -> dict[str, Any]:
    """The sheet to print and sign by hand: who is enrolled that day, and spare lines."""
    cohort = session.cohort
    enrolments = (
        Enrolment.objects.filter(cohort=cohort)
        .active_on(session.date)
        .select_related("apprentice")
        .order_by("apprentice__last_name", "apprentice__first_name", "pk")
    )
    names = [
        f"{(e.apprentice.usage_name or e.apprentice.last_name).upper()} {e.apprentice.first_name}"
        for e in enrolments
    ]
    referentiel = cohort.programme.referentiel
    address = site_address() + reverse("attendance:paper_transcribe", args=[session.uuid])
    return {
        "training": f"{referentiel.diploma} {referentiel.acronym} ({referentiel.rncp})",
        "cohort": cohort.name,
        "session": {
            "date": date_format(session.date, "l j F Y"),
            "half": session.get_half_display(),
            "starts": hour(session.starts_at),
            "ends": hour(session.ends_at),
            "subject": session.subject.title,
        },
        "trainer": str(session.trainer),
        "names": names,
        "spare": SPARE_LINES,
        "qr": qr_data_uri(address),
        "address": address,
    }
