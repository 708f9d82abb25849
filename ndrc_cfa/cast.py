"""The fixed cast in a test's database: the people of demo/people.py, in two centres."""

from dataclasses import dataclass
from functools import cache

from django.contrib.auth.hashers import make_password

from accounts.enums import Role
from accounts.models import Cfa, Membership, User

from .demo import people
from .demo.people import PASSWORD, Person


@dataclass(frozen=True)
class Part:
    """Who plays what: the person, the centre ("lz" or "other") and the roles there."""

    person: Person
    cfa: str
    roles: tuple[Role, ...]


PARTS: dict[str, Part] = {
    "aicha": Part(people.AICHA, "lz", (Role.APPRENTICE,)),
    "bruno": Part(people.BRUNO, "lz", (Role.TRAINER,)),
    "chantal": Part(people.CHANTAL, "lz", (Role.MAITRE,)),
    "denis": Part(people.DENIS, "lz", (Role.MAITRE,)),
    "elise": Part(people.ELISE, "lz", (Role.STAFF,)),
    "farid": Part(people.FARID, "lz", (Role.ADMIN,)),
    "gaelle": Part(people.GAELLE, "other", (Role.ADMIN,)),
    "auditor": Part(people.AUDITOR, "lz", (Role.AUDITOR,)),
}


@dataclass
class Cast:
    """Two centres and the people of PARTS, each under the name of its key."""

    cfa: Cfa
    other_cfa: Cfa
    aicha: User
    bruno: User
    chantal: User
    denis: User
    elise: User
    farid: User
    gaelle: User
    auditor: User

    def membership(self, person: User) -> Membership:
        return person.memberships.get()


@cache
def _password() -> str:
    return make_password(PASSWORD)


def make_cast() -> Cast:
    """Write the two centres, the people with their confirmed e-mail address, and their roles.

    For tests, hundreds of times: in bulk, so without the signals, which only look for what these people
    had before. The demo builds the same people through the actions.
    """
    from allauth.account.models import EmailAddress

    cfa, other_cfa = Cfa.objects.bulk_create(
        [
            Cfa(name="LZ Formation", slug="lz-formation", city="Paris"),
            Cfa(name="CFA du Littoral", slug="cfa-du-littoral", city="Brest"),
        ]
    )
    centres = {"lz": cfa, "other": other_cfa}
    written = User.objects.bulk_create(
        User(
            email=part.person.email,
            password=_password(),
            first_name=part.person.first_name,
            last_name=part.person.last_name,
        )
        for part in PARTS.values()
    )
    users = dict(zip(PARTS, written, strict=True))
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in written
    )
    Membership.objects.bulk_create(
        Membership(cfa=centres[part.cfa], user=users[key], role=role)
        for key, part in PARTS.items()
        for role in part.roles
    )
    return Cast(cfa=cfa, other_cfa=other_cfa, **users)
