"""Who is told of the absences, the same evening and in one message each; and what is out of time."""

from collections import defaultdict
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.french import date_format
from accounts.history import record

from ..enums import AbsenceState, JustificationState, NoticeKind, SessionState, SheetState
from ..models import Absence, Justification, Notice
from .absences import settle_closed_sheets, span_of
from .employers import by_reading, employers_on
from .notices import write_notice

# An absence whose sheet was closed late is still told within a week; later, the monthly statement says it.
STILL_NEWS = timedelta(days=7)


@transaction.atomic
def tell_absences(*, day: date) -> int:
    """Tell employer and maîtres, legal representatives of minors, and the apprentice. Done twice: once.

    What a reopened sheet says is not known yet: it waits for its new closing.
    """
    settle_closed_sheets(first=day - STILL_NEWS, last=day)
    absences = list(
        Absence.objects.select_for_update(of=("self",))
        .filter(
            told_at__isnull=True,
            presence__sheet__state=SheetState.CLOSED,
            presence__sheet__session__state=SessionState.PLANNED,
            presence__sheet__session__date__range=(day - STILL_NEWS, day),
        )
        .select_related(
            "presence__enrolment__apprentice__user",
            "presence__enrolment__cohort__cfa",
            "presence__sheet__session__subject",
        )
        .order_by("presence__sheet__session__date", "presence__sheet__session__starts_at", "pk")
    )
    if not absences:
        return 0
    by_person: dict[int, list[Absence]] = defaultdict(list)
    for absence in absences:
        by_person[absence.presence.enrolment_id].append(absence)
    known = _said(absences)
    told = _tell_companies(absences, day)
    for missed in by_person.values():
        _tell_apprentice([a for a in missed if a.pk not in known[NoticeKind.ABSENCE_APPRENTICE]])
        _tell_family([a for a in missed if a.pk not in known[NoticeKind.ABSENCE_FAMILY]], day)
    # Without an address nobody was told: the page of absences says so, and the next evening tries again.
    Absence.objects.filter(pk__in=told).update(told_at=timezone.now())
    return len(told)


def _said(absences: list[Absence]) -> dict[str, set[int]]:
    """Kind of message -> absences that one has already told."""
    known: dict[str, set[int]] = defaultdict(set)
    for kind, absence in Notice.absences.through.objects.filter(
        absence__in=[absence.pk for absence in absences]
    ).values_list("notice__kind", "absence"):
        known[kind].add(absence)
    return known


def _lines(absences: list[Absence], *, with_name: bool) -> str:
    return "\n".join(
        f"- {f'{a.presence.enrolment.apprentice}, ' if with_name else ''}{_when(a)}"
        for a in absences
    )


def _when(absence: Absence) -> str:
    session = absence.presence.sheet.session
    return (
        f"{date_format(session.date, 'l j F Y')}, {session.get_half_display().lower()} "
        f"({session.subject.short_title}) : {absence.get_state_display().lower()}"
    )


def _tell_companies(absences: list[Absence], day: date) -> set[int]:
    """Tell the employers of the days missed; the absences that somebody was told of."""
    rows = {a.pk: (a.presence.enrolment, a.presence.sheet.session.date) for a in absences}
    employers = employers_on((enrolment.pk, missed) for enrolment, missed in rows.values())
    groups = by_reading(
        {
            pk: [
                (enrolment.cohort.cfa_id, address)
                for address in employers.get((enrolment.pk, missed), ())
            ]
            for pk, (enrolment, missed) in rows.items()
        }
    )
    for told, readers in groups.items():
        own = [absence for absence in absences if absence.pk in told]
        _tell_company(own, [address for _, address in readers], day)
    return {pk for told in groups for pk in told}


def _tell_company(absences: list[Absence], recipients: list[str], day: date) -> None:
    cfa = absences[0].presence.enrolment.cohort.cfa
    write_notice(
        cfa=cfa,
        kind=NoticeKind.ABSENCE_COMPANY,
        recipients=recipients,
        subject=f"Absences au CFA, {day:%d/%m/%Y}",
        text=(
            f"Bonjour,\n\nAu {cfa}, ces demi-journées ont été manquées :\n\n"
            f"{_lines(absences, with_name=True)}\n\n"
            "Le temps passé au CFA est du temps de travail (code du travail, L6222-24). Si l'apprenti était "
            "retenu dans l'entreprise, répondez à ce message : l'absence sera qualifiée ainsi.\n"
            "Une absence à justifier peut encore l'être ; le relevé mensuel dira ce qu'il en est.\n"
        ),
        absences=absences,
    )


def _tell_apprentice(absences: list[Absence]) -> None:
    to_justify = [a for a in absences if a.state == AbsenceState.TO_JUSTIFY]
    if not to_justify:
        return
    enrolment = to_justify[0].presence.enrolment
    limit = min(a.justify_by for a in to_justify)
    write_notice(
        cfa=enrolment.cohort.cfa,
        kind=NoticeKind.ABSENCE_APPRENTICE,
        recipients=[enrolment.apprentice.mailbox],
        subject=f"Absence à justifier avant le {limit:%d/%m/%Y}",
        text=(
            f"Bonjour {enrolment.apprentice.first_name},\n\nVous avez manqué :\n\n"
            f"{_lines(to_justify, with_name=False)}\n\n"
            f"Envoyez votre justificatif depuis votre page « Mes absences » avant le {limit:%d/%m/%Y}.\n"
        ),
        absences=to_justify,
    )


def _tell_family(absences: list[Absence], day: date) -> None:
    if not absences:
        return
    enrolment = absences[0].presence.enrolment
    person = enrolment.apprentice
    if not person.is_minor_on(day):
        return
    write_notice(
        cfa=enrolment.cohort.cfa,
        kind=NoticeKind.ABSENCE_FAMILY,
        recipients=[person.legal_representative_email],
        subject=f"Absence de {person} au CFA, {day:%d/%m/%Y}",
        text=(
            f"Bonjour,\n\n{person} a manqué au {enrolment.cohort.cfa} :\n\n"
            f"{_lines(absences, with_name=False)}\n\nUn justificatif peut être envoyé avant le "
            f"{min(a.justify_by for a in absences):%d/%m/%Y}.\n"
        ),
        absences=absences,
    )


@transaction.atomic
def expire_absences(*, today: date) -> int:
    """What was not justified in time becomes unjustified, unless a justification waits to be examined."""
    late = (
        Absence.objects.select_for_update(of=("self",))
        .filter(
            state=AbsenceState.TO_JUSTIFY,
            justify_by__lt=today,
            presence__sheet__state=SheetState.CLOSED,
        )
        .select_related("presence__enrolment__cohort__cfa", "presence__sheet__session")
    )
    rows = list(late)
    waiting: dict[int, list[Justification]] = defaultdict(list)
    for justification in Justification.objects.filter(
        enrolment__in={row.presence.enrolment_id for row in rows},
        state=JustificationState.SUBMITTED,
    ):
        waiting[justification.enrolment_id].append(justification)
    count = 0
    for row in rows:
        session = row.presence.sheet.session
        if any(
            span_of(j).covers(session.date, session.half)
            for j in waiting[row.presence.enrolment_id]
        ):
            continue
        row.state = AbsenceState.UNJUSTIFIED
        row.save(update_fields=("state",))
        cfa = row.presence.enrolment.cohort.cfa
        data = {"before": AbsenceState.TO_JUSTIFY, "after": AbsenceState.UNJUSTIFIED}
        record("settle_absence", row, cfa=cfa, actor=None, reason="Délai dépassé", data=data)
        count += 1
    return count
