"""The deeds about people and access: each is one function, one transaction, one line of history."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from .enums import Role
from .errors import DomainError, NotAllowed
from .history import record
from .mail import send_invitation
from .models import Cfa, Invitation, Membership, User
from .permissions import is_admin_of, is_staff_of

INVITATION_DAYS = 14


class InvalidInvitation(DomainError):
    """The link was used, cancelled, has expired, or never existed; `state` says which."""

    def __init__(self, message: str, *, state: str):
        super().__init__(message)
        self.state = state


def create_person(
    *, email: str, first_name: str, last_name: str, password: str | None = None
) -> User:
    """Write a person with a confirmed address; without password nobody can sign in as them yet."""
    email = _clean_email(email)
    if User.objects.filter(email__iexact=email).exists():
        raise DomainError("Cette adresse e-mail est déjà utilisée.", field="email")
    with transaction.atomic():
        user = User.objects.create_user(
            email, password, first_name=first_name.strip(), last_name=last_name.strip()
        )
        confirm_address(user=user)
    return user


def confirm_address(*, user: User) -> None:
    """The person's address opens the account, and no former one does any more."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def add_member(*, cfa: Cfa, user: User, role: str, by: User | None) -> Membership:
    """Give a role in a CFA. `by` is None for the installation itself (first admin, demo)."""
    _check_may_give(cfa=cfa, role=role, by=by)
    with transaction.atomic():
        membership, created = Membership.objects.select_for_update(of=("self",)).get_or_create(
            cfa=cfa, user=user, role=role
        )
        if not created and membership.is_active:
            raise DomainError(f"{user} a déjà ce rôle dans ce CFA.", field="role")
        membership.is_active = True
        membership.save(update_fields=["is_active"])
        record("add_member", membership, cfa=cfa, actor=by, data={"role": role})
    return membership


def invite_person(
    *, cfa: Cfa, email: str, role: str, first_name: str, last_name: str, by: User | None
) -> Invitation:
    """Send a person the link that gives them this role; asking again renews the pending link."""
    _check_may_give(cfa=cfa, role=role, by=by)
    email = _clean_email(email)
    if Membership.objects.active().filter(cfa=cfa, role=role, user__email__iexact=email).exists():
        raise DomainError("Cette personne a déjà ce rôle dans ce CFA.", field="email")
    with transaction.atomic():
        pending = Invitation.objects.pending().select_for_update(of=("self",))
        invitation = pending.filter(cfa=cfa, email__iexact=email, role=role).first()
        if invitation is None:
            invitation = Invitation(cfa=cfa, email=email, role=role)
        invitation.first_name, invitation.last_name = first_name.strip(), last_name.strip()
        invitation.invited_by = by
        token = _renew(invitation)
        record("invite_person", invitation, cfa=cfa, actor=by, data={"role": role})
        transaction.on_commit(lambda: send_invitation(invitation, token))
    return invitation


def resend_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """Send a new link for fourteen days; the former one stops working."""
    return invite_person(
        cfa=invitation.cfa,
        email=invitation.email,
        role=invitation.role,
        first_name=invitation.first_name,
        last_name=invitation.last_name,
        by=by,
    )


def cancel_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """Make a pending link useless."""
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        _check_may_give(cfa=invitation.cfa, role=invitation.role, by=by)
        if invitation.accepted_at or invitation.cancelled_at:
            raise DomainError("Cette invitation n'est plus en attente : rechargez la page.")
        invitation.cancelled_at = timezone.now()
        invitation.save(update_fields=["cancelled_at"])
        record("cancel_invitation", invitation, cfa=invitation.cfa, actor=by)
    return invitation


def find_invitation(token: str) -> Invitation:
    """The invitation that this link opens, or an error that says why it opens nothing."""
    return _usable(Invitation.objects.select_related("cfa").filter(token_hash=_hash(token)).first())


def account_of(invitation: Invitation) -> User | None:
    """The account of a known person, who signs in as usual before taking the role."""
    user = User.objects.filter(email__iexact=invitation.email).first()
    return user if user and user.has_usable_password() else None


@transaction.atomic
def accept_invitation(*, token: str, password: str = "", by: User | None = None) -> User:
    """Take the role: a new person chooses a password, a known one (`by`) has signed in."""
    locked = Invitation.objects.select_for_update(of=("self",)).filter(token_hash=_hash(token))
    invitation = _usable(locked.first())
    user = account_of(invitation)
    if user is None:
        user = _open_account(invitation, password)
    elif user != by:
        raise NotAllowed(f"Cette invitation est pour {user.email} : connectez-vous avec ce compte.")
    membership, _ = Membership.objects.get_or_create(
        cfa=invitation.cfa, user=user, role=invitation.role
    )
    membership.is_active = True
    membership.save(update_fields=["is_active"])
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record("accept_invitation", invitation, cfa=invitation.cfa, actor=user)
    return user


@transaction.atomic
def update_cfa(*, cfa: Cfa, by: User, **fields: Any) -> Cfa:
    """Correct what the centre's documents print, who signs them, its habilitation to the CCF.

    Documents already issued keep what they said.
    """
    cfa = Cfa.objects.select_for_update(of=("self",)).get(pk=cfa.pk)
    if not (by.is_superuser or is_admin_of(by, cfa)):
        raise NotAllowed("Seule l'administration du CFA change sa fiche.")
    changed = {}
    for name, value in fields.items():
        if (before := getattr(cfa, name)) != value:
            changed[name] = [str(before or ""), str(value or "")]
            setattr(cfa, name, value)
    try:
        cfa.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=field) from error
    cfa.save()
    if changed:
        record("update_cfa", cfa, cfa=cfa, actor=by, data=changed)
    return cfa


