"""One address for one person: the file of who has an account follows the address that opens it."""

from django.db import transaction

from accounts.errors import DomainError
from accounts.history import record
from accounts.models import User

from ..models import Apprentice, MaitreApprentissage


@transaction.atomic
def follow_address(*, user: User, email: str) -> int:
    """The account has a new confirmed address: the person's files take it, in every CFA."""
    count = 0
    for model, verb in (
        (Apprentice, "apprentice.changed"),
        (MaitreApprentissage, "maitre.changed"),
    ):
        for profile in model.objects.select_for_update(of=("self",)).filter(user=user):
            before = profile.email
            if before.casefold() == email.casefold():
                continue
            profile.email = email
            profile.save(update_fields=["email"])
            cfa = profile.cfa if isinstance(profile, Apprentice) else profile.company.cfa
            record(verb, profile, cfa=cfa, actor=user, data={"email": [before, email]})
            count += 1
    return count


def refuse_another_address(
    profile: Apprentice | MaitreApprentissage, changed: dict[str, list[str]]
) -> None:
    """Who has an account signs in and is written to at its address: it changes there, nowhere else."""
    user = profile.user
    if user and "email" in changed and profile.email.casefold() != user.email.casefold():
        raise DomainError(
            f"{profile} a un compte et se connecte avec {user.email} : l'adresse se change dans « Mon "
            "compte », et la fiche suit. Boîte perdue : l'administration du CFA la change sur le "
            "compte (Administration, Utilisateurs).",
            field="email",
        )
