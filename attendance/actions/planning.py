"""The half-days of a whole course, generated in one act: subjects, trainers, rooms."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.enums import STAFF_ROLES, Role
from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from apprentices.course import rhythm_of
from apprentices.models import Cohort
from programmes.calendar_rules import HalfDay
from programmes.enums import Half
from programmes.models import Subject

from ..calendars import cohort_course
from ..generation import Slot, Taken, outline
from ..models import ClassSession, Room
from ..permissions import can_plan_sessions
from ..rules import spreading
from ..rules.course import halves_of
from .calendar import set_signing_start


@dataclass(frozen=True)
class Assignment:
    """Who teaches a subject to the cohort, and where if it needs a room of its own."""

    subject: Subject
    trainer: User
    room: Room | None = None


@dataclass
class Plan:
    """What the generation decides for each place of the calendar."""

    subject: dict[Slot, int]
    trainer: dict[int, User]
    room: dict[Slot, int | None]


def generate_sessions(
    *,
    cohort: Cohort,
    assignments: list[Assignment],
    by: User,
    today: date | None = None,
    signed_here_from: date | None = None,
) -> list[ClassSession]:
    """Plan the whole course: its half-days shared between the subjects, each with its trainer and room.

    Run again, it keeps the half-days that have a sheet or were edited by hand, and plans the others. Once
    a sheet was opened the days before `today` are history: their half-days stay as they were planned (a
    paper sheet may wait to be transcribed), and none is added to them. `signed_here_from`: for a course that
    has begun, the day from which it signs in the application.
    """
    try:
        with transaction.atomic():
            if signed_here_from:
                set_signing_start(cohort=cohort, day=signed_here_from, by=by)
            return _generate(cohort, assignments, by, today or timezone.localdate())
    except IntegrityError as error:  # another cohort took a trainer's half-day in the meantime
        raise DomainError(
            "Un formateur ou une salle vient d'être pris ailleurs à la même heure : relancez la génération."
        ) from error


@contextmanager
def all_at_once() -> Iterator[None]:
    """PostgreSQL looks at the places when all are written, not at each row: two may swap their hours."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _generate(
    cohort: Cohort, assignments: list[Assignment], by: User, today: date
) -> list[ClassSession]:
    cohort = (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("cfa", "programme")
        .get(pk=cohort.pk)
    )
    if not can_plan_sessions(by, cohort):
        raise NotAllowed("Seule l'équipe du CFA génère les demi-journées d'une promotion.")
    subjects = list(cohort.programme.subjects.all())
    trainers = _check_assignments(cohort, subjects, assignments)
    rhythm = rhythm_of(cohort)
    if rhythm is None:
        raise DomainError(
            "Le rythme de la promotion n'est pas lisible : corrigez-le avant de générer les demi-journées."
        )
    slots = halves_of(cohort_course(cohort, rhythm))
    if not slots:
        raise DomainError(
            "Le rythme de la promotion ne donne aucune demi-journée entre ses dates : vérifiez-les."
        )
    sessions = list(
        ClassSession.objects.filter(cohort=cohort)
        .select_for_update(of=("self",))
        .select_related("sheet")
    )
    found = outline(cohort=cohort, slots=slots, sessions=sessions, today=today)
    existing, kept, slots = found.existing, found.kept, found.slots
    taken = _taken_elsewhere(cohort, trainers.values())
    wanted = _share_out(cohort, subjects, trainers, slots, kept, taken)
    rooms = _rooms(cohort, assignments, slots, wanted, kept, taken)
    with all_at_once():
        counts = _write(cohort, existing, kept, slots, Plan(wanted, trainers, rooms))
    record("generate_sessions", cohort, cfa=cohort.cfa, actor=by, data=counts)
    return list(
        ClassSession.objects.planned()
        .filter(cohort=cohort)
        .select_related("subject", "trainer", "room")
    )


def _check_assignments(
    cohort: Cohort, subjects: list[Subject], assignments: list[Assignment]
) -> dict[int, User]:
    if not any(subject.hours > 0 for subject in subjects):
        raise DomainError(
            "Le programme de la promotion n'a aucune matière avec des heures : complétez-le d'abord."
        )
    known = {subject.pk for subject in subjects}
    trainers: dict[int, User] = {}
    if any(a.room and a.room.cfa_id != cohort.cfa_id for a in assignments):
        raise DomainError("Cette salle est celle d'un autre CFA.", field="room")
    for assignment in assignments:
        if assignment.subject.pk not in known:
            raise DomainError(
                f"« {assignment.subject} » n'est pas une matière du programme de la promotion."
            )
        if assignment.subject.pk in trainers:
            raise DomainError(f"« {assignment.subject} » est attribuée deux fois.")
        check_trainer(assignment.trainer, cohort)
        trainers[assignment.subject.pk] = assignment.trainer
    missing = [s.short_title for s in subjects if s.hours > 0 and s.pk not in trainers]
    if missing:
        raise DomainError("Choisissez un formateur pour : " + ", ".join(missing) + ".")
    return trainers


def check_trainer(trainer: User, cohort: Cohort) -> None:
    """The trainer works in the cohort's centre."""
    roles = (Role.TRAINER, *STAFF_ROLES)
    if not trainer.memberships.active().filter(cfa=cohort.cfa, role__in=roles).exists():
        raise DomainError(
            f"{trainer} n'est pas formateur de {cohort.cfa} : invitez d'abord cette personne.",
            field="trainer",
        )


