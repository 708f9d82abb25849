"""The account of the person (RGPD, articles 15 and 20)."""

from collections.abc import Iterable

from .models import Invitation, Membership, User
from .personal import Area, Person, Section, declare


def _account(person: Person) -> Iterable[Section]:
    pk = person.user.pk if person.user else None
    emails = {person.apprentice.email, person.user.email if person.user else ""} - {""}
    secrets = ("password", "is_superuser", "is_staff", "groups", "user_permissions")
    yield Section("Compte", User.objects.filter(pk=pk), leave=secrets)
    yield Section("Rôles", Membership.objects.filter(cfa=person.cfa, user=pk))
    yield Section(
        "Invitations",
        Invitation.objects.filter(cfa=person.cfa, email__in=emails),
        leave=("token_hash",),
    )


declare(Area("compte", "Compte", _account))
