from django.db import models

from accounts.enums import READING_ROLES, Role
from apprentices.enums import ContractState
from apprentices.models import Contract, Enrolment

from .enums import PeriodState

TEAM_ROLES = (*READING_ROLES, Role.TRAINER)


def enrolments_of_maitre(maitres):
    """Enrolments whose signed, unbroken contract names one of these maîtres."""
    return (
        Contract.objects.filter(maitre__in=maitres)
        .exclude(state__in=(ContractState.DRAFT, ContractState.BROKEN))
        .values("enrolment")
    )


def visible_enrolments(user):
    """The team: the centre's; an apprentice: one's own; a maître: those of a contract in force."""
    return Enrolment.objects.filter(
        models.Q(cohort__cfa__in=user.cfa_ids(*TEAM_ROLES))
        | models.Q(apprentice__user=user)
        | models.Q(pk__in=enrolments_of_maitre(user.maitre_profiles.values("pk")))
    )


class LivretQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(enrolment__in=visible_enrolments(user))


class LivretPeriodQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(livret__enrolment__in=visible_enrolments(user))

    def unsigned_before(self, day):
        """Ended before this day and not signed by the three."""
        return self.exclude(state=PeriodState.CLOSED).filter(ends_on__lt=day)

    def of_maitre(self, maitre):
        """Periods that one maître may read and sign through a personal link."""
        return self.filter(livret__enrolment__in=enrolments_of_maitre([maitre.pk]))


class ApprenticeDocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(enrolment__in=visible_enrolments(user))
