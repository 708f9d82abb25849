"""What each person meets on arriving: what is to be done now, with the way to it.

One function per role gives the context of its home page, in a number of queries that does not depend on
the number of apprentices.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from apprentices.gauge import Gauge
from apprentices.invoices import billed_contracts
from apprentices.models import Cohort, Enrolment
from attendance.enums import (
    AbsenceState,
    JustificationState,
    PresenceState,
    SessionState,
    SheetState,
)
from attendance.models import Absence, AttendanceSheet, ClassSession, Justification, Presence
from attendance.rules import windows
from attendance.selectors import (
    cohort_gauges,
    hours_of,
    local,
    may_have_begun_elsewhere,
    next_session,
    window_of,
)
from documents.enums import JobState
from documents.models import Document, Job
from livret.meetings import meetings_of_apprentice, meetings_of_tutor
from livret.selectors import period_to_write, periods_awaiting_tutor

from .home_admission import candidates_task, uninvited_task, without_contract_task
from .home_contracts import (
    contract_deadlines_task,
    contracts_to_transmit,
    invoices_task,
    late_payments_task,
)
from .home_exam import apprentice_exam, exam_tasks, trainer_exam
from .home_livret import periods_late, reviews_late
from .home_planning import planning_tasks
from .home_start import first_steps
from .home_tasks import Task, count_and_first, most_urgent_first, plural, to_read

COHORTS_SHOWN = 12
# Absences older than this are a matter for the monthly statement, not for today.
RECENT = timedelta(days=30)


def staff_home(membership: Membership, today: date) -> dict:
    cfa = membership.cfa
    cohorts, billed = _cohorts(cfa, today), billed_contracts(cfa, today)
    tasks = [
        task
        for task in (
            *planning_tasks(cfa, cohorts, today),
            without_contract_task(cfa, today),
            contracts_to_transmit(cfa, today),
            contract_deadlines_task(cfa, today),
            invoices_task(billed, today),
            late_payments_task(billed, today),
            candidates_task(cfa),
            uninvited_task(cfa, today),
            _sheets_to_countersign(cfa, today),
            _half_days_without_sheet(cfa, today),
            _justifications_to_examine(cfa),
            _absences_to_justify(cfa, today),
            periods_late(cfa, today),
            reviews_late(cfa, today),
            *exam_tasks(cfa, today),
            _documents_failed(cfa),
            _jobs_running(cfa),
        )
        if task
    ]
    return {
        "tasks": most_urgent_first(tasks),
        "steps": first_steps(membership),
        "cohorts": cohorts[:COHORTS_SHOWN],
        "cohorts_more": len(cohorts[COHORTS_SHOWN:]),
        "sessions": _sessions_of(ClassSession.objects.filter(cohort__cfa=cfa), today),
    }


def auditor_home(membership: Membership, today: date) -> dict:
    """The staff's, to read: no deed is offered, no page named that stays shut."""
    context = staff_home(membership, today)
    tasks = [task for task in context["tasks"] if task.kind != "run"]
    return context | {"tasks": to_read(tasks, membership.role), "steps": [], "reads_only": True}


def trainer_home(membership: Membership, today: date) -> dict:
    user, cfa = membership.user, membership.cfa
    own = ClassSession.objects.filter(cohort__cfa=cfa, trainer=user, state=SessionState.PLANNED)
    late = AttendanceSheet.objects.filter(
        session__trainer=user, session__cohort__cfa=cfa
    ).not_countersigned(today)
    followed = (
        Enrolment.objects.filter(tutor=user, cohort__cfa=cfa, cohort__ends_on__gte=today)
        .select_related("apprentice", "cohort")
        .order_by("apprentice__last_name", "apprentice__first_name", "pk")
    )
    sessions = _sessions_of(own, today)
    now = local(timezone.now())
    for session in sessions:
        session.refusal = windows.opening_refusal(window_of(session), now)
    return {
        "sessions": sessions,
        "next_sessions": own.filter(date__gt=today)
        .select_related("cohort", "subject")
        .order_by("date", "starts_at", "pk")[:4],
        # Nobody opened them: only the paper that was signed mends it, the sooner the better.
        "forgotten": _without_sheet(own, today)
        .filter(date__gte=today - RECENT)
        .select_related("cohort", "subject")
        .order_by("date", "starts_at", "pk"),
        "late_sheets": late.select_related("session__subject", "session__cohort"),
        **trainer_exam(user, cfa, today),
        "periods": periods_awaiting_tutor(user, cfa)[:10],
        "meetings": meetings_of_tutor(user, cfa, today),
        "followed": followed[:30],
    }


