"""The dates that the contracts of the centre owe, the most urgent first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.http import Request
from accounts.permissions import team_reader_required

from ..contract_deadlines import contracts_of, open_deadlines
from .lists import paged


@team_reader_required
def deadline_list(request: Request) -> HttpResponse:
    today = timezone.localdate()
    rows = open_deadlines(today, cfa=request.membership.cfa)
    listed = paged(request, rows)
    shown = listed["page"].object_list
    contracts = contracts_of(shown)
    context = {
        "count": len(rows),
        "late": sum(row.is_late for row in rows),
        "rows": [(row, contracts[row.contract_id]) for row in shown],
        **listed,
    }
    return render(request, "apprentices/deadline_list.html", context)