def _taken_elsewhere(cohort: Cohort, trainers: Iterable[User]) -> Taken:
    """The half-days of the centre's other cohorts, and those that its trainers give in another centre."""
    return Taken.of(
        ClassSession.objects.planned()
        .filter(Q(cohort__cfa=cohort.cfa_id) | Q(trainer__in=[user.pk for user in trainers]))
        .between(cohort.starts_on, cohort.ends_on)
        .exclude(cohort=cohort)
        .only("date", "half", "starts_at", "ends_at", "trainer_id", "room_id")
    )


def _share_out(
    cohort: Cohort,
    subjects: list[Subject],
    trainers: dict[int, User],
    slots: list[HalfDay],
    kept: dict[Slot, ClassSession],
    taken: Taken,
) -> dict[Slot, int]:
    """The subject of each half-day, year by year; what stands outside the rhythm counts too."""
    by_key = {(slot.date, str(slot.half)): slot for slot in slots}
    for key, session in kept.items():
        by_key.setdefault(
            key, HalfDay(session.date, Half(session.half), session.starts_at, session.ends_at)
        )
    places = sorted(by_key.values(), key=lambda slot: (slot.date, slot.starts))
    wanted: dict[Slot, int] = {}
    nobody: list[Slot] = []
    for year in (1, 2):
        keys = [
            (slot.date, str(slot.half))
            for slot in places
            if spreading.year_of(slot.date, cohort.starts_on) == year
        ]
        shares = [
            spreading.Share(s.pk, s.hours_year_1 if year == 1 else s.hours_year_2) for s in subjects
        ]
        if not any(share.hours > 0 for share in shares):  # the programme details one year only
            shares = [spreading.Share(s.pk, s.hours) for s in subjects]
        chosen = spreading.spread(
            shares,
            len(keys),
            kept={i: kept[key].subject_id for i, key in enumerate(keys) if key in kept},
            busy={
                i: frozenset(pk for pk, user in trainers.items() if user.pk in teaching)
                for i, key in enumerate(keys)
                if (teaching := {other.trainer_id for other in taken.at(by_key[key])})
            },
        )
        for key, subject in zip(keys, chosen, strict=True):
            if subject is None:
                nobody.append(key)
            else:
                wanted[key] = subject
    if nobody:
        days = ", ".join(f"{day:%d/%m/%Y}" for day in sorted({day for day, _ in nobody})[:5])
        raise DomainError(
            f"Aucun formateur n'est libre à {len(nobody)} demi-journée(s), dont : {days}. "
            "Attribuez une matière à un autre formateur."
        )
    return wanted


def _rooms(
    cohort: Cohort,
    assignments: list[Assignment],
    slots: list[HalfDay],
    wanted: dict[Slot, int],
    kept: dict[Slot, ClassSession],
    taken: Taken,
) -> dict[Slot, int | None]:
    """The room of each half-day: the subject's own, else the usual one, else the first that is free.

    A centre without rooms plans without them; a half-day for which none is free is planned without.
    """
    rooms = list(Room.objects.active().filter(cfa=cohort.cfa_id).order_by("capacity", "name", "pk"))
    size = max(cohort.enrolments.count(), 1)
    large = [room.pk for room in rooms if room.capacity >= size]
    own = {a.subject.pk: a.room.pk for a in assignments if a.room}
    usual = Counter(own.values()).most_common(1)[0][0] if own else None
    found: dict[Slot, int | None] = {}
    for slot in slots:
        key = (slot.date, str(slot.half))
        if key in kept:
            continue
        occupied = {other.room_id for other in taken.at(slot)}
        wishes = (own.get(wanted[key]), usual, *large)
        room = next((pk for pk in wishes if pk and pk not in occupied), None)
        found[key] = room
        # The next half-days rather stay in the same room.
        usual = usual or room
    return found


def _write(
    cohort: Cohort,
    existing: dict[Slot, ClassSession],
    kept: dict[Slot, ClassSession],
    slots: list[HalfDay],
    plan: Plan,
) -> dict[str, int]:
    places = {(slot.date, str(slot.half)) for slot in slots}
    stale = [
        session.pk for key, session in existing.items() if key not in places and key not in kept
    ]
    ClassSession.objects.filter(pk__in=stale).delete()
    created, changed = [], []
    for slot in slots:
        key = (slot.date, str(slot.half))
        if key in kept:
            continue
        values = {
            "subject_id": plan.subject[key],
            "trainer_id": plan.trainer[plan.subject[key]].pk,
            "room_id": plan.room[key],
            "starts_at": slot.starts,
            "ends_at": slot.ends,
        }
        session = existing.get(key)
        if session is None:
            created.append(ClassSession(cohort=cohort, date=key[0], half=key[1], **values))
        elif any(getattr(session, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(session, name, value)
            session.revision += 1
            changed.append(session)
    # Within one cohort no two places share an hour, so that a change never meets another one of its own.
    ClassSession.objects.bulk_create(created, batch_size=500)
    ClassSession.objects.bulk_update(
        changed, ["subject", "trainer", "room", "starts_at", "ends_at", "revision"], batch_size=200
    )
    return {
        "created": len(created),
        "changed": len(changed),
        "kept": len(kept),
        "removed": len(stale),
        "without_room": sum(1 for room in plan.room.values() if room is None),
    }
