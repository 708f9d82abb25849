from django.db import models

from accounts.enums import READING_ROLES, Role
from apprentices.enums import ContractState
from apprentices.models import Contract, Enrolment

from .enums import PeriodState, ReviewState

TEAM_ROLES = (*READING_ROLES, Role.TRAINER)
# Contracts that give a maître no place in the livret.
UNBOUND = (ContractState.COMPLETE, ContractState.BROKEN)


def enrolments_of_maitre(maitres):
    """Enrolments whose signed, unbroken contract names one of these maîtres."""
    return (
        Contract.objects.filter(maitre__in=maitres).exclude(state__in=UNBOUND).values("enrolment")
    )


def visible_enrolments(user):
    """The team: the centre's; an apprentice: one's own; a maître: those of a contract in force."""
    return Enrolment.objects.filter(
        models.Q(cohort__cfa__in=user.cfa_ids(*TEAM_ROLES))
        | models.Q(apprentice__user=user)
        | models.Q(pk__in=enrolments_of_maitre(user.maitre_profiles.values("pk")))
    )


def _team_or_apprentice(user, prefix):
    return models.Q(**{f"{prefix}__cohort__cfa__in": user.cfa_ids(*TEAM_ROLES)}) | models.Q(
        **{f"{prefix}__apprentice__user": user}
    )


def _begun_under_contract(maitres, day):
    """A contract of one of these maîtres that was not over on the day of the outer row."""
    return models.Exists(
        Contract.objects.filter(
            enrolment=models.OuterRef("livret__enrolment"),
            maitre__in=maitres,
            ends_on__gte=models.OuterRef(day),
        ).exclude(state__in=UNBOUND)
    )


class LivretQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(enrolment__in=visible_enrolments(user))


class LivretPeriodQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As the livret, but a maître reads nothing of what came after one's own contract."""
        return self.filter(
            _team_or_apprentice(user, "livret__enrolment")
            | models.Q(_begun_under_contract(user.maitre_profiles.values("pk"), "starts_on"))
        )

    def unsigned_before(self, day):
        """Ended before this day and not signed by the three, in a livret that is still written."""
        return self.exclude(state=PeriodState.CLOSED).filter(
            ends_on__lt=day, livret__sealed_at__isnull=True
        )

    def of_maitres(self, maitres):
        """Periods that these maîtres may read through a personal link."""
        return self.filter(_begun_under_contract(maitres, "starts_on"))


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As the periods, by the day that was planned."""
        return self.filter(
            _team_or_apprentice(user, "livret__enrolment")
            | models.Q(_begun_under_contract(user.maitre_profiles.values("pk"), "planned_on"))
        )

    def of_maitres(self, maitres):
        return self.filter(_begun_under_contract(maitres, "planned_on"))

    def standing(self):
        """The versions that count: neither replaced nor cancelled."""
        return self.exclude(state__in=(ReviewState.REPLACED, ReviewState.CANCELLED))

    def late(self, today, patience):
        """Past their day without minutes, or put to the signature longer ago than `patience`."""
        unwritten = models.Q(
            state__in=(ReviewState.PLANNED, ReviewState.WRITING), planned_on__lt=today
        )
        unsigned = models.Q(state=ReviewState.SIGNING, submitted_at__date__lt=today - patience)
        return self.filter(unwritten | unsigned)


class ApprenticeDocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(enrolment__in=visible_enrolments(user))
