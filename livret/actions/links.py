"""Personal links: sent, renewed, bound to a device, revoked; and what a maître corrects through one."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.mail import send_letter
from accounts.models import User
from apprentices.models import MaitreApprentissage

from .. import rules
from ..enums import LinkDeed
from ..models import Livret, PersonalLink, Review
from ..permissions import (
    can_invite_maitre,
    can_open_livret,
    can_steer_livret,
    responsible_maitre,
)

RENEW_AFTER = timedelta(minutes=10)
SUBJECTS = {
    LinkDeed.OPINION: "le livret d'apprentissage attend votre avis",
    LinkDeed.REVIEW: "un bilan attend votre signature",
    LinkDeed.READING: "le livret d'apprentissage, à lire",
}


@dataclass(frozen=True)
class LinkCheck:
    """A token as it is now: the link, or why it does not open."""

    link: PersonalLink | None
    problem: str = ""  # unknown, revoked, replaced, expired, elsewhere

    @property
    def can_renew(self) -> bool:
        """Its person may ask for another, which goes to that person's own address."""
        return self.link is not None and self.problem in ("replaced", "expired", "elsewhere")


@transaction.atomic
def invite_maitre(*, maitre: MaitreApprentissage, by: User) -> PersonalLink:
    """Send a link to give an opinion on the periods, valid for 30 days; the earlier one stops working."""
    maitre = (
        MaitreApprentissage.objects.select_for_update(of=("self",))
        .select_related("company__cfa")
        .get(pk=maitre.pk)
    )
    if not can_invite_maitre(by, maitre):
        raise NotAllowed("Seule l'équipe du CFA envoie un lien personnel.")
    return _send(LinkDeed.OPINION, by=by, maitre=maitre)


@transaction.atomic
def invite_to_review(*, review: Review, by: User | None) -> PersonalLink:
    """Send the maître of the review a link that opens this review and nothing else."""
    enrolment = review.livret.enrolment
    if by is not None and not can_steer_livret(by, review.livret):
        raise NotAllowed("L'équipe du CFA ou le tuteur envoie ce lien.")
    pk = responsible_maitre(enrolment, review.held_on or review.planned_on)
    if pk is None:
        raise DomainError(
            "Aucun contrat en cours ne nomme de maître d'apprentissage : complétez le contrat."
        )
    maitre = MaitreApprentissage.objects.select_related("company__cfa").get(pk=pk)
    return _send(LinkDeed.REVIEW, by=by, maitre=maitre, review=review, livret=review.livret)


@transaction.atomic
def invite_representative(*, livret: Livret, by: User) -> PersonalLink:
    """Send the legal representative of a minor a link to read the livret, nothing more."""
    apprentice = livret.enrolment.apprentice
    if not can_open_livret(by, livret.enrolment):
        raise NotAllowed("L'équipe du CFA ou le tuteur envoie ce lien.")
    if not apprentice.is_minor_on(timezone.localdate()):
        raise DomainError(
            f"{apprentice} est majeur ou émancipé : son livret ne s'ouvre plus à ses représentants."
        )
    if not apprentice.legal_representative_email:
        raise DomainError(
            f"Ajoutez l'adresse e-mail du représentant légal sur la page de {apprentice}."
        )
    return _send(LinkDeed.READING, by=by, livret=livret)


def _send(deed: str, *, by: User | None, **target) -> PersonalLink:
    link, url = make_link(deed, by=by, **target)
    context = {"link": link, "cfa": link.cfa, "url": url, "days": rules.LINK_DAYS}
    text = render_to_string("livret/mail/maitre_invite.txt", context)
    subject = f"{link.cfa} : {SUBJECTS[LinkDeed(link.deed)]}"
    email = link.email
    transaction.on_commit(lambda: send_letter(subject, text, [email]))
    return link


def make_link(
    deed: str,
    *,
    by: User | None,
    maitre: MaitreApprentissage | None = None,
    livret: Livret | None = None,
    review: Review | None = None,
    keeps_used: bool = False,
) -> tuple[PersonalLink, str]:
    """A new link and its address, which is never stored; the earlier link of this deed is replaced.

    `keeps_used`: one that already writes from a device goes on there (a reminder stops nobody at work).
    """
    now = timezone.now()
    token = secrets.token_urlsafe(32)
    link = PersonalLink(
        deed=deed,
        maitre=maitre,
        livret=livret,
        review=review,
        token_sha256=rules.token_digest(token),
        created_at=now,
        created_by=by,
        expires_at=now + timedelta(days=rules.LINK_DAYS),
    )
    if not link.email:
        raise DomainError(
            f"{link.person} n'a pas d'adresse e-mail : ajoutez-la sur la page de l'entreprise."
        )
    same = PersonalLink.objects.filter(deed=deed, maitre=maitre, replaced_at__isnull=True)
    if review:
        same = same.filter(review__kind=review.kind, review__number=review.number)
    if livret:
        same = same.filter(livret=livret)
    if keeps_used:
        same = same.filter(device_sha256="")
    same.filter(revoked_at__isnull=True).update(replaced_at=now)
    link.save()
    record("maitre_invited", link, cfa=link.cfa, actor=by, data={"deed": deed, "to": link.email})
    url = settings.PUBLIC_URL.rstrip("/") + reverse("livret:link_access", args=[token])
    return link, url


