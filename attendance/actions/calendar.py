"""What shapes the planning of a cohort: its rhythm, what leaves it, the rooms of the centre."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import Cfa, User
from accounts.permissions import is_staff_of
from apprentices.models import Cohort
from programmes.calendar_rules import Rhythm

from ..calendars import cohort_course
from ..models import CalendarException, Room
from ..permissions import can_plan_sessions
from ..rules.course import halves_of
from ..selectors import first_signed_here


def _must_plan(by: User, cfa: Cfa) -> None:
    if not is_staff_of(by, cfa):
        raise NotAllowed("Seule l'équipe du CFA règle le calendrier d'une promotion.")


@transaction.atomic
def set_rhythm(*, cohort: Cohort, rhythm: Rhythm, school_zone: str = "", by: User) -> Cohort:
    """Give a cohort another rhythm; the half-days already planned change at the next generation."""
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("cfa").get(pk=cohort.pk)
    if not can_plan_sessions(by, cohort):
        raise NotAllowed("Seule l'équipe du CFA change le rythme d'une promotion.")
    data: dict[str, Any] = rhythm.to_json()
    if school_zone:
        data["school_zone"] = school_zone
    if not halves_of(cohort_course(cohort, rhythm)):
        raise DomainError(
            f"Ce rythme ne donne aucune demi-journée du {cohort.starts_on:%d/%m/%Y} au "
            f"{cohort.ends_on:%d/%m/%Y} : vérifiez les dates."
        )
    before = cohort.rhythm
    if data != before:
        cohort.rhythm = data
        cohort.save(update_fields=("rhythm",))
        record("set_rhythm", cohort, cfa=cohort.cfa, actor=by, data={"rhythm": [before, data]})
    return cohort


@transaction.atomic
def set_signing_start(*, cohort: Cohort, day: date | None, by: User) -> Cohort:
    """Say from which day the cohort signs here; before it, its half-days are on the centre's own sheets.

    They are no longer late nor reminded, and stay unproved: their hours count only once transcribed.
    Without a day, everything is to be signed here. What was signed here already keeps the day before it.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("cfa").get(pk=cohort.pk)
    if not can_plan_sessions(by, cohort):
        raise NotAllowed("Seule l'équipe du CFA dit depuis quand une promotion émarge ici.")
    if day and not cohort.starts_on <= day <= cohort.ends_on:
        raise DomainError(
            f"Choisissez un jour de la promotion, du {cohort.starts_on:%d/%m/%Y} au "
            f"{cohort.ends_on:%d/%m/%Y}.",
            field="day",
        )
    first = first_signed_here(cohort)
    if day and first and day > first:
        raise DomainError(
            f"Une présence a été signée dans l'application le {first:%d/%m/%Y} : choisissez ce jour ou un "
            "jour d'avant.",
            field="day",
        )
    before = cohort.signed_here_from
    if day != before:
        cohort.signed_here_from = day
        cohort.save(update_fields=("signed_here_from",))
        data = {"signed_here_from": [str(before or ""), str(day or "")]}
        record("set_signing_start", cohort, cfa=cohort.cfa, actor=by, data=data)
    return cohort


@transaction.atomic
def add_exception(
    *,
    cfa: Cfa,
    cohort: Cohort | None,
    kind: str,
    starts_on: date,
    ends_on: date | None = None,
    half: str = "",
    label: str = "",
    by: User,
) -> CalendarException:
    """Write a line of the calendar, for one cohort or (without cohort) for the whole centre.

    Written twice (a double click), it is the same line.
    """
    Cfa.objects.select_for_update(of=("self",)).get(pk=cfa.pk)
    _must_plan(by, cfa)
    if cohort is not None and cohort.cfa_id != cfa.pk:
        raise NotAllowed("Cette promotion est celle d'un autre CFA.")
    ends_on = ends_on or starts_on
    if ends_on < starts_on:
        raise DomainError("La fin doit suivre le début.", field="ends_on")
    if (ends_on - starts_on).days > 366:
        raise DomainError("Une exception dure un an au plus.", field="ends_on")
    if cohort is not None and (ends_on < cohort.starts_on or starts_on > cohort.ends_on):
        raise DomainError(
            f"Ces dates sont hors de la promotion, du {cohort.starts_on:%d/%m/%Y} au "
            f"{cohort.ends_on:%d/%m/%Y}.",
            field="starts_on",
        )
    facts: dict[str, Any] = {
        "cfa": cfa,
        "cohort": cohort,
        "kind": kind,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "half": half,
        "label": " ".join(label.split()),
    }
    if known := CalendarException.objects.filter(**facts).first():
        return known
    line = CalendarException(**facts)
    try:
        line.full_clean()
    except ValidationError as error:
        field = next(iter(error.message_dict), "")
        raise DomainError(
            " ".join(error.messages), field="" if field == "__all__" else field
        ) from error
    line.save()
    data = {"kind": kind, "from": str(starts_on), "to": str(ends_on), "half": half}
    record("add_exception", cohort or line, cfa=cfa, actor=by, reason=line.label, data=data)
    return line


@transaction.atomic
def remove_exception(*, line: CalendarException, by: User) -> None:
    """Take a line of the calendar back; the planned half-days change at the next generation."""
    line = (
        CalendarException.objects.select_for_update(of=("self",))
        .select_related("cfa", "cohort")
        .get(pk=line.pk)
    )
    _must_plan(by, line.cfa)
    data = {"kind": line.kind, "from": str(line.starts_on), "to": str(line.ends_on)}
    record("remove_exception", line.cohort or line, cfa=line.cfa, actor=by, data=data)
    line.delete()


@transaction.atomic
def save_room(
    *,
    cfa: Cfa,
    name: str,
    capacity: int,
    is_active: bool = True,
    room: Room | None = None,
    by: User,
) -> Room:
    """Create a room of the centre, or correct one; a room that served is put aside, never deleted."""
    _must_plan(by, cfa)
    verb = "update_room" if room else "create_room"
    room = (
        Room.objects.select_for_update(of=("self",)).get(pk=room.pk, cfa=cfa)
        if room
        else Room(cfa=cfa)
    )
    room.name, room.capacity, room.is_active = " ".join(name.split()), capacity, is_active
    try:
        room.full_clean()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), field="name") from error
    room.save()
    data = {"name": room.name, "capacity": capacity, "is_active": is_active}
    record(verb, room, cfa=cfa, actor=by, data=data)
    return room
