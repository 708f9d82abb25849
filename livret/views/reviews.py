"""Plan, visits and bilans on the screen: written by the three, put to the signature, signed, refused."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.errors import DomainError, NotAllowed
from accounts.http import Request
from accounts.permissions import member_required, team_required
from documents.storing import all_or_nothing

from .. import actions, rules
from ..enums import (
    CommitmentState,
    LinkDeed,
    PeriodRole,
    ReviewKind,
    ReviewMode,
    ReviewState,
)
from ..models import Commitment, Livret, Review
from ..permissions import can_steer_livret, role_in_review
from ..rules import reviews as flow
from .doors import Holder, dead_link, device_of, open_link, private
from .saving import answer, hand_of, kept_for_later, page_facts, wants_json
from .tasks import BY_HAND, refuse_what_is_too_big, scan_from


@dataclass(frozen=True)
class Pen(Holder):
    """Who is at the review: an account, or a maître through the link of this review."""

    def url(self, review: Review) -> str:
        if self.link:
            return reverse("livret:link_review", args=[self.token])
        return reverse("livret:review_detail", args=[review.uuid])


def _reviews():
    return Review.objects.select_related(
        "livret__enrolment__apprentice",
        "livret__enrolment__tutor",
        "livret__enrolment__cohort__cfa",
        "livret__enrolment__cohort__programme",
        "replaces",
        "replaced_by",
        "period",
    ).prefetch_related("sections", "signatures__signature", "signatures__scan", "commitments")


def _own(request: Request, uuid) -> tuple[Review, Pen]:
    reviews = _reviews().visible_to(request.user)
    cfa = request.membership.cfa
    review = get_object_or_404(reviews.filter(livret__enrolment__cohort__cfa=cfa), uuid=uuid)
    return review, Pen(role_in_review(review, by=request.user), user=request.user)


@member_required
def review_detail(request: Request, uuid) -> HttpResponse:
    """Read a review; write one's sections; sign, or ask for a correction."""
    return _page(request, *_own(request, uuid))


@login_not_required
@never_cache
def link_review(request: Request, token: str) -> HttpResponse:
    """The same for a maître without account: this review, in its latest version, and nothing else."""
    check = open_link(request, token)
    link = check.link
    if check.problem or link is None or link.deed != LinkDeed.REVIEW or link.review is None:
        if wants_json(request):
            return kept_for_later()
        return dead_link(request, check, token)
    review = (
        _reviews()
        .of_maitres([link.maitre_id])
        .filter(livret=link.review.livret_id, kind=link.review.kind, number=link.review.number)
        .order_by("-version")
        .first()
    )
    if review is None:
        return dead_link(request, check, token)
    if request.method == "POST":
        actions.bind_link(link=link, device=device_of(request))
    pen = Pen(role_in_review(review, link=link), link=link, token=token)
    return private(request, _page(request, review, pen))


def _page(request: Request, review: Review, pen: Pen) -> HttpResponse:
    error, status = "", 200
    if request.method == "POST":
        if wants_json(request):
            return _save_one(request, review, pen)
        try:
            done = _deed(request, review, pen)
        except DomainError as refused:
            error, status = refused.message, 422
        else:
            return redirect(done)
        review = _reviews().get(pk=review.pk)
    return render(
        request, "livret/review_detail.html", _context(request, review, pen, error), status=status
    )


