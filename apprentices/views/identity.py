"""What hangs on a person's file: NIR, photo, diplomas held, the communes proposed while typing."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required, team_reader_required

from .. import actions
from ..communes import search
from ..identifiers import CivilStatus, nir_warnings
from ..models import Company, CompanyContact, HeldDiploma
from ..people_forms import ContactForm, DiplomaForm, NirForm, NirReasonForm, PhotoForm
from ..photos import MOST_BYTES
from .apprentices import apprentices_here
from .deeds import done


@team_reader_required
def commune_options(request: Request) -> HttpResponse:
    """The communes of a name, a postcode or a code, as options (htmx)."""
    asked = next((request.GET[name] for name in request.GET), "")
    return render(request, "apprentices/_communes.html", {"communes": search(asked)})


@sensitive_post_parameters()
@never_cache
@staff_required
def nir(request: Request, uuid) -> HttpResponse:
    """Record the number, or read it once with a reason; it is on no other page."""
    apprentice = get_object_or_404(apprentices_here(request), uuid=uuid)
    form = NirForm(request.POST if "nir" in request.POST else None)
    reading = NirReasonForm(request.POST if "reason" in request.POST else None)
    number = ""
    try:
        if "effacer" in request.POST:
            actions.forget_nir(apprentice=apprentice, by=request.user)
            messages.success(request, "Le numéro est effacé.")
            return redirect("apprentices:apprentice_detail", apprentice.uuid)
        if form.is_bound and form.is_valid():
            typed = form.cleaned_data["nir"]
            actions.record_nir(apprentice=apprentice, number=typed, by=request.user)
            messages.success(request, "Le numéro est enregistré, chiffré.")
            person = CivilStatus(apprentice.sex, apprentice.born_on, apprentice.birth_insee)
            for warning in nir_warnings(typed, person):
                messages.warning(request, warning)
            return redirect("apprentices:apprentice_detail", apprentice.uuid)
        if reading.is_bound and reading.is_valid():
            number = actions.reveal_nir(
                apprentice=apprentice, by=request.user, reason=reading.cleaned_data["reason"]
            )
    except DomainError as error:
        show_refusal(form if form.is_bound else reading, error)
    context = {
        "apprentice": apprentice,
        "form": form,
        "reading": reading,
        "number": number,
    }
    status = 422 if (form.errors or reading.errors) else 200
    return render(request, "apprentices/nir.html", context, status=status)


@staff_required
def diploma_add(request: Request, uuid) -> HttpResponse:
    apprentice = get_object_or_404(apprentices_here(request), uuid=uuid)
    form = DiplomaForm(request.POST or None)
    if done(
        request,
        form,
        partial(actions.record_diploma, apprentice=apprentice),
        "Le diplôme est noté.",
    ):
        return redirect("apprentices:apprentice_detail", apprentice.uuid)
    context = {"form": form, "apprentice": apprentice}
    status = 422 if form.is_bound else 200
    return render(request, "apprentices/diploma_form.html", context, status=status)


@require_POST
@staff_required
def diploma_remove(request: Request, uuid) -> HttpResponse:
    diplomas = HeldDiploma.objects.filter(apprentice__in=apprentices_here(request))
    diploma = get_object_or_404(diplomas.select_related("apprentice"), uuid=uuid)
    actions.remove_diploma(diploma=diploma, by=request.user)
    messages.success(request, "Le diplôme est retiré.")
    return redirect("apprentices:apprentice_detail", diploma.apprentice.uuid)


@staff_required
def contact_add(request: Request, uuid) -> HttpResponse:
    companies = Company.objects.visible_to(request.user).filter(cfa=request.membership.cfa)
    company = get_object_or_404(companies, uuid=uuid)
    form = ContactForm(request.POST or None)
    if done(request, form, partial(actions.add_contact, company=company), "Le contact est ajouté."):
        return redirect("apprentices:company_detail", company.uuid)
    context = {"form": form, "company": company}
    status = 422 if form.is_bound else 200
    return render(request, "apprentices/contact_form.html", context, status=status)


@require_POST
@staff_required
def contact_remove(request: Request, uuid) -> HttpResponse:
    contacts = CompanyContact.objects.filter(company__cfa=request.membership.cfa)
    contact = get_object_or_404(contacts.select_related("company"), uuid=uuid)
    actions.remove_contact(contact=contact, by=request.user)
    messages.success(request, "Le contact est retiré.")
    return redirect("apprentices:company_detail", contact.company.uuid)


@staff_required
def photo_edit(request: Request, uuid) -> HttpResponse:
    """The photo of the card: looked at, replaced or erased; it is on no other page."""
    apprentice = get_object_or_404(apprentices_here(request), uuid=uuid)
    if "effacer" in request.POST:
        actions.remove_photo(apprentice=apprentice, by=request.user)
        messages.success(request, "La photo est effacée.")
        return redirect("apprentices:photo_edit", apprentice.uuid)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["photo"].read(MOST_BYTES + 1)
        try:
            actions.record_photo(apprentice=apprentice, content=content, by=request.user)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "La photo est enregistrée pour la carte.")
            return redirect("apprentices:photo_edit", apprentice.uuid)
    context = {"apprentice": apprentice, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "apprentices/photo_form.html", context, status=status)


@never_cache
@staff_required
def photo_file(request: Request, uuid) -> HttpResponse:
    apprentice = get_object_or_404(apprentices_here(request).exclude(photo=""), uuid=uuid)
    with apprentice.photo.open("rb") as stream:
        return HttpResponse(stream.read(), content_type="image/jpeg")
