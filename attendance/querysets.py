from django.db import models
from django.db.models import Q

from accounts.enums import READING_ROLES
from apprentices.models import Enrolment

from .enums import SessionState, SheetState


class ClassSessionQuerySet(models.QuerySet):
    def planned(self):
        return self.filter(state=SessionState.PLANNED)

    def visible_to(self, user):
        """Staff and auditors: the centre's; trainers: their own and their cohorts'; apprentices: theirs."""
        return self.filter(
            Q(cohort__cfa__in=user.cfa_ids(*READING_ROLES))
            | Q(trainer=user)
            | Q(cohort__in=user.taught_cohorts.values("pk"))
            | Q(
                cohort__in=Enrolment.objects.filter(apprentice__user=user).values("cohort"),
            )
        )


class AttendanceSheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The whole sheet: staff, auditors, and the trainers of the cohort (never the apprentices)."""
        return self.filter(
            Q(session__cohort__cfa__in=user.cfa_ids(*READING_ROLES))
            | Q(session__trainer=user)
            | Q(session__cohort__in=user.taught_cohorts.values("pk"))
        )

    def not_countersigned(self, today):
        """Still open after their day."""
        return self.filter(state=SheetState.OPEN, session__date__lt=today)


class PresenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))
