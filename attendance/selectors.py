"""Questions that other pages ask about attendance, each in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import Cfa, User
from apprentices.enums import ContractState
from apprentices.gauge import Gauge
from apprentices.models import Cohort, Contract, Enrolment
from programmes.calendar_rules import public_holidays
from programmes.rules import minimum_hours

from .enums import AbsenceState, PresenceState, SessionState, SheetState, SignatureMethod
from .models import AttendanceSheet, ClassSession, Presence
from .querysets import elsewhere, minutes_expression
from .rules import windows
from .rules.hours import Counted, Hours, count_hours
from .rules.workflow import SIGNED


def local(at: datetime) -> datetime:
    """Naive local time: half-days are written in the centre's own time."""
    return timezone.localtime(at).replace(tzinfo=None)


def holidays_of(cohort: Cohort | None, first: date, last: date) -> dict[date, str]:
    """Public holidays between two dates where the cohort is taught."""
    zone = cohort.rhythm.get("zone", "") if cohort and isinstance(cohort.rhythm, dict) else ""
    return public_holidays(first, last, zone)


def window_of(session: ClassSession) -> windows.Window:
    """The half-day as the rules of time see it."""
    holiday = holidays_of(session.cohort, session.date, session.date).get(session.date, "")
    return windows.Window(session.date, session.starts_at, session.ends_at, holiday)


def is_enrolled(presence: Presence, session: ClassSession) -> bool:
    """The apprentice belongs to the cohort on the day of the half-day."""
    enrolment = presence.enrolment
    return enrolment.starts_on <= session.date and (
        enrolment.ends_on is None or enrolment.ends_on >= session.date
    )


def hours_of(enrolments: Iterable[Enrolment], today: date) -> dict[int, Hours]:
    """The hours counters of each enrolment, whatever their number in four queries."""
    ids = [enrolment.pk for enrolment in enrolments]
    if not ids:
        return {}
    session = "cohort__sessions__"
    in_course = Q(**{f"{session}state": SessionState.PLANNED}) & Q(
        **{f"{session}date__gte": F("starts_on")}
    )
    in_course &= Q(ends_on__isnull=True) | Q(**{f"{session}date__lte": F("ends_on")})
    planned = (
        Enrolment.objects.filter(pk__in=ids)
        .order_by()
        .values("pk")
        .annotate(
            minutes=Sum(minutes_expression(session), filter=in_course),
            elsewhere=Sum(minutes_expression(session), filter=in_course & elsewhere(session)),
        )
    )
    counted: dict[int, list[Counted]] = defaultdict(list)
    for row in (
        Presence.objects.owed()
        .filter(
            enrolment__in=ids,
            sheet__session__date__lte=today,
            sheet__session__state=SessionState.PLANNED,
        )
        .order_by()
        .values("enrolment", "state", "absence__state", "sheet__state")
        .annotate(minutes=Sum(minutes_expression("sheet__session__")), missed=Sum("minutes_missed"))
    ):
        state = row["state"]
        if state in SIGNED and row["sheet__state"] != SheetState.CLOSED:
            state = PresenceState.EXPECTED  # an hour is done once the trainer has countersigned it
        if state in (PresenceState.ABSENT, PresenceState.EXCUSED) and row["absence__state"]:
            # What became of it after the sheet; the sheet itself is never changed.
            justified = row["absence__state"] == AbsenceState.JUSTIFIED
            state = PresenceState.EXCUSED if justified else PresenceState.ABSENT
        counted[row["enrolment"]].append(Counted(state, row["minutes"], row["missed"]))
    minimums = _minimums(ids)
    return {
        row["pk"]: count_hours(
            row["minutes"] or 0,
            counted[row["pk"]],
            minimums[row["pk"]],
            elsewhere=row["elsewhere"] or 0,
        )
        for row in planned
    }


def _minimums(ids: list[int]) -> dict[int, Decimal]:
    """Legal minimum of each: over the contract's dates, or the cohort's before there is one."""
    dates = {}
    for contract in (
        Contract.objects.filter(enrolment__in=ids)
        .exclude(state__in=(ContractState.COMPLETE, ContractState.BROKEN))
        .order_by("starts_on", "pk")
        .values("enrolment", "starts_on", "ends_on")
    ):
        dates[contract["enrolment"]] = contract["starts_on"], contract["ends_on"]
    prefix = "cohort__programme__referentiel__"
    result = {}
    for row in Enrolment.objects.filter(pk__in=ids).values(
        "pk",
        "cohort__starts_on",
        "cohort__ends_on",
        f"{prefix}hours_per_year",
        f"{prefix}cycle_months",
    ):
        starts_on, ends_on = dates.get(
            row["pk"], (row["cohort__starts_on"], row["cohort__ends_on"])
        )
        result[row["pk"]] = minimum_hours(
            starts_on, ends_on, row[f"{prefix}hours_per_year"], row[f"{prefix}cycle_months"]
        )
    return result


