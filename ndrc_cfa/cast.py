"""The fixed cast in a test's database: the people of demo/people.py, in two centres."""

from dataclasses import dataclass

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


def make_cast() -> Cast:
    """Write the two centres, the people with their confirmed e-mail address, and their roles.

    For tests: the demo builds the same people through the actions.
    """
    from allauth.account.models import EmailAddress

    centres = {
        "lz": Cfa.objects.create(name="LZ Formation", slug="lz-formation", city="Paris"),
        "other": Cfa.objects.create(name="CFA du Littoral", slug="cfa-du-littoral", city="Brest"),
    }
    users = {}
    for key, part in PARTS.items():
        user = User.objects.create_user(
            part.person.email,
            PASSWORD,
            first_name=part.person.first_name,
            last_name=part.person.last_name,
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        for role in part.roles:
            Membership.objects.create(cfa=centres[part.cfa], user=user, role=role)
        users[key] = user
    return Cast(cfa=centres["lz"], other_cfa=centres["other"], **users)