def _deed(request: Request, review: Review, pen: Pen) -> str:
    """The deed of the button that was pressed; gives the address to go to."""
    data, user = request.POST, pen.user
    here = pen.url(review)
    deed = data.get("deed", "save")
    if deed == "sign":
        actions.sign_review(
            review=review,
            **hand_of(request),
            **pen.who,
        )
        messages.success(request, "Merci, votre signature est enregistrée.")
        return here
    if deed == "refuse":
        fresh = actions.refuse_review(review=review, note=data.get("note", ""), **pen.who)
        messages.success(
            request, "Correction demandée : le tuteur reprend le texte avec votre note."
        )
        return pen.url(fresh)
    if deed == "save":
        _save_all(request, review, pen)
        messages.success(request, "Enregistré.")
        return here
    if user is None:
        raise NotAllowed("Ce lien ne permet pas cela.")
    if deed == "open":
        actions.open_review(review=review, by=user)
    elif deed == "commitment":
        actions.add_commitment(
            review=review,
            who=data.get("who", ""),
            text=data.get("text", ""),
            due_on=_day(data.get("due_on", "")),
            by=user,
        )
    elif deed == "commitment-remove":
        commitment = get_object_or_404(review.commitments, uuid=data.get("commitment") or None)
        actions.remove_commitment(commitment=commitment, by=user)
    elif deed == "settle":
        commitment = get_object_or_404(
            Commitment, review__livret=review.livret, uuid=data.get("commitment") or None
        )
        actions.settle_commitment(
            review=review,
            commitment=commitment,
            state=data.get("state", ""),
            note=data.get("note", ""),
            by=user,
        )
    elif deed == "submit":
        _save_all(request, review, pen)
        actions.submit_review(review=review, by=user)
        messages.success(request, "Le texte est figé et mis à la signature.")
    elif deed == "correct":
        fresh = actions.correct_review(
            review=review,
            signers=data.getlist("signers"),
            reason=data.get("reason", ""),
            by=user,
        )
        messages.success(
            request, "Une nouvelle version est ouverte ; la version signée est gardée."
        )
        return pen.url(fresh)
    elif deed == "cancel":
        actions.cancel_review(review=review, reason=data.get("reason", ""), by=user)
        messages.success(request, "La rencontre est annulée.")
        return reverse("livret:livret_detail", args=[review.livret.uuid])
    elif deed == "link":
        link = actions.invite_to_review(review=review, by=user)
        messages.success(request, f"Un lien personnel part à {link.email}.")
    else:
        raise DomainError("Cette action n'existe pas.")
    return here


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _save_all(request: Request, review: Review, pen: Pen) -> None:
    data = request.POST
    keys = [section.key for section in rules.FORMS[review.kind].sections]
    texts = {key: data[f"text-{key}"] for key in keys if f"text-{key}" in data}
    seen = {key: data[f"seen-text-{key}"] for key in texts if f"seen-text-{key}" in data}
    fields: dict[str, Any] = {}
    if pen.role == PeriodRole.TUTOR and "held_on" in data:
        fields = {
            "held_on": _day(data["held_on"]),
            "next_on": _day(data.get("next_on", "")),
            "mode": data.get("mode", review.mode),
            "participants": data.get("participants", ""),
            "signers": data.getlist("signers") or review.signers,
        }
    actions.save_review(review=review, texts=texts, seen=seen, fields=fields, **pen.who)


def _save_one(request: Request, review: Review, pen: Pen) -> JsonResponse:
    """Save one field as it is typed."""
    name, value = request.POST.get("name", ""), request.POST.get("value", "")
    key = name.removeprefix("text-")
    if not name.startswith("text-"):
        return JsonResponse({"state": "error", "message": "Champ inconnu."}, status=400)

    def save() -> str:
        seen = {key: request.POST.get("seen", "")}
        fresh = actions.save_review(review=review, texts={key: value}, seen=seen, **pen.who)
        kept = fresh.sections.filter(key=key).first()
        return kept.text if kept else ""

    return answer(save)


