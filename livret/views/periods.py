"""A period of the livret: written, kept as it is typed, read again and signed, with or without account."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.errors import DomainError, NotAllowed
from accounts.http import Request, show_refusal
from accounts.offline import keep_on_device
from accounts.permissions import maitre_required, member_required

from .. import actions, rules
from ..enums import ActivityKind, LinkDeed, NetworkKind, PeriodRole, PeriodState
from ..forms import SectionForm
from ..maitres import Maitres
from ..meetings import meetings_of_maitre
from ..models import LivretPeriod
from ..pdf import assessed_competences
from ..pdf.livret import PERIOD_PREFETCH
from ..permissions import can_steer_livret, role_in_period
from ..selectors import taught_in
from .doors import Holder, dead_link, device_of, open_link, private
from .saving import answer, hand_of, kept_for_later, page_facts, wants_json


@dataclass(frozen=True)
class Actor(Holder):
    """Who holds the pen: an account, or a maître through a personal link."""

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
    ).prefetch_related(*PERIOD_PREFETCH)


@maitre_required
def maitre_home(request: Request) -> HttpResponse:
    """One card per apprentice, one action."""
    maitres = request.user.maitre_profiles.filter(company__cfa=request.membership.cfa)
    cards = cards_of(maitres, Actor(PeriodRole.MAITRE, user=request.user))
    meetings = meetings_of_maitre(request.user, request.membership.cfa, timezone.localdate())
    context = {
        "cards": cards,
        "waiting": waiting_count(cards) + sum(meeting.rank == 0 for meeting in meetings),
        "meetings": meetings,
    }
    return render(request, "livret/maitre_home.html", context)


def cards_of(maitres, actor: Actor) -> list[dict[str, Any]]:
    cards: dict[int, dict[str, Any]] = {}
    today = timezone.localdate()
    own = {maitre.pk for maitre in maitres}
    periods = list(_periods().of_maitres(own).filter(starts_on__lte=today))
    turns = Maitres(period.livret.enrolment for period in periods)
    for period in periods:
        card = cards.setdefault(
            period.livret_id, {"livret": period.livret, "period": None, "url": "", "past": []}
        )
        turn = turns.on(period.livret.enrolment_id, period.ends_on)
        if (
            card["period"] is None
            and rules.can_write(PeriodRole.MAITRE, period.state)
            and turn is not None
            and turn.pk in own
        ):
            card["period"], card["url"] = period, actor.url("detail", period)
        elif period.maitre_signed_at or period.closed_at:
            card["past"].append((period, actor.url("detail", period)))
    # First what can be signed now, then what can only be written.
    return sorted(cards.values(), key=lambda card: _rank(card["period"]))


def _rank(period: LivretPeriod | None) -> int:
    if period is None:
        return 2
    return 0 if rules.next_state(period.state, PeriodRole.MAITRE) else 1


def waiting_count(cards: list[dict[str, Any]]) -> int:
    return sum(_rank(card["period"]) == 0 for card in cards)


def _left_to_sign(period: LivretPeriod, actor: Actor) -> int:
    """What the maître who has just signed may sign as well, of the other apprentices too."""
    if actor.role != PeriodRole.MAITRE:
        return 0
    if actor.link or actor.user is None:
        maitres = [actor.link.maitre] if actor.link else []
    else:
        cfa = period.livret.enrolment.cohort.cfa
        maitres = list(actor.user.maitre_profiles.filter(company__cfa=cfa))
    return waiting_count(cards_of(maitres, actor))


@member_required
def period_detail(request: Request, uuid) -> HttpResponse:
    """Read a period, and write one's own section."""
    period, actor = _own_period(request, uuid)
    return _kept(request, actor, _write_page(request, period, actor))


@member_required
def period_sign(request: Request, uuid) -> HttpResponse:
    """Read again, then sign."""
    period, actor = _own_period(request, uuid)
    return _kept(request, actor, _sign_page(request, period, actor))


