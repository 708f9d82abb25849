"""Sessions of exam and the registration of their candidates."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import STAFF_ROLES
from accounts.errors import DomainError, NotAllowed
from accounts.http import Request, as_uuid, show_refusal
from accounts.permissions import reader_required, staff_required
from apprentices.models import Cohort, Enrolment
from evaluations.files import file_answer, table_answer
from evaluations.models import ExamRegistration, ExamSession, ReceivedFile
from evaluations.rules import show_mark
from programmes.enums import Categorie
from programmes.models import Referentiel

from .. import actions, selectors
from ..enums import Plan, RegistrationState
from ..forms import DayForm, OpenSessionForm, RegistrationForm
from ..presenters import rules_of
from ..reglements import reglement_of
from ..shipped import RNCP
from .fetching import registration_of, session_of
from .public import next_session


@require_http_methods(["GET", "POST"])
@never_cache
@reader_required
def session_list(request: Request) -> HttpResponse:
    """The sessions of the CFA, and the form that opens one."""
    cfa = request.membership.cfa
    can_write = request.membership.role in STAFF_ROLES
    form = OpenSessionForm(request.POST or None, initial={"year": next_session()})
    if request.method == "POST":
        if not can_write:
            raise NotAllowed(actions.TEAM_ONLY)
        if form.is_valid():
            try:
                session = _open(cfa, form, request.user)
            except DomainError as error:
                show_refusal(form, error)
            else:
                messages.success(
                    request, f"Session {session.year} ouverte : inscrivez les candidats."
                )
                return redirect("evaluations:exam_session_detail", uuid=session.uuid)
    sessions = list(ExamSession.objects.filter(cfa=cfa).select_related("referentiel"))
    context = {"sessions": sessions, "form": form, "can_write": can_write}
    status = 422 if request.method == "POST" else 200
    return render(request, "evaluations/exam/session_list.html", context, status=status)


def _open(cfa, form: OpenSessionForm, by) -> ExamSession:
    year = form.cleaned_data["year"]
    taught = Referentiel.objects.filter(programmes__cfa=cfa).values_list("rncp", flat=True)
    rncp = taught.first() or RNCP
    referentiel = Referentiel.objects.for_session(rncp, year).first()
    if referentiel is None:
        raise DomainError(f"Aucun référentiel chargé ne règle la session {year}.", field="year")
    return actions.open_exam_session(
        cfa=cfa,
        referentiel=referentiel,
        year=year,
        by=by,
        registration_closes_on=form.cleaned_data["registration_closes_on"],
    )


@require_GET
@never_cache
@reader_required
def session_detail(request: Request, uuid) -> HttpResponse:
    """The list to check before the inscription: what each asks, hours, contract."""
    session = session_of(request, uuid)
    rows = selectors.check_rows(session, timezone.localdate())
    can_write = request.membership.role in STAFF_ROLES and not session.is_published
    context = {
        "session": session,
        "rows": rows,
        "can_write": can_write,
        "drafts": sum(row.registration.state == RegistrationState.DRAFT for row in rows),
        "warned": sum(bool(row.warnings) for row in rows),
        "cohorts": _cohorts_to_register(session) if can_write else [],
    }
    return render(request, "evaluations/exam/session_detail.html", context)


def _cohorts_to_register(session: ExamSession) -> list[Cohort]:
    """Those of this session first: the form proposes the first, and registers it whole."""
    cohorts = (
        Cohort.objects.filter(
            cfa=session.cfa, programme__referentiel__rncp=session.referentiel.rncp
        )
        .select_related("programme")
        .order_by("-ends_on", "name", "pk")
    )
    return sorted(cohorts, key=lambda one: one.programme.session != session.year)


@require_GET
@reader_required
def session_export(request: Request, uuid, form: str) -> HttpResponse:
    """The list to check, for the inscription on the académie's own application."""
    session = session_of(request, uuid)
    if form not in ("csv", "xlsx"):
        raise Http404
    table = selectors.check_table(selectors.check_rows(session, timezone.localdate()))
    name = f"inscriptions-session-{session.year}.{form}"
    return table_answer(name, f"Session {session.year}", selectors.CHECK_HEADER, table)


