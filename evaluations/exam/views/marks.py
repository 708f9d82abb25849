"""The grid of marks of a session, stage by stage; each cell saves itself, a block is pasted."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import STAFF_ROLES, Role
from accounts.errors import DomainError, NotAllowed
from accounts.http import Request
from accounts.permissions import reader_required, staff_required
from evaluations.files import table_answer
from evaluations.headings import Column
from evaluations.models import ExamRegistration, ExamSession
from evaluations.pasting import Person
from evaluations.previews import Target, preview
from evaluations.rules import Conflict
from evaluations.undoing import paste_to_undo, undone_text

from .. import actions, selectors
from ..actions.marks import Cell, OralsMissed, check_sat
from ..enums import Plan, Stage
from ..reglements import reglement_of
from ..rules import UnitRule
from ..rules.reading import read_entry, read_half
from .fetching import session_of


def _stage(text: str) -> str:
    return text if text in Stage.values else Stage.PROPOSED


def _grid_url(session: ExamSession, stage: str) -> str:
    return f"{reverse('evaluations:exam_marks', args=[session.uuid])}?etape={stage}"


@require_GET
@never_cache
@reader_required
def marks(request: Request, uuid) -> HttpResponse:
    """The grid at one stage."""
    session = session_of(request, uuid)
    stage = _stage(request.GET.get("etape", ""))
    if request.GET.get("export") in ("csv", "xlsx"):
        return _export(session, stage, request.GET["export"])
    return _page(request, session, stage)


def _page(
    request: Request,
    session: ExamSession,
    stage: str,
    typed: Mapping[str, tuple[str, str | None]] | None = None,
    **told: list[str],
) -> HttpResponse:
    """The grid; after a form that was not written whole, with what was typed and why (`told`)."""
    role = request.membership.role
    grid = selectors.as_typed(selectors.marks_grid(session, stage), typed or {})
    is_open = actions.is_stage_open(session, stage)
    can_paste = role in STAFF_ROLES and is_open
    context = {
        "session": session,
        "stage": stage,
        "stages": Stage.choices,
        "grid": grid,
        "columns": [Column(rule.code, _titles(rule)) for rule in grid.columns],
        "paste_url": reverse("evaluations:exam_marks_paste", args=[session.uuid, stage]),
        "export_url": f"{_grid_url(session, stage)}&export=",
        "can_write": can_paste or role == Role.ADMIN,
        "must_explain": not is_open,
        "last_paste": paste_to_undo(session, request.user, stage=stage) if can_paste else None,
        "reason": request.POST.get("reason", ""),
        **told,
    }
    status = 422 if typed else 200
    return render(request, "evaluations/exam/marks.html", context, status=status)


def _export(session: ExamSession, stage: str, form: str) -> HttpResponse:
    """The grid of one stage, as it may be filled and imported."""
    header, rows = selectors.grid_table(selectors.marks_grid(session, stage))
    label = Stage(stage).label
    name = f"notes_session_{session.year}_{slugify(label)}.{form}"
    return table_answer(name, label, header, rows)


@require_POST
@never_cache
@staff_required
def mark_save(request: Request, uuid, stage: str) -> HttpResponse:
    """Save one cell; the answer tells the page what became of it. The whole form, without JavaScript."""
    session = session_of(request, uuid)
    if stage not in Stage.values:
        raise Http404
    if "name" not in request.POST:
        return _save_all(request, session, stage)
    try:
        registration, code = _target(session, request.POST["name"])
        shown = actions.save_exam_mark(
            registration=registration,
            code=code,
            stage=stage,
            text=request.POST.get("value", ""),
            expected=request.POST.get("seen", ""),
            reason=request.POST.get("reason", ""),
            by=request.user,
        )
    except BadRequest:
        return JsonResponse({"state": "error", "message": "Case inconnue."}, status=400)
    except NotAllowed as error:
        return JsonResponse({"state": "error", "message": error.message}, status=403)
    except Conflict as error:
        body = {"state": "conflict", "message": error.message, "current": error.current}
        return JsonResponse(body, status=409)
    except DomainError as error:
        return JsonResponse({"state": "error", "message": error.message}, status=422)
    return JsonResponse({"state": "saved", "value": shown})


def _target(session: ExamSession, name: str) -> tuple[ExamRegistration, str]:
    pk, _, code = name.partition("-")
    if not (pk.isascii() and pk.isdigit() and len(pk) <= 12):
        raise BadRequest("Case inconnue.")
    registration = (
        session.registrations.select_related("enrolment__apprentice").filter(pk=pk).first()
    )
    if registration is None:
        raise BadRequest("Case inconnue.")
    return registration, code


def _save_all(request: Request, session: ExamSession, stage: str) -> HttpResponse:
    """The form as a whole: what changed is written, each refusal is told."""
    written: dict[ExamRegistration, list[Cell]] = {}
    for key in request.POST:
        value, seen = request.POST[key], request.POST.get(f"seen-{key}")
        if seen is not None and seen != value:
            registration, code = _target(session, key)
            written.setdefault(registration, []).append(Cell(registration, code, value, seen))
    saved = 0
    typed: dict[str, tuple[str, str | None]] = {}
    refused: list[str] = []
    warned: list[str] = []
    for registration, cells in written.items():
        kept, told = cells, set()
        try:
            failed = actions.save_candidate_marks(
                registration=registration,
                stage=stage,
                cells=cells,
                reason=request.POST.get("reason", ""),
                is_confirmed=request.POST.get("confirmed") == "1",
                by=request.user,
            )
        except OralsMissed as warning:
            warned.append(warning.message)
        except DomainError as error:
            refused.append(f"{registration.enrolment.apprentice} : {error.message}")
        else:
            kept = [cell for cell, _ in failed]
            told = {cell.code for cell, error in failed if isinstance(error, Conflict)}
            refused += [
                f"{registration.enrolment.apprentice} : {error.message}" for _, error in failed
            ]
        # Who has been told of a clash may now write over it; who has not keeps what was seen.
        typed |= {
            f"{registration.pk}-{cell.code}": (
                cell.text,
                None if cell.code in told else cell.expected,
            )
            for cell in kept
        }
        saved += len(cells) - len(kept)
    if saved or not typed:
        messages.success(request, f"{saved} note{'s' if saved > 1 else ''} enregistrée{'s' if saved > 1 else ''}.")  # fmt: skip
    if typed:
        return _page(request, session, stage, typed, refused=refused, warned=warned)
    return redirect(_grid_url(session, stage))


@require_POST
@never_cache
@staff_required
def marks_paste(request: Request, uuid, stage: str) -> HttpResponse:
    """Say what a pasted block, or a spreadsheet, would do at one stage; on confirmation, write it."""
    session = session_of(request, uuid)
    if stage not in Stage.values:
        raise Http404
    reglement = reglement_of(session.referentiel, session.year)
    grid = selectors.marks_grid(session, stage)
    cells = grid.cells
    units = {str(row.registration.pk): row.dossier.units for row in grid.rows}

    def check(person: str, column: str, text: str) -> str | None:
        rule, unit = reglement.unit(column), units[person].get(column)
        if unit is None or rule is None:
            raise DomainError(f"Ce candidat n'est pas inscrit à {column}.")
        if stage == Stage.ORAL and cells[person, column].is_open:
            read_half(text, reglement)
            return None
        if unit.plan != Plan.SIT and (said := selectors.known_already(unit, text, rule, reglement)):
            return said
        if entry := read_entry(text, rule, reglement):
            check_sat(unit, rule, entry)
        return None

    def write(marks) -> int:
        registrations = {str(row.registration.pk): row.registration for row in grid.rows}
        found = [
            Cell(registrations[person], column, text, cells[person, column].text)
            for (person, column), text in marks.items()
        ]
        return actions.import_marks(session=session, stage=stage, cells=found, by=request.user)

    target = Target(
        people=[_person(row.registration) for row in grid.rows],
        columns=[Column(rule.code, _titles(rule)) for rule in grid.columns],
        held={key: cell.text for key, cell in cells.items()},
        check=check,
        write=write,
        action=request.path,
        grid_url=_grid_url(session, stage),
        heading=f"Notes de la session {session.year} à écrire, étape « {Stage(stage).label.lower()} »",
        person="Candidat",
    )
    return preview(request, target)


@require_POST
@staff_required
def marks_undo(request: Request, uuid, stage: str) -> HttpResponse:
    """Put back what one's last paste at this stage replaced."""
    session = session_of(request, uuid)
    if stage not in Stage.values:
        raise Http404
    try:
        count, kept = actions.undo_import(session=session, stage=stage, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, undone_text(count, kept))
    return redirect(_grid_url(session, stage))


def _titles(rule: UnitRule) -> tuple[str, ...]:
    """What an académie's file, or our own export, may call the unit."""
    code, epreuve = rule.code, rule.epreuve
    return (f"{epreuve} · {code}", code, epreuve, rule.title, f"{code} {rule.title}", f"{epreuve} {rule.title}")  # fmt: skip


def _person(one: ExamRegistration) -> Person:
    person = one.enrolment.apprentice
    last_name = person.usage_name or person.last_name
    return Person(str(one.pk), last_name, person.first_name, one.candidate_number, person.last_name)
