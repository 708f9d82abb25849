"""The screens of the dossiers: the candidate's page, deposit, check, the file for the jury, publication."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import STAFF_ROLES, Role
from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import (
    admin_required,
    apprentice_required,
    role_required,
    staff_required,
    team_reader_required,
    team_required,
)
from apprentices.models import Enrolment
from documents.downloads import stored_file
from documents.uploads import EXTENSIONS
from programmes.selectors import epreuves_for

from .. import keeping, selectors
from ..enums import EvaluationState
from ..models import (
    CcfDeadline,
    CcfDossier,
    CcfEvaluation,
    CcfSitting,
    DossierPiece,
    JuryPublication,
)
from ..permissions import can_grade_enrolment
from . import dossiers, publication
from .concerned import NOTHING_TO_SIT, categorie_of_candidate, outside_ccf
from .forms import DeadlineForm, PublicationForm
from .jury_file import request_jury_file
from .views import chosen_cohort, cohort_of, epreuve_of

TYPES = {extension: kind for kind, extension in EXTENSIONS.items()}
people_of_dossier = role_required(*STAFF_ROLES, Role.TRAINER, Role.AUDITOR, Role.APPRENTICE)
depositors = role_required(*STAFF_ROLES, Role.TRAINER, Role.APPRENTICE)


@require_GET
@never_cache
@apprentice_required
def my_exams(request: Request) -> HttpResponse:
    """An apprentice's épreuves: form, dates, dossier to hand in; the CCF sheet once the jury has spoken."""
    enrolment = (
        Enrolment.objects.filter(apprentice__user=request.user, cohort__cfa=request.membership.cfa)
        .select_related("apprentice", "cohort__cfa", "cohort__programme__referentiel")
        .order_by("-starts_on", "pk")
        .first()
    )
    cards = _own_cards(enrolment) if enrolment else []
    return render(request, "evaluations/my_exams.html", {"cards": cards, "enrolment": enrolment})


def _own_cards(enrolment: Enrolment) -> list[dict]:
    cohort = enrolment.cohort
    categorie = categorie_of_candidate(enrolment)
    outside = outside_ccf([enrolment])
    is_public = publication.is_published(cohort.cfa, cohort.programme.session, timezone.localdate())
    found = {
        one.epreuve_id: one
        for one in CcfEvaluation.objects.filter(enrolment=enrolment).prefetch_related("situations")
    }
    files = {one.epreuve_id: one for one in CcfDossier.objects.filter(enrolment=enrolment)}
    dates = dict(CcfDeadline.objects.filter(cohort=cohort).values_list("epreuve", "deposit_on"))
    sittings: dict[int, list[CcfSitting]] = {}
    convened = CcfSitting.objects.filter(
        situation__evaluation__enrolment=enrolment, document__isnull=False
    ).select_related("situation__evaluation", "document")
    for one in convened:
        sittings.setdefault(one.situation.evaluation.epreuve_id, []).append(one)
    return [
        {
            "epreuve": epreuve,
            "form": NOTHING_TO_SIT.get(outside.why(enrolment.pk, epreuve.code))
            or (epreuve.rule.get_form_display() if epreuve.rule else ""),
            "is_ccf": bool(epreuve.rule and epreuve.rule.form == "ccf")
            and not outside.why(enrolment.pk, epreuve.code),
            "deadline": dates.get(epreuve.pk),
            "dossier": files.get(epreuve.pk),
            "sittings": sittings.get(epreuve.pk, []),
            "is_open": not is_public and not _is_locked(found.get(epreuve.pk)),
            "is_secret": not is_public,
            "sheet": publication.own_sheet(enrolment, found.get(epreuve.pk)),
        }
        for epreuve in epreuves_for(cohort.programme.referentiel, categorie)
        if not epreuve.unite.is_optional
    ]


def _is_locked(evaluation: CcfEvaluation | None) -> bool:
    """The candidate was heard: the dossier does not change any more."""
    return evaluation is not None and evaluation.state == EvaluationState.LOCKED


