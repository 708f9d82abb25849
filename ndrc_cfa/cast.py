"""The fixed cast: the same fictional people in tests, demo and screenshots (house.md, section 5)."""

from dataclasses import dataclass

from accounts.enums import Role
from accounts.models import Cfa, Membership, User

PASSWORD = "motdepasse-de-demo-2026"


@dataclass(frozen=True)
class Part:
    """Who plays: name, e-mail, centre ("lz" or "other") and roles."""

    first_name: str
    last_name: str
    email: str
    cfa: str
    roles: tuple[Role, ...]


PARTS: dict[str, Part] = {
    "aicha": Part("Aïcha", "Benali", "aicha.benali@example.org", "lz", (Role.APPRENTICE,)),
    "bruno": Part("Bruno", "Caron", "bruno.caron@example.org", "lz", (Role.TRAINER,)),
    "chantal": Part("Chantal", "Dumas", "chantal.dumas@example.org", "lz", (Role.MAITRE,)),
    "denis": Part("Denis", "Escande", "denis.escande@example.org", "lz", (Role.MAITRE,)),
    "elise": Part("Élise", "Faure", "elise.faure@example.org", "lz", (Role.STAFF,)),
    "farid": Part("Farid", "Garnier", "farid.garnier@example.org", "lz", (Role.ADMIN,)),
    "gaelle": Part("Gaëlle", "Huet", "gaelle.huet@example.org", "other", (Role.ADMIN,)),
    "auditor": Part("Hugo", "Imbert", "hugo.imbert@example.org", "lz", (Role.AUDITOR,)),
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
    people = {}
    for key, part in PARTS.items():
        user = User.objects.create_user(
            part.email, PASSWORD, first_name=part.first_name, last_name=part.last_name
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        for role in part.roles:
            Membership.objects.create(cfa=centres[part.cfa], user=user, role=role)
        people[key] = user
    return Cast(cfa=centres["lz"], other_cfa=centres["other"], **people)
