"""What the attendance app holds about a person (RGPD, articles 15 and 20)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts.personal import Area, Of, Person, Section, declare

from .enums import ProofKind
from .models import (
    Absence,
    AttendancePaper,
    CalendarFeed,
    ClassSession,
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
    # Those of the livret too.
    yield _signatures(Q(presence__enrolment__apprentice=one) | Q(signer=person.user_pk))
    waiting = QueuedSignature.objects.filter(presence__enrolment__apprentice=one)
    yield Section("Signatures reçues plus tard", waiting, leave=("presence",))
    links = SignatureLink.objects.filter(presence__enrolment__apprentice=one)
    yield Section("Liens de signature", links, leave=("token_sha256", "presence"))
    papers = AttendancePaper.objects.filter(enrolment__apprentice=one)
    yield Section("Certificats de réalisation et relevés", papers)
    yield _calendar(person)


def _signatures(own: Q) -> Section:
    mine = Signature.objects.filter(own).select_related("signer").order_by("signed_at", "pk")
    # The scan shows the signatures of a whole class.
    return Section("Signatures", mine, leave=("scan",))


def _calendar(person: Person) -> Section:
    mine = CalendarFeed.objects.filter(user=person.user_pk)
    return Section("Agenda partagé", mine, leave=("nonce",))


def _teaching(person: Person) -> Iterable[Section]:
    held = ClassSession.objects.filter(cohort__cfa=person.cfa, trainer=person.user_pk)
    told = ("cohort", "subject", "date", "half", "starts_at", "ends_at", "room", "state")
    held = held.select_related("cohort", "subject", "room").order_by("date", "starts_at", "pk")
    yield Section("Séances", held, only=told)
    here = Q(countersigned_sheet__session__cohort__cfa=person.cfa)
    here |= Q(countersigned_version__sheet__session__cohort__cfa=person.cfa)
    yield _signatures(here & Q(signer=person.user_pk))
    yield _calendar(person)


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
    Area("seances", "Séances et signatures", _teaching, of=Of.WORK),
    apart={
        "attendance.ProofEvent": "donné par son numéro et son empreinte sur chaque présence ; "
        "le dossier de preuves le donne en entier",
        "attendance.PaperScan": "montre les signatures de toute une classe",
    },
    apart_at_work={
        "attendance.SignatureLink": "le lien d'un apprenti, envoyé à son adresse",
    },
)