def apprentice_home(membership: Membership, today: date) -> dict:
    enrolment = (
        Enrolment.objects.filter(apprentice__user=membership.user, cohort__cfa=membership.cfa)
        .select_related("apprentice", "cohort__programme__referentiel")
        .order_by("-starts_on", "pk")
        .first()
    )
    if enrolment is None:
        return {"enrolment": None}
    hours = hours_of([enrolment], today)[enrolment.pk]
    signed = Presence.objects.filter(enrolment=enrolment, signature__isnull=False)
    return {
        "enrolment": enrolment,
        "to_sign": Presence.objects.filter(
            enrolment=enrolment,
            state=PresenceState.EXPECTED,
            sheet__state=SheetState.OPEN,
            sheet__session__date=today,
        )
        .select_related("sheet__session__subject", "sheet__session__trainer")
        .first(),
        "next_session": next_session(enrolment, timezone.now()),
        # Closed without this person's signature: it can be mended today only, so it is said today.
        "missed_today": Presence.objects.filter(
            enrolment=enrolment,
            state=PresenceState.ABSENT,
            sheet__state=SheetState.CLOSED,
            sheet__session__date=today,
            sheet__session__state=SessionState.PLANNED,
        ).select_related("sheet__session__subject", "sheet__session__trainer"),
        "gauge": Gauge(
            title="Mes heures au CFA",
            done=hours.present,
            planned=hours.planned,
            minimum=hours.minimum,
            elsewhere=hours.elsewhere,
        ),
        "hours": hours,
        "signed_today": signed.filter(sheet__session__date=today)
        .select_related("signature", "sheet__session__subject")
        .order_by("signature__signed_at"),
        "period": period_to_write(enrolment, today),
        "meetings": meetings_of_apprentice(enrolment, today),
        "documents": Document.objects.issued().filter(readers=membership.user)[:5],
        **apprentice_exam(enrolment),
    }


def _sheets_to_countersign(cfa, today: date) -> Task | None:
    sheets = AttendanceSheet.objects.filter(session__cohort__cfa=cfa).not_countersigned(today)
    count, oldest = count_and_first(
        sheets.select_related("session__trainer").order_by("session__date", "pk")
    )
    if not count:
        return None
    return Task(
        kind="todo",
        word="À faire",
        count=str(count),
        what=plural(count, "feuille non contresignée", "feuilles non contresignées"),
        why=f"depuis le {oldest.session.date:%d/%m} · {oldest.session.trainer}",
        url=reverse("attendance:sheet_list") + "?etat=non-contresignee",
        action="Voir les feuilles",
    )


def _without_sheet(sessions: QuerySet, today: date) -> QuerySet:
    """Past half-days that nobody opened, since their cohort signs in the application."""
    return sessions.filter(state=SessionState.PLANNED, date__lt=today, sheet__isnull=True).exclude(
        cohort__signed_here_from__gt=F("date")
    )


def _half_days_without_sheet(cfa, today: date) -> Task | None:
    missed = _without_sheet(ClassSession.objects.filter(cohort__cfa=cfa), today)
    count, first = count_and_first(missed.select_related("cohort").order_by("date", "pk"))
    if not count:
        return None
    what = plural(count, "demi-journée passée sans feuille", "demi-journées passées sans feuille")
    # Nothing for a month and never a sheet: a centre that comes in the middle of a year.
    if first.date < today - RECENT and may_have_begun_elsewhere(first.cohort):
        why = f"{first.cohort} n'a encore rien émargé ici : depuis quand l'application sert-elle ?"
        url = reverse("attendance:signing_start_edit", args=[first.cohort.uuid])
        action = "Dire depuis quand"
    else:
        year, week, _ = first.date.isocalendar()
        why = "aucune heure ne peut y être comptée"
        url = reverse("attendance:planning")
        url += f"?promotion={first.cohort.uuid}&semaine={year}-W{week:02d}"
        action = "Voir la première"
    return Task(
        kind="todo",
        word="À faire",
        count=str(count),
        what=what,
        why=why,
        url=url,
        action=action,
    )


