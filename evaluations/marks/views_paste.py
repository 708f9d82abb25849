"""A block of marks pasted in the grid or imported from a spreadsheet, and the way back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Request
from accounts.permissions import team_required

from ..models import Assessment, GradingPeriod
from ..previews import Target, preview
from ..undoing import undone_text
from . import columns, grid, selectors
from .rules import parse_cell
from .views import choose_in, grid_url


@require_POST
@never_cache
@team_required
def marks_paste(request: Request, uuid) -> HttpResponse:
    """Say what the block would write in the grid shown; on confirmation, write it."""
    cohort = get_object_or_404(selectors.marked_cohorts(request.membership), uuid=uuid)
    number = grid.wanted_number(request.GET.get("semestre", ""), cohort, timezone.localdate())
    subject = choose_in(cohort.programme.subjects.all(), request.GET.get("matiere", ""))
    found = grid.build_grid(cohort, number, subject)
    assessments = {str(one.assessment.pk): one.assessment for one in found.columns}
    held = grid.held_in(found)

    def check(person: str, column: str, text: str) -> None:
        parse_cell(text, selectors.scale_of(assessments[column]))

    def write(marks) -> int:
        wanted: dict[Assessment, dict[int, str]] = {}
        for (person, column), text in marks.items():
            wanted.setdefault(assessments[column], {})[int(person)] = text
        expected = {(int(person), int(column)): text for (person, column), text in held.items()}
        period = next(iter(wanted)).period
        return columns.paste_marks(
            period=period, columns=wanted, by=request.user, expected=expected
        )

    target = Target(
        people=selectors.people_of(row.enrolment for row in found.rows),
        columns=grid.columns_of(found),
        held=held,
        check=check,
        write=write,
        action=request.get_full_path(),
        grid_url=grid_url(cohort, number, subject),
        heading=f"Notes à écrire, semestre {number}",
        person="Apprenti",
    )
    return preview(request, target)


@require_POST
@team_required
def marks_undo(request: Request, uuid) -> HttpResponse:
    """Put back what one's last paste in the semester replaced."""
    cohorts = selectors.marked_cohorts(request.membership)
    period = get_object_or_404(GradingPeriod, uuid=uuid, cohort__in=cohorts)
    try:
        count, kept = columns.undo_paste(period=period, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, undone_text(count, kept))
    page = reverse("evaluations:marks_grid")
    return redirect(f"{page}?promotion={period.cohort.uuid}&semestre={period.number}")
