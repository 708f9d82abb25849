"""The public programme: one address per version, no sign-in; and the deed that publishes it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.models import Cfa
from accounts.permissions import staff_required

from .. import actions
from ..conformity_selectors import findings_of, stopping
from ..forms import PublishForm
from ..indicators import rates_of
from ..models import ProgrammePublication
from .shared import person, programme_or_404, status


@login_not_required
@require_safe
def programme_public_list(request: Request, slug: str) -> HttpResponse:
    """What one CFA publishes: the latest version of each programme."""
    cfa = get_object_or_404(Cfa, slug=slug)
    latest: dict[int, ProgrammePublication] = {}
    rows = ProgrammePublication.objects.filter(programme__cfa=cfa).select_related("programme")
    for row in rows.order_by("-programme__session", "programme", "-number").defer("context"):
        latest.setdefault(row.programme_id, row)
    return render(
        request,
        "programmes/programme_public_list.html",
        {"cfa": cfa, "publications": latest.values()},
    )


@login_not_required
@require_safe
def programme_public(request: Request, cfa: str, slug: str, number: int | None) -> HttpResponse:
    """One version as it was published; without a number, the latest."""
    versions = list(_versions(cfa, slug).defer("context"))
    wanted = versions[0].number if versions and number is None else number
    row = get_object_or_404(_versions(cfa, slug).select_related("document"), number=wanted)
    printed = {(one["label"], one["year"], one["rate"]) for one in row.context["indicators"]}
    context = {
        "row": row,
        "page": row.context,
        "versions": versions,
        "is_latest": row.number == versions[0].number,
        "cfa_slug": cfa,
        "slug": slug,
        # Results known since this version was printed.
        "rates": [
            one
            for one in rates_of(row.programme.cfa, row.programme.referentiel.rncp)
            if (one.said, one.year, one.percent) not in printed
        ],
    }
    return render(request, "programmes/programme_public.html", context)


@login_not_required
@require_safe
def programme_public_pdf(request: Request, cfa: str, slug: str, number: int) -> HttpResponseBase:
    row = get_object_or_404(_versions(cfa, slug).select_related("document"), number=number)
    if not row.document.is_sealed:
        raise Http404("Ce PDF est en préparation : revenez dans un instant.")
    try:
        file = row.document.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("Le fichier n'est plus dans le stockage.") from error
    response = FileResponse(file, filename=row.document.file_name, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _versions(cfa: str, slug: str):
    return ProgrammePublication.objects.filter(
        programme__slug=slug, programme__cfa__slug=cfa
    ).select_related("programme__cfa", "programme__referentiel")


@staff_required
def programme_publish(request: Request, uuid: UUID) -> HttpResponse:
    programme = programme_or_404(request, uuid)
    held = findings_of(programme)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.publish_programme(
                programme=programme, reason=form.cleaned_data["reason"], by=person(request)
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"La version {row.number} est publique ; son PDF se prépare.")
            return redirect("programmes:programme_detail", programme.uuid)
    context = {
        "programme": programme,
        "form": form,
        "stopping": stopping(held),
        "accepted": [row for row in held if row.acceptance and row.finding.stops_issue],
    }
    return render(request, "programmes/programme_publish.html", context, status=status(form))
