"""The pages of the livret: the list, one livret, one's own, the personal links of a maître."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.enums import READING_ROLES, Role
from accounts.errors import DomainError
from accounts.permissions import (
    apprentice_required,
    member_required,
    role_required,
    staff_required,
)
from apprentices.gauge import Gauge
from apprentices.models import Cohort, Enrolment, MaitreApprentissage
from attendance.selectors import hours_of

from .. import actions
from ..models import ApprenticeDocument, Livret, LivretPeriod
from ..pdf import contract_of, official_blocs
from ..permissions import can_open_livret

list_required = role_required(*READING_ROLES, Role.TRAINER, Role.MAITRE)


@list_required
def livret_list(request: HttpRequest) -> HttpResponse:
    """The livrets of the centre, by cohort, with their state and who is late."""
    if request.membership.role == Role.MAITRE:
        return redirect("livret:maitre_home")
    cfa = request.membership.cfa
    cohorts = Cohort.objects.visible_to(request.user).filter(cfa=cfa)
    only_late = request.GET.get("retard") == "1"
    chosen = cohorts.filter(uuid=_uuid(request.GET.get("promotion"))).first()
    if chosen is None and not only_late:  # who is late is asked of the whole centre
        chosen = cohorts.first()
    enrolments = (
        Enrolment.objects.visible_to(request.user)
        .filter(**({"cohort": chosen} if chosen else {"cohort__in": cohorts}))
        .select_related("apprentice", "livret", "tutor")
        .prefetch_related(Prefetch("livret__periods", LivretPeriod.objects.order_by("number")))
    )
    today = timezone.localdate()
    rows = []
    for enrolment in enrolments:
        livret = getattr(enrolment, "livret", None)
        periods = list(livret.periods.all()) if livret else []
        started = [p for p in periods if p.starts_on <= today]
        rows.append(
            {
                "enrolment": enrolment,
                "livret": livret,
                "closed": sum(p.closed_at is not None for p in periods),
                "total": len(periods),
                "current": next((p for p in started if not p.closed_at), None),
                "late": sum(p.is_late for p in periods),
            }
        )
    if only_late:
        rows = [row for row in rows if row["late"]]
    context = {"cohorts": cohorts, "chosen": chosen, "rows": rows, "only_late": only_late}
    return render(request, "livret/livret_list.html", context)


def _uuid(text: str | None):
    from uuid import UUID

    try:
        return UUID(text or "")
    except ValueError:
        return None


@member_required
def livret_detail(request: HttpRequest, uuid) -> HttpResponse:
    """Everything of one livret that this person may read; CCF marks are never here."""
    livrets = Livret.objects.visible_to(request.user).filter(
        enrolment__cohort__cfa=request.membership.cfa
    )
    livret = get_object_or_404(
        livrets.select_related(
            "enrolment__apprentice",
            "enrolment__tutor",
            "enrolment__cohort__cfa",
            "enrolment__cohort__programme__referentiel",
        ),
        uuid=uuid,
    )
    return render(request, "livret/livret_detail.html", _livret_context(livret))


def _livret_context(livret: Livret) -> dict[str, Any]:
    enrolment = livret.enrolment
    hours = hours_of([enrolment], timezone.localdate())[enrolment.pk]
    sessions = enrolment.cohort.sessions.planned().filter(date__gte=timezone.localdate())
    documents = ApprenticeDocument.objects.filter(enrolment=enrolment)
    return {
        "livret": livret,
        "enrolment": enrolment,
        "contract": contract_of(enrolment),
        "blocs": official_blocs(enrolment),
        "periods": livret.periods.prefetch_related("signatures__signature", "signatures__scan"),
        "gauge": Gauge("Heures de formation", hours.present, hours.planned, hours.minimum),
        "sessions": sessions.select_related("subject")[:6],
        "documents": documents.select_related("document")[:10],
    }


@require_POST
@role_required(Role.ADMIN, Role.STAFF, Role.TRAINER)
def livret_open(request: HttpRequest, uuid) -> HttpResponse:
    """Open the livret of an enrolment."""
    enrolment = get_object_or_404(
        Enrolment.objects.visible_to(request.user).filter(cohort__cfa=request.membership.cfa),
        uuid=uuid,
    )
    if not can_open_livret(request.user, enrolment):
        return HttpResponse(render(request, "403.html").content, status=403)
    try:
        livret = actions.open_livret(enrolment=enrolment, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("livret:livret_list")
    return redirect("livret:livret_detail", livret.uuid)


@apprentice_required
def my_livret(request: HttpRequest) -> HttpResponse:
    """The apprentice's own livret on the phone: what is missing, then each period."""
    livret = (
        Livret.objects.filter(
            enrolment__apprentice__user=request.user,
            enrolment__cohort__cfa=request.membership.cfa,
        )
        .select_related(
            "enrolment__apprentice",
            "enrolment__tutor",
            "enrolment__cohort__cfa",
            "enrolment__cohort__programme__referentiel",
        )
        .order_by("-opened_at")
        .first()
    )
    context = _livret_context(livret) if livret else {}
    if livret:
        today = timezone.localdate()
        context["todo"] = livret.periods.filter(state="draft", starts_on__lte=today)
    return render(request, "livret/my_livret.html", context)


@staff_required
def maitre_invite(request: HttpRequest, uuid) -> HttpResponse:
    """Send, renew or revoke a maître's personal link."""
    maitre = get_object_or_404(
        MaitreApprentissage.objects.visible_to(request.user)
        .filter(company__cfa=request.membership.cfa)
        .select_related("company"),
        uuid=uuid,
    )
    error = ""
    if request.method == "POST":
        try:
            if "revoke" in request.POST:
                for link in maitre.links.filter(revoked_at__isnull=True, replaced_at__isnull=True):
                    actions.revoke_link(link=link, by=request.user)
                messages.success(request, "Le lien est révoqué : il ne s'ouvre plus.")
            else:
                actions.invite_maitre(maitre=maitre, by=request.user)
                messages.success(request, f"Un lien personnel part à {maitre.email}.")
            return redirect("livret:maitre_invite", maitre.uuid)
        except DomainError as refused:
            error = refused.message
    context = {
        "maitre": maitre,
        "links": maitre.links.all()[:10],
        "error": error,
        "now": timezone.now(),
    }
    return render(request, "livret/maitre_invite.html", context, status=422 if error else 200)
