from django.db import models
from django.db.models import Q

from accounts.enums import READING_ROLES, Role

from .enums import RegistrationState


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

        theirs = Enrolment.objects.filter(
            Q(apprentice__user=user) | Q(contracts__maitre__user=user)
        )
        return self.filter(
            session__published_at__isnull=False,
            enrolment__in=theirs,
        ).exclude(state=RegistrationState.WITHDRAWN)

    def active(self):
        return self.exclude(state=RegistrationState.WITHDRAWN)
