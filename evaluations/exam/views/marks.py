"""The grid of marks of a session, stage by stage; each cell saves itself, a column is pasted."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import STAFF_ROLES, Role
from accounts.errors import DomainError, NotAllowed
from accounts.http import Request
from accounts.permissions import reader_required, staff_required
from evaluations.models import ExamRegistration, ExamSession, ExamUnit
from evaluations.pasting import CHANGED, seen_values
from evaluations.rules import Conflict

from .. import actions, selectors
from ..actions.marks import Cell
from ..candidates import cell_text
from ..enums import Stage
from ..reglements import reglement_of
from ..rules.pasting import Person, read_column
from ..rules.reading import read_entry, read_half
from .fetching import session_of

MOST_PASTED = 100_000  # characters


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
    role = request.membership.role
    can_write = role in STAFF_ROLES and (not session.is_published or stage == Stage.ORAL)
    context = {
        "session": session,
        "stage": stage,
        "stages": Stage.choices,
        "grid": selectors.marks_grid(session, stage),
        "can_write": can_write or (session.is_published and role == Role.ADMIN),
        "must_explain": session.is_published and stage != Stage.ORAL,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
    return render(request, "evaluations/exam/marks.html", context)


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
    registration = session.registrations.filter(pk=pk).first()
    if registration is None:
        raise BadRequest("Case inconnue.")
    return registration, code


def _save_all(request: Request, session: ExamSession, stage: str) -> HttpResponse:
    """The form as a whole: what changed is written, each refusal is told."""
    saved, refused = 0, []
    for key in request.POST:
        value = request.POST[key]
        if f"seen-{key}" not in request.POST or request.POST[f"seen-{key}"] == value:
            continue
        registration, code = _target(session, key)
        try:
            actions.save_exam_mark(
                registration=registration,
                code=code,
                stage=stage,
                text=value,
                expected=request.POST[f"seen-{key}"],
                reason=request.POST.get("reason", ""),
                by=request.user,
            )
            saved += 1
        except DomainError as error:
            refused.append(f"{registration.enrolment.apprentice} : {error.message}")
    for text in refused:
        messages.error(request, text)
    messages.success(request, f"{saved} note{'s' if saved > 1 else ''} enregistrée{'s' if saved > 1 else ''}.")  # fmt: skip
    return redirect(_grid_url(session, stage))


@require_POST
@never_cache
@staff_required
def marks_paste(request: Request, uuid, stage: str, code: str) -> HttpResponse:
    """Say what a pasted column would do; on confirmation, write what matched, all or nothing."""
    session = session_of(request, uuid)
    reglement = reglement_of(session.referentiel, session.year)
    rule = reglement.unit(code)
    if stage not in Stage.values or rule is None:
        raise Http404
    text = request.POST.get("text", "")
    if len(text) > MOST_PASTED:
        raise BadRequest("Colonne trop longue.")
    found = {str(one.pk): one for one in session.registrations.active().select_related("enrolment__apprentice")}  # fmt: skip
    people = [_person(key, one) for key, one in found.items()]
    start = request.POST.get("start", "")
    first = next((n for n, one in enumerate(people) if one.key == start), 0)

    def check(key: str, mark: str) -> None:
        if stage == Stage.ORAL:
            read_half(mark, reglement)
        else:
            read_entry(mark, rule, reglement)

    rows = read_column(text, people, check, first)
    matched = [row for row in rows if row.kind == "matched"]
    error = _paste_error(rows)
    can_write = not error
    units = {str(u.registration_id): u for u in _units(session, code)}
    held = {key: cell_text(unit, stage, rule) for key, unit in units.items()}
    seen = seen_values(rows, held)
    is_confirmed = request.POST.get("confirm") == "1" and bool(matched)
    if is_confirmed and not error and request.POST.get("seen") != seen:
        error = CHANGED
    if is_confirmed and not error:
        cells = [Cell(found[row.key], code, row.mark) for row in matched]
        try:
            count = actions.import_marks(session=session, stage=stage, cells=cells, by=request.user)
        except DomainError as refusal:
            error = refusal.message
        else:
            messages.success(request, f"{count} note{'s' if count > 1 else ''} changée{'s' if count > 1 else ''} sur {len(matched)}.")  # fmt: skip
            return redirect(_grid_url(session, stage))
    context = {
        "seen": seen,
        "can_write": can_write,
        "session": session,
        "stage": Stage(stage),
        "rule": rule,
        "rows": [(row, held.get(row.key, "")) for row in rows],
        "matched": len(matched),
        "unknown": sum(row.kind in ("unknown", "ambiguous", "too_many") for row in rows),
        "refused": sum(row.kind in ("refused", "twice") for row in rows),
        "text": text,
        "start": start,
        "error": error,
        "grid_url": _grid_url(session, stage),
    }
    return render(
        request, "evaluations/exam/marks_paste.html", context, status=422 if error else 200
    )


def _person(key: str, one: ExamRegistration) -> Person:
    person = one.enrolment.apprentice
    last_name = person.usage_name or person.last_name
    return Person(key, last_name, person.first_name, one.candidate_number)


def _units(session: ExamSession, code: str):
    return ExamUnit.objects.filter(registration__session=session, unite__code=code)


def _paste_error(rows: list) -> str:
    if not rows:
        return "Collez une colonne : une ligne par candidat, « nom ; note » ou la note seule."
    extra = sum(row.kind == "too_many" for row in rows)
    if extra:
        return (
            f"La colonne a {extra} ligne{'s' if extra > 1 else ''} de plus qu'il n'y a de candidats "
            "après la case choisie : rien n'est écrit. Ajoutez les noms, ou collez depuis la bonne case."
        )
    return ""