def _kept(request: Request, actor: Actor, response: HttpResponse) -> HttpResponse:
    """The apprentice's phone keeps the page: it opens again without network."""
    if actor.role == PeriodRole.APPRENTICE and request.method == "GET":
        keep_on_device(response, request.user)
    return response


def _own_period(request: Request, uuid) -> tuple[LivretPeriod, Actor]:
    periods = _periods().visible_to(request.user)
    cfa = request.membership.cfa
    period = get_object_or_404(periods.filter(livret__enrolment__cohort__cfa=cfa), uuid=uuid)
    return period, Actor(role_in_period(period, by=request.user), user=request.user)


@login_not_required
@never_cache
def link_detail(request: Request, token: str, uuid) -> HttpResponse:
    return _through_link(request, token, uuid, _write_page)


@login_not_required
@never_cache
def link_sign(request: Request, token: str, uuid) -> HttpResponse:
    return _through_link(request, token, uuid, _sign_page)


@login_not_required
@never_cache
def link_correction(request: Request, token: str, uuid) -> HttpResponse:
    return _through_link(request, token, uuid, _correction_page)


def _through_link(request: Request, token: str, uuid, page) -> HttpResponse:
    check = open_link(request, token)
    if check.problem or check.link is None or check.link.deed != LinkDeed.OPINION:
        if wants_json(request):
            return kept_for_later()
        return dead_link(request, check, token)
    link = check.link
    period = _periods().of_maitres([link.maitre_id]).filter(uuid=uuid).first()
    if (
        period is None
    ):  # somebody else's, or no longer one's own: the way back is the link's first page
        return dead_link(request, check, token)
    if request.method == "POST":
        actions.bind_link(link=link, device=device_of(request))
    actor = Actor(role_in_period(period, link=link), link=link, token=token)
    return private(request, page(request, period, actor))


def page_with_refused_task(request: Request, uuid, message: str) -> HttpResponse:
    """The period as it is, with the task that was refused still in its form."""
    period, actor = _own_period(request, uuid)
    return _write_page(request, period, actor, task_error=message)


def _write_page(
    request: Request, period: LivretPeriod, actor: Actor, task_error: str = ""
) -> HttpResponse:
    form = None
    if actor.role and not period.livret.sealed_at and rules.can_write(actor.role, period.state):
        bound = None if task_error else request.POST or None
        form = SectionForm(bound, period=period, role=actor.role)
    if request.method == "POST" and not task_error:
        if wants_json(request):
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
                show_refusal(form, error)
            else:
                if "sign" not in request.POST:
                    messages.success(request, "Votre partie est enregistrée.")
                    return redirect(actor.url("detail", period))
                absent = rules.missing_fields(form.role, form.values)
                if not absent:
                    return redirect(actor.url("sign", period))
                for name, label in absent.items():
                    form.add_error(name, f"Avant de signer, complétez {label}.")
    context = {
        **_period_context(request, period, actor),
        "form": form,
        "task_error": task_error,
        "task_form": request.POST if task_error else {},
        "save": page_facts(
            actor.url("detail", period),
            actor.person,
            "" if actor.link else reverse("account_login") + f"?next={request.path}",
        ),
        "can_sign": actor.role
        and not period.livret.sealed_at
        and not period.is_coming
        and rules.next_state(period.state, actor.role),
    }
    status = 422 if task_error or (form is not None and form.is_bound) else 200
    return render(request, "livret/period_detail.html", context, status=status)


def _locked_already(request: Request, period: LivretPeriod, actor: Actor) -> HttpResponse:
    """A form sent after the signature (another window, the back button): say so, write nothing."""
    if actor.role is None:
        raise NotAllowed(actions.NOT_YOUR_PERIOD)
    messages.error(request, actions.SIGNED)
    return redirect(actor.url("detail", period))


