"""The dates that the contracts of the centre owe, the most urgent first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.http import Request
from accounts.permissions import team_reader_required

from ..contract_deadlines import open_deadlines


@team_reader_required
def deadline_list(request: Request) -> HttpResponse:
    today = timezone.localdate()
    rows = open_deadlines(today, cfa=request.membership.cfa)
    late = [row for row in rows if row.deadline.is_late(today)]
    context = {"rows": rows[:500], "count": len(rows), "late": len(late), "today": today}
    return render(request, "apprentices/deadline_list.html", context)
