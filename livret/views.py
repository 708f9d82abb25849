"""The pages of the livret: lists, one livret, a period to write and sign, personal links, documents."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.enums import READING_ROLES, Role
from accounts.errors import DomainError
from accounts.models import User
from accounts.permissions import (
    apprentice_required,
    maitre_required,
    member_required,
    role_required,
    staff_required,
)
from apprentices.gauge import Gauge
from apprentices.models import Cohort, Enrolment, MaitreApprentissage
from attendance.selectors import hours_of

from . import actions, rules
from .enums import PeriodRole
from .forms import SectionForm
from .models import ApprenticeDocument, Livret, LivretPeriod, PersonalLink
from .pdf import contract_of, official_blocs
from .permissions import can_open_livret, role_in_period

list_required = role_required(*READING_ROLES, Role.TRAINER, Role.MAITRE)


@dataclass(frozen=True)
class Actor:
    """Who holds the pen: an account, or a maître through a personal link."""

    role: str | None
    user: User | None = None
    link: PersonalLink | None = None
    token: str = ""

    @property
    def who(self) -> dict[str, Any]:
        return {"by": self.user, "link": self.link}

    def url(self, name: str, period: LivretPeriod) -> str:
        if self.link:
            return reverse(f"livret:link_{name}", args=[self.token, period.uuid])
        return reverse(f"livret:period_{name}", args=[period.uuid])


def _periods():
    return LivretPeriod.objects.select_related(
        "livret__enrolment__apprentice",
        "livret__enrolment__tutor",
        "livret__enrolment__cohort__cfa",
        "livret__enrolment__cohort__programme",
    ).prefetch_related("positions__competence", "signatures__signature")


@list_required
def livret_list(request: HttpRequest) -> HttpResponse:
    """The livrets of the centre, by cohort, with their state and who is late."""
    if request.membership.role == Role.MAITRE:
        return redirect("livret:maitre_home")
    cfa = request.membership.cfa
    cohorts = Cohort.objects.visible_to(request.user).filter(cfa=cfa)
    chosen = cohorts.filter(uuid=_uuid(request.GET.get("promotion"))).first() or cohorts.first()
    enrolments = (
        Enrolment.objects.visible_to(request.user)
        .filter(cohort=chosen)
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
    context = {"cohorts": cohorts, "chosen": chosen, "rows": rows}
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
        "periods": livret.periods.prefetch_related("signatures__signature"),
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


@maitre_required
def maitre_home(request: HttpRequest) -> HttpResponse:
    """One card per apprentice, one action."""
    maitres = request.user.maitre_profiles.filter(company__cfa=request.membership.cfa)
    cards = _cards(maitres, Actor(PeriodRole.MAITRE, user=request.user))
    return render(request, "livret/maitre_home.html", {"cards": cards})


def _cards(maitres, actor: Actor) -> list[dict[str, Any]]:
    cards: dict[int, dict[str, Any]] = {}
    today = timezone.localdate()
    for maitre in maitres:
        for period in _periods().of_maitre(maitre).filter(starts_on__lte=today):
            card = cards.setdefault(
                period.livret_id,
                {"livret": period.livret, "period": None, "url": "", "past": []},
            )
            if card["period"] is None and rules.can_write(PeriodRole.MAITRE, period.state):
                card["period"], card["url"] = period, actor.url("detail", period)
            elif period.maitre_signed_at:
                card["past"].append((period, actor.url("detail", period)))
    return list(cards.values())


@member_required
def period_detail(request: HttpRequest, uuid) -> HttpResponse:
    """Read a period, and write one's own section."""
    return _write_page(request, *_own_period(request, uuid))


@member_required
def period_sign(request: HttpRequest, uuid) -> HttpResponse:
    """Read again, then sign."""
    return _sign_page(request, *_own_period(request, uuid))


def _own_period(request: HttpRequest, uuid) -> tuple[LivretPeriod, Actor]:
    periods = _periods().visible_to(request.user)
    cfa = request.membership.cfa
    period = get_object_or_404(periods.filter(livret__enrolment__cohort__cfa=cfa), uuid=uuid)
    return period, Actor(role_in_period(period, by=request.user), user=request.user)


