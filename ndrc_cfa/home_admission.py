"""What the admission asks of the staff today: candidates, people without contract."""

from datetime import date

from django.urls import reverse

from apprentices.actions.invitations import without_account
from apprentices.admission.rules import without_contract
from apprentices.enums import ApplicationState, ContractState
from apprentices.models import Application, Contract, Enrolment

from .home_tasks import Task, count_and_first, plural


def without_contract_task(cfa, today: date) -> Task | None:
    """People enrolled whom no concluded contract covers yet, by the end of their three months (V06)."""
    entries = list(
        Enrolment.objects.filter(cohort__cfa=cfa, cohort__ends_on__gte=today, starts_on__lte=today)
        .filter(ends_on__isnull=True)
        .exclude(pk__in=Contract.objects.exclude(state=ContractState.COMPLETE).values("enrolment"))
        .values_list("starts_on", flat=True)
    )
    if not entries:
        return None
    limits = [without_contract(day, today) for day in entries]
    first = min(limits, key=lambda limit: limit.days_left)
    return Task(
        kind="stop" if first.is_over else "todo",
        word="En retard" if first.is_over else "À faire",
        count=str(len(entries)),
        what=plural(len(entries), "apprenti sans contrat", "apprentis sans contrat"),
        why=f"trois mois au plus, le premier jusqu'au {first.last_day:%d/%m/%Y} ({first.article})",
        url=reverse("apprentices:apprentice_list") + "?contract=none",
        action="Voir qui",
    )


def uninvited_task(cfa, today: date) -> Task | None:
    """People who follow a course and cannot sign in."""
    rows = without_account(cfa, today).select_related("cohort")
    count, first = count_and_first(rows.order_by("cohort__starts_on", "pk"))
    if not count:
        return None
    return Task(
        kind="todo",
        word="À faire",
        count=str(count),
        what=plural(count, "apprenti sans compte", "apprentis sans compte"),
        why="sans compte, on ne signe pas sur son téléphone",
        url=reverse("apprentices:cohort_detail", args=[first.cohort.uuid]),
        action="Les inviter",
    )


def candidates_task(cfa) -> Task | None:
    count = Application.objects.filter(
        cohort__cfa=cfa, state__in=(ApplicationState.RECEIVED, ApplicationState.ADMITTED)
    ).count()
    if not count:
        return None
    return Task(
        kind="todo",
        word="À faire",
        count=str(count),
        what=plural(
            count, "candidature à instruire ou à inscrire", "candidatures à instruire ou à inscrire"
        ),
        why="entretien, positionnement, décision",
        url=reverse("apprentices:application_list"),
        action="Instruire",
    )
