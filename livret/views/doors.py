"""The doors without account: what a personal link opens, and what to do when it does not."""

import secrets
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.actions import invite_person
from accounts.enums import Role
from accounts.errors import DomainError
from accounts.http import Guest, Request, show_refusal
from accounts.models import User
from accounts.permissions import maitre_required, staff_required
from attendance.actions.employers import statements_of
from documents.downloads import stored_file

from .. import actions
from ..actions.links import LinkCheck
from ..enums import LinkDeed, PeriodRole
from ..forms import CompanyForm
from ..models import CompanyCorrection, LivretPeriod, PersonalLink, Proof
from ..pdf.meetings import reviews

DEVICE_COOKIE = "livret_appareil"
Response = TypeVar("Response", bound=HttpResponseBase)


@dataclass(frozen=True)
class Holder:
    """Who holds the pen: an account, or a maître through a personal link."""

    role: str | None
    user: User | None = None
    link: PersonalLink | None = None
    token: str = ""

    @property
    def who(self) -> dict[str, Any]:
        return {"by": self.user, "link": self.link}

    @property
    def person(self) -> Any:
        """Under whose name the device keeps what is typed: a later link finds it again."""
        if self.link and self.link.maitre:
            return self.link.maitre.uuid
        return self.user.uuid if self.user else ""


def device_of(request: Request) -> str:
    """The secret of this browser, given at the first page of a link."""
    return request.COOKIES.setdefault(DEVICE_COOKIE, secrets.token_urlsafe(24))


def open_link(request: Request, token: str) -> LinkCheck:
    check = actions.check_link(token=token, device=device_of(request))
    request.guest = Guest(
        check.link.cfa if check.link else None,
        "" if check.problem else reverse("livret:link_access", args=[token]),
    )
    return check


