"""How many things wait behind the entries of the staff's navigation.

The home has no number: its cards count more than these four, and their sum would say nothing to do first.
"""

from collections.abc import Callable

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.enums import STAFF_ROLES
from accounts.http import Request
from accounts.models import Cfa, Membership
from apprentices.enums import ContractState
from apprentices.models import Contract
from attendance.models import AttendanceSheet
from documents.models import Document
from livret.models import LivretPeriod
from livret.rules import late_limit

ENTRIES = {
    "contracts": "apprentices:contract_list",
    "sheets": "attendance:session_list",
    "livrets": "livret:livret_list",
    "failures": "documents:document_list",
}


def navigation_counts(request: Request) -> dict[str, object]:
    """Context processor: asked of the database only by a page that shows the navigation."""
    return {"nav_counts": SimpleLazyObject(_counts_of(request))}


def _counts_of(request: Request) -> Callable[[], dict[str, int]]:
    def count() -> dict[str, int]:
        membership = getattr(request, "membership", None)
        if not membership or membership.role not in STAFF_ROLES:
            return {}
        return waiting(membership)

    return count


def waiting(membership: Membership) -> dict[str, int]:
    """One query, whatever the size of the centre: URL name of the entry -> what waits there."""
    today = timezone.localdate()
    row = (
        Cfa.objects.filter(pk=membership.cfa_id)
        .values(
            contracts=_count(
                Contract.objects.filter(state=ContractState.SIGNED, starts_on__lte=today),
                "enrolment__cohort__cfa",
            ),
            sheets=_count(AttendanceSheet.objects.not_countersigned(today), "session__cohort__cfa"),
            livrets=_count(
                LivretPeriod.objects.unsigned_before(late_limit(today)),
                "livret__enrolment__cohort__cfa",
            ),
            failures=_count(Document.objects.failed(), "cfa"),
        )
        .get()
    )
    return {ENTRIES[name]: number for name, number in dict[str, int](**row).items()}


def _count(rows: QuerySet, cfa: str) -> Coalesce:
    counted = (
        rows.filter(**{cfa: OuterRef("pk")}).order_by().values(cfa).annotate(number=Count("pk"))
    )
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)
