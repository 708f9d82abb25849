"""The buttons of a visit or bilan: one function each, which does the deed and gives the address to go to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.errors import DomainError, NotAllowed
from accounts.http import Request
from accounts.models import User

from .. import actions, rules
from ..enums import PeriodRole
from ..models import Commitment, Review
from ..permissions import role_in_review
from .doors import Holder
from .saving import hand_of


@dataclass(frozen=True)
class Pen(Holder):
    """Who is at the review: an account, or a maître through the link of this review."""

    def url(self, review: Review) -> str:
        if self.link:
            return reverse("livret:link_review", args=[self.token])
        return reverse("livret:review_detail", args=[review.uuid])


def do(request: Request, review: Review, pen: Pen) -> str:
    """Do what the pressed button says; NotAllowed for a deed that asks for an account."""
    name = request.POST.get("deed", "save")
    if deed := BY_EACH_SIGNER.get(name):
        return deed(request, review, pen)
    if pen.user is None:
        raise NotAllowed("Ce lien ne permet pas cela.")
    if steer := BY_THE_TEAM.get(name):
        return steer(request, review, pen.user) or pen.url(review)
    raise DomainError("Cette action n'existe pas.")


# --- by whoever signs: an account or a link --------------------------------------------------------


def _sign(request: Request, review: Review, pen: Pen) -> str:
    actions.sign_review(review=review, **hand_of(request), **pen.who)
    messages.success(request, "Merci, votre signature est enregistrée.")
    return pen.url(review)


def _refuse(request: Request, review: Review, pen: Pen) -> str:
    note = request.POST.get("note", "")
    fresh = actions.refuse_review(review=review, note=note, **pen.who)
    messages.success(request, "Correction demandée : le tuteur reprend le texte avec votre note.")
    return pen.url(fresh)


def _save(request: Request, review: Review, pen: Pen) -> str:
    save_all(request, review, pen)
    messages.success(request, "Enregistré.")
    return pen.url(review)


def save_all(request: Request, review: Review, pen: Pen) -> None:
    """Write the sections that were sent, and the tutor's facts about the meeting."""
    data = request.POST
    keys = [section.key for section in rules.FORMS[review.kind].sections]
    texts = {key: data[f"text-{key}"] for key in keys if f"text-{key}" in data}
    seen = {key: data[f"seen-text-{key}"] for key in texts if f"seen-text-{key}" in data}
    fields: dict[str, Any] = {}
    if pen.role == PeriodRole.TUTOR and "held_on" in data:
        fields = {
            "held_on": day_of(data["held_on"]),
            "next_on": day_of(data.get("next_on", "")),
            "mode": data.get("mode", review.mode),
            "participants": data.get("participants", ""),
            "signers": data.getlist("signers") or review.signers,
        }
    actions.save_review(review=review, texts=texts, seen=seen, fields=fields, **pen.who)


# --- by the tutor or the team: an account ----------------------------------------------------------


def _open(request: Request, review: Review, user: User) -> None:
    actions.open_review(review=review, by=user)


def _commit(request: Request, review: Review, user: User) -> None:
    data = request.POST
    actions.add_commitment(
        review=review,
        who=data.get("who", ""),
        text=data.get("text", ""),
        due_on=day_of(data.get("due_on", "")),
        by=user,
    )


def _remove_commitment(request: Request, review: Review, user: User) -> None:
    chosen = request.POST.get("commitment") or None
    commitment = get_object_or_404(review.commitments, uuid=chosen)
    actions.remove_commitment(commitment=commitment, by=user)


def _settle(request: Request, review: Review, user: User) -> None:
    data = request.POST
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


def _submit(request: Request, review: Review, user: User) -> None:
    save_all(request, review, Pen(role_in_review(review, by=user), user=user))
    actions.submit_review(review=review, by=user)
    messages.success(request, "Le texte est figé et mis à la signature.")


def _correct(request: Request, review: Review, user: User) -> str:
    fresh = actions.correct_review(
        review=review,
        signers=request.POST.getlist("signers"),
        reason=request.POST.get("reason", ""),
        by=user,
    )
    messages.success(request, "Une nouvelle version est ouverte ; la version signée est gardée.")
    return reverse("livret:review_detail", args=[fresh.uuid])


def _cancel(request: Request, review: Review, user: User) -> str:
    actions.cancel_review(review=review, reason=request.POST.get("reason", ""), by=user)
    messages.success(request, "La rencontre est annulée.")
    return reverse("livret:livret_detail", args=[review.livret.uuid])


def _send_link(request: Request, review: Review, user: User) -> None:
    link = actions.invite_to_review(review=review, by=user)
    messages.success(request, f"Un lien personnel part à {link.email}.")


def day_of(text: str) -> date | None:
    """A date as a date field sends it; None when there is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


BY_EACH_SIGNER: dict[str, Callable[[Request, Review, Pen], str]] = {
    "sign": _sign,
    "refuse": _refuse,
    "save": _save,
}
# They come back to the same page, unless they give another address.
BY_THE_TEAM: dict[str, Callable[[Request, Review, User], str | None]] = {
    "open": _open,
    "commitment": _commit,
    "commitment-remove": _remove_commitment,
    "settle": _settle,
    "submit": _submit,
    "correct": _correct,
    "cancel": _cancel,
    "link": _send_link,
}