@require_POST
@staff_required
def register(request: Request, uuid) -> HttpResponse:
    """Register everybody of a cohort who is still there."""
    session = session_of(request, uuid)
    cohort = Cohort.objects.filter(
        cfa=session.cfa, uuid=as_uuid(request.POST.get("promotion", ""))
    ).first()
    if cohort is None:
        messages.error(request, "Choisissez une promotion.")
        return redirect("evaluations:exam_session_detail", uuid=uuid)
    present = Enrolment.objects.filter(cohort=cohort, ends_on__isnull=True)
    try:
        made = actions.register_candidates(session=session, enrolments=present, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        count = len(made)
        messages.success(request, f"{count} candidat{'s' if count > 1 else ''} de {cohort} inscrit{'s' if count > 1 else ''}.")  # fmt: skip
    return redirect("evaluations:exam_session_detail", uuid=uuid)


@require_http_methods(["GET", "POST"])
@never_cache
@reader_required
def registration_detail(request: Request, uuid) -> HttpResponse:
    """What one candidate asks: form, options, kept marks, dispenses with their proof."""
    registration = registration_of(request, uuid)
    session = registration.session
    reglement = reglement_of(session.referentiel, session.year)
    can_write = request.membership.role in STAFF_ROLES
    if request.method == "POST" and not can_write:
        raise NotAllowed(actions.TEAM_ONLY)
    form = _registration_form(request, registration, reglement)
    if request.method == "POST":
        if form.is_valid():
            try:
                _save(registration, form, request.user)
            except DomainError as error:
                form.show_refusal(error)
            else:
                messages.success(request, "Demande enregistrée : faites signer la confirmation.")
                return redirect("evaluations:exam_session_detail", uuid=session.uuid)
    context = {
        "registration": registration,
        "session": session,
        "form": form,
        "can_write": can_write and not session.is_published,
        "rules": rules_of(reglement),
        "pieces": registration.files.filter(purged_at__isnull=True),
        "confirm": DayForm(label="Confirmation signée le", initial={"day": timezone.localdate()}),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "evaluations/exam/registration_detail.html", context, status=status)


def _registration_form(request: Request, registration, reglement) -> RegistrationForm:
    """The form as typed; a piece sent with it is kept at once and chosen, whatever is refused besides."""
    data = request.POST.copy() if request.method == "POST" else None
    pieces = registration.files.filter(purged_at__isnull=True)
    own = (actions.exam_categorie(registration.session), registration.categorie)
    kwargs = {
        "reglement": reglement,
        "pieces": pieces,
        "categories": dict.fromkeys((*own, Categorie.PONCTUEL)),
        "initial": _initial(registration),
    }
    file = request.FILES.get("proof_file")
    if data is None or file is None:
        return RegistrationForm(data, **kwargs)
    try:
        piece = actions.add_proof(
            registration=registration,
            title=data.get("proof_title", ""),
            file=file,
            by=request.user,
        )
    except DomainError as error:
        form = RegistrationForm(data, **kwargs)
        show_refusal(form, error)
        return form
    data["proof_title"] = ""
    for unit in reglement.units:
        if data.get(f"{unit.code}-plan") == Plan.DISPENSED and not data.get(f"{unit.code}-proof"):
            data[f"{unit.code}-proof"] = str(piece.uuid)
    return RegistrationForm(data, **kwargs)


def _save(registration, form: RegistrationForm, by) -> None:
    data = form.cleaned_data
    actions.save_registration(
        registration=registration,
        plans=form.plans(),
        options=data["options"],
        forme=data["forme"],
        forme_reason=data["forme_reason"],
        categorie=data.get("categorie", ""),
        candidate_number=data["candidate_number"],
        by=by,
    )


def _initial(registration) -> dict:
    initial: dict = {
        "candidate_number": registration.candidate_number,
        "categorie": registration.categorie,
        "forme": registration.forme,
        "forme_reason": registration.forme_reason,
        "options": [],
    }
    for unit in registration.units.select_related("unite", "proof"):
        code = unit.unite.code
        if unit.unite.is_optional:
            initial["options"].append(code)
            continue
        initial |= {
            f"{code}-plan": unit.plan,
            f"{code}-mark": show_mark(unit.kept_mark) if unit.plan == Plan.KEPT else "",
            f"{code}-session": unit.kept_session,
            f"{code}-proof": unit.proof.uuid if unit.proof else None,
            f"{code}-vae": unit.by_vae,
        }
    return initial


@require_POST
@staff_required
def registration_confirm(request: Request, uuid) -> HttpResponse:
    """The candidate has signed."""
    registration = registration_of(request, uuid)
    form = DayForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Indiquez la date de la confirmation, jj/mm/aaaa.")
        return redirect("evaluations:exam_registration_detail", uuid=uuid)
    try:
        actions.confirm_registration(
            registration=registration, confirmed_on=form.cleaned_data["day"], by=request.user
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("evaluations:exam_registration_detail", uuid=uuid)
    messages.success(request, f"Inscription de {registration.enrolment.apprentice} confirmée.")
    return redirect("evaluations:exam_session_detail", uuid=registration.session.uuid)


@require_POST
@staff_required
def registration_withdraw(request: Request, uuid) -> HttpResponse:
    """The candidate leaves the session."""
    registration = registration_of(request, uuid)
    try:
        actions.withdraw_registration(
            registration=registration, reason=request.POST.get("reason", ""), by=request.user
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("evaluations:exam_registration_detail", uuid=uuid)
    who = registration.enrolment.apprentice
    messages.success(request, f"{who} est {who.agree('retiré(e)')} de la session.")
    return redirect("evaluations:exam_session_detail", uuid=registration.session.uuid)


@require_POST
@staff_required
def registration_restore(request: Request, uuid) -> HttpResponse:
    """The candidate was withdrawn by mistake, or comes back."""
    registration = registration_of(request, uuid)
    who = registration.enrolment.apprentice
    try:
        actions.restore_registration(registration=registration, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request, f"{who} est de nouveau dans la session : confirmez son inscription."
        )
    return redirect("evaluations:exam_registration_detail", uuid=uuid)


@require_GET
@never_cache
@reader_required
def proof_download(request: Request, uuid) -> HttpResponseBase:
    """What proves a dispense, as it was handed in."""
    seen = ExamRegistration.objects.visible_to(request.user).filter(
        session__cfa=request.membership.cfa
    )
    return file_answer(get_object_or_404(ReceivedFile, registration__in=seen, uuid=uuid))
