"""The hours gauge of apprentices and cohorts, whatever their number in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, Sum

from apprentices.course import rhythm_of
from apprentices.enums import ContractState
from apprentices.gauge import Gauge
from apprentices.models import Cohort, Enrolment

from .calendars import changes_of, cohort_course
from .enums import AbsenceState, PresenceState, SessionState, SheetState
from .models import CalendarException, ClassSession, Presence
from .querysets import elsewhere, minutes_expression
from .rules.course import SATURDAY, shutting, trial_ends_on
from .rules.forecast import Coming, Forecast, forecast
from .rules.hours import to_hours
from .rules.workflow import SIGNED
from .selectors import _minimums, holidays_of

USUAL = 210
ELSEWHERE = "Dont avant l'application, sur les feuilles du CFA"


@dataclass
class Counters:
    """Minutes of one enrolment: from the legal minimum to what is proved, justified or missing."""

    minimum: int = 0
    planned: int = 0
    held: int = 0
    signed: int = 0
    # Signed on an earlier day, not countersigned yet: promised, like the half-days to come.
    pending: int = 0
    countersigned: int = 0
    justified: int = 0
    missing: int = 0
    # Planned before the application, on the centre's own sheets; None when everything is signed here.
    elsewhere: int | None = None
    coming: list[Coming] = field(default_factory=list)
    outlook: Forecast | None = None

    @property
    def gauge(self) -> Gauge:
        return Gauge(
            "Heures de formation",
            to_hours(self.countersigned),
            to_hours(self.planned),
            to_hours(self.minimum),
            elsewhere=to_hours(self.elsewhere or 0),
        )

    @property
    def rows(self) -> list[tuple[str, object]]:
        """The figures in words, in the order in which an hour becomes a proof."""
        known = [] if self.elsewhere is None else [(ELSEWHERE, to_hours(self.elsewhere))]
        return [
            ("Minimum légal", to_hours(self.minimum)),
            ("Prévues", to_hours(self.planned)),
            *known,
            ("Tenues", to_hours(self.held)),
            ("Signées par l'apprenti", to_hours(self.signed)),
            ("Contresignées", to_hours(self.countersigned)),
            ("Absences justifiées", to_hours(self.justified)),
            ("Absences à justifier ou injustifiées", to_hours(self.missing)),
        ]


def counters_of(enrolments: Iterable[Enrolment], today: date) -> dict[int, Counters]:
    """Counters with their forecast; `enrolments` come with their cohort selected."""
    enrolments = list(enrolments)
    ids = [enrolment.pk for enrolment in enrolments]
    found = {pk: Counters() for pk in ids}
    if not ids:
        return found
    for pk, hours in _minimums(ids).items():
        found[pk].minimum = int(hours * 60)
    _count_presences(found, today)
    cohorts = {e.cohort_id: e.cohort for e in enrolments}
    sessions: dict[int, list[ClassSession]] = defaultdict(list)
    for session in (
        ClassSession.objects.planned()
        .filter(cohort__in=cohorts)
        .annotate(
            is_closed=_is(sheet__state=SheetState.CLOSED),
            is_elsewhere=ExpressionWrapper(elsewhere(), output_field=BooleanField()),
        )
        .only("cohort_id", "date", "half", "starts_at", "ends_at")
        .order_by("date", "starts_at", "pk")
    ):
        sessions[session.cohort_id].append(session)
    free = free_half_days(cohorts.values(), sessions, today)
    for enrolment in enrolments:
        counters = found[enrolment.pk]
        last = enrolment.ends_on or enrolment.cohort.ends_on
        mine = [s for s in sessions[enrolment.cohort_id] if enrolment.starts_on <= s.date <= last]
        counters.planned = sum(s.minutes for s in mine)
        # Held on the centre's word: the forecast counts on them, the proved hours never do.
        past = sum(s.minutes for s in mine if s.is_elsewhere and s.date < today)
        if enrolment.cohort.signed_here_from:
            counters.elsewhere = past
        counters.coming = [
            Coming(today, counters.pending + past),
            *(Coming(s.date, s.minutes) for s in mine if s.date >= today and not s.is_closed),
        ]
        counters.outlook = forecast(
            minimum=counters.minimum,
            done=counters.countersigned,
            held=counters.held,
            coming=counters.coming,
            free_minutes=USUAL * sum(1 for day, _ in free[enrolment.cohort_id] if day <= last),
            half_day=USUAL,
        )
    return found


def _is(**condition: Any) -> ExpressionWrapper:
    return ExpressionWrapper(Q(**condition), output_field=BooleanField())


def _count_presences(found: dict[int, Counters], today: date) -> None:
    for row in (
        Presence.objects.owed()
        .filter(
            enrolment__in=found,
            sheet__session__date__lte=today,
            sheet__session__state=SessionState.PLANNED,
        )
        .order_by()
        .annotate(is_past=_is(sheet__session__date__lt=today))
        .values("enrolment", "state", "sheet__state", "absence__state", "is_past")
        .annotate(minutes=Sum(minutes_expression("sheet__session__")), missed=Sum("minutes_missed"))
    ):
        counters, minutes, missed = found[row["enrolment"]], row["minutes"], row["missed"]
        is_closed = row["sheet__state"] == SheetState.CLOSED
        if is_closed:
            counters.held += minutes
        if row["state"] in SIGNED:
            counters.signed += minutes - missed
            counters.missing += missed
            if is_closed:
                counters.countersigned += minutes - missed
            elif row["is_past"]:
                counters.pending += minutes - missed
        elif row["state"] in (PresenceState.ABSENT, PresenceState.EXCUSED):
            fate = row["absence__state"]
            is_justified = (
                fate == AbsenceState.JUSTIFIED if fate else row["state"] == PresenceState.EXCUSED
            )
            if is_justified:
                counters.justified += minutes
            else:
                counters.missing += minutes


def free_half_days(
    cohorts: Iterable[Cohort],
    sessions: dict[int, list[ClassSession]],
    today: date,
    *,
    notice: timedelta = timedelta(days=7),
) -> dict[int, list[tuple[date, str]]]:
    """For each cohort, the working half-days to come on which it has nothing and the centre is open."""
    cohorts = list(cohorts)
    lines: dict[int | None, list[CalendarException]] = defaultdict(list)
    for line in CalendarException.objects.filter(
        Q(cohort__in=[c.pk for c in cohorts])
        | Q(cohort__isnull=True, cfa__in={c.cfa_id for c in cohorts})
    ):
        lines[line.cohort_id].append(line)
    free: dict[int, list[tuple[date, str]]] = {}
    for cohort in cohorts:
        rhythm, first = rhythm_of(cohort), max(today + notice, cohort.starts_on)
        taken = {(s.date, s.half) for s in sessions.get(cohort.pk, ())}
        free[cohort.pk] = []
        if rhythm is None or first > cohort.ends_on:
            continue
        own = [e for e in lines[None] if e.cfa_id == cohort.cfa_id] + lines[cohort.pk]
        changes = changes_of(own)
        halves = [str(slot.half) for slot in sorted(rhythm.slots, key=lambda s: s.starts)]
        holidays = holidays_of(cohort, first, cohort.ends_on)
        for shift in range((cohort.ends_on - first).days + 1):
            day = first + timedelta(days=shift)
            if day in holidays or day.weekday() >= SATURDAY:
                continue
            free[cohort.pk] += [
                (day, half)
                for half in halves
                if (day, half) not in taken and not shutting(changes, day, half)
            ]
    return free


def cohort_free_half_days(cohort: Cohort, today: date) -> list[tuple[date, str]]:
    sessions = {cohort.pk: list(ClassSession.objects.planned().filter(cohort=cohort))}
    return free_half_days([cohort], sessions, today)[cohort.pk]


def subject_most_behind(cohort: Cohort) -> int | None:
    """The subject whose planned hours are furthest from those of the programme: for a make-up."""
    planned = dict(
        ClassSession.objects.planned()
        .filter(cohort=cohort)
        .order_by()
        .values("subject")
        .annotate(minutes=Sum(minutes_expression()), count=Count("pk"))
        .values_list("subject", "minutes")
    )
    subjects = cohort.programme.subjects.annotate(total=F("hours_year_1") + F("hours_year_2"))
    gaps = {s.pk: s.total * 60 - (planned.get(s.pk) or 0) for s in subjects if s.total}
    return max(gaps, key=lambda pk: gaps[pk]) if gaps else None


def usual_trainer(cohort: Cohort, subject: int | None) -> int | None:
    """Who teaches the subject most often to the cohort."""
    taught = ClassSession.objects.planned().filter(cohort=cohort, subject=subject).order_by()
    found = taught.values("trainer").annotate(count=Count("pk")).order_by("-count", "trainer")
    return found.values_list("trainer", flat=True).first()


def trial_day(enrolment: Enrolment) -> tuple[date, date | None] | None:
    """Start of the contract and its 45th day in company (CT L6222-18); None without a contract.

    Free rupture until then; absences from the company push it back and are not known here.
    """
    contract = (
        enrolment.contracts.exclude(state__in=(ContractState.COMPLETE, ContractState.BROKEN))
        .order_by("-starts_on", "-pk")
        .first()
    )
    rhythm = rhythm_of(enrolment.cohort)
    if contract is None or rhythm is None:
        return None
    last = min(contract.ends_on, contract.starts_on + timedelta(days=365))
    days = cohort_course(enrolment.cohort, rhythm, contract.starts_on, last)
    return contract.starts_on, trial_ends_on(days, contract.starts_on)
