from django.apps import apps
from django.db import models
from django.db.models import Q

from accounts.enums import READING_ROLES, STAFF_ROLES, Role

from .enums import ApplicationState, ContractState

# Staff, auditors and trainers of a centre see its cohorts and apprentices; an apprentice sees only
# oneself; a maître d'apprentissage only the apprentices of one's own contracts.
TEAM_ROLES = (*READING_ROLES, Role.TRAINER)


class CohortQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(cfa__in=user.cfa_ids(*TEAM_ROLES))


class CompanyQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(cfa__in=user.cfa_ids(*TEAM_ROLES)) | Q(maitres__user=user)).distinct()


class MaitreApprentissageQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(company__cfa__in=user.cfa_ids(*TEAM_ROLES)) | Q(user=user))


class ApprenticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(
            Q(cfa__in=user.cfa_ids(*TEAM_ROLES))
            | Q(user=user)
            | Q(pk__in=_apprentices_of_maitre(user))
        )


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(
            Q(cohort__cfa__in=user.cfa_ids(*TEAM_ROLES))
            | Q(apprentice__user=user)
            | Q(apprentice__in=_apprentices_of_maitre(user))
        )

    def active_on(self, day):
        """Enrolled on that day."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class ContractQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(
            Q(enrolment__cohort__cfa__in=user.cfa_ids(*TEAM_ROLES))
            | Q(enrolment__apprentice__user=user)
            | Q(maitre__user=user)
            | Q(maitre2__user=user)
        )

    def in_force(self, first, last):
        """Signed, begun by `last` and not over before `first`; a rupture ends a contract on its day."""
        return self.exclude(state=ContractState.COMPLETE).filter(
            Q(broken_on__isnull=True, ends_on__gte=first) | Q(broken_on__gte=first),
            starts_on__lte=last,
        )

    def search(self, words):
        """The apprentice's or the company's name, every word of it."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(enrolment__apprentice__first_name__icontains=word)
                | Q(enrolment__apprentice__last_name__icontains=word)
                | Q(enrolment__apprentice__usage_name__icontains=word)
                | Q(company__name__icontains=word)
            )
        return found


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team alone: a candidate has no account yet, and an opinion is not for a maître."""
        return self.filter(cohort__cfa__in=user.cfa_ids(*TEAM_ROLES))

    def taking_a_place(self):
        """Admitted and not yet enrolled: each keeps a place of the cohort."""
        return self.filter(state=ApplicationState.ADMITTED)


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(cfa__in=user.cfa_ids(*STAFF_ROLES))


def _apprentices_of_maitre(user):
    contracts = apps.get_model("apprentices", "Contract").objects  # models import this module
    return contracts.filter(Q(maitre__user=user) | Q(maitre2__user=user)).values(
        "enrolment__apprentice"
    )
