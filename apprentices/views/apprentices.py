"""Pages of the apprentices."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.enums import STAFF_ROLES
from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required, team_reader_required

from .. import actions
from ..admission.rules import Diploma, proposed_dispenses
from ..codes import code_list
from ..completeness import missing_fields
from ..exports import CSV_TYPE, XLSX_TYPE, to_csv, to_xlsx
from ..filters import ApprenticeFilter
from ..forms import EnrolForm
from ..models import Apprentice
from ..people_forms import ApprenticeForm
from ..rows import apprentice_rows, enrolment_rows, with_enrolments
from .deeds import done
from .lists import paged

HEADER = (
    "Nom", "Prénom", "Naissance", "E-mail", "Téléphone", "Commune", "Promotion", "Tuteur CFA",
    "Entreprise", "SIRET", "Maître d'apprentissage", "Contrat du", "Contrat au", "État du contrat",
)  # fmt: skip


def apprentices_here(request: Request):
    """Those of the CFA under which the person works now."""
    return Apprentice.objects.visible_to(request.user).filter(cfa=request.membership.cfa)


def _filtered(request: Request) -> ApprenticeFilter:
    return ApprenticeFilter(
        request.GET, queryset=apprentices_here(request), cfa=request.membership.cfa
    )


@team_reader_required
def apprentice_list(request: Request) -> HttpResponse:
    found = _filtered(request)
    listed = paged(request, with_enrolments(found.qs))
    context = {"filter": found, "rows": apprentice_rows(listed["page"].object_list), **listed}
    return render(request, "apprentices/apprentice_list.html", context)


@team_reader_required
def apprentice_export(request: Request, form: str) -> HttpResponse:
    """What the list shows, all pages, as XLSX or CSV."""
    rows = [_cells(row) for row in apprentice_rows(with_enrolments(_filtered(request).qs))]
    if form == "csv":
        response = HttpResponse(to_csv(HEADER, rows), content_type=CSV_TYPE)
    elif form == "xlsx":
        response = HttpResponse(to_xlsx("Apprentis", HEADER, rows), content_type=XLSX_TYPE)
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="apprentis.{form}"'
    return response


def _cells(row) -> list:
    person, enrolment, contract = row.apprentice, row.enrolment, row.contract
    return [
        person.usage_name or person.last_name,
        person.first_name,
        person.born_on,
        person.email,
        person.phone,
        person.city,
        enrolment.cohort.name if enrolment else "",
        str(enrolment.tutor or "") if enrolment else "",
        contract.company.name if contract else "",
        contract.company.siret if contract else "",
        str(contract.maitre) if contract else "",
        contract.starts_on if contract else "",
        contract.ends_on if contract else "",
        row.status_word,
    ]


@team_reader_required
def apprentice_detail(request: Request, uuid) -> HttpResponse:
    apprentice = get_object_or_404(apprentices_here(request), uuid=uuid)
    enrolments = (
        apprentice.enrolments.select_related("cohort")
        .prefetch_related("certificates__document")
        .order_by("-starts_on", "-pk")
    )
    diplomas = list(apprentice.diplomas.all())
    context = {
        "apprentice": apprentice,
        "rows": enrolment_rows(enrolments),
        "diplomas": diplomas,
        "dispenses": proposed_dispenses(
            [Diploma(d.code, d.title, d.is_french, d.has_law_economics) for d in diplomas]
        ),
        "applications": apprentice.applications.select_related("cohort"),
        "path": {
            "situation": code_list("situation_before").label(apprentice.situation_before),
            "last_class": code_list("last_class").label(apprentice.last_class),
            "last_diploma": code_list("diploma").label(apprentice.last_diploma),
            "highest": code_list("diploma").label(apprentice.highest_diploma),
        },
        "missing": missing_fields(apprentice),
        "may_write": request.membership.role in STAFF_ROLES,
    }
    return render(request, "apprentices/apprentice_detail.html", context)


@staff_required
def apprentice_create(request: Request) -> HttpResponse:
    form = ApprenticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            apprentice = actions.create_apprentice(
                cfa=request.membership.cfa, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, f"La fiche de {apprentice} est créée : inscrivez cette personne."
            )
            return redirect("apprentices:apprentice_enrol", apprentice.uuid)
    return render(request, "apprentices/apprentice_form.html", {"form": form}, status=_status(form))


@staff_required
def apprentice_edit(request: Request, uuid) -> HttpResponse:
    apprentice = get_object_or_404(apprentices_here(request), uuid=uuid)
    form = ApprenticeForm(request.POST or None, instance=apprentice)
    deed = partial(actions.update_apprentice, apprentice=apprentice)
    if done(request, form, deed, "La fiche est corrigée."):
        return redirect("apprentices:apprentice_detail", apprentice.uuid)
    context = {"form": form, "apprentice": apprentice}
    return render(request, "apprentices/apprentice_form.html", context, status=_status(form))


@staff_required
def apprentice_enrol(request: Request, uuid) -> HttpResponse:
    apprentice = get_object_or_404(apprentices_here(request), uuid=uuid)
    form = EnrolForm(request.POST or None, cfa=apprentice.cfa, apprentice=apprentice)
    deed = partial(actions.enrol_apprentice, apprentice=apprentice)
    enrolled = f"{apprentice} est {apprentice.agree('inscrit(e)')}"
    if done(request, form, deed, f"{enrolled} : saisissez son contrat."):
        return redirect("apprentices:apprentice_detail", apprentice.uuid)
    context = {"form": form, "apprentice": apprentice}
    return render(request, "apprentices/enrol_form.html", context, status=_status(form))


def _status(form) -> int:
    return 422 if form.is_bound else 200
