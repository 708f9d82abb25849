"""The pages of the livret: one livret, one's own, the personal links of a maître."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.enums import Role
from accounts.errors import DomainError
from accounts.http import Request
from accounts.models import User
from accounts.offline import keep_on_device
from accounts.permissions import (
    apprentice_required,
    member_required,
    role_required,
    staff_required,
)
from apprentices.gauge import Gauge
from apprentices.models import Enrolment, MaitreApprentissage
from attendance.selectors import hours_of

from .. import actions
from ..enums import PeriodRole, ReviewKind
from ..models import ApprenticeDocument, Commitment, Livret
from ..pdf import contract_of, official_blocs
from ..permissions import can_seal_livret, can_steer_livret


@member_required
def livret_detail(request: Request, uuid) -> HttpResponse:
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
    extra = {
        "seals": can_seal_livret(request.user, livret),
        "minor": livret.enrolment.apprentice.is_minor_on(timezone.localdate()),
    }
    return render(
        request, "livret/livret_detail.html", _livret_context(livret, request.user) | extra
    )


def _livret_context(livret: Livret, user: User) -> dict[str, Any]:
    enrolment = livret.enrolment
    hours = hours_of([enrolment], timezone.localdate())[enrolment.pk]
    sessions = enrolment.cohort.sessions.planned().filter(date__gte=timezone.localdate())
    documents = ApprenticeDocument.objects.filter(enrolment=enrolment)
    return {
        "livret": livret,
        "enrolment": enrolment,
        "contract": contract_of(enrolment),
        "blocs": official_blocs(enrolment),
        "reviews": livret.reviews.standing()
        .order_by("planned_on", "pk")
        .prefetch_related("signatures"),
        "review_kinds": ReviewKind.choices,
        "steers": can_steer_livret(user, livret),
        "commitments": Commitment.objects.filter(review__livret=livret, state="open")
        .exclude(review__state__in=("replaced", "cancelled"))
        .order_by("due_on", "pk"),
        "periods": livret.periods.prefetch_related("signatures__signature", "signatures__scan"),
        "gauge": Gauge("Heures de formation", hours.present, hours.planned, hours.minimum),
        "sessions": sessions.select_related("subject")[:6],
        "documents": documents.select_related("document")[:10],
    }


@require_POST
@role_required(Role.ADMIN, Role.STAFF, Role.TRAINER)
def livret_open(request: Request, uuid) -> HttpResponse:
    """Open the livret of an enrolment."""
    enrolment = get_object_or_404(
        Enrolment.objects.visible_to(request.user).filter(cohort__cfa=request.membership.cfa),
        uuid=uuid,
    )
    try:
        livret = actions.open_livret(enrolment=enrolment, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("livret:livret_list")
    return redirect("livret:livret_detail", livret.uuid)


@apprentice_required
def my_livret(request: Request) -> HttpResponse:
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
    context = _livret_context(livret, request.user) if livret else {}
    if livret:
        today = timezone.localdate()
        context["to_sign"] = [
            review for review in context["reviews"] if review.awaited == PeriodRole.APPRENTICE
        ]
        context["past"] = (
            Livret.objects.filter(enrolment__apprentice__user=request.user)
            .exclude(pk=livret.pk)
            .select_related("enrolment__cohort")
        )
        context["todo"] = livret.periods.filter(state="draft", starts_on__lte=today)
    return keep_on_device(render(request, "livret/my_livret.html", context), request.user)


@staff_required
def maitre_invite(request: Request, uuid) -> HttpResponse:
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


@require_POST
@staff_required
def livret_seal(request: Request, uuid) -> HttpResponse:
    """Freeze the livret at the end of the course."""
    livret = get_object_or_404(
        Livret.objects.visible_to(request.user).filter(
            enrolment__cohort__cfa=request.membership.cfa
        ),
        uuid=uuid,
    )
    try:
        actions.seal_livret(
            livret=livret, early_reason=request.POST.get("reason", ""), by=request.user
        )
        messages.success(request, "Le livret est scellé ; son PDF se prépare.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("livret:livret_detail", livret.uuid)


@require_POST
@role_required(Role.ADMIN, Role.STAFF, Role.TRAINER)
def representative_invite(request: Request, uuid) -> HttpResponse:
    """Open the reading of the livret to the legal representative of a minor."""
    livret = get_object_or_404(
        Livret.objects.visible_to(request.user).filter(
            enrolment__cohort__cfa=request.membership.cfa
        ),
        uuid=uuid,
    )
    try:
        link = actions.invite_representative(livret=livret, by=request.user)
        messages.success(request, f"Un lien de lecture part à {link.email}.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("livret:livret_detail", livret.uuid)
