from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.enums import READING_ROLES, Role
from apprentices.enums import ContractState

from .enums import EXAM_MONTH, RegistrationState


def contracts_of_exam(year, enrolment):
    """The company of the exam: the contract may end before the jury meets, in the weeks between the
    épreuves and the results. One that the apprentice had left by then learns nothing of them."""
    from apprentices.models import Contract

    return Contract.objects.filter(
        Q(ends_on__year=year, ends_on__month__gte=EXAM_MONTH) | Q(ends_on__year__gt=year),
        enrolment=enrolment,
    ).exclude(state__in=(ContractState.COMPLETE, ContractState.BROKEN))


class ExamSessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team and the auditors of the centre; the candidates see their result, not the session."""
        return self.filter(cfa__in=user.cfa_ids(*READING_ROLES, Role.TRAINER))


class ExamRegistrationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff and auditors of the centre, and the trainers who follow the apprentice."""
        from apprentices.models import Enrolment
        from evaluations.querysets import followed_by

        followed = Enrolment.objects.filter(followed_by(user))
        return self.filter(
            Q(session__cfa__in=user.cfa_ids(*READING_ROLES)) | Q(enrolment__in=followed)
        ).exclude(enrolment__apprentice__user=user)

    def published_for(self, user):
        """The results that a candidate, or the maître d'apprentissage of the contract, may read.

        Nothing before an administrator has entered the publication of the jury's deliberation.
        """
        from apprentices.models import Enrolment

        own = Enrolment.objects.filter(apprentice__user=user)
        hired = contracts_of_exam(OuterRef("session__year"), OuterRef("enrolment")).filter(
            maitre__user=user
        )
        return self.filter(
            Q(enrolment__in=own) | Exists(hired),
            session__published_at__isnull=False,
        ).exclude(state=RegistrationState.WITHDRAWN)

    def published_since(self, moment):
        """Of the sessions with a jury's deliberation published since then."""
        return self.filter(
            Q(session__published_at__gte=moment) | Q(session__final_published_at__gte=moment)
        )

    def active(self):
        return self.exclude(state=RegistrationState.WITHDRAWN)