def _save_field(
    request: Request, period: LivretPeriod, actor: Actor, form: SectionForm | None
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

    def save() -> str:
        if competence := form.competences.get(name):
            actions.save_section(period=period, values={}, levels={competence: value}, **actor.who)
            return value
        seen = {name: request.POST.get("seen", "")}
        fresh = actions.save_section(period=period, values={name: value}, seen=seen, **actor.who)
        return getattr(fresh, name)

    return answer(save)


def _period_context(request: Request, period: LivretPeriod, actor: Actor) -> dict[str, Any]:
    if actor.link:
        back = reverse("livret:link_access", args=[actor.token]) + "?liste=1"
    elif actor.role == PeriodRole.MAITRE:
        back = reverse("livret:maitre_home")
    elif actor.role == PeriodRole.APPRENTICE:
        back = reverse("livret:my_livret")
    else:
        back = reverse("livret:livret_detail", args=[period.livret.uuid])
    writes = (
        actor.role == PeriodRole.APPRENTICE
        and period.state == PeriodState.DRAFT
        and not period.livret.sealed_at
    )
    return {
        "period": period,
        "role": actor.role,
        "back": back,
        "sign_url": actor.url("sign", period),
        "correction_url": actor.url("correction", period),
        "writes_tasks": writes,
        "choices": task_choices(period) if writes else {},
        "token": actor.token,
        "steers": actor.user is not None and can_steer_livret(actor.user, period.livret),
        "taught": taught_in(period.livret.enrolment, period.starts_on, period.ends_on),
        "detail_url": actor.url("detail", period),
    }


@member_required
def period_correction(request: Request, uuid) -> HttpResponse:
    """Ask for a correction, with a note."""
    return _correction_page(request, *_own_period(request, uuid))


def _correction_page(request: Request, period: LivretPeriod, actor: Actor) -> HttpResponse:
    if actor.role is None:
        raise NotAllowed(actions.NOT_YOUR_PERIOD)
    error, note = "", request.POST.get("note", "")
    if request.method == "POST":
        try:
            actions.ask_correction(period=period, note=note, **actor.who)
        except DomainError as refused:
            error = refused.message
        else:
            messages.success(request, "Correction demandée : votre note est en tête de la période.")
            return redirect(actor.url("detail", period))
    context = {**_period_context(request, period, actor), "error": error, "note": note}
    return render(request, "livret/period_correction.html", context, status=422 if error else 200)


def task_choices(period: LivretPeriod) -> dict[str, Any]:
    """What the form of a task offers."""
    livret = period.livret
    return {
        "kinds": ActivityKind.choices,
        "networks": NetworkKind.choices,
        "competences": assessed_competences(livret.enrolment),
        "planned": livret.plan_tasks.filter(removed_at__isnull=True),
        "today": min(timezone.localdate(), period.ends_on),
    }


def _sign_page(request: Request, period: LivretPeriod, actor: Actor) -> HttpResponse:
    if actor.role is None:
        raise NotAllowed(actions.NOT_YOUR_PERIOD)
    if request.method == "GET" and not rules.next_state(period.state, actor.role):
        return redirect(actor.url("detail", period))
    error = ""
    if request.method == "POST":
        if any(row.role == actor.role for row in period.current_signatures):
            # A double click, the back button, a second window: the first signature counted.
            messages.info(request, "Votre signature était déjà enregistrée.")
            return redirect(actor.url("detail", period))
        try:
            actions.sign_period(
                period=period,
                role=actor.role,
                **hand_of(request),
                **actor.who,
            )
        except DomainError as refused:
            error = refused.message
        else:
            said = "Merci, votre signature est enregistrée."
            left = _left_to_sign(period, actor)
            if left:
                messages.success(request, f"{said} À signer encore : {left}.")
                return redirect(_period_context(request, period, actor)["back"])
            messages.success(
                request, said + (" Vous pouvez fermer cette page." if actor.link else "")
            )
            return redirect(actor.url("detail", period))
    context = {**_period_context(request, period, actor), "seen": period.digest(), "error": error}
    return render(request, "livret/period_sign.html", context, status=422 if error else 200)
