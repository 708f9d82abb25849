"""The half-days of one apprentice by month, planned and attended, as the livret prints them."""

from collections import Counter
from decimal import Decimal
from typing import Any

from accounts.french import date_format, with_comma
from apprentices.models import Enrolment
from attendance.models import ClassSession, Presence
from attendance.rules.hours import Hours
from programmes.enums import Half

# Session.half -> key of the calendar's row
HALVES = {Half.MORNING: "morning", Half.AFTERNOON: "afternoon"}


def number(value: Decimal | float | None) -> str:
    """Hours or a mark, at two decimals at most."""
    return "" if value is None else with_comma(round(Decimal(value), 2))


def hours_in_words(hours: Hours) -> dict[str, str]:
    """The hours that every page and document says; those signed before the application apart, never proved."""
    names = ["planned", "held", "present", "absent", "excused", "minimum"]
    if hours.elsewhere:
        names.append("elsewhere")
    return {name: number(getattr(hours, name)) for name in names}


def _sessions(enrolment: Enrolment):
    sessions = ClassSession.objects.planned().filter(
        cohort=enrolment.cohort, date__gte=enrolment.starts_on
    )
    if enrolment.ends_on:
        sessions = sessions.filter(date__lte=enrolment.ends_on)
    return sessions.select_related("subject", "trainer")


def calendar_of(enrolment: Enrolment) -> dict[str, Any]:
    """Months of days, one row a day with the subject of each half; times are said where they are not usual."""
    sessions = list(_sessions(enrolment))
    usual = {
        half: Counter(_times(s) for s in sessions if s.half == half).most_common(1)[0][0]
        for half in HALVES
        if any(s.half == half for s in sessions)
    }
    months: dict[str, dict] = {}
    for session in sessions:
        days = months.setdefault(date_format(session.date, "F Y"), {})
        row = days.setdefault(
            session.date,
            {"date": date_format(session.date, "D j"), "morning": "", "afternoon": "", "hours": 0},
        )
        times = _times(session)
        own = f" ({times})" if times != usual[session.half] else ""
        row[HALVES[session.half]] = f"{session.subject.short_title}{own}"
        row["hours"] += session.minutes
    return {
        "usual": [f"{half.label.lower()} de {times}" for half, times in usual.items()],
        "months": [
            {
                "month": month,
                "rows": [
                    row | {"hours": number(Decimal(row["hours"]) / 60)} for row in days.values()
                ],
                "hours": number(Decimal(sum(row["hours"] for row in days.values())) / 60),
            }
            for month, days in months.items()
        ],
    }


def _times(session: ClassSession) -> str:
    return f"{session.starts_at:%H:%M} à {session.ends_at:%H:%M}"


def attendance_months(enrolment: Enrolment) -> list[dict[str, Any]]:
    """Half-days of each month by state, in hours."""
    presences = (
        Presence.objects.filter(enrolment=enrolment)
        .select_related("sheet__session")
        .order_by("sheet__session__date", "pk")
    )
    months: dict[str, dict[str, Any]] = {}
    for presence in presences:
        session = presence.sheet.session
        key = date_format(session.date, "F Y")
        row = months.setdefault(
            key, {"month": key, "held": 0, "present": 0, "absent": 0, "excused": 0}
        )
        row["held"] += session.minutes
        missed = min(presence.minutes_missed, session.minutes)
        if presence.state in ("present", "late"):
            row["present"] += session.minutes - missed
            row["absent"] += missed
        elif presence.state in ("absent", "excused"):
            row[presence.state] += session.minutes
    return [
        {
            name: value if name == "month" else number(Decimal(value) / 60)
            for name, value in row.items()
        }
        for row in months.values()
    ]
