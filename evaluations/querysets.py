from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.enums import READING_ROLES, Role

from .enums import FALLEN_SITTINGS, EvaluationState


def followed_by(user) -> Q:
    """Enrolments that a trainer grades: of the cohorts taught, or of the apprentices tutored.

    The trainer must be active in the CFA of the cohort: a tutor who has left sees nothing more.
    """
    teaches = Q(cohort__in=user.taught_cohorts.values("pk")) | Q(tutor=user)
    return teaches & Q(cohort__cfa__in=user.cfa_ids(Role.TRAINER))


class CcfEvaluationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff, auditors and the trainers concerned; never the apprentice nor the company.

        The grid is for the commission alone and the mark is secret until the jury's deliberation is
        published (exam-rules 3.1, AN2025).
        """
        from apprentices.models import Enrolment

        followed = Enrolment.objects.filter(followed_by(user), pk=OuterRef("enrolment"))
        own = Enrolment.objects.filter(apprentice__user=user, pk=OuterRef("enrolment"))
        return self.filter(
            Q(enrolment__cohort__cfa__in=user.cfa_ids(*READING_ROLES)) | Exists(followed)
        ).exclude(Exists(own))

    def drafts(self):
        return self.filter(state=EvaluationState.DRAFT)


class CcfSittingQuerySet(models.QuerySet):
    def standing(self):
        """Those that take place, or did: neither left by an absence nor cancelled."""
        return self.exclude(state__in=FALLEN_SITTINGS)


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff and auditors of the CFA, trainers of the cohort; apprentices read marks elsewhere."""
        cohort = "period__cohort"
        return self.filter(
            Q(**{f"{cohort}__cfa__in": user.cfa_ids(*READING_ROLES)})
            | Q(
                **{
                    f"{cohort}__in": user.taught_cohorts.values("pk"),
                    f"{cohort}__cfa__in": user.cfa_ids(Role.TRAINER),
                }
            )
        )


class CcfDossierQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The candidate's own, and those of the people whose CCF one grades or reads; not the company."""
        from apprentices.models import Enrolment

        followed = Enrolment.objects.filter(followed_by(user), pk=OuterRef("enrolment"))
        return self.filter(
            Q(enrolment__cohort__cfa__in=user.cfa_ids(*READING_ROLES))
            | Q(enrolment__apprentice__user=user)
            | Exists(followed)
        )
