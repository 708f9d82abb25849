"""The screens of the formative marks: the grid, its cells, a column and its tools, closing a semester."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Role
from accounts.errors import DomainError, NotAllowed
from accounts.http import Request, as_uuid, show_refusal
from accounts.permissions import (
    apprentice_required,
    staff_required,
    team_reader_required,
    team_required,
)
from apprentices.models import Cohort, Enrolment
from programmes.models import Subject

from ..files import table_answer
from ..models import Assessment
from ..rules import Conflict
from ..screens import pick_cohort
from ..undoing import paste_to_undo
from . import actions, columns, grid, reports, selectors
from .forms import AssessmentForm
from .permissions import can_lock_period
from .rules import show, show_cell


def _cohort(request: Request, uuid) -> Cohort:
    return get_object_or_404(selectors.marked_cohorts(request.membership), uuid=uuid)


def _assessment(request: Request, uuid) -> Assessment:
    found = (
        Assessment.objects.visible_to(request.user)
        .filter(period__cohort__cfa=request.membership.cfa)
        .select_related(
            "subject", "epreuve", "period__cohort__cfa", "period__cohort__programme__referentiel"
        )
    )
    return get_object_or_404(found, uuid=uuid)


def grid_url(cohort: Cohort, number: int, subject=None) -> str:
    page = f"{reverse('evaluations:marks_grid')}?promotion={cohort.uuid}&semestre={number}"
    return f"{page}&matiere={subject.uuid}" if subject else page


def choose_in(subjects: Iterable[Subject], text: str) -> Subject | None:
    """The subject that an address names, or all of them."""
    wanted = as_uuid(text)
    return next((one for one in subjects if one.uuid == wanted), None)


def choose(request: Request) -> dict[str, Any]:
    """The cohort, semester and subject that the address asks for, and those one may ask for."""
    today = timezone.localdate()
    cohorts = list(selectors.marked_cohorts(request.membership))
    cohort = pick_cohort(cohorts, request.GET.get("promotion", ""), today)
    if cohort is None:
        return {"cohorts": cohorts, "cohort": None}
    number = grid.wanted_number(request.GET.get("semestre", ""), cohort, today)
    subjects = list(cohort.programme.subjects.all())
    subject = choose_in(subjects, request.GET.get("matiere", ""))
    period = grid.period_of(cohort, number)
    return {
        "cohorts": cohorts,
        "cohort": cohort,
        "semesters": selectors.semesters_of(cohort),
        "number": number,
        "subjects": subjects,
        "subject": subject,
        "period": period,
        "is_locked": bool(period and period.is_locked),
        "can_lock": can_lock_period(request.user, cohort),
    }


@require_GET
@never_cache
@team_reader_required
def marks_grid(request: Request) -> HttpResponse:
    """The grid of a semester, of one subject or of all."""
    context = choose(request)
    if context["cohort"]:
        context["grid"] = grid.build_grid(context["cohort"], context["number"], context["subject"])
        if request.GET.get("export") in ("csv", "xlsx"):
            return _export(context, request.GET["export"])
        reader = request.membership.role == Role.AUDITOR
        context["can_write"] = not reader and not context["is_locked"]
        if context["can_write"]:
            at = context["cohort"], context["number"], context["subject"]
            context["columns"] = grid.columns_of(context["grid"])
            context["paste_url"] = grid.paste_url(*at)
            context["export_url"] = grid_url(*at) + "&export=xlsx"
            context["last_paste"] = paste_to_undo(context["period"], request.user)
    return render(request, "evaluations/marks_grid.html", context)


def _export(context: dict[str, Any], form: str) -> HttpResponse:
    """The grid that is shown, for a spreadsheet."""
    header, rows = grid.export_rows(context["grid"])
    name = f"notes_{slugify(context['cohort'].name)}_S{context['number']}.{form}"
    return table_answer(name, "Notes", header, rows)


@require_POST
@never_cache
@team_required
def marks_save(request: Request, uuid) -> HttpResponse:
    """Save one cell or one appreciation; the answer tells the page what became of it."""
    cohort = _cohort(request, uuid)
    name, value = request.POST.get("name", ""), request.POST.get("value", "")
    seen = request.POST.get("seen", "")
    kind, *keys = name.split("-")
    if not all(key.isascii() and key.isdigit() and len(key) < 13 for key in keys):
        kind = ""
    try:
        shown: dict[str, str] = {}
        if kind == "m" and len(keys) == 2:
            saved, shown = _save_mark(request, cohort, keys, value, seen)
        elif kind == "a" and len(keys) == 3:
            saved = _save_words(request, cohort, keys, value, seen)
        else:
            return JsonResponse({"state": "error", "message": "Champ inconnu."}, status=400)
    except NotAllowed as error:
        return JsonResponse({"state": "error", "message": error.message}, status=403)
    except Conflict as error:
        body = {"state": "conflict", "message": error.message, "current": error.current}
        return JsonResponse(body, status=409)
    except DomainError as error:
        return JsonResponse({"state": "error", "message": error.message}, status=422)
    return JsonResponse({"state": "saved", "value": saved, "shown": shown})


def _save_mark(
    request: Request, cohort: Cohort, keys: list[str], value: str, seen: str
) -> tuple[str, dict[str, str]]:
    assessment = get_object_or_404(Assessment, pk=keys[0], period__cohort=cohort)
    enrolment = get_object_or_404(Enrolment, pk=keys[1], cohort=cohort)
    mark = actions.save_mark(
        assessment=assessment, enrolment=enrolment, text=value, by=request.user, expected=seen
    )
    text = show_cell(mark.status, mark.value) if mark else ""
    return text, grid.figures_after(assessment, enrolment)


def _save_words(request: Request, cohort: Cohort, keys: list[str], value: str, seen: str) -> str:
    subject = None
    if keys[1] != "0":
        subject = get_object_or_404(cohort.programme.subjects, pk=keys[1])
    return actions.save_appreciation(
        cohort=cohort,
        number=int(keys[0]),
        enrolment=get_object_or_404(Enrolment, pk=keys[2], cohort=cohort),
        subject=subject,
        text=value,
        by=request.user,
        expected=seen.replace("\r\n", "\n"),
    )


@require_http_methods(["GET", "POST"])
@team_required
def assessment_create(request: Request, uuid) -> HttpResponse:
    """Open a column of the grid."""
    cohort = _cohort(request, uuid)
    return _edit(request, cohort, None)


@require_http_methods(["GET", "POST"])
@team_required
def assessment_edit(request: Request, uuid) -> HttpResponse:
    """Change what a column says."""
    assessment = _assessment(request, uuid)
    return _edit(request, assessment.period.cohort, assessment)


def _edit(request: Request, cohort: Cohort, assessment: Assessment | None) -> HttpResponse:
    today = timezone.localdate()
    number = grid.wanted_number(request.GET.get("semestre", ""), cohort, today)
    wanted = as_uuid(request.GET.get("matiere", ""))
    initial: dict[str, Any] = {"number": number, "held_on": today}
    if wanted:
        initial["subject"] = cohort.programme.subjects.filter(uuid=wanted).first()
    if assessment:
        names = ("subject", "title", "kind", "epreuve", "held_on", "coefficient", "scale")
        initial = {name: getattr(assessment, name) for name in (*names, "is_visible")}
        initial["number"] = assessment.period.number
    form = AssessmentForm(
        request.POST or None,
        initial=initial,
        cohort=cohort,
        semesters=selectors.semesters_of(cohort),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.save_assessment(
                cohort=cohort, by=request.user, assessment=assessment, **form.cleaned_data
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"« {made.title} » est dans la grille.")
            return redirect(grid_url(cohort, made.period.number, made.subject))
    context = {"form": form, "cohort": cohort, "assessment": assessment}
    status = 422 if request.method == "POST" else 200
    return render(request, "evaluations/assessment_form.html", context, status=status)


@require_GET
@never_cache
@team_reader_required
def assessment_detail(request: Request, uuid) -> HttpResponse:
    """One column: its tools (paste, same mark for all) and the history of each mark."""
    return _column_page(request, _assessment(request, uuid))


def _column_page(request, assessment: Assessment, *, status=200, **extra) -> HttpResponse:
    cohort = assessment.period.cohort
    people = selectors.roster(cohort, assessment.period)
    marks = {mark.enrolment_id: mark for mark in assessment.marks.select_related("marked_by")}
    context = {
        "assessment": assessment,
        "cohort": cohort,
        "rows": [(one, marks.get(one.pk), _text(marks.get(one.pk))) for one in people],
        "grid_url": grid_url(cohort, assessment.period.number, assessment.subject),
        "paste_url": grid.paste_url(cohort, assessment.period.number, assessment.subject),
        "can_write": request.membership.role != Role.AUDITOR and not assessment.period.is_locked,
        "scale": show(assessment.scale),
        **extra,
    }
    return render(request, "evaluations/assessment_detail.html", context, status=status)


def _text(mark) -> str:
    return show_cell(mark.status, mark.value) if mark else ""


@require_GET
@never_cache
@team_reader_required
def mark_history(request: Request, uuid, enrolment) -> HttpResponse:
    """Each value that one mark has had: who wrote it, and when."""
    assessment = _assessment(request, uuid)
    person = get_object_or_404(
        Enrolment.objects.select_related("apprentice"),
        uuid=enrolment,
        cohort=assessment.period.cohort,
    )
    context = {
        "assessment": assessment,
        "enrolment": person,
        "events": selectors.mark_history(assessment, person),
    }
    return render(request, "evaluations/mark_history.html", context)


@require_POST
@team_required
def assessment_delete(request: Request, uuid) -> HttpResponse:
    """Take away a column without marks."""
    assessment = _assessment(request, uuid)
    url = grid_url(assessment.period.cohort, assessment.period.number, assessment.subject)
    try:
        actions.delete_assessment(assessment=assessment, by=request.user)
    except DomainError as error:
        return _column_page(request, assessment, status=422, error=error.message)
    messages.success(request, f"« {assessment.title} » est retirée de la grille.")
    return redirect(url)


@require_POST
@team_required
def marks_fill(request: Request, uuid) -> HttpResponse:
    """The same mark for all who have none."""
    assessment = _assessment(request, uuid)
    text = request.POST.get("text", "")
    try:
        count = columns.fill_empty(assessment=assessment, text=text, by=request.user)
    except DomainError as error:
        return _column_page(
            request, assessment, status=422, fill_text=text[:20], fill_error=error.message
        )
    messages.success(
        request, f"{count} note{'s' if count > 1 else ''} écrite{'s' if count > 1 else ''}."
    )
    return redirect(
        grid_url(assessment.period.cohort, assessment.period.number, assessment.subject)
    )


@require_POST
@staff_required
def period_close(request: Request, uuid, number: int) -> HttpResponse:
    """Lock a semester, or reopen it with a reason."""
    cohort = _cohort(request, uuid)
    try:
        if request.POST.get("deed") == "reopen":
            actions.reopen_period(
                cohort=cohort,
                number=number,
                reason=request.POST.get("reason", ""),
                by=request.user,
            )
            messages.success(request, f"Le semestre {number} est rouvert.")
        else:
            actions.lock_period(cohort=cohort, number=number, by=request.user)
            messages.success(request, f"Le semestre {number} est verrouillé.")
    except DomainError as error:
        messages.error(request, error.message)
    page = f"{reverse('evaluations:marks_averages')}?promotion={cohort.uuid}&semestre={number}"
    return redirect(page)


@require_GET
@never_cache
@apprentice_required
def my_marks(request: Request) -> HttpResponse:
    """An apprentice's own marks, subject by subject, beside the class's."""
    context = {"semesters": reports.own_semesters(request.user, request.membership.cfa)}
    return render(request, "evaluations/my_marks.html", context)
