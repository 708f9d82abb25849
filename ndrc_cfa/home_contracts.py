"""What the contracts ask of the staff today: transmission to the OPCO, deadlines."""

from datetime import date

from django.urls import reverse

from apprentices.contract_deadlines import open_deadlines
from apprentices.deadlines import working_days_until
from apprentices.enums import ContractState, DeadlineCode
from apprentices.models import Contract

from .home_tasks import Task, plural


def contracts_to_transmit(cfa, today: date) -> Task | None:
    waiting = list(
        Contract.objects.filter(
            enrolment__cohort__cfa=cfa, state=ContractState.SIGNED, starts_on__lte=today
        ).values_list("starts_on", flat=True)
    )
    if not waiting:
        return None
    oldest = working_days_until(min(waiting), today)
    return Task(
        kind="stop" if oldest >= 4 else "todo",
        word="Bloquant" if oldest >= 4 else "À faire",
        count=str(len(waiting)),
        what=plural(
            len(waiting), "contrat à transmettre à l'OPCO", "contrats à transmettre à l'OPCO"
        ),
        why=f"le plus ancien : {oldest} {plural(oldest, 'jour ouvrable', 'jours ouvrables')}, "
        "5 au plus (V20, D6224-1)",
        url=reverse("apprentices:contract_list") + "?state=signed",
        action="Transmettre",
    )


def contract_deadlines_task(cfa, today: date) -> Task | None:
    """The other dates of the contracts; a signed contract to transmit has a card of its own."""
    rows = [
        row
        for row in open_deadlines(today, cfa=cfa)
        if row.deadline.code != DeadlineCode.TRANSMISSION
        or row.contract.state != ContractState.SIGNED
    ]
    if not rows:
        return None
    late, first = sum(row.is_late for row in rows), rows[0].deadline
    return Task(
        kind="stop" if late else "todo",
        word="Dépassée" if late else "À surveiller",
        count=str(len(rows)),
        what=plural(len(rows), "échéance de contrat", "échéances de contrat"),
        why=f"la première le {first.due_on:%d/%m/%Y} : {_decapitalised(first.code.label)} ({first.rule})",
        url=reverse("apprentices:deadline_list"),
        action="Voir les échéances",
    )


def _decapitalised(text: str) -> str:
    """A label in the middle of a sentence; OPCO keeps its capitals."""
    return text[:1].lower() + text[1:]