def private(request: Request, response: Response) -> Response:
    """The address is the key: no search engine may keep it (the site's policy hides it from other sites)."""
    response["X-Robots-Tag"] = "noindex"
    response.set_cookie(
        DEVICE_COOKIE,
        device_of(request),
        max_age=365 * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def dead_link(request: Request, check: LinkCheck, token: str) -> HttpResponse:
    """Why it does not open, and the way to another one."""
    email = check.link.email if check.link and check.can_renew else ""
    shown = f"{email[0]}…@{email.rsplit('@', 1)[1]}" if "@" in email else ""
    context = {"problem": check.problem, "shown": shown, "token": token}
    return private(request, render(request, "livret/link_dead.html", context, status=404))


@login_not_required
@never_cache
def link_access(request: Request, token: str) -> HttpResponse:
    """The one page of the link: the maître's apprentices, the review to sign, or the livret to read."""
    from .periods import Actor, cards_of, waiting_count

    check = open_link(request, token)
    link = check.link
    if check.problem or link is None:
        return dead_link(request, check, token)
    if link.deed == LinkDeed.REVIEW:
        return private(request, redirect("livret:link_review", token))
    if link.deed == LinkDeed.READING:
        return private(request, redirect("livret:link_reading", token))
    cards = cards_of([link.maitre], Actor(PeriodRole.MAITRE, link=link, token=token))
    if len(cards) == 1 and waiting_count(cards) and "liste" not in request.GET:
        return private(request, redirect(cards[0]["url"]))  # one thing to do: no page in between
    context = {
        "cards": cards,
        "link": link,
        "token": token,
        "waiting": waiting_count(cards),
        "statements": statements_of(link.maitre) if link.maitre else [],
    }
    return private(request, render(request, "livret/maitre_home.html", context))


@login_not_required
@never_cache
@require_POST
def link_renew(request: Request, token: str) -> HttpResponse:
    """Send a new link to the address of its person."""
    request.guest = Guest(None)
    try:
        actions.renew_link(token=token)
    except DomainError as error:
        context = {"problem": "refused", "message": error.message, "token": token}
        return private(request, render(request, "livret/link_dead.html", context, status=422))
    context = {"problem": "sent", "token": token}
    return private(request, render(request, "livret/link_dead.html", context))


@login_not_required
@never_cache
def link_reading(request: Request, token: str) -> HttpResponse:
    """The legal representative of a minor reads the periods, visits and bilans; writes nothing."""
    check = open_link(request, token)
    if check.problem or check.link is None or check.link.deed != LinkDeed.READING:
        return dead_link(request, check, token)
    livret = check.link.livret
    assert livret is not None  # a reading link has one
    periods = (
        livret.periods.filter(starts_on__lte=timezone.localdate())
        .prefetch_related(
            "positions__competence", "signatures__signature", "signatures__scan",
            "tasks__competences", "proofs",
        )
        .order_by("-number")
    )  # fmt: skip
    context = {
        "link": check.link,
        "livret": livret,
        "periods": periods,
        "reviews": [review for review in reviews(livret) if review["is_written"]],
        "token": token,
    }
    return private(request, render(request, "livret/link_reading.html", context))


@login_not_required
@never_cache
def link_proof(request: Request, token: str, uuid) -> HttpResponseBase:
    """A proof, for who may read its period through the link."""
    from .tasks import send_file

    check = open_link(request, token)
    link = check.link
    if check.problem or link is None:
        return dead_link(request, check, token)
    if link.deed == LinkDeed.OPINION:
        periods = LivretPeriod.objects.of_maitres([link.maitre_id])
    elif link.deed == LinkDeed.READING:
        periods = LivretPeriod.objects.filter(livret=link.livret)
    else:
        periods = LivretPeriod.objects.none()
    proof = get_object_or_404(Proof, uuid=uuid, period__in=periods, removed_at__isnull=True)
    return private(request, send_file(proof))


@login_not_required
@never_cache
def link_statement(request: Request, token: str, uuid) -> HttpResponseBase:
    """A monthly statement of an apprentice of the maître: what an account reads among its documents."""
    check = open_link(request, token)
    link = check.link
    if check.problem or link is None or link.maitre is None or link.deed != LinkDeed.OPINION:
        return dead_link(request, check, token)
    for paper in statements_of(link.maitre):
        if paper.document.uuid == uuid:
            document = paper.document
            file = stored_file(document.file, document.file_name, content_type="application/pdf")
            return private(request, file)
    raise Http404("Ce relevé n'est pas de vos apprentis.")


@login_not_required
@never_cache
def link_company(request: Request, token: str) -> HttpResponse:
    """The maître reads what the CFA knows of the company and says what is wrong."""
    check = open_link(request, token)
    link = check.link
    if check.problem or link is None or link.maitre is None:
        return dead_link(request, check, token)
    back = ("livret:link_access", token)
    if request.method == "POST":
        actions.bind_link(link=link, device=device_of(request))
    return private(request, _company(request, link.maitre, back, link))


@maitre_required
def maitre_company(request: Request) -> HttpResponse:
    """The same with an account."""
    maitre = (
        request.user.maitre_profiles.filter(company__cfa=request.membership.cfa)
        .select_related("company")
        .first()
    )
    if maitre is None:
        return redirect("livret:maitre_home")
    return _company(request, maitre, ("livret:maitre_home",), None)


def _company(request: Request, maitre, back, link) -> HttpResponse:
    form = CompanyForm(request.POST or None, maitre=maitre)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.correct_company(maitre=maitre, by_link=link, **form.deed())
        except DomainError as refused:
            show_refusal(form, refused)
        else:
            if made:
                messages.success(request, "Merci : le CFA vérifie et met à jour ces données.")
            else:
                messages.info(request, "Rien n'a changé : les données sont bien celles-là.")
            return redirect(*back)
    context = {
        "maitre": maitre,
        "form": form,
        "back": back,
        "asked": maitre.corrections.filter(state="asked").first(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "livret/maitre_company.html", context, status=status)


@login_not_required
@never_cache
@require_POST
def link_account(request: Request, token: str) -> HttpResponse:
    """Have an account: the invitation goes to the maître's own address and brings everything along."""
    check = open_link(request, token)
    link = check.link
    if check.problem or link is None or link.maitre is None:
        return dead_link(request, check, token)
    maitre = link.maitre
    try:
        invite_person(
            cfa=link.cfa,
            email=maitre.email,
            role=Role.MAITRE,
            first_name=maitre.first_name,
            last_name=maitre.last_name,
            by=None,
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request,
            "Un message part à votre adresse : choisissez-y un mot de passe. Vous retrouverez tout ce "
            "que vous avez écrit et signé.",
        )
    return private(request, redirect("livret:link_access", token))


@staff_required
def correction_list(request: Request) -> HttpResponse:
    """What maîtres say is wrong in the data of their companies."""
    corrections = (
        CompanyCorrection.objects.filter(company__cfa=request.membership.cfa)
        .select_related("company", "maitre", "decided_by")
        .order_by("-asked_at", "-pk")
    )
    if request.method == "POST":
        correction = get_object_or_404(corrections, uuid=request.POST.get("correction") or None)
        try:
            actions.decide_correction(
                correction=correction, accept="accept" in request.POST, by=request.user
            )
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "C'est noté.")
        return redirect("livret:correction_list")
    context = {
        "asked": corrections.filter(state="asked"),
        "decided": corrections.exclude(state="asked")[:20],
    }
    return render(request, "livret/correction_list.html", context)
