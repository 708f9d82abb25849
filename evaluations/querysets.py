from django.db import models
from django.db.models import Q

from accounts.enums import READING_ROLES

from .enums import EvaluationState


class CcfEvaluationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff, auditors and the trainers of the cohort; never the apprentice nor the company.

        The grid is for the commission alone and the mark is secret until the jury's deliberation is
        published (exam-rules 3.1, AN2025).
        """
        return self.filter(
            Q(enrolment__cohort__cfa__in=user.cfa_ids(*READING_ROLES))
            | Q(enrolment__cohort__in=user.taught_cohorts.values("pk"))
            | Q(enrolment__tutor=user)
        )

    def drafts(self):
        return self.filter(state=EvaluationState.DRAFT)
