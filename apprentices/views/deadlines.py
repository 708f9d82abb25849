"""The dates that the contracts of the centre owe, the most urgent first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.http import Request
from accounts.permissions import team_reader_required

from ..contract_deadlines import open_deadlines
from .lists import paged


@team_reader_required
def deadline_list(request: Request) -> HttpResponse:
    today = timezone.localdate()
    rows = open_deadlines(today, cfa=request.membership.cfa)
    late = [row for row in rows if row.deadline.is_late(today)]
    context = {"count": len(rows), "late": len(late), "today": today, **paged(request, rows)}
    return render(request, "apprentices/deadline_list.html", context)
