"""An apprentice's own attendance: hours, calendar, half-days one by one."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.enums import STAFF_ROLES, Role
from accounts.french import date_format
from accounts.http import Request
from accounts.permissions import apprentice_required, member_required, team_reader_required
from apprentices.gauge import Gauge
from apprentices.models import Cohort, Enrolment
from programmes.enums import Half

from ..counters import counters_of, trial_day
from ..enums import AbsenceState, PresenceState
from ..models import ClassSession, Presence
from ..rules import calendar
from ..rules.hours import Hours
from ..selectors import hours_of, next_session

# State of a half-day -> (kind of the status component, word).
STATUS = {
    "planned": ("none", "Prévue"),
    "not_opened": ("todo", "Sans émargement"),
    "elsewhere": ("none", "Avant l'application, sur feuille du CFA"),
    PresenceState.EXPECTED: ("run", "À signer"),
    PresenceState.PRESENT: ("done", "Présent"),
    PresenceState.LATE: ("done", "Présent, en retard"),
    PresenceState.ABSENT: ("stop", "Absence à justifier"),
    PresenceState.EXCUSED: ("todo", "Absence justifiée"),
}


@member_required
def session_list(request: Request) -> HttpResponse:
    """The door of the app: where each role has something to do."""
    if request.membership.role == Role.APPRENTICE:
        return redirect("attendance:my_attendance")
    if request.membership.role == Role.AUDITOR:
        return redirect("attendance:sheet_list")
    if request.membership.role == Role.MAITRE:
        return redirect("home")
    return redirect("attendance:my_sessions")


@apprentice_required
def my_attendance(request: Request) -> HttpResponse:
    enrolments = list(
        Enrolment.objects.filter(
            apprentice__user=request.user, cohort__cfa=request.membership.cfa
        ).select_related("apprentice", "cohort__programme__referentiel")
    )
    today = timezone.localdate()
    running = [e for e in enrolments if e.ends_on is None or e.ends_on >= today]
    enrolment = max(running or enrolments, key=lambda e: (e.starts_on, e.pk), default=None)
    if enrolment is None:
        return render(request, "attendance/enrolment_attendance.html", {"own": True})
    return _attendance(request, enrolment, own=True)


@team_reader_required
def enrolment_attendance(request: Request, uuid) -> HttpResponse:
    """The same page for the team, about one apprentice."""
    enrolment = get_object_or_404(
        Enrolment.objects.visible_to(request.user)
        .filter(cohort__cfa=request.membership.cfa)
        .select_related("apprentice", "cohort__programme__referentiel"),
        uuid=uuid,
    )
    return _attendance(request, enrolment, own=False)


def _attendance(request: Request, enrolment: Enrolment, *, own: bool) -> HttpResponse:
    now = timezone.now()
    hours = hours_of([enrolment], timezone.localdate(now))[enrolment.pk]
    rows = half_days_of(enrolment, timezone.localdate(now))
    context = {
        "own": own,
        "enrolment": enrolment,
        "hours": hours,
        "gauge": gauge_of(hours),
        "counters": counters_of([enrolment], timezone.localdate(now))[enrolment.pk],
        "trial": trial_day(enrolment),
        "is_staff": request.membership.role in STAFF_ROLES,
        "next": next_session(enrolment, now),
        "today": timezone.localdate(now),
        "rows": [row for row in reversed(rows) if row["is_past"]],
        "coming": [row for row in rows if not row["is_past"]],
        "drawing": calendar.draw(
            calendar.Entry(row["session"].date, row["row"], row["state"], row["title"])
            for row in rows
        ),
        "legend": [
            {"state": state, "word": word}
            for state, (_, word) in STATUS.items()
            if any(row["state"] == state for row in rows)
        ],
    }
    return render(request, "attendance/enrolment_attendance.html", context)


def gauge_of(hours: Hours) -> Gauge:
    return Gauge(
        "Heures de formation",
        hours.present,
        hours.planned,
        hours.minimum,
        elsewhere=hours.elsewhere,
    )


def _with_fate(presence: Presence | None, state: str) -> tuple[str, tuple[str, str]]:
    """The state as it is today: what became of an absence is written beside the closed sheet."""
    absence = getattr(presence, "absence", None)
    if absence is None or state not in (PresenceState.ABSENT, PresenceState.EXCUSED):
        return state, STATUS[state]
    if absence.state == AbsenceState.UNJUSTIFIED:
        return PresenceState.ABSENT, ("stop", "Absence injustifiée")
    justified = absence.state == AbsenceState.JUSTIFIED
    state = PresenceState.EXCUSED if justified else PresenceState.ABSENT
    return state, STATUS[state]


def _unsigned(session: ClassSession, cohort: Cohort, is_past: bool) -> str:
    """What a half-day without a sheet is: to come, forgotten, or signed before the application."""
    if not is_past:
        return "planned"
    since = cohort.signed_here_from
    return "elsewhere" if since and session.date < since else "not_opened"


def half_days_of(enrolment: Enrolment, today) -> list[dict]:
    """Every half-day of the course for this apprentice, with its state, in three queries."""
    presences = {
        presence.sheet.session_id: presence
        for presence in Presence.objects.filter(enrolment=enrolment).select_related(
            "sheet", "signature", "absence"
        )
    }
    sessions = (
        ClassSession.objects.planned()
        .filter(cohort=enrolment.cohort_id, date__gte=enrolment.starts_on)
        .select_related("subject", "trainer")
    )
    if enrolment.ends_on:
        sessions = sessions.filter(date__lte=enrolment.ends_on)
    # Half-days followed with another group count too.
    guest = ClassSession.objects.filter(sheet__presences__enrolment=enrolment).exclude(
        cohort=enrolment.cohort_id
    )
    found = sorted(
        [*sessions, *guest.select_related("subject", "trainer")],
        key=lambda session: (session.date, session.starts_at),
    )
    rows = []
    for session in found:
        presence = presences.get(session.pk)
        is_past = session.date < today or presence is not None
        state = presence.state if presence else _unsigned(session, enrolment.cohort, is_past)
        state, (kind, word) = _with_fate(presence, state)
        label = f"{date_format(session.date, 'l j F Y')}, {session.get_half_display().lower()}"
        rows.append(
            {
                "session": session,
                "presence": presence,
                "is_past": is_past,
                "state": state,
                "kind": kind,
                "word": word,
                "row": 0 if session.half == Half.MORNING else 1,
                "title": f"{label} : {word.lower()}",
            }
        )
    return rows
