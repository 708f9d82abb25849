"""Pages of the companies and their maîtres d'apprentissage."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required, team_reader_required

from .. import actions
from ..codes import code_list
from ..maitres import maitre_rows
from ..models import Company, Contract, MaitreApprentissage
from ..people_forms import CompanyForm, MaitreForm
from .deeds import done


def companies_here(request: Request):
    """Those of the CFA under which the person works now."""
    return Company.objects.visible_to(request.user).filter(cfa=request.membership.cfa)


def companies_shown(request: Request):
    """What the list shows: the search of the address applied."""
    companies = companies_here(request)
    for word in request.GET.get("q", "").split():
        companies = companies.filter(
            Q(name__icontains=word) | Q(siret__startswith=word) | Q(city__icontains=word)
        )
    return companies.order_by("name", "pk")


@team_reader_required
def company_list(request: Request) -> HttpResponse:
    search = request.GET.get("q", "").strip()
    companies = companies_shown(request).annotate(size=Count("contracts", distinct=True))
    page = Paginator(companies, 25).get_page(request.GET.get("page"))
    return render(request, "apprentices/company_list.html", {"page": page, "search": search})


@team_reader_required
def company_detail(request: Request, uuid) -> HttpResponse:
    company = get_object_or_404(companies_here(request), uuid=uuid)
    contracts = Contract.objects.filter(company=company).select_related(
        "enrolment__apprentice", "maitre"
    )
    context = {
        "company": company,
        "maitres": maitre_rows(company, timezone.localdate()),
        "contacts": company.contacts.all(),
        "employer_type": code_list("employer_type").label(company.employer_type),
        "contracts": contracts,
    }
    return render(request, "apprentices/company_detail.html", context)


@staff_required
def company_create(request: Request) -> HttpResponse:
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            company = actions.create_company(
                cfa=request.membership.cfa, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, "L'entreprise est créée : désignez un maître d'apprentissage."
            )
            return redirect("apprentices:company_detail", company.uuid)
    return render(request, "apprentices/company_form.html", {"form": form}, status=_status(form))


@staff_required
def company_edit(request: Request, uuid) -> HttpResponse:
    company = get_object_or_404(companies_here(request), uuid=uuid)
    form = CompanyForm(request.POST or None, instance=company)
    deed = partial(actions.update_company, company=company)
    if done(request, form, deed, "L'entreprise est corrigée."):
        return redirect("apprentices:company_detail", company.uuid)
    context = {"form": form, "company": company}
    return render(request, "apprentices/company_form.html", context, status=_status(form))


@staff_required
def maitre_create(request: Request, uuid) -> HttpResponse:
    company = get_object_or_404(companies_here(request), uuid=uuid)
    form = MaitreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            maitre = actions.create_maitre(company=company, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{maitre} est désigné maître d'apprentissage.")
            return redirect("apprentices:company_detail", company.uuid)
    context = {"form": form, "company": company}
    return render(request, "apprentices/maitre_form.html", context, status=_status(form))


@staff_required
def maitre_edit(request: Request, uuid) -> HttpResponse:
    maitres = MaitreApprentissage.objects.filter(company__cfa=request.membership.cfa)
    maitre = get_object_or_404(maitres.select_related("company"), uuid=uuid)
    form = MaitreForm(request.POST or None, instance=maitre)
    deed = partial(actions.update_maitre, maitre=maitre)
    if done(request, form, deed, f"La fiche de {maitre} est corrigée."):
        return redirect("apprentices:company_detail", maitre.company.uuid)
    context = {"form": form, "company": maitre.company, "maitre": maitre}
    return render(request, "apprentices/maitre_form.html", context, status=_status(form))


def _status(form) -> int:
    return 422 if form.is_bound else 200
