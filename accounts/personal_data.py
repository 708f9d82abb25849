"""The account of the person, and what was done with it (RGPD, articles 15 and 20)."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps

from .history import verb_label
from .models import Event, Invitation, Membership, User
from .personal import Area, Of, Person, Section, declare


def _account(person: Person) -> Iterable[Section]:
    mine = User.objects.filter(pk=person.user_pk)
    secrets = ("password", "is_superuser", "is_staff", "groups", "user_permissions")
    yield Section("Compte", mine, leave=secrets)
    addresses = EmailAddress.objects.filter(user=person.user_pk)
    yield Section("Adresses e-mail", addresses, only=("email", "verified", "primary"))
    yield Section("Rôles", Membership.objects.filter(cfa=person.cfa, user=person.user_pk))
    sent = Invitation.objects.filter(cfa=person.cfa, email__in=person.emails)
    yield Section("Invitations", sent, leave=("token_hash",))
    # Of the account, in whatever CFA: for its owner alone.
    devices = UserSession.objects.filter(user=person.user_pk if person.is_own else 0)
    yield Section("Appareils connectés", devices, only=(), more=_device)


def _device(one: UserSession) -> dict[str, Any]:
    return {
        "ouverte le": one.created_at,
        "vue pour la dernière fois le": one.last_seen_at,
        "adresse IP": one.ip,
        "navigateur": one.user_agent,
    }


def _deeds(person: Person) -> Iterable[Section]:
    def more(event: Event) -> dict[str, Any]:
        return {"action": verb_label(event.verb), "objet": _noun(event.subject)}

    done = Event.objects.filter(cfa=person.cfa, actor=person.user_pk).order_by("happened_at", "pk")
    # On whom, and why, is said in that person's own archive.
    yield Section(
        "Actions dans l'application", done, only=("happened_at", "recorded_at"), more=more
    )


def _noun(label: str) -> str:
    """What kind of thing « app.model » is; the label of one that the application no longer has."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except LookupError:
        return label


declare(
    Area("compte", "Compte", _account, of=Of.EVERYBODY),
    Area("actions", "Ce qui a été fait avec ce compte", _deeds, of=Of.WORK),
    apart_at_work={
        "accounts.Cfa": "l'adresse d'un établissement",
    },
)
