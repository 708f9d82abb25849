"""What a generation keeps, plans and takes away: asked by the generation, and by the pages that propose it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from apprentices.course import rhythm_of
from apprentices.models import Cohort
from programmes.calendar_rules import HalfDay

from .calendars import cohort_course
from .enums import ExceptionKind, SessionState
from .models import CalendarException, ClassSession
from .rules.course import halves_of

Slot = tuple[date, str]
READ = (
    "date", "half", "starts_at", "ends_at", "state", "edited_at", "origin_date", "origin_half", "cohort",
)  # fmt: skip


def slot_of(half: HalfDay) -> Slot:
    return (half.date, str(half.half))


@dataclass
class Taken:
    """Where trainers and rooms already are at the times of this cohort's calendar."""

    by_day: dict[date, list[ClassSession]]

    @classmethod
    def of(cls, sessions: Iterable[ClassSession]) -> "Taken":
        by_day: dict[date, list[ClassSession]] = defaultdict(list)
        for session in sessions:
            by_day[session.date].append(session)
        return cls(by_day)

    def at(self, slot: HalfDay) -> list[ClassSession]:
        return [
            other
            for other in self.by_day.get(slot.date, ())
            if other.half == slot.half
            or (other.starts_at < slot.ends and slot.starts < other.ends_at)
        ]


@dataclass(frozen=True)
class Outline:
    """The half-days planned, those that a generation leaves alone, and where it wants one."""

    existing: dict[Slot, ClassSession]
    kept: dict[Slot, ClassSession]
    slots: list[HalfDay]

    @property
    def surplus(self) -> int:
        """Half-days planned where the calendar has none any more."""
        return len(self.existing.keys() - self.kept.keys() - set(map(slot_of, self.slots)))

    @property
    def lacking(self) -> int:
        """Half-days of the calendar that are not planned."""
        return len(set(map(slot_of, self.slots)) - self.existing.keys())


def outline(
    *, cohort: Cohort, slots: list[HalfDay], sessions: Sequence[ClassSession], today: date
) -> Outline:
    """Set the calendar's half-days against the cohort's sessions, read with their sheets.

    What has a sheet or was edited by hand stays; so do the days before `today` once a sheet was opened.
    """
    existing = {(s.date, s.half): s for s in sessions if s.state == SessionState.PLANNED}
    history = today if any(hasattr(session, "sheet") for session in sessions) else cohort.starts_on
    kept = {
        key: session
        for key, session in existing.items()
        if session.edited_at or hasattr(session, "sheet") or session.date < history
    }
    # A half-day that somebody cancelled or moved away leaves its place empty.
    left = {(s.date, s.half) for s in sessions if s.state == SessionState.CANCELLED}
    left |= {(s.origin_date, s.origin_half) for s in kept.values() if s.origin_date}
    left -= kept.keys()
    own = Taken.of(kept.values())
    wanted = [
        slot
        for slot in slots
        if (key := slot_of(slot)) in kept
        or (slot.date >= history and key not in left and not own.at(slot))
    ]
    return Outline(existing, kept, wanted)


def drift_of(cohort: Cohort, today: date) -> Outline | None:
    """How the planning and the calendar differ; None when they agree, or when nothing is planned yet."""
    sessions = list(
        cohort.sessions.select_related("sheet").only(*READ, "sheet__session")  # a course is long
    )
    rhythm = rhythm_of(cohort)
    if not sessions or rhythm is None:
        return None
    slots = halves_of(cohort_course(cohort, rhythm))
    found = outline(cohort=cohort, slots=slots, sessions=sessions, today=today)
    return found if found.surplus or found.lacking else None


def planned_on_shut_days(today: date) -> QuerySet[ClassSession]:
    """Half-days to come that a closure, an exam or a day in company has covered since they were planned.

    One query for a whole centre, where `drift_of` reads the calendar of one cohort.
    """
    covering = CalendarException.objects.filter(
        Q(cohort=OuterRef("cohort")) | Q(cohort=None),
        Q(half="") | Q(half=OuterRef("half")),
        cfa=OuterRef("cohort__cfa"),
        starts_on__lte=OuterRef("date"),
        ends_on__gte=OuterRef("date"),
    ).exclude(kind=ExceptionKind.CFA)
    return ClassSession.objects.planned().filter(
        Exists(covering), date__gte=today, edited_at=None, sheet=None
    )
