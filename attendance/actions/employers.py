"""Who is at the other end of a contract on a day, and who must read the same lines."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from django.db.models import Q

from accounts.models import User
from apprentices.models import Contract, MaitreApprentissage
from documents.enums import DocumentState

from ..enums import PaperKind
from ..models import AttendancePaper

Line = TypeVar("Line", bound=Hashable)
Reader = TypeVar("Reader", bound=Hashable)


def employers_on(days: Iterable[tuple[int, date]]) -> dict[tuple[int, date], list[str]]:
    """(Enrolment, day) -> addresses of the company and of each maître of the contract in force then."""
    wanted = set(days)
    found: dict[tuple[int, date], list[str]] = {}
    if not wanted:
        return found
    contracts: dict[int, list[Contract]] = defaultdict(list)
    for contract in (
        Contract.objects.in_force(min(day for _, day in wanted), max(day for _, day in wanted))
        .filter(enrolment__in={enrolment for enrolment, _ in wanted})
        .select_related("company", "maitre__user", "maitre2__user")
        .order_by("starts_on", "pk")
    ):
        contracts[contract.enrolment_id].append(contract)
    for enrolment, day in wanted:
        for contract in contracts[enrolment]:
            if contract.starts_on <= day <= contract.last_day:
                maitres = [m for m in (contract.maitre, contract.maitre2) if m]
                addresses = [
                    contract.company.email,
                    *(m.mailbox for m in maitres),
                ]
                found[enrolment, day] = [address for address in addresses if address]
    return found


def maitres_over(enrolments: Iterable[int], first: date, last: date) -> dict[int, list[User]]:
    """Enrolment -> accounts of the maîtres of its only contract of the period.

    Of two contracts in a row neither employer reads what happened at the other's.
    """
    contracts: dict[int, list[Contract]] = defaultdict(list)
    for contract in (
        Contract.objects.in_force(first, last)
        .filter(enrolment__in=list(enrolments))
        .select_related("maitre__user", "maitre2__user")
    ):
        contracts[contract.enrolment_id].append(contract)
    return {
        enrolment: [m.user for m in (found[0].maitre, found[0].maitre2) if m and m.user]
        for enrolment, found in contracts.items()
        if len(found) == 1
    }


def statements_of(maitre: MaitreApprentissage) -> list[AttendancePaper]:
    """Monthly statements issued that this maître may read, account or not; the last month first."""
    papers = list(
        AttendancePaper.objects.filter(
            kind=PaperKind.STATEMENT,
            document__state=DocumentState.ISSUED,
            document__replaced_by__isnull=True,
            enrolment__contracts__in=Contract.objects.filter(Q(maitre=maitre) | Q(maitre2=maitre)),
        )
        .select_related("document", "enrolment__apprentice")
        .distinct()
        .order_by("-starts_on", "enrolment__apprentice__last_name", "pk")
    )
    if not papers:
        return []
    contracts: dict[int, list[Contract]] = defaultdict(list)
    for contract in Contract.objects.in_force(
        min(paper.starts_on for paper in papers), max(paper.ends_on for paper in papers)
    ).filter(enrolment__in={paper.enrolment_id for paper in papers}):
        contracts[contract.enrolment_id].append(contract)

    def is_reader(paper: AttendancePaper) -> bool:
        found = [
            contract
            for contract in contracts[paper.enrolment_id or 0]
            if contract.starts_on <= paper.ends_on and contract.last_day >= paper.starts_on
        ]
        return len(found) == 1 and maitre.pk in (found[0].maitre_id, found[0].maitre2_id)

    return [paper for paper in papers if is_reader(paper)]


def by_reading(lines: Mapping[Line, Iterable[Reader]]) -> dict[tuple[Line, ...], list[Reader]]:
    """Lines -> who reads exactly these: one message for all of them, and nobody reads a line twice.

    The company reads of all its apprentices, a maître of their own only: with one maître it is one
    message for both, with two it is one for each and one for the company.
    """
    read: dict[Reader, list[Line]] = defaultdict(list)
    for line, readers in lines.items():
        for reader in dict.fromkeys(readers):
            read[reader].append(line)
    together: dict[tuple[Line, ...], list[Reader]] = defaultdict(list)
    for reader, own in read.items():
        together[tuple(own)].append(reader)
    return dict(together)