@require_POST
@depositors
def dossier_open(request: Request, uuid, epreuve: str) -> HttpResponse:
    """Open the dossier of one épreuve, then show it."""
    enrolments = Enrolment.objects.visible_to(request.user).filter(
        cohort__cfa=request.membership.cfa
    )
    enrolment = get_object_or_404(
        enrolments.select_related("apprentice", "cohort__cfa", "cohort__programme__referentiel"),
        uuid=uuid,
    )
    exam = epreuve_of(enrolment.cohort, epreuve)
    try:
        dossier = dossiers.open_dossier(enrolment=enrolment, epreuve=exam, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("home")
    return redirect("evaluations:dossier_detail", uuid=dossier.uuid)


def _dossier(request: Request, uuid) -> CcfDossier:
    found = (
        CcfDossier.objects.visible_to(request.user)
        .filter(enrolment__cohort__cfa=request.membership.cfa)
        .select_related(
            "epreuve__referentiel",
            "enrolment__apprentice",
            "enrolment__cohort__cfa",
            "enrolment__cohort__programme",
            "checked_by",
        )
        .prefetch_related("pieces__deposited_by")
    )
    return get_object_or_404(found, uuid=uuid)


@require_GET
@never_cache
@people_of_dossier
def dossier_detail(request: Request, uuid) -> HttpResponse:
    """The pieces of a dossier with their versions; for the team, the check of conformity."""
    return _dossier_page(request, _dossier(request, uuid))


def _dossier_page(request, dossier: CcfDossier, *, error="", status=200) -> HttpResponse:
    session = dossier.enrolment.cohort.programme.session
    is_own = dossier.enrolment.apprentice.user_id == request.user.pk
    wanted = dossiers.expected_pieces(dossier.epreuve, session)
    if not is_own:
        wanted = [*wanted, *dossiers.staff_pieces(dossier.epreuve)]
    pieces = list(dossier.pieces.all())
    if is_own:
        pieces = [one for one in pieces if one.kind != "compte_rendu"]
    context = {
        "dossier": dossier,
        "is_own": is_own,
        "deadline": dossiers.deadline_of(dossier),
        "rows": [
            (kind, number, title, [p for p in pieces if (p.kind, p.number) == (kind, number)])
            for kind, number, title in wanted
        ],
        "can_deposit": is_own or can_grade_enrolment(request.user, dossier.enrolment),
        "error": error,
    }
    if not is_own:
        context |= {
            "hints": dossiers.hints_of(dossier),
            "causes": dossiers.facts_of(dossier.epreuve, "nv_causes", session),
            "notices": dossiers.facts_of(
                dossier.epreuve, f"not_nv_{dossier.epreuve.code}", session
            ),
            "can_check": can_grade_enrolment(request.user, dossier.enrolment),
        }
    return render(request, "evaluations/dossier_detail.html", context, status=status)


@require_POST
@depositors
def piece_deposit(request: Request, uuid) -> HttpResponse:
    """Hand in one piece, or a new version of it."""
    dossier = _dossier(request, uuid)
    file = request.FILES.get("file")
    number = request.POST.get("number", "")
    if file is None:
        return _dossier_page(request, dossier, error="Choisissez un fichier.", status=422)
    try:
        piece = dossiers.deposit_piece(
            dossier=dossier,
            kind=request.POST.get("kind", ""),
            number=int(number) if number.isascii() and number.isdigit() and len(number) < 3 else -1,
            file=file,
            by=request.user,
        )
    except DomainError as error:
        return _dossier_page(request, dossier, error=error.message, status=422)
    messages.success(request, f"« {piece.title} » est déposée (version {piece.version}).")
    return redirect("evaluations:dossier_detail", uuid=uuid)


@require_POST
@team_required
def dossier_check(request: Request, uuid) -> HttpResponse:
    """Decide whether the dossier conforms."""
    dossier = _dossier(request, uuid)

    def numbers(name: str) -> list[int]:
        texts = request.POST.getlist(name)
        if not all(one.isascii() and one.isdigit() and len(one) < 3 for one in texts):
            raise BadRequest("Cause inconnue.")
        return [int(one) for one in texts]

    try:
        dossier = dossiers.check_dossier(
            dossier=dossier,
            grounds=numbers("grounds"),
            remarks=numbers("remarks"),
            doubt=request.POST.get("doubt") == "1",
            comment=request.POST.get("comment", "")[:2000],
            by=request.user,
        )
    except DomainError as error:
        return _dossier_page(request, dossier, error=error.message, status=422)
    messages.success(request, f"Contrôle enregistré : {dossier.get_state_display().lower()}.")
    return redirect("evaluations:dossier_detail", uuid=uuid)


@require_GET
@never_cache
@people_of_dossier
def piece_download(request: Request, uuid) -> HttpResponseBase:
    """One version of one piece, as it was handed in."""
    visible = CcfDossier.objects.visible_to(request.user).filter(
        enrolment__cohort__cfa=request.membership.cfa
    )
    piece = get_object_or_404(
        DossierPiece.objects.filter(dossier__in=visible).select_related(
            "dossier__enrolment__apprentice"
        ),
        uuid=uuid,
    )
    is_own = piece.dossier.enrolment.apprentice.user_id == request.user.pk
    if not piece.file or (is_own and piece.kind == "compte_rendu"):
        raise Http404("Ce fichier n'est plus conservé.")
    extension = str(piece.file.name).rsplit(".", 1)[-1]
    name = f"{slugify(piece.title)[:60]}_v{piece.version}.{extension}"
    return stored_file(piece.file, name, content_type=TYPES[f".{extension}"])


@require_GET
@never_cache
@team_reader_required
def dossier_list(request: Request) -> HttpResponse:
    """The dossiers of a cohort: what is in, what conforms, the dates of deposit, the jury's file."""
    cohorts, cohort = chosen_cohort(request)
    context: dict = {"cohorts": cohorts, "cohort": cohort}
    if cohort:
        epreuves = selectors.ccf_epreuves(cohort, timezone.localdate())
        dates = dict(CcfDeadline.objects.filter(cohort=cohort).values_list("epreuve", "deposit_on"))
        people = selectors.graded_enrolments(request.user, request.membership, cohort)
        outside = outside_ccf(people)
        found = {
            (one.enrolment_id, one.epreuve_id): one
            for one in CcfDossier.objects.filter(enrolment__cohort=cohort).prefetch_related(
                "pieces"
            )
        }
        context |= {
            "epreuves": [
                (
                    one,
                    dates.get(one.pk),
                    DeadlineForm(
                        initial={"deposit_on": dates.get(one.pk)}, prefix=one.code, auto_id="id_%s"
                    ),
                )
                for one in epreuves
            ],
            "rows": [
                (
                    one,
                    [(e, found.get((one.pk, e.pk)), outside.why(one.pk, e.code)) for e in epreuves],
                )
                for one in people
            ],
            "is_staff": request.membership.role in STAFF_ROLES,
            "can_open": request.membership.role != Role.AUDITOR,
            "to_purge": keeping.due(request.membership.cfa, timezone.localdate()),
        }
    return render(request, "evaluations/dossier_list.html", context)


@require_POST
@staff_required
def deadline_set(request: Request, uuid, epreuve: str) -> HttpResponse:
    """Write the date of deposit that the académie has set."""
    cohort = cohort_of(request, uuid)
    exam = epreuve_of(cohort, epreuve)
    form = DeadlineForm(request.POST, prefix=exam.code)
    if form.is_valid():
        try:
            dossiers.set_deadline(
                cohort=cohort,
                epreuve=exam,
                deposit_on=form.cleaned_data["deposit_on"],
                by=request.user,
            )
            messages.success(request, f"Date de dépôt de {exam.code} enregistrée.")
        except DomainError as error:
            messages.error(request, error.message)
    else:
        messages.error(request, "Écrivez la date sous la forme jj/mm/aaaa.")
    return redirect(_list_url(cohort))


def _list_url(cohort) -> str:
    return f"{reverse('evaluations:dossier_list')}?promotion={cohort.uuid}"


@require_POST
@staff_required
def jury_file(request: Request, uuid, epreuve: str) -> HttpResponse:
    """Ask for the file for the jury of one épreuve, and follow its making."""
    cohort = cohort_of(request, uuid)
    exam = epreuve_of(cohort, epreuve)
    try:
        job = request_jury_file(cohort=cohort, epreuve=exam, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(_list_url(cohort))
    return redirect("documents:job_detail", uuid=job.uuid)


@require_POST
@staff_required
def dossiers_purge(request: Request) -> HttpResponse:
    """Delete the files whose year of keeping is over."""
    count = keeping.purge(cfa=request.membership.cfa, by=request.user)
    messages.success(
        request, f"{count} fichier{'s' if count > 1 else ''} supprimé{'s' if count > 1 else ''}."
    )
    return redirect("evaluations:dossier_list")


@require_http_methods(["GET", "POST"])
@never_cache
@admin_required
def jury_publication(request: Request) -> HttpResponse:
    """An administrator enters that the jury's deliberation is public."""
    cfa = request.membership.cfa
    form = PublicationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            publication.publish_deliberation(cfa=cfa, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "Publication saisie : les candidats peuvent lire leur fiche.")
            return redirect("evaluations:jury_publication")
    found = JuryPublication.objects.filter(cfa=cfa).select_related("entered_by")
    status = 422 if request.method == "POST" else 200
    return render(
        request,
        "evaluations/jury_publication.html",
        {"form": form, "publications": found},
        status=status,
    )
