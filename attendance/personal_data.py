"""What the attendance app holds about a person (RGPD, articles 15 and 20)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts.personal import Area, Person, Section, declare

from .enums import ProofKind
from .models import (
    Absence,
    AttendancePaper,
    CalendarFeed,
    Justification,
    Notice,
    Presence,
    ProofEvent,
    QueuedSignature,
    Signature,
    SignatureLink,
)


def _attendance(person: Person) -> Iterable[Section]:
    one = person.apprentice
    proofs: dict[int | None, tuple[int, str]] = {
        presence: (sequence, hashed)
        for presence, sequence, hashed in ProofEvent.objects.filter(
            cfa=person.cfa, kind=ProofKind.SIGN, presence__enrolment__apprentice=one
        )
        .order_by("sequence")
        .values_list("presence", "sequence", "hash")
    }

    def more(presence: Presence) -> dict[str, Any]:
        session = presence.sheet.session
        sequence, hashed = proofs.get(presence.pk, (None, None))
        return {
            "date": session.date,
            "demi-journée": session.get_half_display(),
            "séance": str(session.subject or ""),
            "formateur": str(session.trainer or ""),
            "signée le": presence.signature.signed_at if presence.signature else None,
            "preuve n°": sequence,
            "empreinte de la preuve": hashed,
        }

    presences = Presence.objects.filter(enrolment__apprentice=one).select_related(
        "sheet__session__subject", "sheet__session__trainer", "signature", "enrolment__apprentice"
    )
    yield Section(
        "Présences",
        presences.order_by("sheet__session__date", "sheet__session__starts_at", "pk"),
        leave=("sheet", "enrolment", "signature"),
        more=more,
    )
    own = Q(presence__enrolment__apprentice=one)
    if person.user:  # those of the livret too
        own |= Q(signer=person.user)
    mine = Signature.objects.filter(own).select_related("scan", "signer")
    # The scan shows the signatures of a whole class.
    yield Section("Signatures", mine.order_by("signed_at", "pk"), leave=("scan",))
    waiting = QueuedSignature.objects.filter(presence__enrolment__apprentice=one)
    yield Section("Signatures reçues plus tard", waiting, leave=("presence",))
    links = SignatureLink.objects.filter(presence__enrolment__apprentice=one)
    yield Section("Liens de signature", links, leave=("token_sha256", "presence"))
    papers = AttendancePaper.objects.filter(enrolment__apprentice=one)
    yield Section("Certificats de réalisation et relevés", papers)
    yield Section(
        "Agenda partagé",
        CalendarFeed.objects.filter(user=person.user.pk if person.user else None),
        leave=("nonce",),
    )


def _absences(person: Person) -> Iterable[Section]:
    one = person.apprentice

    def more(absence: Absence) -> dict[str, Any]:
        session = absence.presence.sheet.session
        return {"date": session.date, "demi-journée": session.get_half_display()}

    absences = Absence.objects.filter(presence__enrolment__apprentice=one).select_related(
        "presence__sheet__session", "justification"
    )
    yield Section("Absences", absences, leave=("presence",), more=more)
    yield Section("Justificatifs", Justification.objects.filter(enrolment__apprentice=one))
    # One letter may name several people: what it says of this one is in the absences.
    notices = Notice.objects.filter(absences__presence__enrolment__apprentice=one).distinct()
    aside = ("recipients", "subject", "text", "absences", "error", "delivered", "attempts")
    yield Section("Courriels envoyés sur les absences", notices, leave=aside)


declare(
    Area("emargement", "Émargement", _attendance),
    Area("absences", "Absences", _absences),
    apart={
        "attendance.ProofEvent": "donné par son numéro et son empreinte sur chaque présence ; "
        "le dossier de preuves le donne en entier",
        "attendance.PaperScan": "montre les signatures de toute une classe",
    },
)
