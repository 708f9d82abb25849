"""Where and when a half-day may stand: in one place at a time, on an open day, at hours of the work code."""

from datetime import date, time

from django.db.models import Q

from accounts.errors import DomainError
from apprentices.course import rhythm_of
from apprentices.models import Cohort
from programmes.calendar_rules import Slot
from programmes.enums import Half

from ..calendars import shut_by
from ..enums import ExceptionKind
from ..models import ClassSession
from ..rules.windows import hour
from ..selectors import holidays_of

CLASH = "La salle, le formateur ou la promotion vient d'être pris à cette heure : choisissez-en une autre."


def check_free(session: ClassSession) -> None:
    """The rule of the exclusion constraint, said in words before the database refuses it.

    Called with the writer's lock held: SQLite has one writer at a time, PostgreSQL checks again.
    """
    others = (
        ClassSession.objects.planned()
        .filter(date=session.date)
        .filter(
            Q(half=session.half) | Q(starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
        )
        .exclude(pk=session.pk)
        .select_related("cohort", "subject")
    )
    when = f"le {session.date:%d/%m/%Y} à {hour(session.starts_at)}"
    if other := others.filter(cohort=session.cohort_id).first():
        raise DomainError(
            f"La promotion a déjà « {other.subject.short_title} » {when} : choisissez un autre moment.",
            field="date",
        )
    if other := others.filter(trainer=session.trainer_id).first():
        is_own = other.cohort.cfa_id == session.cohort.cfa_id
        where = other.cohort if is_own else "dans un autre CFA"
        raise DomainError(
            f"{session.trainer} a déjà une séance {when} ({where}) : choisissez une autre "
            "personne ou un autre moment.",
            field="trainer",
        )
    if session.room_id and (other := others.filter(room=session.room_id).first()):
        raise DomainError(
            f"{session.room} est déjà prise {when} ({other.cohort}) : choisissez une autre salle.",
            field="room",
        )


def hours_for(
    cohort: Cohort, half: str, starts_at: time | None, ends_at: time | None
) -> tuple[time, time]:
    """The hours asked, or those of the rhythm for this half-day."""
    if half not in Half.values:
        raise DomainError("Choisissez le matin ou l'après-midi.", field="half")
    rhythm = rhythm_of(cohort)
    slot = next((s for s in rhythm.slots if s.half == half), None) if rhythm else None
    if slot:
        starts_at, ends_at = starts_at or slot.starts, ends_at or slot.ends
    if starts_at is None or ends_at is None:
        raise DomainError(
            "Indiquez les heures : le rythme de la promotion n'en donne pas pour cette demi-journée.",
            field="starts_at",
        )
    try:
        Slot(Half(half), starts_at, ends_at)
    except ValueError as error:
        raise DomainError(str(error), field="ends_at") from error
    return starts_at, ends_at


def check_day(cohort: Cohort, day: date, half: str, today: date) -> None:
    if not cohort.starts_on <= day <= cohort.ends_on:
        raise DomainError(
            f"La promotion va du {cohort.starts_on:%d/%m/%Y} au {cohort.ends_on:%d/%m/%Y} : "
            "choisissez un jour entre ces dates.",
            field="date",
        )
    if day < today:
        raise DomainError("Ce jour est passé : choisissez un jour à venir.", field="date")
    if holiday := holidays_of(cohort, day, day).get(day):
        raise DomainError(
            f"Le {day:%d/%m/%Y} est férié ({holiday}) : choisissez un autre jour.", field="date"
        )
    if change := shut_by(cohort, day, half):
        what = (
            "Le CFA est fermé"
            if change.kind == ExceptionKind.CLOSURE
            else "La promotion a des épreuves"
        )
        raise DomainError(
            f"{what} le {day:%d/%m/%Y} ({change.name}) : choisissez un autre moment.", field="date"
        )