@transaction.atomic
def revoke_link(*, link: PersonalLink, by: User) -> PersonalLink:
    """Stop a personal link at once."""
    link = (
        PersonalLink.objects.select_for_update(of=("self",))
        .select_related("maitre__company__cfa", "livret__enrolment__cohort__cfa")
        .get(pk=link.pk)
    )
    allowed = (
        can_invite_maitre(by, link.maitre)
        if link.maitre
        else link.livret is not None and can_open_livret(by, link.livret.enrolment)
    )
    if not allowed:
        raise NotAllowed("Seule l'équipe du CFA révoque un lien personnel.")
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=("revoked_at",))
        record("link_revoked", link, cfa=link.cfa, actor=by)
    return link


def use_link(*, token: str) -> PersonalLink | None:
    """The usable link of this token, or None; notes the moment."""
    check = check_link(token=token)
    return None if check.problem else check.link


@transaction.atomic
def check_link(*, token: str, device: str = "", now: datetime | None = None) -> LinkCheck:
    """What this token opens now on this device, or why it does not; notes the moment."""
    now = now or timezone.now()
    link = (
        PersonalLink.objects.select_related(
            "maitre__company__cfa",
            "livret__enrolment__cohort__cfa",
            "livret__enrolment__apprentice",
            "review",
        )
        .filter(token_sha256=rules.token_digest(token))
        .first()
    )
    if link is None:
        return LinkCheck(None, "unknown")
    problem = ""
    if link.revoked_at:
        problem = "revoked"
    elif link.replaced_at:
        problem = "replaced"
    elif now >= link.expires_at:
        problem = "expired"
    elif link.device_sha256 and device and rules.token_digest(device) != link.device_sha256:
        problem = "elsewhere"
    elif link.deed == LinkDeed.READING and not (
        link.livret and link.livret.enrolment.apprentice.is_minor_on(timezone.localdate(now))
    ):
        problem = "revoked"
    if problem == "elsewhere":
        record("link_used_elsewhere", link, cfa=link.cfa, actor=None)
    elif not problem:
        PersonalLink.objects.filter(pk=link.pk).update(last_used_at=now)
    return LinkCheck(link, problem)


def bind_link(*, link: PersonalLink, device: str) -> None:
    """From the first deed on, this link writes from this device only."""
    digest = rules.token_digest(device)
    done = PersonalLink.objects.filter(pk=link.pk, device_sha256="").update(
        device_sha256=digest, confirmed_at=timezone.now()
    )
    if done:
        record("link_bound", link, cfa=link.cfa, actor=None)
    elif not PersonalLink.objects.filter(pk=link.pk, device_sha256=digest).exists():
        raise NotAllowed("Ce lien a déjà servi sur un autre appareil : demandez-en un nouveau.")


@transaction.atomic
def renew_link(*, token: str) -> PersonalLink:
    """Whoever holds an old link has a new one sent to the address of its person, never elsewhere."""
    found = check_link(token=token, device="-")
    if found.problem == "" and found.link and found.link.device_sha256 == "":
        return found.link  # it still opens: nothing to renew
    link = found.link
    if link is None or (found.problem and not found.can_renew):
        raise DomainError(
            "Ce lien a été arrêté par le CFA : demandez-lui ce qu'il en est avant d'en obtenir un autre."
        )
    same = PersonalLink.objects.filter(
        deed=link.deed, maitre=link.maitre, livret=link.livret, revoked_at__isnull=True
    )
    if same.filter(created_at__gt=timezone.now() - RENEW_AFTER).exclude(pk=link.pk).exists():
        raise DomainError(
            "Un nouveau lien vient de partir : regardez vos messages, y compris les indésirables."
        )
    if link.review and link.review.state == "replaced":
        link.review = (
            Review.objects.standing()
            .filter(livret=link.review.livret, kind=link.review.kind, number=link.review.number)
            .first()
            or link.review
        )
    fresh = _send(link.deed, by=None, maitre=link.maitre, livret=link.livret, review=link.review)
    record("link_renewed", fresh, cfa=fresh.cfa, actor=None)
    return fresh
