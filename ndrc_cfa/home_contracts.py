"""What the contracts ask of the staff today: transmission to the OPCO, deadlines."""

from collections.abc import Iterable
from datetime import date

from django.template.defaultfilters import floatformat
from django.urls import reverse

from apprentices.contract_deadlines import open_deadlines
from apprentices.deadlines import transmission_days
from apprentices.enums import ContractKind, ContractState, DeadlineCode
from apprentices.invoices import invoices_due, unpaid_invoices
from apprentices.models import Contract, Funding

from .home_tasks import Task, plural


def contracts_to_transmit(cfa, today: date) -> Task | None:
    waiting = Contract.objects.filter(
        enrolment__cohort__cfa=cfa, state=ContractState.SIGNED, starts_on__lte=today
    )
    found = [
        transmission_days(starts_on, ContractKind(kind))
        for starts_on, kind in waiting.values_list("starts_on", "kind")
    ]
    if not found:
        return None
    first = min(found, key=lambda days: days.due_on)
    presses = today >= first.alert_on
    return Task(
        kind="stop" if presses else "todo",
        word="Bloquant" if presses else "À faire",
        count=str(len(found)),
        what=plural(
            len(found), "contrat à transmettre à l'OPCO", "contrats à transmettre à l'OPCO"
        ),
        why=f"le premier au plus tard le {first.due_on:%d/%m/%Y}"
        f"{', passé' if today > first.due_on else ''} (V20)",
        url=reverse("apprentices:contract_list") + "?state=signed",
        action="Transmettre",
    )


def contract_deadlines_task(cfa, today: date) -> Task | None:
    """The other dates of the contracts; a signed contract to transmit has a card of its own."""
    rows = [
        row
        for row in open_deadlines(today, cfa=cfa)
        if row.deadline.code != DeadlineCode.TRANSMISSION or row.state != ContractState.SIGNED
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


def invoices_task(billed: Iterable[Funding], today: date) -> Task | None:
    """The instalments whose day has come: what is not invoiced is not paid."""
    rows = invoices_due(billed, today)
    if not rows:
        return None
    total = floatformat(sum(row.line.amount for row in rows), "2g")
    return Task(
        kind="todo",
        word="À faire",
        count=str(len(rows)),
        what=plural(len(rows), "échéance à facturer à l'OPCO", "échéances à facturer à l'OPCO"),
        why=f"{total} €, la plus ancienne depuis le {rows[0].line.due_on:%d/%m/%Y}",
        url=reverse("apprentices:invoice_list"),
        action="Facturer",
    )


def late_payments_task(billed: Iterable[Funding], today: date) -> Task | None:
    """The invoices that an OPCO is late to pay; the others wait on their page, without a card."""
    rows = [row for row in unpaid_invoices(billed, today) if row.is_late]
    if not rows:
        return None
    total = floatformat(sum(row.awaited for row in rows), "2g")
    return Task(
        kind="todo",
        word="À relancer",
        count=str(len(rows)),
        what=plural(len(rows), "facture impayée par l'OPCO", "factures impayées par l'OPCO"),
        why=f"{total} €, la plus ancienne du {rows[0].instalment.invoiced_on:%d/%m/%Y}",
        url=reverse("apprentices:invoice_list") + "?vue=impayees",
        action="Relancer",
    )


def _decapitalised(text: str) -> str:
    """A label in the middle of a sentence; OPCO keeps its capitals."""
    return text[:1].lower() + text[1:]
