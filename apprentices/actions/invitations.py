"""Inviting the apprentices of a cohort all at once: who has no account, and one letter after the other."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.actions import invite_person
from accounts.enums import Role
from accounts.errors import DomainError
from accounts.models import Cfa, Invitation, Membership, User
from documents.actions import start_items
from documents.models import Job, JobItem

from ..models import Apprentice, Cohort, Enrolment
from ..permissions import must_run_cfa
from .people import link_account

JOB = "apprentices.invite"


def without_account(cfa: Cfa, today: date) -> QuerySet[Enrolment]:
    """Who follows a course and has neither an account nor an invitation that still opens."""
    waiting = Invitation.objects.pending().filter(
        cfa=cfa,
        role=Role.APPRENTICE,
        expires_at__gt=timezone.now(),
        email__iexact=OuterRef("apprentice__email"),
    )
    return Enrolment.objects.filter(
        ~Exists(waiting),
        cohort__cfa=cfa,
        cohort__ends_on__gte=today,
        ends_on=None,
        apprentice__user=None,
    )


def invite_cohort(*, cohort: Cohort, by: User) -> Job:
    """Send each apprentice without account the link that opens one, in the background."""
    must_run_cfa(by, cohort.cfa)
    lacking = without_account(cohort.cfa, timezone.localdate()).filter(cohort=cohort)
    people = [
        row.apprentice
        for row in lacking.exclude(apprentice__email="")
        .select_related("apprentice")
        .order_by("apprentice__last_name", "apprentice__first_name", "pk")
    ]
    if not people:
        raise DomainError(
            "Personne à inviter : chaque apprenti de la promotion a un compte, une invitation en cours, "
            "ou pas encore d'adresse e-mail sur sa fiche."
        )
    return start_items(
        kind=JOB,
        cfa=cohort.cfa,
        label=f"Invitations de {cohort} ({len(people)})",
        items=[(str(person), {"apprentice": str(person.uuid)}) for person in people],
        by=by,
    )


def run_invite_item(item: JobItem) -> None:
    """Invite one apprentice, for somebody who may still; invited meanwhile, nothing is sent again."""
    job = Job.objects.select_related("cfa", "owner").get(pk=item.job_id)
    today = timezone.localdate()
    apprentice = Apprentice.objects.get(uuid=item.arguments["apprentice"], cfa=job.cfa)
    if not without_account(job.cfa, today).filter(apprentice=apprentice).exists():
        return
    member = (
        Membership.objects.active()
        .filter(cfa=job.cfa, role=Role.APPRENTICE, user__email__iexact=apprentice.email)
        .select_related("user")
        .first()
    )
    if member:
        link_account(cfa=job.cfa, user=member.user, role=Role.APPRENTICE)
        return
    invite_person(
        cfa=job.cfa,
        email=apprentice.email,
        role=Role.APPRENTICE,
        first_name=apprentice.first_name,
        last_name=apprentice.usage_name or apprentice.last_name,
        by=job.owner,
    )
