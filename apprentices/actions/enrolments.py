"""What changes in a place once it is given: who follows the apprentice, and a departure without contract."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User

from ..enums import ContractState
from ..models import Cohort, Contract, Enrolment
from ..permissions import must_run_cfa
from .cohorts import check_team


@transaction.atomic
def assign_tutors(*, cohort: Cohort, tutors: Mapping[UUID, User | None], by: User) -> int:
    """Give each apprentice a CFA tutor, or another one; how many changed.

    What the former tutor signed stays theirs; the new one follows and signs from now on.
    """
    must_run_cfa(by, cohort.cfa)
    rows = (
        Enrolment.objects.select_for_update(of=("self",))
        .filter(cohort=cohort, uuid__in=tutors)
        .select_related("tutor", "apprentice")
    )
    changed = [row for row in rows if row.tutor != tutors[row.uuid]]
    check_team(cohort.cfa, [tutor for row in changed if (tutor := tutors[row.uuid])], "tutor")
    for row in changed:
        before, row.tutor = row.tutor, tutors[row.uuid]
        row.save(update_fields=["tutor"])
        data = {"tuteur": [str(before or ""), str(row.tutor or "")]}
        record("enrolment.tutor", row, cfa=cohort.cfa, actor=by, data=data)
    return len(changed)


@transaction.atomic
def end_enrolment(*, enrolment: Enrolment, on: date, reason: str, by: User) -> Enrolment:
    """Somebody leaves the course without a contract to break: no half-day is expected of them after."""
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("cohort__cfa", "apprentice")
        .get(pk=enrolment.pk)
    )
    cohort = enrolment.cohort
    must_run_cfa(by, cohort.cfa)
    if enrolment.ends_on:
        raise DomainError(f"Cette inscription a déjà fini le {enrolment.ends_on:%d/%m/%Y}.")
    if not enrolment.starts_on <= on <= cohort.ends_on:
        raise DomainError(
            f"Le départ est entre le {enrolment.starts_on:%d/%m/%Y} et le {cohort.ends_on:%d/%m/%Y}.",
            field="on",
        )
    if not reason.strip():
        raise DomainError("Dites pourquoi : le motif reste dans l'historique.", field="reason")
    firm = Contract.objects.filter(enrolment=enrolment).exclude(
        state__in=(ContractState.COMPLETE, ContractState.ENDED, ContractState.BROKEN)
    )
    if firm.exists():
        raise DomainError(
            "Un contrat est en cours : rompez-le d'abord sur sa page, puis notez-y l'issue.",
            field="on",
        )
    enrolment.ends_on = on
    enrolment.save(update_fields=["ends_on"])
    record(
        "enrolment.ended", enrolment, cfa=cohort.cfa, actor=by, reason=reason.strip(),
        data={"le": str(on)},
    )  # fmt: skip
    return enrolment