@login_not_required
@never_cache
def link_access(request: HttpRequest, token: str) -> HttpResponse:
    """The maître's home by personal link."""
    link = actions.use_link(token=token)
    if link is None:
        return _dead_link(request)
    cards = _cards([link.maitre], Actor(PeriodRole.MAITRE, link=link, token=token))
    context = {"cards": cards, "link": link}
    return _private(render(request, "livret/maitre_home.html", context))


@login_not_required
@never_cache
def link_detail(request: HttpRequest, token: str, uuid) -> HttpResponse:
    return _through_link(request, token, uuid, _write_page)


@login_not_required
@never_cache
def link_sign(request: HttpRequest, token: str, uuid) -> HttpResponse:
    return _through_link(request, token, uuid, _sign_page)


def _through_link(request: HttpRequest, token: str, uuid, page) -> HttpResponse:
    link = actions.use_link(token=token)
    if link is None:
        return _dead_link(request)
    period = get_object_or_404(_periods().of_maitre(link.maitre), uuid=uuid)
    actor = Actor(PeriodRole.MAITRE, link=link, token=token)
    return _private(page(request, period, actor))


def _dead_link(request: HttpRequest) -> HttpResponse:
    return _private(render(request, "livret/link_dead.html", status=404))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the key: no other site may learn it, no search engine keep it."""
    response["Referrer-Policy"] = "no-referrer" if response.status_code == 404 else "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _write_page(request: HttpRequest, period: LivretPeriod, actor: Actor) -> HttpResponse:
    form = None
    if actor.role and rules.can_write(actor.role, period.state):
        fields = rules.SECTIONS[actor.role]
        form = SectionForm(request.POST or None, period=period, role=actor.role, fields=fields)
    if request.method == "POST":
        if form is None:
            return HttpResponse(render(request, "403.html").content, status=403)
        if form.is_valid():
            try:
                actions.save_section(
                    period=period, values=form.values, levels=form.levels, **actor.who
                )
            except DomainError as error:
                form.add_error(error.field or None, error.message)
            else:
                messages.success(request, "Votre partie est enregistrée.")
                page = "sign" if "sign" in request.POST else "detail"
                return redirect(actor.url(page, period))
    context = {
        **_period_context(period, actor),
        "form": form,
        "can_sign": actor.role and rules.next_state(period.state, actor.role),
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "livret/period_detail.html", context, status=status)


def _period_context(period: LivretPeriod, actor: Actor) -> dict[str, Any]:
    if actor.link:
        back = reverse("livret:link_access", args=[actor.token])
    elif actor.role == PeriodRole.MAITRE:
        back = reverse("livret:maitre_home")
    elif actor.role == PeriodRole.APPRENTICE:
        back = reverse("livret:my_livret")
    else:
        back = reverse("livret:livret_detail", args=[period.livret.uuid])
    return {
        "period": period,
        "role": actor.role,
        "back": back,
        "sign_url": actor.url("sign", period),
        "detail_url": actor.url("detail", period),
    }


def _sign_page(request: HttpRequest, period: LivretPeriod, actor: Actor) -> HttpResponse:
    if actor.role is None:
        return HttpResponse(render(request, "403.html").content, status=403)
    if request.method == "GET" and not rules.next_state(period.state, actor.role):
        return redirect(actor.url("detail", period))
    error = ""
    if request.method == "POST":
        try:
            actions.sign_period(
                period=period,
                role=actor.role,
                strokes=_strokes(request.POST.get("strokes", "")),
                typed_name=request.POST.get("typed_name", ""),
                seen=request.POST.get("seen", ""),
                user_agent=request.headers.get("User-Agent", ""),
                ip=request.META.get("REMOTE_ADDR") or None,
                **actor.who,
            )
        except DomainError as refused:
            error = refused.message
        else:
            messages.success(request, "Merci, votre signature est enregistrée.")
            return redirect(actor.url("detail", period))
    context = {**_period_context(period, actor), "seen": period.digest(), "error": error}
    return render(request, "livret/period_sign.html", context, status=422 if error else 200)


def _strokes(text: str) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return "illisible"


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
                for link in maitre.links.filter(revoked_at__isnull=True):
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
