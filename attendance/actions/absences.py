"""Absences after the sheet: created at its closing, justified, decided, told in the evening."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.text import get_valid_filename

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from apprentices.models import Enrolment
from documents.storing import all_or_nothing, store
from documents.uploads import Readable, check_photo

from ..doors import doors_of
from ..enums import (
    AbsenceCategory,
    AbsenceState,
    JustificationState,
    NoticeKind,
    PresenceState,
    SheetState,
)
from ..models import Absence, AttendanceSheet, Justification, Presence
from ..permissions import can_decide_justification, can_justify
from ..rules.absences import SECOND_CHANCE, Span, justify_by
from .notices import write_notice

MISSED = (PresenceState.ABSENT, PresenceState.EXCUSED)
ANNOUNCED = "Absence annoncée"


def span_of(justification: Justification) -> Span:
    return Span(
        justification.starts_on,
        justification.starts_half,
        justification.ends_on,
        justification.ends_half,
    )


def announced_for(sheet: AttendanceSheet, enrolments: Iterable[Enrolment]) -> set[int]:
    """Enrolments whose accepted apology covers the half-day of the sheet."""
    session = sheet.session
    accepted = Justification.objects.filter(
        enrolment__in=[enrolment.pk for enrolment in enrolments],
        state=JustificationState.ACCEPTED,
    ).covering(session.date, session.date)
    return {j.enrolment_id for j in accepted if span_of(j).covers(session.date, session.half)}


def settle_sheet(sheet: AttendanceSheet) -> int:
    """Write one absence for each person missing from a closed sheet, and justify those announced.

    Done again (a reopened sheet closed anew, the evening's work) it only writes what lacks, and takes
    away the absence of somebody who turned out to be there.
    """
    session = sheet.session
    if sheet.version > 1:
        here = Absence.objects.filter(presence__sheet=sheet).exclude(presence__state__in=MISSED)
        take_back(here, "la feuille d'émargement est corrigée, sa présence est enregistrée")
    missing = list(
        Presence.objects.owed()
        .filter(sheet=sheet, state__in=MISSED, absence__isnull=True)
        .select_related("enrolment")
    )
    if not missing:
        return 0
    covering: dict[int, Justification] = {}
    for justification in Justification.objects.filter(
        enrolment__in=[p.enrolment_id for p in missing], state=JustificationState.ACCEPTED
    ).covering(session.date, session.date):
        if span_of(justification).covers(session.date, session.half):
            covering[justification.enrolment_id] = justification
    rows = []
    days = doors_of(session.cohort.cfa).justify_days
    for presence in missing:
        row = Absence(presence=presence, justify_by=justify_by(session.date, days))
        if found := covering.get(presence.enrolment_id):
            _qualify(row, found.category, found)
        elif presence.state == PresenceState.EXCUSED:  # the trainer knew why
            _qualify(row, AbsenceCategory.OTHER, None)
        rows.append(row)
    Absence.objects.bulk_create(rows)
    return len(rows)


def take_back(absences: QuerySet[Absence], why: str) -> None:
    """Forget absences that are none after all; whoever was told of one is told so."""
    for absence in absences.select_related(
        "presence__enrolment__apprentice", "presence__sheet__session__cohort__cfa"
    ):
        who, session = absence.presence.enrolment.apprentice, absence.presence.sheet.session
        told = [address for notice in absence.notices.all() for address in notice.recipients]
        write_notice(
            cfa=session.cohort.cfa,
            kind=NoticeKind.TAKEN_BACK,
            recipients=told,
            subject=f"Absence annulée : {who}, {session.date:%d/%m/%Y}",
            text=(
                f"Bonjour,\n\nL'absence de {who} au {session.cohort.cfa} le {session.date:%d/%m/%Y} "
                f"({session.get_half_display().lower()}) ne compte plus : {why}.\n"
            ),
        )
        absence.delete()


def _qualify(absence: Absence, category: str, justification: Justification | None) -> None:
    absence.state, absence.category = AbsenceState.JUSTIFIED, category
    absence.justification = justification


def submit_justification(
    *,
    enrolment: Enrolment,
    category: str,
    starts_on: date,
    ends_on: date,
    starts_half: str,
    ends_half: str,
    comment: str = "",
    file: Readable | None = None,
    size: int = 0,
    file_name: str = "",
    by: User,
    at: datetime | None = None,
) -> Justification:
    """Announce an absence, or bring the justification of one; the file is checked by its content."""
    at = at or timezone.now()
    today = timezone.localtime(at).date()
    if category not in AbsenceCategory.values:
        raise DomainError("Choisissez la nature de l'absence.", field="category")
    try:
        span = Span(starts_on, starts_half, ends_on, ends_half)
    except ValueError as error:
        raise DomainError(str(error), field="ends_on") from error
    if (ends_on - starts_on).days > 180:
        raise DomainError("Une justification couvre six mois au plus.", field="ends_on")
    upload = check_photo(file, size) if file is not None else None
    with all_or_nothing():
        enrolment = (
            Enrolment.objects.select_for_update(of=("self",))
            .select_related("cohort__cfa", "apprentice__user")
            .get(pk=enrolment.pk)
        )
        if not can_justify(by, enrolment):
            raise NotAllowed("Une absence se justifie par l'apprenti ou par l'équipe du CFA.")
        absences = absences_in(enrolment, span)
        _check_span(enrolment, span, absences, today, is_own=enrolment.apprentice.user_id == by.pk)
        justification = Justification(
            enrolment=enrolment,
            category=category,
            starts_on=starts_on,
            starts_half=starts_half,
            ends_on=ends_on,
            ends_half=ends_half,
            comment=" ".join(comment.split())[:300],
            submitted_at=at,
            submitted_by=by,
        )
        if upload:
            justification.file_name = get_valid_filename(file_name or "justificatif")[:120]
            justification.content_type = upload.content_type
            justification.size, justification.sha256 = upload.size, upload.sha256
            store(justification.file, "justificatif", upload.data)
        justification.save()
        facts = {"category": category, "absences": len(absences), "sha256": justification.sha256}
        record(
            "submit_justification", justification, cfa=enrolment.cohort.cfa, actor=by, data=facts
        )
        return justification


def _check_span(
    enrolment: Enrolment, span: Span, absences: list[Absence], today: date, *, is_own: bool
) -> None:
    """Within the enrolment, about an absence or one to come, in time for the apprentice, and not twice."""
    last_day = enrolment.ends_on or enrolment.cohort.ends_on
    if span.starts_on > last_day or span.ends_on < enrolment.starts_on:
        raise DomainError(
            f"L'inscription va du {enrolment.starts_on:%d/%m/%Y} au {last_day:%d/%m/%Y} : "
            "vérifiez les dates de l'absence.",
            field="starts_on",
        )
    if not absences and span.ends_on < today:
        raise DomainError(
            "Aucune absence n'est à justifier entre ces dates : vérifiez-les.",
            field="starts_on",
        )
    late = [a for a in absences if a.justify_by < today]
    if is_own and late:
        limit = min(a.justify_by for a in late)
        raise DomainError(
            f"Le délai pour justifier cette absence est passé depuis le {limit:%d/%m/%Y} : "
            "adressez-vous à l'équipe du CFA, qui peut encore l'enregistrer.",
            field="starts_on",
        )
    twin = enrolment.justifications.filter(
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        starts_half=span.starts_half,
        ends_half=span.ends_half,
        state__in=(JustificationState.SUBMITTED, JustificationState.ACCEPTED),
    )
    if twin.exists():
        raise DomainError("Une justification existe déjà pour ces dates.", field="starts_on")


def absences_in(enrolment: Enrolment, span: Span) -> list[Absence]:
    """The absences of the apprentice between two half-days."""
    rows = Absence.objects.filter(
        presence__enrolment=enrolment,
        presence__sheet__session__date__range=(span.starts_on, span.ends_on),
    ).select_related("presence__sheet__session")
    return [
        row
        for row in rows
        if span.covers(row.presence.sheet.session.date, row.presence.sheet.session.half)
    ]


def decide_justification(
    *, justification: Justification, accept: bool, reason: str = "", category: str = "", by: User
) -> Justification:
    """Accept or refuse, with a reason; the absences follow, and the apprentice is told."""
    reason = " ".join(reason.split())
    with transaction.atomic():
        justification = (
            Justification.objects.select_for_update(of=("self",))
            .select_related("enrolment__cohort__cfa", "enrolment__apprentice__user")
            .get(pk=justification.pk)
        )
        enrolment = justification.enrolment
        if not can_decide_justification(by, justification):
            raise NotAllowed("Seule l'équipe du CFA examine les justificatifs.")
        if justification.state != JustificationState.SUBMITTED:
            raise DomainError("Ce justificatif est déjà examiné.")
        if not accept and not reason:
            raise DomainError("Indiquez pourquoi : l'apprenti reçoit ce motif.", field="reason")
        if len(reason) > 300:
            raise DomainError("Le motif est trop long (300 caractères au plus).", field="reason")
        if category:
            if category not in AbsenceCategory.values:
                raise DomainError("Choisissez la nature de l'absence.", field="category")
            justification.category = category
        justification.state = JustificationState.ACCEPTED if accept else JustificationState.REFUSED
        justification.decided_at, justification.decided_by = timezone.now(), by
        justification.decision_reason = reason
        justification.save()
        changed = 0
        for absence in absences_in(enrolment, span_of(justification)):
            if accept:
                _qualify(absence, justification.category, justification)
            else:
                again = timezone.localdate() + timedelta(days=SECOND_CHANCE)
                absence.justify_by = max(absence.justify_by, again)
            absence.save()
            changed += 1
        verb = "accept_justification" if accept else "refuse_justification"
        cfa = enrolment.cohort.cfa
        record(verb, justification, cfa=cfa, actor=by, reason=reason, data={"absences": changed})
        word = "accepté" if accept else "refusé"
        write_notice(
            cfa=cfa,
            kind=NoticeKind.DECISION,
            recipients=[enrolment.apprentice.mailbox],
            subject=f"Votre justificatif est {word}",
            text=(
                f"Votre justificatif du {justification.starts_on:%d/%m/%Y} au "
                f"{justification.ends_on:%d/%m/%Y} est {word}.\n"
                + (f"Motif : {reason}\n" if reason else "")
                + ("" if accept else "Vous pouvez en envoyer un autre sous deux jours.\n")
            ),
        )
        return justification


@transaction.atomic
def settle_absence(
    *, absence: Absence, state: str, category: str = "", reason: str, by: User
) -> Absence:
    """The staff says what an absence is, with its reason (an employer's statement, an error...)."""
    reason = " ".join(reason.split())
    absence = (
        Absence.objects.select_for_update(of=("self",))
        .select_related("presence__enrolment__cohort__cfa")
        .get(pk=absence.pk)
    )
    cohort = absence.presence.enrolment.cohort
    if not can_decide_justification(by, absence):
        raise NotAllowed("Seule l'équipe du CFA qualifie une absence.")
    if not reason:
        raise DomainError("Indiquez le motif : il reste dans l'historique.", field="reason")
    if state not in AbsenceState.values:
        raise DomainError("Choisissez l'état de l'absence.", field="state")
    if state == AbsenceState.JUSTIFIED and category not in AbsenceCategory.values:
        raise DomainError("Choisissez la nature de l'absence justifiée.", field="category")
    before = absence.state, absence.category
    absence.state = state
    absence.category = category if state == AbsenceState.JUSTIFIED else ""
    if state == AbsenceState.TO_JUSTIFY:
        absence.justify_by = timezone.localdate() + timedelta(days=SECOND_CHANCE)
    absence.save()
    data = {"before": before, "after": (absence.state, absence.category)}
    record("settle_absence", absence, cfa=cohort.cfa, actor=by, reason=reason[:300], data=data)
    return absence


def settle_closed_sheets(*, first: date, last: date) -> int:
    """Write the absences of closed sheets that have none yet; harmless when done again.

    Those of somebody who had left, the departure being written since, are taken back.
    """
    gone = Absence.objects.filter(
        presence__sheet__session__date__gt=F("presence__enrolment__ends_on")
    )
    take_back(gone, "l'inscription au CFA avait pris fin avant ce jour")
    sheets = (
        AttendanceSheet.objects.filter(
            state=SheetState.CLOSED,
            session__date__range=(first, last),
            presences__state__in=MISSED,
            presences__absence__isnull=True,
        )
        .select_related("session")
        .distinct()
    )
    return sum(settle_sheet(sheet) for sheet in sheets)
