"""The deliberation entered by an administrator, the results, the attestation."""

from collections import Counter
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import STAFF_ROLES, Role
from accounts.errors import DomainError
from accounts.http import Request
from accounts.permissions import admin_required, member_required, reader_required, staff_required
from evaluations.files import table_answer
from evaluations.models import ExamRegistration, ExamSession
from evaluations.rules import show_mark

from .. import actions, selectors
from ..actions.publishing import judged
from ..candidates import Dossier, dossier, dossiers
from ..enums import Decision
from ..forms import DayForm
from ..presenters import KINDS, said_needs
from ..rules import Refused
from ..rules.simulation import oral_needs
from .fetching import registration_of, session_of


@require_http_methods(["GET", "POST"])
@never_cache
@admin_required
def publish(request: Request, uuid) -> HttpResponse:
    """Say what publishing does and what lacks; then publish the jury's deliberation."""
    session = session_of(request, uuid)
    label = (
        "Délibération après les épreuves de contrôle"
        if session.is_published
        else "Délibération du jury"
    )
    form = DayForm(request.POST or None, label=label)
    if request.method == "POST" and form.is_valid():
        deed = actions.publish_final_results if session.is_published else actions.publish_results
        try:
            deed(session=session, deliberated_on=form.cleaned_data["day"], by=request.user)
        except DomainError as error:
            form.add_error("day" if error.field == "deliberated_on" else None, error.message)
        else:
            messages.success(request, "Résultats publiés : les candidats les voient, et le maître d'apprentissage de l'entreprise où chacun passait l'examen.")  # fmt: skip
            return redirect("evaluations:exam_results", uuid=uuid)
    registrations = session.registrations.active().select_related("enrolment__apprentice")
    found = dossiers(session, registrations)
    context = {
        "session": session,
        "form": form,
        "missing": []
        if session.is_published
        else [(one, one.undecided) for one in found if one.undecided],
        "ready": sum(not one.undecided for one in found),
        "total": len(found),
        "foreseen": _foreseen(session, found),
        "waiting": sum(one.registration.decision == Decision.CONTROLE for one in found),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "evaluations/exam/publish.html", context, status=status)


def _foreseen(session: ExamSession, found: list[Dossier]) -> list[tuple[str, int]]:
    """What publishing now would decide: (decision, number), read before what cannot be undone."""
    if session.is_published:
        found = [one for one in found if one.registration.decision == Decision.CONTROLE]
    elif any(one.undecided for one in found):
        return []
    try:
        counts = Counter(judged(one, is_final=session.is_published).decision for one in found)
    except Refused:
        return []  # publishing says why
    return [(one.label, counts[one]) for one in Decision if counts[one]]


@require_POST
@admin_required
def adopt(request: Request, uuid) -> HttpResponse:
    """The jury kept the marks as they stood."""
    session = session_of(request, uuid)
    try:
        count = actions.adopt_marks(session=session, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{count} note{'s' if count > 1 else ''} arrêtée{'s' if count > 1 else ''} comme proposée{'s' if count > 1 else ''}.")  # fmt: skip
    return redirect("evaluations:exam_publish", uuid=uuid)


@require_GET
@never_cache
@reader_required
def results(request: Request, uuid) -> HttpResponse:
    """The results published, with statistics by épreuve."""
    session = session_of(request, uuid)
    found = selectors.results(session)
    context = {
        "session": session,
        "results": found,
        "rows": [(one, KINDS.get(one.decision, "none")) for one in found.registrations],
        "is_admin": request.membership.role == Role.ADMIN,
        "can_write": request.membership.role in STAFF_ROLES,
    }
    return render(request, "evaluations/exam/results.html", context)


@require_GET
@reader_required
def results_export(request: Request, uuid, form: str) -> HttpResponse:
    """The results as a table."""
    session = session_of(request, uuid)
    if form not in ("csv", "xlsx"):
        raise Http404
    found = selectors.results(session)
    codes = [unit.code for unit in found.units]
    header = ("Nom", "Prénom", "Promotion", "Numéro de candidat", *codes, "Points", "Coefficients", "Moyenne", "Décision", "Unités acquises")  # fmt: skip
    table = [_result_line(one, codes) for one in found.registrations]
    name = f"resultats-session-{session.year}.{form}"
    return table_answer(name, f"Session {session.year}", header, table)


def _result_line(one: ExamRegistration, codes: list[str]) -> list:
    person = one.enrolment.apprentice
    marks = {row["unit"]: row["text"] for row in one.verdict.get("marks", [])}
    return [
        person.last_name,
        person.first_name,
        one.enrolment.cohort.name,
        one.candidate_number,
        *(selectors.as_number(marks.get(code, "")) for code in codes),
        selectors.as_number(show_mark(one.points)),
        selectors.as_number(show_mark(one.coefficients)),
        selectors.as_number(show_mark(one.average)),
        one.get_decision_display(),
        " ".join(row["unit"] for row in one.verdict.get("acquired", [])),
    ]


@require_GET
@never_cache
@member_required
def result_detail(request: Request, uuid) -> HttpResponse:
    """One result with its steps: the team's, or one's own once published."""
    own = (
        ExamRegistration.objects.published_for(request.user)
        .filter(uuid=uuid)
        .select_related("session__referentiel", "session__cfa", "enrolment__apprentice", "document")
        .distinct()
        .first()
    )
    registration = own or registration_of(request, uuid)
    if not registration.session.is_published:
        raise Http404
    context = {
        "registration": registration,
        "session": registration.session,
        "is_own": own is not None,
        "kind": KINDS.get(registration.decision, "none"),
        "can_write": own is None and request.membership.role in STAFF_ROLES,
        "orals": _second_chance(registration),
    }
    return render(request, "evaluations/exam/result_detail.html", context)


def _second_chance(registration: ExamRegistration) -> list[tuple[str, str]]:
    """What each oral still to sit would have to bring, to who is allowed to them."""
    if registration.decision != Decision.CONTROLE:
        return []
    found = dossier(registration)
    return said_needs(oral_needs(replace(found.candidate, orals={}), found.reglement))


@require_POST
@staff_required
def attestation(request: Request, uuid) -> HttpResponse:
    """Ask for the attestation of units and follow its making."""
    registration = registration_of(request, uuid)
    try:
        document = actions.request_attestation(registration=registration, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("evaluations:exam_results", uuid=registration.session.uuid)
    return redirect("documents:document_detail", uuid=document.uuid)
