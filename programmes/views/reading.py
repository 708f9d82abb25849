"""Pages to read the référentiels and the programmes."""

from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.enums import READING_ROLES, Role
from accounts.http import Request
from accounts.permissions import member_required

from .. import presenters
from ..conformity_selectors import findings_of
from ..models import ProgrammePublication, Referentiel
from .shared import person, programme_or_404, programmes_here, runs_it


@member_required
def referentiel_list(request: Request) -> HttpResponse:
    rows = Referentiel.objects.visible_to(person(request))
    return render(request, "programmes/referentiel_list.html", {"referentiels": rows})


@member_required
def referentiel_detail(request: Request, uuid: UUID) -> HttpResponse:
    versions = list(
        Referentiel.objects.visible_to(person(request))
        .filter(rncp__in=Referentiel.objects.filter(uuid=uuid).values("rncp"))
        .select_related("published_by")
        .order_by("session_from", "edition")
    )
    referentiel = next((row for row in versions if row.uuid == uuid), None)
    if referentiel is None:
        referentiel = get_object_or_404(Referentiel.objects.none(), uuid=uuid)
    previous = presenters.version_before(referentiel, versions)
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
            "can_publish": runs_it(request),
        },
    )


@member_required
def programme_list(request: Request) -> HttpResponse:
    programmes = programmes_here(request).prefetch_related(
        Prefetch("publications", ProgrammePublication.objects.defer("context"))
    )
    return render(
        request,
        "programmes/programme_list.html",
        {"programmes": programmes, "can_edit": runs_it(request)},
    )


@member_required
def programme_detail(request: Request, uuid: UUID) -> HttpResponse:
    programme = programme_or_404(request, uuid)
    held = findings_of(programme)
    context = presenters.programme_page(programme, held)
    context |= {
        "can_edit": runs_it(request),
        "can_check": request.membership.role in (*READING_ROLES, Role.TRAINER),
        "publications": programme.publications.select_related("document", "published_by").defer(
            "context", "document__context"
        ),
    }
    return render(request, "programmes/programme_detail.html", context)