def _context(request: Request, review: Review, pen: Pen, error: str) -> dict[str, Any]:
    texts = {section.key: section for section in review.sections.all()}
    posted = request.POST if error else {}
    sections = [
        {
            "section": section,
            "name": f"text-{section.key}",
            "text": posted.get(
                f"text-{section.key}", texts[section.key].text if section.key in texts else ""
            ),
            "seen": texts[section.key].text if section.key in texts else "",
            "by": texts[section.key].written_by if section.key in texts else "",
            "mine": pen.role is not None
            and flow.can_write_section(review.kind, section.key, pen.role, review.state),
        }
        for section in rules.FORMS[review.kind].sections
    ]
    keeper = pen.user is not None and can_steer_livret(pen.user, review.livret)
    open_ones = Commitment.objects.filter(review__livret=review.livret).exclude(review=review)
    open_ones = open_ones.exclude(review__state=ReviewState.REPLACED).select_related("review")
    earlier = open_ones.filter(state=CommitmentState.OPEN) | open_ones.filter(settled_in=review)
    plan = review.livret.plan_tasks.filter(removed_at__isnull=True)
    return {
        "review": review,
        "role": pen.role,
        "pen": pen,
        "token": pen.token,
        "sections": sections,
        "keeper": keeper,
        "writes": any(section["mine"] for section in sections),
        "form": rules.FORMS[review.kind],
        "earlier": earlier.distinct() if review.state == ReviewState.WRITING else [],
        "plan": plan.prefetch_related("competences") if review.kind == ReviewKind.PLAN else [],
        "can_sign": pen.role is not None and review.awaited == pen.role,
        "can_refuse": review.state == ReviewState.SIGNING and pen.role in review.signers,
        "seen": review.digest() if review.state == ReviewState.SIGNING else "",
        "signers": [PeriodRole(role) for role in review.signers],
        "roles": PeriodRole.choices,
        "modes": ReviewMode.choices,
        "ends": [c for c in CommitmentState.choices if c[0] != "open"],
        "today": timezone.localdate(),
        "error": error,
        "posted": posted,
        "back": reverse("livret:link_access", args=[pen.token])
        if pen.link
        else reverse("livret:livret_detail", args=[review.livret.uuid]),
        "save": page_facts(
            pen.url(review),
            pen.person,
            "" if pen.link else reverse("account_login") + f"?next={request.path}",
        ),
    }


@refuse_what_is_too_big
@team_required
def review_by_hand(request: Request, uuid) -> HttpResponse:
    """Record a signature given on the printed page, with its scan."""
    review, pen = _own(request, uuid)
    if pen.user is None or not can_steer_livret(pen.user, review.livret):
        raise NotAllowed(actions.NOT_BY_HAND)
    error = ""
    if request.method == "POST":
        try:
            if "print" in request.POST:
                document = actions.print_review(review=review, by=pen.user)
                return redirect("documents:document_detail", document.uuid)
            with all_or_nothing():  # no scan without what it signs
                signed = actions.sign_review_by_hand(
                    review=review,
                    role=request.POST.get("role", ""),
                    scan=scan_from(request),
                    printed=request.POST.get("printed", ""),
                    by=pen.user,
                )
                actions.print_review(review=signed, by=pen.user)
            messages.success(request, BY_HAND)
            return redirect("livret:review_detail", review.uuid)
        except DomainError as refused:
            error = refused.message
    context = {
        **_context(request, review, pen, error),
        "awaited": PeriodRole(review.awaited) if review.awaited else None,
        "mark": review.digest()[:8] if review.state == ReviewState.SIGNING else "",
    }
    return render(request, "livret/review_by_hand.html", context, status=422 if error else 200)


def _livret(request: Request, uuid) -> Livret:
    livrets = Livret.objects.visible_to(request.user).filter(
        enrolment__cohort__cfa=request.membership.cfa
    )
    return get_object_or_404(
        livrets.select_related("enrolment__cohort__cfa", "enrolment__apprentice"), uuid=uuid
    )


@require_POST
@team_required
def review_propose(request: Request, uuid) -> HttpResponse:
    """Lay every meeting on the calendar, or plan one more."""
    livret = _livret(request, uuid)
    try:
        if kind := request.POST.get("kind"):
            planned_on = _day(request.POST.get("planned_on", ""))
            if planned_on is None:
                raise DomainError("Donnez une date à la rencontre.")
            actions.plan_review(livret=livret, kind=kind, planned_on=planned_on, by=request.user)
            messages.success(request, "La rencontre est prévue.")
        else:
            made = actions.propose_reviews(livret=livret, by=request.user)
            messages.success(request, f"{len(made)} rencontres proposées sur le calendrier.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("livret:livret_detail", livret.uuid)


@require_POST
@team_required
def review_move(request: Request, uuid) -> HttpResponse:
    """Another date for a meeting that has not begun."""
    review, pen = _own(request, uuid)
    day = _day(request.POST.get("planned_on", ""))
    try:
        if day is None or pen.user is None:
            raise DomainError("Donnez une date à la rencontre.")
        actions.plan_review(
            livret=review.livret,
            kind=review.kind,
            planned_on=day,
            mode=request.POST.get("mode", review.mode),
            review=review,
            by=pen.user,
        )
        messages.success(request, f"Nouvelle date : {day:%d/%m/%Y}.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("livret:review_detail", review.uuid)
