"""Cohorts and the places in them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from accounts.enums import STAFF_ROLES, Role
from accounts.errors import DomainError
from accounts.history import record
from accounts.models import Cfa, User
from programmes.models import CfaProgramme

from ..models import Apprentice, Cohort, Enrolment
from ..permissions import must_run_cfa
from .saving import change, clean_and_save


@transaction.atomic
def create_cohort(
    *,
    cfa: Cfa,
    programme: CfaProgramme,
    name: str,
    starts_on: date,
    ends_on: date,
    capacity: int,
    trainers: Iterable[User],
    by: User,
    rhythm: dict[str, Any] | None = None,
) -> Cohort:
    """Open a cohort on one of the CFA's programmes; the rhythm is copied from the programme."""
    Cfa.objects.select_for_update(of=("self",)).get(pk=cfa.pk)
    must_run_cfa(by, cfa)
    if programme.cfa_id != cfa.pk:
        raise DomainError(
            "Ce programme est celui d'un autre CFA : choisissez un programme du vôtre.",
            field="programme",
        )
    trainers = list(trainers)
    _check_cohort(cfa, programme, starts_on, ends_on, capacity, trainers)
    cohort = Cohort(
        cfa=cfa,
        programme=programme,
        name=name.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        capacity=capacity,
        rhythm=rhythm if rhythm is not None else programme.rhythm,
    )
    clean_and_save(cohort)
    cohort.trainers.set(trainers)
    record("cohort.opened", cohort, cfa=cfa, actor=by, data={"effectif": capacity})
    return cohort


@transaction.atomic
def update_cohort(
    *,
    cohort: Cohort,
    name: str,
    starts_on: date,
    ends_on: date,
    capacity: int,
    trainers: Iterable[User],
    by: User,
) -> Cohort:
    """Correct a cohort; its programme stays, its dates and size keep everyone enrolled inside."""
    cohort = _locked(cohort)
    must_run_cfa(by, cohort.cfa)
    trainers = list(trainers)
    _check_cohort(cohort.cfa, cohort.programme, starts_on, ends_on, capacity, trainers)
    enrolled = cohort.enrolments.count()
    if capacity < enrolled:
        raise DomainError(
            f"{enrolled} apprentis sont déjà inscrits : l'effectif ne peut pas être inférieur.",
            field="capacity",
        )
    outside = cohort.enrolments.exclude(starts_on__range=(starts_on, ends_on)).first()
    if outside:
        raise DomainError(
            f"{outside.apprentice} entre le {outside.starts_on:%d/%m/%Y}, hors de ces dates.",
            field="starts_on",
        )
    values = {
        "name": name.strip(),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "capacity": capacity,
    }
    changed = change(cohort, values)
    clean_and_save(cohort)
    before = sorted(str(person) for person in cohort.trainers.all())
    cohort.trainers.set(trainers)
    after = sorted(str(person) for person in trainers)
    if before != after:
        changed["trainers"] = [", ".join(before), ", ".join(after)]
    if changed:
        record("cohort.changed", cohort, cfa=cohort.cfa, actor=by, data=changed)
    return cohort


@transaction.atomic
def enrol_apprentice(
    *,
    cohort: Cohort,
    apprentice: Apprentice,
    tutor: User | None,
    starts_on: date,
    by: User,
) -> Enrolment:
    """Give an apprentice a place in a cohort, with a CFA tutor."""
    cohort = _locked(cohort)
    must_run_cfa(by, cohort.cfa)
    if apprentice.cfa_id != cohort.cfa_id:
        raise DomainError("Cet apprenti est celui d'un autre CFA.", field="apprentice")
    if cohort.enrolments.filter(apprentice=apprentice).exists():
        raise DomainError(
            f"{apprentice} est déjà {apprentice.agree('inscrit(e)')} dans la promotion {cohort}.",
            field="apprentice",
        )
    if not cohort.starts_on <= starts_on <= cohort.ends_on:
        raise DomainError(
            f"L'entrée se fait entre le {cohort.starts_on:%d/%m/%Y} et le "
            f"{cohort.ends_on:%d/%m/%Y}, dates de la promotion.",
            field="starts_on",
        )
    if cohort.enrolments.active_on(starts_on).count() >= cohort.capacity:
        raise DomainError(
            f"La promotion {cohort} est complète ({cohort.capacity} places). Augmentez son "
            "effectif ou choisissez une autre promotion.",
            field="cohort",
        )
    if tutor is not None:
        check_team(cohort.cfa, [tutor], "tutor")
    enrolment = Enrolment(cohort=cohort, apprentice=apprentice, tutor=tutor, starts_on=starts_on)
    clean_and_save(enrolment)
    record(
        "apprentice.enrolled",
        enrolment,
        cfa=cohort.cfa,
        actor=by,
        data={"promotion": str(cohort), "tuteur": str(tutor or "")},
    )
    return enrolment


def _locked(cohort: Cohort) -> Cohort:
    rows = Cohort.objects.select_related("cfa", "programme").select_for_update(of=("self",))
    return rows.get(pk=cohort.pk)


def _check_cohort(
    cfa: Cfa,
    programme: CfaProgramme,
    starts_on: date,
    ends_on: date,
    capacity: int,
    trainers: list[User],
) -> None:
    if ends_on <= starts_on:
        raise DomainError("La fin de la promotion doit suivre son début.", field="ends_on")
    if capacity < 1:
        raise DomainError("Prévoyez au moins une place.", field="capacity")
    if capacity > programme.group_max:
        raise DomainError(
            f"Le programme « {programme} » annonce {programme.group_max} apprentis au plus.",
            field="capacity",
        )
    check_team(cfa, trainers, "trainers")


def check_team(cfa: Cfa, people: list[User], field: str) -> None:
    """Trainers and tutors are active members of this CFA's team."""
    team = set(
        cfa.memberships.active()
        .filter(role__in=(*STAFF_ROLES, Role.TRAINER), user__in=people)
        .values_list("user_id", flat=True)
    )
    for person in people:
        if person.pk not in team:
            raise DomainError(
                f"{person} ne fait pas partie des formateurs de {cfa} : invitez d'abord cette "
                "personne.",
                field=field,
            )