def cohort_gauges(cohorts: Iterable[Cohort]) -> dict[int, Gauge]:
    """Hours of each cohort: on closed sheets, planned, and the legal minimum for its dates (D643-8)."""
    cohorts = list(cohorts)
    closed = Q(sheet__state=SheetState.CLOSED)
    lengths = {
        row["cohort"]: row
        for row in ClassSession.objects.filter(cohort__in=[c.pk for c in cohorts])
        .planned()
        .order_by()
        .values("cohort")
        .annotate(
            planned=Sum(minutes_expression()),
            done=Sum(minutes_expression(), filter=closed),
            elsewhere=Sum(minutes_expression(), filter=elsewhere()),
        )
    }
    gauges = {}
    for cohort in cohorts:
        length, referentiel = lengths.get(cohort.pk, {}), cohort.programme.referentiel
        gauges[cohort.pk] = Gauge(
            title=f"Heures de {cohort.name}",
            done=Decimal(length.get("done") or 0) / 60,
            planned=Decimal(length.get("planned") or 0) / 60,
            minimum=minimum_hours(
                cohort.starts_on,
                cohort.ends_on,
                referentiel.hours_per_year,
                referentiel.cycle_months,
            ),
            elsewhere=Decimal(length.get("elsewhere") or 0) / 60,
        )
    return gauges


def may_have_begun_elsewhere(cohort: Cohort) -> bool:
    """The course has begun, no sheet was ever opened, and nobody has said since when it signs here."""
    return (
        cohort.signed_here_from is None
        and cohort.starts_on < timezone.localdate() <= cohort.ends_on
        and not AttendanceSheet.objects.filter(session__cohort=cohort).exists()
    )


def first_signed_here(cohort: Cohort) -> date | None:
    """The first half-day that somebody signed in the application, paper put aside."""
    signed = Presence.objects.filter(sheet__session__cohort=cohort, signature__isnull=False)
    return signed.exclude(signature__method=SignatureMethod.PAPER).aggregate(
        first=Min("sheet__session__date")
    )["first"]


def with_counts(sheets: QuerySet[AttendanceSheet]) -> QuerySet[AttendanceSheet]:
    """Add `signed` and `expected` numbers, and what a line of a list shows."""
    return (
        sheets.select_related("session__cohort", "session__subject", "session__trainer", "document")
        .annotate(
            expected=Count("presences", distinct=True),
            signed=Count("presences", filter=Q(presences__state__in=SIGNED), distinct=True),
        )
        .order_by("-session__date", "-session__starts_at", "pk")
    )


def today_sessions(cfa: Cfa, today: date, *, trainer: User | None = None) -> QuerySet[ClassSession]:
    """The half-days of the day in the centre, or one trainer's, with their sheet and its counts."""
    sessions = (
        ClassSession.objects.planned()
        .filter(cohort__cfa=cfa, date=today)
        .select_related("cohort", "subject", "trainer", "sheet")
        .annotate(
            expected=Count("sheet__presences", distinct=True),
            signed=Count(
                "sheet__presences", filter=Q(sheet__presences__state__in=SIGNED), distinct=True
            ),
        )
        .order_by("starts_at", "cohort__name", "pk")
    )
    return sessions.filter(trainer=trainer) if trainer else sessions


def next_session(enrolment: Enrolment, now: datetime) -> ClassSession | None:
    """The half-day to sign or the next one: not signed yet, its sheet not closed, not over without a sheet."""
    local = timezone.localtime(now)
    may_be_signed = Q(ends_at__gt=local.time()) | Q(sheet__state=SheetState.OPEN)
    signed = Presence.objects.filter(enrolment=enrolment, signature__isnull=False)
    sessions = (
        ClassSession.objects.planned()
        .filter(cohort=enrolment.cohort_id, date__gte=enrolment.starts_on)
        .filter(Q(date__gt=local.date()) | Q(date=local.date()) & may_be_signed)
        .exclude(sheet__state=SheetState.CLOSED)
        .exclude(pk__in=signed.filter(sheet__session__date=local.date()).values("sheet__session"))
        .select_related("subject", "trainer", "sheet")
        .order_by("date", "starts_at", "pk")
    )
    if enrolment.ends_on:
        sessions = sessions.filter(date__lte=enrolment.ends_on)
    return sessions.first()