def change_role(*, membership: Membership, role: str, by: User, reason: str = "") -> Membership:
    """Replace the role of a member of the CFA."""
    with transaction.atomic():
        membership = _lock_for_admin(membership, by)
        if role not in Role.values:
            raise DomainError("Ce rôle n'existe pas.", field="role")
        if membership.role == role:
            raise DomainError("La personne a déjà ce rôle.", field="role")
        if membership.cfa.memberships.filter(user=membership.user, role=role).exists():
            raise DomainError(
                "La personne a déjà ce rôle dans une autre ligne : rétablissez-la plutôt.",
                field="role",
            )
        _check_an_admin_stays(membership)
        before, membership.role = membership.role, role
        membership.save(update_fields=["role"])
        change = {"before": before, "after": role}
        record("change_role", membership, cfa=membership.cfa, actor=by, reason=reason, data=change)
    return membership


def deactivate_member(*, membership: Membership, by: User, reason: str = "") -> Membership:
    """Take the access away; what the person has written stays."""
    with transaction.atomic():
        membership = _lock_for_admin(membership, by)
        if not membership.is_active:
            raise DomainError("Cet accès est déjà retiré.")
        _check_an_admin_stays(membership)
        membership.is_active = False
        membership.save(update_fields=["is_active"])
        record("deactivate_member", membership, cfa=membership.cfa, actor=by, reason=reason)
    return membership


def activate_member(*, membership: Membership, by: User, reason: str = "") -> Membership:
    """Give an access back."""
    with transaction.atomic():
        membership = _lock_for_admin(membership, by)
        if membership.is_active:
            raise DomainError("Cet accès est déjà actif.")
        membership.is_active = True
        membership.save(update_fields=["is_active"])
        record("activate_member", membership, cfa=membership.cfa, actor=by, reason=reason)
    return membership


# --- helpers -----------------------------------------------------------------------------------
def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _clean_email(email: str) -> str:
    email = (email or "").strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise DomainError("Écrivez une adresse e-mail valable.", field="email") from error
    return email


def _renew(invitation: Invitation) -> str:
    token = secrets.token_urlsafe(32)
    invitation.token_hash = _hash(token)
    invitation.expires_at = timezone.now() + timedelta(days=INVITATION_DAYS)
    invitation.sent_at = None
    invitation.save()
    return token


def _usable(invitation: Invitation | None) -> Invitation:
    if invitation is None:
        raise InvalidInvitation(
            "Ce lien d'invitation n'est pas valable. Ouvrez le dernier e-mail reçu, ou demandez un "
            "nouveau lien à votre CFA.",
            state="unknown",
        )
    if invitation.accepted_at:
        raise InvalidInvitation(
            "Cette invitation a déjà servi. Connectez-vous avec votre adresse e-mail.", state="used"
        )
    if invitation.cancelled_at:
        raise InvalidInvitation(
            "Cette invitation a été annulée. Demandez-en une nouvelle à votre CFA.",
            state="cancelled",
        )
    if invitation.is_expired:
        raise InvalidInvitation(
            f"Cette invitation a expiré : elle valait {INVITATION_DAYS} jours. Demandez-en une "
            "nouvelle à votre CFA.",
            state="expired",
        )
    return invitation


def _open_account(invitation: Invitation, password: str) -> User:
    """The person with their password and, since the letter came to it, a confirmed address."""
    user = User.objects.filter(email__iexact=invitation.email).first() or User(
        email=invitation.email,
        first_name=invitation.first_name,
        last_name=invitation.last_name,
    )
    if not user.is_active:
        raise DomainError("Ce compte est fermé : écrivez à l'administration du CFA.")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), field="password") from error
    user.set_password(password)
    user.save()
    confirm_address(user=user)
    return user


def _check_may_give(*, cfa: Cfa, role: str, by: User | None) -> None:
    if role not in Role.values:
        raise DomainError("Ce rôle n'existe pas.", field="role")
    if by is None or by.is_superuser or not cfa.memberships.exists():
        return  # the installation itself, or a centre that has nobody yet
    if not is_staff_of(by, cfa):
        raise NotAllowed("Seule l'équipe du CFA peut donner un accès.")
    if role == Role.ADMIN and not is_admin_of(by, cfa):
        raise NotAllowed("Seule l'administration du CFA peut nommer une autre administration.")


def _lock_for_admin(membership: Membership, by: User) -> Membership:
    locked = Membership.objects.select_for_update(of=("self",)).select_related("cfa", "user")
    membership = locked.get(pk=membership.pk)
    if not (by.is_superuser or is_admin_of(by, membership.cfa)):
        raise NotAllowed("Seule l'administration du CFA peut changer un accès.")
    return membership


def _check_an_admin_stays(membership: Membership) -> None:
    """A CFA without administration could never give an access again."""
    # The centre's row is the lock: two administrators cannot remove each other at the same time.
    Cfa.objects.select_for_update(of=("self",)).get(pk=membership.cfa_id)
    admins = Membership.objects.active().filter(cfa=membership.cfa, role=Role.ADMIN)
    if membership.role == Role.ADMIN and not admins.exclude(pk=membership.pk).exists():
        raise DomainError(
            "C'est la dernière personne de l'administration : nommez-en d'abord une autre."
        )
