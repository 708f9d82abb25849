"""The first days of a CFA: what to prepare, in which order, until its first apprentice is enrolled."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership
from apprentices.models import Enrolment


@dataclass(frozen=True)
class Step:
    """One thing to prepare: whether it is done, where to do it ("" when another role does)."""

    is_done: bool
    what: str
    why: str
    url: str


def first_steps(membership: Membership) -> list[Step]:
    """Nothing as soon as somebody is enrolled: the cards of the day then say what lacks."""
    cfa = membership.cfa
    if Enrolment.objects.filter(cohort__cfa=cfa).exists():
        return []
    is_admin = membership.role == Role.ADMIN
    missing = cfa.missing
    team = (
        cfa.memberships.active().filter(role=Role.TRAINER).exists()
        or cfa.invitations.filter(role=Role.TRAINER).pending().exists()
    )
    cohort = cfa.cohorts.first()
    return [
        Step(
            not missing,
            "Compléter la fiche du CFA",
            f"manque : {', '.join(missing)}" if missing else "les documents l'impriment",
            reverse("accounts:cfa_edit") if is_admin else "",
        ),
        Step(
            team,
            "Inviter les formateurs",
            "chacun accepte son invitation avant d'être au planning",
            reverse("accounts:member_invite"),
        ),
        Step(
            cfa.programmes.exists(),
            "Créer le programme",
            "ses dates, ses jours au CFA, les heures de chaque matière",
            reverse("programmes:programme_create"),
        ),
        Step(
            cohort is not None,
            "Ouvrir une promotion",
            "elle reprend le programme",
            reverse("apprentices:cohort_create"),
        ),
        Step(
            False,
            "Importer les apprentis",
            "votre tableur suffit ; contrats et planning viennent ensuite",
            reverse("apprentices:import_list") + "?nature=apprentis",
        ),
    ]
