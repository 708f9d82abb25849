"""The half-days of a cohort: generated in one act, then edited one by one."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import STAFF_ROLES, Role
from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from apprentices.models import Cohort
from programmes.calendar_rules import HalfDay, Rhythm, half_days
from programmes.models import Subject

from ..models import ClassSession
from ..permissions import can_plan_sessions
from ..rules import spreading

Slot = tuple[date, str]


@dataclass(frozen=True)
class Assignment:
    """Who teaches a subject to the cohort."""

    subject: Subject
    trainer: User


def generate_sessions(
    *, cohort: Cohort, assignments: list[Assignment], by: User
) -> list[ClassSession]:
    """Plan the whole course: its half-days shared between the subjects, each with its trainer.

    Run again, it keeps the half-days that have a sheet or were edited by hand, and plans the others.
    """
    try:
        with transaction.atomic():
            return _generate(cohort, assignments, by)
    except IntegrityError as error:  # another cohort took a trainer's half-day in the meantime
        raise DomainError(
            "Un formateur vient d'être planifié ailleurs à la même demi-journée : relancez la génération."
        ) from error


def _generate(cohort: Cohort, assignments: list[Assignment], by: User) -> list[ClassSession]:
    cohort = (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("cfa", "programme")
        .get(pk=cohort.pk)
    )
    if not can_plan_sessions(by, cohort):
        raise NotAllowed("Seule l'équipe du CFA génère les demi-journées d'une promotion.")
    subjects = list(cohort.programme.subjects.all())
    trainers = _check_assignments(cohort, subjects, assignments)
    try:
        rhythm = Rhythm.from_json(cohort.rhythm)
    except (ValueError, KeyError, TypeError) as error:
        raise DomainError(
            "Le rythme de la promotion n'est pas lisible : corrigez-le avant de générer les demi-journées."
        ) from error
    slots = half_days(cohort.starts_on, cohort.ends_on, rhythm)
    if not slots:
        raise DomainError(
            "Le rythme de la promotion ne donne aucune demi-journée entre ses dates : vérifiez-les."
        )
    existing = {
        (session.date, session.half): session
        for session in ClassSession.objects.planned()
        .filter(cohort=cohort)
        .select_for_update(of=("self",))
        .select_related("sheet")
    }
    kept = {key: session for key, session in existing.items() if _is_kept(session)}
    wanted = _share_out(cohort, subjects, trainers, slots, kept)
    counts = _write(cohort, existing, kept, slots, wanted, trainers)
    record("generate_sessions", cohort, cfa=cohort.cfa, actor=by, data=counts)
    return list(
        ClassSession.objects.planned().filter(cohort=cohort).select_related("subject", "trainer")
    )


def _is_kept(session: ClassSession) -> bool:
    return session.edited_at is not None or hasattr(session, "sheet")


def _check_assignments(
    cohort: Cohort, subjects: list[Subject], assignments: list[Assignment]
) -> dict[int, User]:
    if not any(subject.hours > 0 for subject in subjects):
        raise DomainError(
            "Le programme de la promotion n'a aucune matière avec des heures : complétez-le d'abord."
        )
    known = {subject.pk for subject in subjects}
    trainers: dict[int, User] = {}
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


def _share_out(
    cohort: Cohort,
    subjects: list[Subject],
    trainers: dict[int, User],
    slots: list[HalfDay],
    kept: dict[Slot, ClassSession],
) -> dict[Slot, int]:
    """The subject of each half-day, year by year."""
    elsewhere: dict[Slot, set[int]] = defaultdict(set)
    for day, half, trainer_id in (
        ClassSession.objects.planned()
        .filter(trainer__in=set(trainers.values()))
        .between(cohort.starts_on, cohort.ends_on)
        .exclude(cohort=cohort)
        .values_list("date", "half", "trainer_id")
    ):
        elsewhere[day, half].add(trainer_id)
    wanted: dict[Slot, int] = {}
    nobody: list[Slot] = []
    for year in (1, 2):
        keys = [
            (slot.date, str(slot.half))
            for slot in slots
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
                i: frozenset(pk for pk, user in trainers.items() if user.pk in elsewhere[key])
                for i, key in enumerate(keys)
                if key in elsewhere
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


def _write(
    cohort: Cohort,
    existing: dict[Slot, ClassSession],
    kept: dict[Slot, ClassSession],
    slots: list[HalfDay],
    wanted: dict[Slot, int],
    trainers: dict[int, User],
) -> dict[str, int]:
    stale = [
        session.pk for key, session in existing.items() if key not in wanted and key not in kept
    ]
    ClassSession.objects.filter(pk__in=stale).delete()
    created, changed = [], []
    for slot in slots:
        key = (slot.date, str(slot.half))
        if key in kept:
            continue
        values = {
            "subject_id": wanted[key],
            "trainer_id": trainers[wanted[key]].pk,
            "starts_at": slot.starts,
            "ends_at": slot.ends,
        }
        session = existing.get(key)
        if session is None:
            created.append(ClassSession(cohort=cohort, date=key[0], half=key[1], **values))
        elif any(getattr(session, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(session, name, value)
            changed.append(session)
    ClassSession.objects.bulk_create(created, batch_size=500)
    ClassSession.objects.bulk_update(
        changed, ["subject", "trainer", "starts_at", "ends_at"], batch_size=200
    )
    return {
        "created": len(created),
        "changed": len(changed),
        "kept": len(kept),
        "removed": len(stale),
    }


def update_session(
    *,
    session: ClassSession,
    by: User,
    subject: Subject | None = None,
    trainer: User | None = None,
    room: str | None = None,
) -> ClassSession:
    """Change the subject, the trainer or the room of a half-day whose sheet is not opened yet."""
    trainer_taken = DomainError(
        "Ce formateur a déjà une séance à cette demi-journée : choisissez-en un autre.",
        field="trainer",
    )
    try:
        with transaction.atomic():
            session = (
                ClassSession.objects.select_for_update(of=("self",))
                .select_related("cohort__cfa", "subject", "trainer")
                .get(pk=session.pk)
            )
            if not can_plan_sessions(by, session.cohort):
                raise NotAllowed("Seule l'équipe du CFA modifie une demi-journée.")
            if hasattr(session, "sheet"):
                raise DomainError(
                    "L'émargement de cette demi-journée est déjà ouvert : elle ne se modifie plus."
                )
            before = _described(session)
            if subject is not None:
                if subject.programme_id != session.cohort.programme_id:
                    raise DomainError(
                        f"« {subject} » n'est pas une matière du programme de la promotion.",
                        field="subject",
                    )
                session.subject = subject
            if trainer is not None:
                check_trainer(trainer, session.cohort)
                session.trainer = trainer
            if room is not None:
                session.room = " ".join(room.split())
            after = _described(session)
            if after == before:
                return session
            session.edited_at = timezone.now()
            try:
                session.clean_fields(exclude=("cohort", "subject", "trainer"))
            except ValidationError as error:
                raise DomainError(" ".join(error.messages), field="room") from error
            try:
                session.validate_constraints()
            except ValidationError as error:
                raise trainer_taken from error
            session.save()
            changes = {key: [before[key], after[key]] for key in after if after[key] != before[key]}
            record("update_session", session, cfa=session.cohort.cfa, actor=by, data=changes)
            return session
    except IntegrityError as error:
        raise trainer_taken from error


def _described(session: ClassSession) -> dict[str, str]:
    return {
        "subject": str(session.subject),
        "trainer": str(session.trainer),
        "room": session.room,
    }
