"""Pages to read the référentiels and the programmes; they are edited in their data files."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.permissions import member_required

from . import presenters
from .models import CfaProgramme, Referentiel


@member_required
def referentiel_list(request: HttpRequest) -> HttpResponse:
    rows = Referentiel.objects.visible_to(request.user)
    return render(request, "programmes/referentiel_list.html", {"referentiels": rows})


@member_required
def referentiel_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    versions = list(
        Referentiel.objects.visible_to(request.user)
        .filter(rncp__in=Referentiel.objects.filter(uuid=uuid).values("rncp"))
        .order_by("session_from", "edition")
    )
    referentiel = next((row for row in versions if row.uuid == uuid), None)
    if referentiel is None:
        get_object_or_404(Referentiel, uuid=uuid)
    index = versions.index(referentiel)
    previous = versions[index - 1] if index else None
    return render(
        request,
        "programmes/referentiel_detail.html",
        {
            "referentiel": referentiel,
            "versions": versions,
            "previous": previous,
            "blocs": presenters.blocs_of(referentiel),
            "facts": presenters.facts_of(referentiel),
            "epreuves": presenters.epreuves_of(referentiel),
            "changes": presenters.changes_between(previous, referentiel) if previous else [],
        },
    )


@member_required
def programme_list(request: HttpRequest) -> HttpResponse:
    programmes = (
        CfaProgramme.objects.visible_to(request.user)
        .filter(cfa=request.membership.cfa)
        .select_related("cfa", "referentiel")
    )
    return render(request, "programmes/programme_list.html", {"programmes": programmes})


@member_required
def programme_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    programme = get_object_or_404(
        CfaProgramme.objects.visible_to(request.user).select_related("cfa", "referentiel"),
        uuid=uuid,
    )
    return render(
        request,
        "programmes/programme_detail.html",
        presenters.programme_page(programme, timezone.localdate()),
    )
