"""A period of the livret: written, kept as it is typed, read again and signed, with or without account."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.errors import DomainError
from accounts.models import User
from accounts.permissions import maitre_required, member_required

from . import actions, rules
from .enums import PeriodRole
from .forms import SectionForm
from .models import LivretPeriod, PersonalLink
from .permissions import role_in_period


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


@maitre_required
def maitre_home(request: HttpRequest) -> HttpResponse:
    """One card per apprentice, one action."""
    maitres = request.user.maitre_profiles.filter(company__cfa=request.membership.cfa)
    cards = _cards(maitres, Actor(PeriodRole.MAITRE, user=request.user))
    return render(request, "livret/maitre_home.html", {"cards": cards, "waiting": _waiting(cards)})


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
    # First what can be signed now, then what can only be written.
    return sorted(cards.values(), key=lambda card: _rank(card["period"]))


def _rank(period: LivretPeriod | None) -> int:
    if period is None:
        return 2
    return 0 if rules.next_state(period.state, PeriodRole.MAITRE) else 1


def _waiting(cards: list[dict[str, Any]]) -> int:
    return sum(_rank(card["period"]) == 0 for card in cards)


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
    context = {"cards": cards, "link": link, "waiting": _waiting(cards)}
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
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"state": "error", "message": actions.BAD_LINK}, status=403)
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
    alone = "application/json" in request.headers.get("Accept", "")
    form = None
    if actor.role and rules.can_write(actor.role, period.state):
        form = SectionForm(request.POST or None, period=period, role=actor.role)
    if request.method == "POST":
        if alone:
            return _save_field(request, period, actor, form)
        if form is None:
            return _locked_already(request, period, actor)
        if form.is_valid():
            try:
                actions.save_section(
                    period=period,
                    values=form.values,
                    levels=form.levels,
                    seen=form.seen,
                    **actor.who,
                )
            except rules.Changed as error:
                again = "Relisez votre saisie, puis enregistrez de nouveau pour la garder."
                form.add_error(error.field, f"{error.message} {again}")
                period.refresh_from_db()
            except DomainError as error:
                form.add_error(error.field or None, error.message)
            else:
                messages.success(request, "Votre partie est enregistrée.")
                page = "sign" if "sign" in request.POST else "detail"
                return redirect(actor.url(page, period))
    context = {
        **_period_context(period, actor),
        "form": form,
        "save": {
            "url": actor.url("detail", period),
            "person": actor.link.uuid if actor.link else request.user.uuid,
            "cookie": settings.CSRF_COOKIE_NAME,
            "login": "" if actor.link else reverse("account_login") + f"?next={request.path}",
        },
        "can_sign": actor.role
        and not period.is_coming
        and rules.next_state(period.state, actor.role),
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "livret/period_detail.html", context, status=status)


def _locked_already(request: HttpRequest, period: LivretPeriod, actor: Actor) -> HttpResponse:
    """A form sent after the signature (another window, the back button): say so, write nothing."""
    if actor.role is None:
        return HttpResponse(render(request, "403.html").content, status=403)
    messages.error(request, actions.SIGNED)
    return redirect(actor.url("detail", period))


def _save_field(
    request: HttpRequest, period: LivretPeriod, actor: Actor, form: SectionForm | None
) -> JsonResponse:
    """Save one field of one's section; the page shows what became of it."""
    name, value = request.POST.get("name", ""), request.POST.get("value", "")
    if form is None:
        message = (
            actions.SIGNED if actor.role else "Cette partie est écrite par une autre personne."
        )
        return JsonResponse({"state": "error", "message": message}, status=403)
    if name not in form.fields:
        return JsonResponse({"state": "error", "message": "Champ inconnu."}, status=400)
    try:
        if competence := form.competences.get(name):
            actions.save_section(period=period, values={}, levels={competence: value}, **actor.who)
            kept = value
        else:
            seen = {name: request.POST.get("seen", "")}
            fresh = actions.save_section(
                period=period, values={name: value}, seen=seen, **actor.who
            )
            kept = getattr(fresh, name)
    except rules.Changed as error:
        body = {"state": "conflict", "message": error.message, "current": error.current}
        return JsonResponse(body, status=409)
    except DomainError as error:
        return JsonResponse({"state": "error", "message": error.message}, status=422)
    return JsonResponse({"state": "saved", "value": kept})


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
        if period.signatures.filter(role=actor.role).exists():
            # A double click, the back button, a second window: the first signature counted.
            messages.info(request, "Votre signature était déjà enregistrée.")
            return redirect(actor.url("detail", period))
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
