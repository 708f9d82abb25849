"""Plan, visits and bilans on the screen: written by the three, put to the signature, signed, refused."""

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
from .doors import dead_link, device_of, open_link, private
from .review_deeds import Pen, day_of, do
from .saving import answer, kept_for_later, page_facts, wants_json
from .tasks import BY_HAND, refuse_what_is_too_big, scan_from


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
            done = do(request, review, pen)
        except DomainError as refused:
            error, status = refused.message, 422
        else:
            return redirect(done)
        review = _reviews().get(pk=review.pk)
    return render(
        request, "livret/review_detail.html", _context(request, review, pen, error), status=status
    )


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
            planned_on = day_of(request.POST.get("planned_on", ""))
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
    day = day_of(request.POST.get("planned_on", ""))
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