def _absences_to_justify(cfa, today: date) -> Task | None:
    found = Absence.objects.filter(
        presence__sheet__session__cohort__cfa=cfa,
        presence__sheet__session__date__gte=today - RECENT,
        state=AbsenceState.TO_JUSTIFY,
    ).aggregate(count=Count("pk"), people=Count("presence__enrolment", distinct=True))
    if not found["count"]:
        return None
    return Task(
        kind="todo",
        word="À faire",
        count=str(found["count"]),
        what=plural(found["count"], "absence à justifier", "absences à justifier"),
        why=f"{found['people']} {plural(found['people'], 'apprenti', 'apprentis')} sur 30 jours",
        url=reverse("attendance:absence_list")
        + f"?etat={AbsenceState.TO_JUSTIFY}&du={today - RECENT:%Y-%m-%d}",
        action="Voir qui",
    )


def _justifications_to_examine(cfa) -> Task | None:
    waiting = Justification.objects.filter(
        enrolment__cohort__cfa=cfa, state=JustificationState.SUBMITTED
    ).order_by("submitted_at", "pk")
    count, oldest = count_and_first(waiting)
    if not count:
        return None
    one = reverse("attendance:justification_detail", args=[oldest.uuid])
    return Task(
        kind="todo",
        word="À faire",
        count=str(count),
        what=plural(count, "justificatif à examiner", "justificatifs à examiner"),
        why=f"le plus ancien reçu le {timezone.localtime(oldest.submitted_at):%d/%m}",
        url=one if count == 1 else reverse("attendance:absence_list"),
        action="Examiner",
    )


def _documents_failed(cfa) -> Task | None:
    count = Document.objects.failed().filter(cfa=cfa).count()
    if not count:
        return None
    return Task(
        kind="stop",
        word="En échec",
        count=str(count),
        what=plural(count, "document à relancer", "documents à relancer"),
        why="l'erreur est écrite sur le document",
        url=reverse("documents:document_list") + "?etat=failed",
        action="Relancer",
    )


def _jobs_running(cfa) -> Task | None:
    job = (
        Job.objects.filter(cfa=cfa, state__in=(JobState.QUEUED, JobState.RUNNING))
        .order_by("-created_at", "-pk")
        .first()
    )
    if job is None:
        return None
    return Task(
        kind="run",
        word="En cours",
        count=f"{job.done} / {job.total}",
        what=job.label,
        why=f"demandé à {job.created_at:%H:%M}",
        url=reverse("documents:job_detail", args=[job.uuid]),
        action="Suivre",
    )


def _cohorts(cfa, today: date) -> list[dict]:
    """The cohorts that run or are to come, with their hours: done, planned, legal minimum."""
    cohorts = list(
        Cohort.objects.filter(cfa=cfa, ends_on__gte=today)
        .prefetch_related("programme__referentiel")  # few, wide, shared by many cohorts
        .order_by("starts_on", "name", "pk")
    )
    gauges = cohort_gauges(cohorts)
    # Counted apart: grouped with the référentiel's columns, the same count took 60% of the page.
    sizes = _by_cohort(
        Enrolment.objects.filter(cohort__in=cohorts, ends_on__isnull=True), "cohort", n=Count("pk")
    )
    rates = _by_cohort(
        Presence.objects.filter(enrolment__cohort__in=cohorts, sheet__state=SheetState.CLOSED),
        "enrolment__cohort",
        expected=Count("pk"),
        there=Count("pk", filter=Q(state__in=(PresenceState.PRESENT, PresenceState.LATE))),
    )
    rows = []
    for cohort in cohorts:
        rate = rates.get(cohort.pk, {})
        rows.append(
            {
                "cohort": cohort,
                "size": sizes.get(cohort.pk, {"n": 0})["n"],
                "rate": 100 * rate["there"] / rate["expected"] if rate.get("expected") else None,
                "gauge": gauges[cohort.pk],
            }
        )
    return rows


def _by_cohort(rows: QuerySet[Any], path: str, **counts: Count) -> dict[int, dict[str, Any]]:
    return {row[path]: row for row in rows.order_by().values(path).annotate(**counts)}


def _sessions_of(sessions, today: date) -> list[ClassSession]:
    return list(
        sessions.filter(date=today, state=SessionState.PLANNED)
        .select_related("cohort", "subject", "trainer", "sheet")
        .annotate(
            expected=Count("sheet__presences"),
            signed=Count("sheet__presences", filter=Q(sheet__presences__signature__isnull=False)),
        )
        .order_by("starts_at", "cohort__name", "pk")
    )
