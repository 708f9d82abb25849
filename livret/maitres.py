"""Whose turn it is in the company: the maître of the contract of that day, for many apprentices at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from apprentices.models import Contract, Enrolment, MaitreApprentissage

from .querysets import UNBOUND


class Maitres:
    """The maîtres of these apprentices, read in one query."""

    def __init__(self, enrolments: Iterable[Enrolment]):
        self.contracts: dict[int, list[Contract]] = defaultdict(list)
        for contract in (
            Contract.objects.filter(enrolment__in=[enrolment.pk for enrolment in enrolments])
            .exclude(state__in=UNBOUND)
            .select_related("maitre__user", "maitre__company")
            .order_by("starts_on", "pk")
        ):
            self.contracts[contract.enrolment_id].append(contract)

    def on(self, enrolment: int, day: date) -> MaitreApprentissage | None:
        """Of the contract begun last on that day, else of the first to come; None without contract."""
        contracts = self.contracts.get(enrolment, [])
        begun = [contract for contract in contracts if contract.starts_on <= day]
        found = begun[-1] if begun else next(iter(contracts), None)
        return found.maitre if found else None
