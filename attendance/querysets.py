from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractHour, ExtractMinute

from accounts.enums import READING_ROLES
from apprentices.models import Enrolment

from .enums import SessionState, SheetState


def minutes_expression(prefix: str = ""):
    """Length of a half-day in minutes, computed by the database (`prefix` leads to the session)."""
    start, end = F(f"{prefix}starts_at"), F(f"{prefix}ends_at")
    return (ExtractHour(end) - ExtractHour(start)) * 60 + ExtractMinute(end) - ExtractMinute(start)


def elsewhere(prefix: str = "") -> Q:
    """Planned half-days without a sheet, before their cohort's attendance was kept in the application."""
    return Q(
        **{
            f"{prefix}state": SessionState.PLANNED,
            f"{prefix}sheet__isnull": True,
            f"{prefix}date__lt": F(f"{prefix}cohort__signed_here_from"),
        }
    )


class ClassSessionQuerySet(models.QuerySet):
    def planned(self):
        return self.filter(state=SessionState.PLANNED)

    def signed_elsewhere(self):
        """Before the cohort's attendance was kept here, and not transcribed: proved by nothing here."""
        return self.filter(elsewhere())

    def between(self, first, last):
        return self.filter(date__gte=first, date__lte=last)

    def visible_to(self, user):
        """Staff and auditors: the centre's; trainers: their own and their cohorts'; apprentices: theirs."""
        return self.filter(
            Q(cohort__cfa__in=user.cfa_ids(*READING_ROLES))
            | Q(trainer=user)
            | Q(cohort__in=user.taught_cohorts.values("pk"))
            | Q(
                cohort__in=Enrolment.objects.filter(apprentice__user=user).values("cohort"),
            )
            # Half-days that one follows with another group.
            | Q(
                pk__in=user.apprentice_profiles.exclude(
                    enrolments__presences__guest_reason=""
                ).values("enrolments__presences__sheet__session")
            )
        )


class RoomQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(cfa__in=user.cfa_ids(*READING_ROLES))

    def active(self):
        return self.filter(is_active=True)


class CalendarExceptionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(cfa__in=user.cfa_ids(*READING_ROLES))

    def of_cohort(self, cohort):
        """Those of the cohort and those of its whole centre, inside its dates."""
        return self.filter(
            Q(cohort=cohort) | Q(cohort__isnull=True, cfa=cohort.cfa_id),
            starts_on__lte=cohort.ends_on,
            ends_on__gte=cohort.starts_on,
        )


class AbsenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team; the trainer of the half-day's cohort; the apprentice oneself."""
        return self.filter(
            Q(presence__sheet__session__cohort__cfa__in=user.cfa_ids(*READING_ROLES))
            | Q(presence__sheet__session__trainer=user)
            | Q(presence__sheet__session__cohort__in=user.taught_cohorts.values("pk"))
            | Q(presence__enrolment__apprentice__user=user)
        )


class JustificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """It may tell one's health: who runs or audits the centre, and the apprentice; nobody else."""
        return self.filter(
            Q(enrolment__cohort__cfa__in=user.cfa_ids(*READING_ROLES))
            | Q(enrolment__apprentice__user=user)
        )

    def covering(self, first, last):
        return self.filter(starts_on__lte=last, ends_on__gte=first)


class AttendanceSheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The whole sheet: staff, auditors, and the trainers of the cohort (never the apprentices)."""
        return self.filter(
            Q(session__cohort__cfa__in=user.cfa_ids(*READING_ROLES))
            | Q(session__trainer=user)
            | Q(session__cohort__in=user.taught_cohorts.values("pk"))
        )

    def pending(self):
        """Open, and to be countersigned: the sheet of a cancelled half-day waits for nobody."""
        return self.filter(state=SheetState.OPEN, session__state=SessionState.PLANNED)

    def not_countersigned(self, today):
        """Still open after their day."""
        return self.pending().filter(session__date__lt=today)


class PresenceQuerySet(models.QuerySet):
    def owed(self):
        """Signed, or missed while enrolled: a departure written late leaves no absence behind it."""
        return self.exclude(
            signature__isnull=True, sheet__session__date__gt=F("enrolment__ends_on")
        )

    def visible_to(self, user):
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))
